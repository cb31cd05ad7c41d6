#!/usr/bin/env python3
"""Counts what tests/run.sh ran and prints the summary; exit code 0 only if something passed and nothing failed.

DIR holds `steps` (name, exit code, seconds) and for each tree TREE.json (ctest's listing: what had to run) and
TREE.xml (ctest's JUnit report). The cases of a GoogleTest program are read from the XML that it wrote; a program
that failed without saying which case did (a crash, a leak found at exit, a time-out) counts as one failed test.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def parse_xml(path):
    try:
        return ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return None


def gtest_report(test):
    for argument in test.get("command", []):
        if argument.startswith("--gtest_output=xml:"):
            return pathlib.Path(argument.split(":", 1)[1])
    return None


def count_cases(name, report, succeeded):
    tally = Tally()
    root = parse_xml(report)
    for case in root.iter("testcase") if root is not None else ():
        case_name = f"{name}: {case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            tally.failed.append(case_name)
        elif case.find("skipped") is not None or case.get("result") == "skipped":
            tally.skipped.append(case_name)
        elif case.get("status") == "run":
            tally.passed += 1
    if root is None:
        tally.failed.append(f"{name}: no report (not built, crashed or timed out)")
    elif tally.passed == 0 and not tally.failed:
        tally.failed.append(f"{name}: no test passed")
    elif not succeeded and not tally.failed:
        tally.failed.append(f"{name}: failed outside its cases (a crash or a leak at exit, or a time-out)")
    return tally


def count_tree(tree, listing_file, junit_file):
    """What ctest was to run, against what it says it ran."""
    tally = Tally()
    try:
        tests = json.loads(listing_file.read_text())["tests"]
    except (OSError, ValueError, KeyError):
        tests = []
    root = parse_xml(junit_file)
    outcomes = {case.get("name"): case for case in root.iter("testcase")} if root is not None else {}
    for test in tests:
        name = f"{tree}: {test['name']}"
        outcome = outcomes.get(test["name"])
        skipped = outcome is not None and outcome.find("skipped") is not None and outcome.get("status") == "notrun"
        succeeded = outcome is not None and outcome.get("status") == "run" and outcome.find("failure") is None
        report = gtest_report(test)
        if report is not None:
            tally.add(count_cases(name, report, succeeded))
        elif succeeded:
            tally.passed += 1
        elif skipped and "SKIP_RETURN_CODE" in outcome.find("skipped").get("message", ""):
            tally.skipped.append(name)
        else:
            tally.failed.append(name)
    if not tests:
        tally.failed.append(f"{tree}: no tests")
    return tally


def main():
    results = pathlib.Path(sys.argv[1])
    total = Tally()
    print("\n== summary")
    for line in (results / "steps").read_text().splitlines():
        name, code, seconds = line.split("\t")
        print(f"{name:24} {seconds:>5} s  {'ok' if code == '0' else 'FAILED'}")
        if code != "0" and not name.endswith(": run"):
            total.failed.append(f"step {name}")
    for listing in sorted(results.glob("*.json"), reverse=True):
        tally = count_tree(listing.stem, listing, listing.with_suffix(".xml"))
        print(f"{listing.stem:24} {tally.passed} passed, {len(tally.failed)} failed, {len(tally.skipped)} skipped")
        total.add(tally)
    for name in total.skipped:
        print(f"skipped: {name}")
    for name in total.failed:
        print(f"FAILED: {name}")
    if total.passed == 0 and not total.failed:
        total.failed.append("nothing ran")
    print(f"{total.passed} passed, {len(total.failed)} failed")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
