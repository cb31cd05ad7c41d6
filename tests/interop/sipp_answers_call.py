#!/usr/bin/env python3
"""`peal call` makes 300 calls at 100 a second to SIPp's callee: all succeed, and nobody sends anything twice."""
import time

from rig import Peal, Program, Socket, check, check_nothing_lives, check_sipp, folder, free_port, main, running

CALLS = 300


def wait_until_it_answers(port):
    """SIPp says nothing when it is ready; its port is open when an ICMP error no longer comes back."""
    for _ in range(100):
        probe = Socket(port)
        probe.send(b"\r\n\r\n")
        try:
            probe.receive(0.05)
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    check(False, f"SIPp does not listen on {port}")


def test(peal):
    port = free_port()
    with folder() as work:
        command = ["sipp", "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-m", str(CALLS), "-trace_stat", "-stf", str(work / "stat.csv"), "-nostdin"]
        with running(Program(*command)) as sipp:
            wait_until_it_answers(port)
            call = Peal(peal, "call", f"sip:service@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--count", CALLS, "--rate", 100, "--duration", 0.1,
                        "--json")
            with running(call):
                check(call.wait(40) == 0, "exit code of peal call")
                check(len(call.events("call.established")) == CALLS, "one call.established a call")
                check(len(call.events("call.progress")) == CALLS, "one 180 a call")
                summary = call.events("summary")[-1]
                check((summary["completed"], summary["failed"]) == (CALLS, 0), f"summary: {summary}")
                stats = call.events("stats")[-1]
                check_nothing_lives(stats)
                check(stats["counters"]["retransmissions_sent"] == 0, "we sent something twice")
            check(sipp.wait(20) == 0, "SIPp's exit code")
        check_sipp(work / "stat.csv", CALLS)


main(test)
