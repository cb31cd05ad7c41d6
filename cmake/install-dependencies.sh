#!/usr/bin/env bash
# Installs the Debian 12 packages that Peal needs and that are missing; does nothing, and needs no network and no
# root, where all are there.
#
#   bash cmake/install-dependencies.sh --build          to build the libraries and `peal`
#   bash cmake/install-dependencies.sh --build --test   to run every test and benchmark
#   bash cmake/install-dependencies.sh --dev            to format and lint
set -euo pipefail

build=(cmake ninja-build g++ pkg-config libasio-dev libssl-dev nlohmann-json3-dev libexpected-dev libcli11-dev)
test=(libgtest-dev libgmock-dev libbenchmark-dev clang libclang-rt-14-dev ccache python3
      sip-tester kamailio kamailio-outbound-modules libsofia-sip-ua-dev libosip2-dev libre-dev iproute2)
dev=(clang-format clang-tidy)

usage() { echo "usage: bash cmake/install-dependencies.sh [--build] [--test] [--dev]" >&2; exit 2; }

wanted=()
for option in "$@"; do
  case $option in
    --build) wanted+=("${build[@]}") ;;
    --test) wanted+=("${test[@]}") ;;
    --dev) wanted+=("${dev[@]}") ;;
    *) usage ;;
  esac
done
[ ${#wanted[@]} -gt 0 ] || usage

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in "${wanted[@]}"; do
  is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "missing packages: ${missing[*]}" >&2
    echo "run this as root, or install sudo" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "installing: ${missing[*]}"
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }
apt update
apt install -y --no-install-recommends "${missing[@]}"
