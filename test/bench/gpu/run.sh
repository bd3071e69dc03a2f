#!/usr/bin/env bash
# `bash test/bench/gpu/run.sh kernels|steps|networks|bench`: on a machine with a GPU, in a tree that .gpu came along with (see pack.sh).
set -euo pipefail
cd "$(dirname "$0")/../../.."
for deb in .gpu/*.deb; do [ ! -e "$deb" ] || dpkg -x "$deb" /; done
ldconfig
mkdir -p /tmp/gpu-bench
for program in node ffmpeg ffprobe; do
  [ ! -e ".gpu/$program.xz" ] || { xz -dc ".gpu/$program.xz" >"/tmp/gpu-bench/$program" && chmod +x "/tmp/gpu-bench/$program"; }
done
for modules in .gpu/*.tar.xz; do tar -xJf "$modules"; done
export PATH=/tmp/gpu-bench:$PATH
[ ! -x /tmp/gpu-bench/ffmpeg ] || export FFMPEG_PATH=/tmp/gpu-bench/ffmpeg FFPROBE_PATH=/tmp/gpu-bench/ffprobe
driver=/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json
[ ! -e "$driver" ] || export VK_DRIVER_FILES=$driver
case ${1:-} in
kernels) exec node test/bench/gpu/kernels.ts ;;
steps) exec node test/bench/gpu/steps.ts ;;
networks) exec node test/bench/gpu/networks.ts ;;
bench) exec node test/bench/upscale.ts "${@:2}" ;;
*) echo "run.sh kernels|steps|networks|bench" >&2 && exit 2 ;;
esac
