#!/bin/sh
# keep-for.sh ARCHITECTURE MODULES: of what upscaling is installed with, only what runs on Linux on that architecture.
set -eu
case $1 in
amd64) cpu=x64 ;;
arm64) cpu=arm64 ;;
*)
  echo "Upscaling has no image for the architecture $1: build for amd64 or arm64" >&2
  exit 1
  ;;
esac
cd "$2"
mkdir kept
for name in webgpu onnxruntime-node onnxruntime-common; do mv "$name" kept; done
# The weights' licences stay with them.
for licence in @upscalerjs/*/LICENSE*; do
  [ ! -e "$licence" ] || install -D -m 644 "$licence" "kept/$licence"
done
find . -mindepth 1 -maxdepth 1 ! -name kept -exec rm -rf {} +
mv kept/* .
rmdir kept
find webgpu/dist -mindepth 1 -maxdepth 1 ! -name "linux-$cpu" -exec rm -rf {} +
find onnxruntime-node/bin -path '*/napi-*/*/*' -prune ! -path "*/linux/$cpu" -exec rm -rf {} +
rm -rf webgpu/build webgpu/node_modules onnxruntime-node/lib onnxruntime-node/script
find . -type f \( -name '*.map' -o -name '*.ts' -o -name '*.md' \) ! -iname 'licen*' -delete
