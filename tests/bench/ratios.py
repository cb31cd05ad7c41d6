#!/usr/bin/env python3
"""The bars of the message floor against what was measured, as a table.

    ratios.py build-release/tests/bench/peal-bench    runs it: all stacks interleaved at random, medians
    ratios.py FILE.json                               from `peal-bench --benchmark_format=json`

    --all            every case, not only those that the table needs
    --repetitions N  of each case (9)
    --min-time S     seconds of each repetition (0.05)
    --json FILE      keeps what the program printed
    --strict         exit code 1 when a bar is missed

Figures of different runs do not compare: a ratio is of two medians of CPU time of one run."""
import argparse
import json
import math
import pathlib
import re
import statistics
import subprocess
import sys

STACKS = ("peal", "sofia", "osip", "re")
WHATS = ("routing", "full", "sdp", "print", "build_print")
INVITES = ("1_invite_big", "2_invite")
NEEDED = r"/(mean|1_invite_big|2_invite)$|^peal/(growth|refuse)/"


def run(program, repetitions, min_time, everything):
    command = [program, "--benchmark_format=json", f"--benchmark_repetitions={repetitions}",
               f"--benchmark_min_time={min_time}", "--benchmark_enable_random_interleaving=true"]
    if not everything:
        command.append(f"--benchmark_filter={NEEDED}")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{program}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


class Figures:
    """Median CPU nanoseconds and allocations of each case, by name."""

    def __init__(self, text):
        times, heap = {}, {}
        for case in json.loads(text)["benchmarks"]:
            if case.get("error_occurred"):
                sys.exit(f"{case['name']}: {case.get('error_message')}")
            if case["run_type"] != "iteration":
                continue
            name = case["run_name"]
            times.setdefault(name, []).append(case["cpu_time"] * {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}[case["time_unit"]])
            if "allocations" in case:
                heap.setdefault(name, []).append(case["allocations"])
        self.ns = {name: statistics.median(all_of_it) for name, all_of_it in times.items()}
        self.allocations = {name: statistics.median(all_of_it) for name, all_of_it in heap.items()}

    def time(self, *names):
        """Of all of them together, or None when one was not measured."""
        return sum(self.ns[name] for name in names) if all(name in self.ns for name in names) else None

    def heap(self, whats):
        found = [n for name, n in self.allocations.items()
                 if re.match(rf"peal/({'|'.join(whats)})/", name) and not name.endswith("/mean")]
        return max(found) if found else None

    def exponent(self, name, small=4096, large=65536):
        low, high = self.time(f"{name}/{small}"), self.time(f"{name}/{large}")
        return math.log(high / low) / math.log(large / small) if low and high else None


def ratio(over, under):
    return over / under if over is not None and under else None


def bars(figures):
    """(what, bar as text, measured or None, is it met, aim as text)"""
    f = figures

    def at_least(what, value, bar, aim):
        return what, f">= {bar:g} x Sofia", value, value is not None and value >= bar, f"{aim:g} x"

    def at_most(what, value, bar, aim=""):
        return what, f"<= {bar:g}", value, value is not None and value <= bar, aim

    def printing(stack):
        return f.time(*(f"{stack}/print/{file}" for file in INVITES))
    return [
        at_least("routing parse", ratio(f.time("sofia/routing/mean"), f.time("peal/routing/mean")), 5, 10),
        at_least("every header typed", ratio(f.time("sofia/full/mean"), f.time("peal/full/mean")), 2, 3.5),
        at_least("print a built 200 to an INVITE", ratio(printing("sofia"), printing("peal")), 2.2, 4),
        at_most("allocations: parse (keeping it too)", f.heap(["routing", "full", "keep"]), 2),
        at_most("allocations: build + print a response", f.heap(["build_print"]), 2),
        at_most("growth with lines: exponent, 4 to 64 kB", f.exponent("peal/growth/lines"), 1.1),
        at_most("growth with the body: exponent, 4 to 64 kB", f.exponent("peal/growth/body"), 1.1),
        at_most("10,000 headers refused / 64 kB of lines parsed",
                ratio(f.time("peal/refuse/10000_headers"), f.time("peal/growth/lines/65536")), 0.5),
    ]


def table(head, rows):
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * width for width in widths], *rows]:
        cells = [cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))]
        print("| " + " | ".join(cells) + " |")


def report(figures):
    rows = bars(figures)
    table(["what", "bar", "aim", "measured", "ok"],
          [[what, bar, aim, "not measured" if value is None else f"{value:.2f}", "ok" if met else "NOT"]
           for what, bar, value, met, aim in rows])
    print()
    measured = []
    for what in WHATS:
        times = [figures.time(f"{stack}/{what}/mean") for stack in STACKS]
        if times[0]:
            measured.append([what] + [f"{times[0]:.0f}"] + [f"{t:.0f} ({t / times[0]:.2f} x)" if t else "" for t in times[1:]])
    table(["ns a message, mean", *STACKS], measured)
    return all(met for _, _, _, met, _ in rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", help="peal-bench, or the JSON that it printed")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--min-time", type=float, default=0.05)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--strict", action="store_true")
    arguments = parser.parse_args()
    if arguments.source.endswith(".json"):
        text = pathlib.Path(arguments.source).read_text()
    else:
        text = run(arguments.source, arguments.repetitions, arguments.min_time, arguments.all)
    if arguments.json:
        arguments.json.write_text(text)
    met = report(Figures(text))
    return 1 if arguments.strict and not met else 0


if __name__ == "__main__":
    sys.exit(main())
