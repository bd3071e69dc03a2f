#!/bin/sh
# install-upscaling.sh: what functions/upscale/package-lock.json names for production, for all machines.
set -eu
[ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca
export PATH=/build/node/bin:$PATH
cd functions/upscale
node /build/npm/bin/npm-cli.js ci --omit=dev --no-audit --no-fund --loglevel=error --registry="$NPM_REGISTRY"
