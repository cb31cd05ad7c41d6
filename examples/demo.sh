#!/usr/bin/env bash
# The first call on this machine: installs what is missing, builds `peal`, and runs `peal demo` (arguments are passed
# on to it).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash cmake/install-dependencies.sh --build
# The tree that tests/run.sh goes on with, without what only tests need.
cmake --preset release -DPEAL_BUILD_TESTS=OFF -DPEAL_BUILD_BENCH=OFF
cmake --build --preset release --target peal -j "${PEAL_JOBS:-$(nproc)}"
exec build-release/examples/peal/peal demo "$@"
