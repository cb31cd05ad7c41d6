#!/usr/bin/env bash
# Installs the libraries of a build tree into an empty prefix, then configures, builds and runs a project that finds
# them there, and its test, once with Peal's Asio and once with its own. Usage: install_and_use.sh BUILD_TREE COMPILER [FLAGS]
set -euo pipefail
tree=$1 compiler=$2 flags=${3:-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --build "$tree" --target peal_libraries
cmake --install "$tree" --prefix "$work/prefix" --component development >"$work/installed"
if grep -rnF -e "$tree" -e "$(dirname "$(dirname "$here")")" "$work/prefix" --include='*.cmake' --include='*.hpp'; then
  echo "the installed package names the tree that it was built in" >&2
  exit 1
fi
for provided in OFF ON; do
  cmake -G Ninja -S "$here/consumer" -B "$work/build-$provided" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" -DPEAL_ASIO_PROVIDED=$provided
  cmake --build "$work/build-$provided"
  "$work/build-$provided/consumer"
  "$work/build-$provided/consumer_test"
done

# What its failing test shows and leaves.
if PEAL_TEST_OUTPUT=$work/captures "$work/build-OFF/consumer_test" --gtest_also_run_disabled_tests \
    --gtest_filter='*DISABLED*' >"$work/failed"; then
  echo "a test that fails passed" >&2
  exit 1
fi
grep -q 'expected  alice.test.s call to be established' "$work/failed"
grep -q -- '|<-.* 486 Busy Here -.*|' "$work/failed"
test -s "$work/captures/Consumer.DISABLED_BusyIsNotEstablished.pcapng"
