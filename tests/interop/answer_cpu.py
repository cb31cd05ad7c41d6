#!/usr/bin/env python3
"""What a call costs `peal answer`: the processor time of its process (user and system) under SIPp at 500 calls a second."""
import os
import subprocess

from rig import Peal, check, check_sipp, folder, main, running

CALLS, RATE = 5000, 500


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--json", "--quiet")) as answer, folder() as work:
        port = answer.port()
        before = cpu_seconds(answer.process.pid)
        subprocess.run(["sipp", "-sn", "uac", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-m", str(CALLS), "-r", str(RATE), "-trace_stat",
                        "-stf", "stat.csv", "-nostdin"], cwd=work, stdout=subprocess.DEVNULL, timeout=100)
        used = cpu_seconds(answer.process.pid) - before
        check_sipp(work / "stat.csv", CALLS)
        print(f"peal answer: {used / CALLS * 1e6:.1f} CPU microseconds per call, {CALLS} calls at {RATE} a second")
        answer.interrupt()
        check(answer.wait() == 0, "exit code of peal answer")


main(test)
