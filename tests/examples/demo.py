#!/usr/bin/env python3
"""`peal demo`: every step seen, a ladder in text, a self-contained page, exit 0, within a few seconds."""
import re
import subprocess
import time

from rig import check, folder, main

FLOW = ["REGISTER", "401", "REGISTER", "200", "INVITE", "407", "ACK", "INVITE", "INVITE", "180", "180", "200", "200", "ACK", "ACK",
        "INVITE", "200", "INVITE", "200", "BYE", "200", "REGISTER"]


def test(peal):
    with folder() as work:
        begun = time.monotonic()
        done = subprocess.run([peal, "demo"], cwd=work, capture_output=True, text=True, timeout=60)
        took = time.monotonic() - begun
        check(done.returncode == 0, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
        check("FAILED" not in done.stdout and done.stdout.count("  ok  ") == 13, done.stdout)
        arrows = re.findall(r"[<|]-+ (\w+)", done.stdout)
        rest = iter(arrows)
        check(all(step in rest for step in FLOW), f"{FLOW} is not within {arrows}")
        page = (work / "ladder.html").read_text()
        check(page.lstrip().lower().startswith("<!doctype html"), "ladder.html is no page")
        check("viewport" in page, "ladder.html does not fit a phone")
        check(not re.search(r"<script|src=|href=\"http|url\(", page, re.IGNORECASE), "ladder.html wants something from outside")
        check("180 Ringing" in page and "alice" in page, "ladder.html has no ladder")
        check("secret" not in page + done.stdout, "a password is shown")
        print(f"took {took:.1f} s")

        other = subprocess.run([peal, "demo", "--html", "/nowhere/ladder.html"], cwd=work, capture_output=True, text=True, timeout=60)
        check(other.returncode == 3 and "/nowhere/ladder.html" in other.stderr, "a page that cannot be written is told")


main(test)
