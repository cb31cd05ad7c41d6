#!/usr/bin/env python3
"""tests/support/tally.py is not fooled: each way a run can go wrong counts as a failure."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import tally  # noqa: E402

PASSED = '<testcase name="One" status="run" result="completed" classname="A"/>'
FAILED = '<testcase name="Two" status="run" result="completed" classname="A"><failure message="x"/></testcase>'
SKIPPED = '<testcase name="Three" status="run" result="skipped" classname="A"><skipped message="x"/></testcase>'
DISABLED = '<testcase name="Four" status="notrun" result="suppressed" classname="A"/>'


class TallyTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        self.tests, self.outcomes = [], []
        self.steps = "release: build\t0\t1\nrelease: run\t0\t1\n"

    def program(self, name, cases, ctest="run"):
        report = self.root / f"{name}.gtest"
        if cases is not None:
            report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
        self.tests.append({"name": name, "command": ["x", f"--gtest_output=xml:{report}"]})
        self.outcomes.append((name, ctest))

    def script(self, name, ctest="run"):
        self.tests.append({"name": name, "command": ["x"]})
        self.outcomes.append((name, ctest))

    def run_tally(self):
        inner = {"run": "", "fail": '<failure message=""/>', "notrun": '<skipped message="SKIP_RETURN_CODE=77"/>',
                 "missing": None}
        cases = "".join(f'<testcase name="{name}" status="{status}">{inner[status]}</testcase>'
                        for name, status in self.outcomes if inner[status] is not None)
        (self.root / "steps").write_text(self.steps)
        (self.root / "release.json").write_text(json.dumps({"tests": self.tests}))
        (self.root / "release.xml").write_text(f"<testsuite>{cases}</testsuite>")
        sys.argv = ["tally.py", str(self.root)]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = tally.main()
        return code, out.getvalue().splitlines()[-1]

    def test_counts_cases_and_scripts(self):
        self.program("a", PASSED + PASSED + SKIPPED + DISABLED)
        self.script("s")
        self.assertEqual(self.run_tally(), (0, "3 passed, 0 failed"))

    def test_failed_case(self):
        self.program("a", PASSED + FAILED, "fail")
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_crash_leaves_no_report(self):
        self.program("a", None, "fail")
        self.script("s")
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_leak_at_exit(self):
        self.program("a", PASSED, "fail")
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_program_without_cases(self):
        self.program("a", "")
        self.script("s")
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_failed_script(self):
        self.script("s", "fail")
        self.assertEqual(self.run_tally(), (1, "0 passed, 1 failed"))

    def test_test_that_ctest_never_reported(self):
        self.script("s", "missing")
        self.script("t")
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_skipped_script_is_not_passed(self):
        self.script("s", "notrun")
        self.script("t")
        self.assertEqual(self.run_tally(), (0, "1 passed, 0 failed"))

    def test_failed_build(self):
        self.script("s")
        self.steps = "release: build\t1\t1\n"
        self.assertEqual(self.run_tally(), (1, "1 passed, 1 failed"))

    def test_no_tests_at_all(self):
        self.assertEqual(self.run_tally(), (1, "0 passed, 1 failed"))


if __name__ == "__main__":
    unittest.main()
