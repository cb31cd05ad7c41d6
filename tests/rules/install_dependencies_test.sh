#!/usr/bin/env bash
# cmake/install-dependencies.sh against a dpkg, an apt and a sudo of paper: it asks for what is missing and nothing
# else, needs neither root nor network when all is there, and says so when it cannot become root.
set -euo pipefail
script=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"

stub() { printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"; chmod +x "$work/bin/$1"; }
stub dpkg-query 'name=${*: -1}; if grep -qx "$name" "$MISSING"; then exit 1; fi; printf installed'
stub apt-get 'echo "apt-get $*" >>"$CALLS"'
stub sudo 'echo "sudo" >>"$CALLS"; exec "$@"'
stub id 'echo "$FAKE_UID"'
for tool in bash env grep; do ln -s "$(command -v "$tool")" "$work/bin/$tool"; done
export MISSING=$work/missing CALLS=$work/calls

expect() {  # expect EXIT_CODE UID MISSING OPTIONS…: runs the script, leaves its calls in $CALLS
  local expected=$1 uid=$2 missing=$3 code=0
  shift 3
  : >"$CALLS"
  printf '%s\n' $missing >"$MISSING"
  FAKE_UID=$uid PATH=$work/bin bash "$script" "$@" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$expected" ] || { echo "FAILED: exit code $code for: $*"; cat "$work/out"; exit 1; }
}
calls() { [ "$(grep -c "$1" "$CALLS" || true)" = "$2" ] || { echo "FAILED: not $2 times: $1"; cat "$CALLS"; exit 1; }; }

expect 0 1000 "" --build --test --dev;                calls . 0
expect 0 0 "libasio-dev" --build;                     calls "install .* libasio-dev$" 1; calls update 1; calls sudo 0
expect 0 1000 "libasio-dev kamailio" --build;         calls "libasio-dev$" 1; calls kamailio 0; calls sudo 2
expect 0 0 "libasio-dev kamailio" --build --test;     calls "libasio-dev kamailio$" 1
rm "$work/bin/sudo"
expect 1 1000 "cmake" --build;                        calls . 0; grep -q "missing packages: cmake" "$work/out"
expect 2 0 "cmake";                                   calls . 0
expect 2 0 "cmake" --everything;                      calls . 0
echo ok
