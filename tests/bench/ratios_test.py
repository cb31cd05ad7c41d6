#!/usr/bin/env python3
"""PEAL_BENCH STACK…: each case works and has its name, and ratios.py tells a bar that is met from one that is missed.
Asserts nothing about time."""
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import ratios  # noqa: E402

FILES = ("1_invite_big", "2_invite", "3_ok_invite", "4_register", "5_notify", "6_bye")
ANSWERED = tuple(file for file in FILES if file != "3_ok_invite")
PROGRAM, PRESENT = "", []


def names(stack):
    for what, files in (("routing", FILES), ("full", FILES), ("sdp", FILES), ("print", ANSWERED), ("build_print", ANSWERED)):
        yield from (f"{stack}/{what}/{file}" for file in (*files, "mean"))


def synthetic(peal, sofia, allocations=1.0, refused=1.0, growth=1.0):
    """What the program would print if each case of a stack took so long."""
    def case(name, ns, **more):
        return {"name": name, "run_name": name, "run_type": "iteration", "cpu_time": ns, "time_unit": "ns", **more}
    out = [case(name, ns, allocations=allocations) for stack, ns in (("peal", peal), ("sofia", sofia)) for name in names(stack)]
    for what in ("lines", "body"):
        out += [case(f"peal/growth/{what}/{size}", size ** growth) for size in (4096, 65536)]
    out.append(case("peal/refuse/10000_headers", refused))
    return ratios.Figures(json.dumps({"benchmarks": out}))


def verdicts(figures):
    return {what: met for what, _, _, met, _ in ratios.bars(figures)}


class TheTable(unittest.TestCase):
    def test_all_bars_met(self):
        self.assertTrue(all(verdicts(synthetic(100, 1000)).values()))

    def test_each_bar_can_be_missed(self):
        missed = verdicts(synthetic(100, 150, allocations=3, refused=1e6, growth=1.2))
        self.assertFalse(any(missed.values()), missed)

    def test_bars_between(self):
        got = verdicts(synthetic(100, 300))
        self.assertEqual([got["routing parse"], got["every header typed"], got["print a built 200 to an INVITE"]],
                         [False, True, True])

    def test_what_was_not_measured_is_not_met(self):
        nothing = ratios.Figures('{"benchmarks": []}')
        self.assertFalse(any(verdicts(nothing).values()))
        with contextlib.redirect_stdout(io.StringIO()) as out:
            self.assertFalse(ratios.report(nothing))
        self.assertIn("not measured", out.getvalue())

    def test_median_and_units(self):
        cases = [{"run_name": "a", "run_type": "iteration", "cpu_time": t, "time_unit": "us"} for t in (1, 9, 2)]
        cases.append({"run_name": "a", "run_type": "aggregate", "cpu_time": 99, "time_unit": "us"})
        self.assertEqual(ratios.Figures(json.dumps({"benchmarks": cases})).ns, {"a": 2000})

    def test_a_case_that_failed_is_no_figure(self):
        cases = [{"name": "a", "run_name": "a", "run_type": "iteration", "error_occurred": True, "error_message": "not done"}]
        with self.assertRaises(SystemExit):
            ratios.Figures(json.dumps({"benchmarks": cases}))


class TheProgram(unittest.TestCase):
    def test_every_case_runs_under_its_name(self):
        with tempfile.TemporaryDirectory() as folder:
            kept = pathlib.Path(folder) / "figures.json"
            script = [sys.executable, "-B", ratios.__file__]
            first = subprocess.run([*script, PROGRAM, "--all", "--repetitions", "1", "--min-time", "0.0001", "--json", str(kept)],
                                   stdout=subprocess.PIPE, text=True, check=True)
            again = subprocess.run([*script, str(kept)], stdout=subprocess.PIPE, text=True, check=True)
            figures = ratios.Figures(kept.read_text())
        self.assertEqual(first.stdout, again.stdout)
        wanted = {name for stack in PRESENT for name in names(stack)}
        wanted |= {f"peal/{what}/{file}" for what in ("keep", "reprint") for file in (*FILES, "mean")}
        wanted |= {"peal/growth/lines/65536", "peal/growth/body/128", "peal/refuse/10000_headers"}
        self.assertEqual(wanted - set(figures.ns), set())
        if "sofia" in PRESENT:
            self.assertNotIn("not measured", first.stdout)
        for stack in PRESENT:
            self.assertIn(stack, first.stdout)

    def test_a_case_runs_without_a_clock(self):
        self.assertEqual(subprocess.run([PROGRAM, "--run", "peal/full/mean", "6"]).returncode, 0)
        self.assertNotEqual(subprocess.run([PROGRAM, "--run", "peal/none", "6"], stderr=subprocess.DEVNULL).returncode, 0)


if __name__ == "__main__":
    PROGRAM, *PRESENT = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
