#!/bin/sh
# gather-programs.sh INTO PROGRAM…: a root file system of these programs or libraries (libx.so.1), the libraries they load, and their packages' licences and
# names. Debian's ffmpeg alone brings 490 MB of packages, most of which it never loads here: GPU drivers, compilers, sound servers.
set -eu
into=$1
shift
programs=$(for program; do
  case $program in
  lib*.so.*) ldconfig -p | awk -v name="$program" '$1 == name { print $NF; found = 1; exit } END { exit !found }' ;;
  *) command -v "$program" ;;
  esac
done)

for folder in bin lib lib64 sbin; do
  [ ! -L "/$folder" ] || { mkdir -p "$into/usr/$folder" && ln -s "usr/$folder" "$into/$folder"; }
done
mkdir -p "$into/etc" "$into/var/lib/dpkg/status.d"
mkdir -m 1777 "$into/tmp"
echo 'montage:x:65532:65532::/tmp:/bin/sh' >"$into/etc/passwd"
echo 'montage:x:65532:' >"$into/etc/group"
# Without it names are asked of a name server first, localhost and those of /etc/hosts too.
echo 'hosts: files dns' >"$into/etc/nsswitch.conf"

# put FILE: where it really is, and as the link by which it is asked for where that is another (libx.so.1, /etc/alternatives).
put() {
  real=$(readlink -f "$1")
  asked=$(readlink -f "$(dirname "$1")")/$(basename "$1")
  install -D -m 755 "$real" "$into$real"
  [ "$real" = "$asked" ] || { mkdir -p "$into$(dirname "$asked")" && ln -srf "$into$real" "$into$asked"; }
  echo "$real" >>"$into.files"
}
for program in $programs; do put "$program"; done
# shellcheck disable=SC2086 # one word a program
for library in $(ldd $programs | grep -o '/[^ ):]*' | grep '\.so' | sort -u); do put "$library"; done

# Scanners for known flaws read status.d, as in Google's distroless images.
packages=$(xargs dpkg -S <"$into.files" 2>/dev/null | cut -d: -f1 | sort -u)
for package in $packages; do
  dpkg -s "$package" >"$into/var/lib/dpkg/status.d/$package"
  install -D -m 644 "/usr/share/doc/$package/copyright" "$into/usr/share/doc/$package/copyright"
done
