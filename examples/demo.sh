#!/usr/bin/env bash
# The first call on this machine: installs what is missing, builds `peal`, and runs `peal demo` (arguments are passed
# on to it).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash cmake/install-dependencies.sh --build
cmake -G Ninja -S . -B build-demo -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE="-O2 -DNDEBUG" \
  -DPEAL_BUILD_EXAMPLES=ON -DPEAL_BUILD_TESTS=OFF
cmake --build build-demo --target peal -j "${PEAL_JOBS:-$(nproc)}"
exec build-demo/examples/peal/peal demo "$@"
