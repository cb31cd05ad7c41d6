#!/usr/bin/env python3
"""SIPp makes 1,000 calls at 200 a second to `peal answer`: all succeed, and nobody sends anything twice."""
import subprocess

from rig import Peal, check, check_nothing_lives, check_sipp, folder, main, running

CALLS = 1000


def test(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--json")) as answer, folder() as work:
        port = answer.port()
        code = subprocess.run(
            ["sipp", "-sn", "uac", f"127.0.0.1:{port}", "-i", "127.0.0.1", "-m", str(CALLS), "-r", "200", "-trace_stat", "-stf", "stat.csv", "-nostdin"],
            cwd=work, stdout=subprocess.DEVNULL, timeout=60).returncode
        check(code == 0, f"SIPp's exit code: {code}")
        check_sipp(work / "stat.csv", CALLS)
        answer.interrupt()
        check(answer.wait() == 0, "exit code of peal answer")
        check(len(answer.events("call.incoming")) == CALLS, "one call.incoming a call")
        ended = answer.events("call.ended")
        check(len(ended) == CALLS and len({event["call"] for event in ended}) == CALLS, "one call.ended a call")
        stats = answer.events("stats")[-1]
        check_nothing_lives(stats)
        check(stats["counters"]["retransmissions_sent"] == 0, "we sent something twice")
        check(not any(stats["counters"]["dropped"].values()), f"dropped: {stats['counters']['dropped']}")


main(test)
