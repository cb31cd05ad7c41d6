#!/usr/bin/env python3
"""A header of the application's own is set, read as a list, and refused when it is none."""
import subprocess

from rig import check, main

EXPECTED = """first: support
support at 3
sales at 12
returns at 0
refused: parameter missing
refused: not a number, or out of range
refused: not a token
refused: CR, LF or NUL in a value
not a number, or out of range at byte 17
OPTIONS sip:bob@example.com SIP/2.0
X-Queue: support;position=3
X-Queue: sales;position=12, returns;position=0
Content-Length: 0

"""


def test(program):
    run = subprocess.run([program], capture_output=True, text=True, timeout=30)
    check(run.returncode == 0, f"exit code {run.returncode}")
    check(run.stdout == EXPECTED, f"printed:\n{run.stdout}")


main(test)
