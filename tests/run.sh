#!/usr/bin/env bash
# Installs what is missing, builds everything once for release, the unit tests once more under ASan and UBSan, those of
# threads under TSan, and the fuzz targets where Clang is there; runs them all, and ends with the line `N passed, N
# failed`. A test program that crashes, that reports no case, or that could not be built counts as failed.
#
#   bash tests/run.sh           what every change must pass
#   bash tests/run.sh --long    the tests with the label `long` instead, in the release tree
#
# PEAL_JOBS: how many jobs at once (default: one a core).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

long=false
case ${1:-} in
  "") ;;
  --long) long=true ;;
  *) echo "usage: bash tests/run.sh [--long]" >&2; exit 2 ;;
esac
jobs=${PEAL_JOBS:-$(nproc)}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# step NAME COMMAND…: runs it, keeps how long it took, and remembers a failure as a failed test of that name.
step() {
  local name=$1 from=$SECONDS code=0
  shift
  echo "== $name"
  "$@" || code=$?
  printf '%s\t%d\t%d\n' "$name" "$code" "$((SECONDS - from))" >>"$results/steps"
  return "$code"
}

# run_tests PRESET CTEST_OPTION…: the listing says what must appear in the report.
run_tests() {
  local preset=$1 tree=build-$1
  shift
  rm -rf "$tree/test-results" && mkdir -p "$tree/test-results"
  ctest --test-dir "$tree" "$@" --show-only=json-v1 >"$results/$preset.json"
  step "$preset: run" ctest --test-dir "$tree" "$@" --output-on-failure --no-tests=error -j "$jobs" \
    --output-junit "$results/$preset.xml"
}

# build PRESET TARGET: a target that fails does not keep the others from being built.
build() {
  step "$1: configure" cmake --preset "$1" &&
    step "$1: build" cmake --build --preset "$1" --target "$2" -j "$jobs" -- -k 0
}

if step "install" bash cmake/install-dependencies.sh --build --test; then
  build release all
  if $long; then
    run_tests release -L '^long$'
  else
    run_tests release -LE '^long$'
    build asan peal_sanitized_tests
    run_tests asan -L '^(unit|sanitized)$' -LE '^long$'
    build tsan peal_tsan_tests
    run_tests tsan -L '^tsan$' -LE '^long$'
    if command -v clang++ >/dev/null; then  # half a minute each, two or more at once
      build fuzz peal_fuzzers
      run_tests fuzz -L '^fuzz$'
    fi
  fi
fi

python3 tests/support/tally.py "$results"
