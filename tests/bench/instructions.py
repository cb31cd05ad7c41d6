#!/usr/bin/env python3
"""Instructions a message, counted by valgrind's callgrind: the difference of two runs, so that start-up does not count.

    instructions.py build-release/tests/bench/peal-bench [CASE…]

Without cases: the mean of the six messages, routing and full, of each stack. These figures do not depend on what else
the machine does; a scanner that valgrind does not know (AVX-512) is not used under it."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FEW, MANY = 60, 660  # both whole rounds of the six


def instructions(program, case, times):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={pathlib.Path(folder) / 'out'}",
                               program, "--run", case, str(times)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    collected = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not collected:
        sys.exit(f"{case}: {done.stderr}")
    return int(collected.group(1))


def main(program, *wanted):
    if not shutil.which("valgrind"):
        print("instructions.py: valgrind is not installed (Debian: apt install valgrind)", file=sys.stderr)
        return 77
    known = subprocess.run([program, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    cases = wanted or [case for case in known if re.search(r"^(peal|sofia|osip|re)/(routing|full)/mean$", case)]
    for case in cases:
        if case not in known:
            sys.exit(f"no such case: {case}")
        each = (instructions(program, case, MANY) - instructions(program, case, FEW)) / (MANY - FEW)
        print(f"{case:32} {each:10,.0f}", flush=True)
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
