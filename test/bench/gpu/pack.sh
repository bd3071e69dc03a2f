#!/usr/bin/env bash
# `bash test/bench/gpu/pack.sh`: puts into .gpu what the bench needs on a machine with a GPU and without network, Node or ffmpeg:
# Node, Dawn, models, ffmpeg and Vulkan's loader for Linux on x64, in some 80 MB. There, `bash test/bench/gpu/run.sh kernels|steps|networks|bench`
# in the same tree. A machine that takes no more than 64 MiB at once gets `pack.sh programs` and `pack.sh films` one after the other.
set -euo pipefail
cd "$(dirname "$0")/../../.."
what=${1:-all}
node functions/cli/setup.mjs upscaling
rm -rf .gpu && mkdir .gpu
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
packed() { cp "$1" "$scratch/$2" && { strip "$scratch/$2" || true; } && xz -2 -T0 -c "$scratch/$2" >".gpu/$2.xz"; }
if [ "$what" != films ]; then
  node -e "import('./functions/upscale/network/models.ts').then(async ({ loadModel }) => { for (const name of ['slim', 'medium']) await loadModel(name, 2); })"
  packed node_modules/node/bin/node node
  tar -cJf .gpu/modules.tar.xz --exclude='dist/[dw]*' --exclude='dist/linux-arm64' \
    functions/upscale/node_modules/webgpu functions/upscale/models/{slim,medium}-x2.model node_modules/zod
  # NVIDIA's driver asks for EGL and GLX, though there is no screen.
  (cd "$scratch" && apt-get download -qq libvulkan1 libegl1 libglx0 libglvnd0) && cp "$scratch"/*.deb .gpu/
fi
if [ "$what" != programs ]; then
  packed node_modules/@ffmpeg-installer/linux-x64/ffmpeg ffmpeg
  packed node_modules/@ffprobe-installer/linux-x64/ffprobe ffprobe
fi
tar -cJf .gpu/media.tar.xz node_modules/{fluent-ffmpeg,@ffmpeg-installer/ffmpeg,@ffprobe-installer/ffprobe,async,which,isexe}
du -ch .gpu/* | tail -n 8
