#!/usr/bin/env python3
"""Both hello-world programs register with a digest registrar and answer a call that comes through its proxy."""
import subprocess

from rig import Peal, Program, check, main, running


def test(peal, registrar, *programs):
    with running(Program(registrar, stdin=subprocess.PIPE)) as server:
        proxy = "sip:127.0.0.1:" + server.wait_for_line("ready").split()[1]
        for program in programs:
            hello = Program("stdbuf", "-oL", program, "sip:hello@demo.example", "secret", proxy)
            with running(hello):
                hello.wait_for_line("registered")
                check(hello.seen == ["registered"], f"{program} said {hello.seen}")
                call = Peal(peal, "call", "sip:hello@demo.example", "--from", "sip:alice@demo.example", "--password", "secret", "--proxy", proxy,
                            "--listen", "udp:127.0.0.1:0", "--count", 2, "--rate", 20, "--duration", "0.1", "--json")
                with running(call):
                    check(call.wait() == 0, f"calls to {program}: {call.seen}")
                    check(len(call.events("call.established")) == 2, "both calls are answered")
            print(f"{program}: registered, answered 2 calls")
        server.process.stdin.close()
        forwarded = int(server.wait_for_line("forwarded").split()[-1])
        check(forwarded >= 3 * 2 * len(programs), f"{forwarded} requests went through the proxy")
        check(server.wait() == 0, "the registrar's exit code")


main(test)
