#!/usr/bin/env python3
"""The bot that is tested on the simulator answers and greets on real sockets too."""
from rig import Peal, Program, check, main, running


def test(peal, bot):
    greeter = Program(bot, "udp:127.0.0.1:0")
    with running(greeter):
        place = greeter.wait_for_line("listening").split()[1].removeprefix("udp:")
        call = Peal(peal, "call", f"sip:hello@{place}", "--listen", "udp:127.0.0.1:0", "--duration", "0.2", "--json")
        with running(call):
            check(call.wait() == 0, f"the call: {call.seen}")
            check(len(call.events("call.established")) == 1, "it is answered")
        greeter.wait_for_line("hello, sip:")


main(test)
