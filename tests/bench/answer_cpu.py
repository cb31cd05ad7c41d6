#!/usr/bin/env python3
"""CPU microseconds a call of `peal answer`, from its own utime and stime, while SIPp makes CALLS calls at RATE a second:
answer_cpu.py PEAL [CALLS] [RATE]"""
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "interop"))
from rig import Peal, check, check_sipp, folder, main, running  # noqa: E402


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(peal, calls="10000", rate="500"):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--json", "--quiet")) as answer, folder() as work:
        target = f"127.0.0.1:{answer.port()}"
        before = cpu_seconds(answer.process.pid)
        code = subprocess.run(
            ["sipp", "-sn", "uac", target, "-i", "127.0.0.1", "-m", calls, "-r", rate, "-trace_stat", "-stf", "stat.csv", "-nostdin"],
            cwd=work, stdout=subprocess.DEVNULL, timeout=60 + int(calls) / int(rate) * 2).returncode
        used = cpu_seconds(answer.process.pid) - before
        check(code == 0, f"SIPp's exit code: {code}")
        check_sipp(work / "stat.csv", int(calls))
        print(f"{used / int(calls) * 1e6:.1f} CPU microseconds a call, {calls} calls at {rate}/s")


main(measure)
