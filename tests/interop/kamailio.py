#!/usr/bin/env python3
"""Kamailio as registrar with digest authentication and as record-routing proxy between two Peal agents: register, call, hang up."""
import pathlib
import subprocess
import sys
import time

from rig import Failure, Peal, Program, check, check_nothing_lives, folder, free_port, main, running

CONFIG = pathlib.Path(__file__).parent.parent / "data" / "kamailio" / "kamailio.cfg"


def start_kamailio(work, port):
    config = work / "kamailio.cfg"
    config.write_text(CONFIG.read_text().replace("@RUN@", str(work)))
    log = open(work / "log", "w")
    return Program("/usr/sbin/kamailio", "-f", config, "-A", f"PORT={port}", "-m", "64", "-M", "8", "-DD", "-E", "-Y", work, "-w", work,
                   "-P", work / "kamailio.pid", stderr=log)


def wait_until_it_answers(peal, port):
    for _ in range(40):
        if subprocess.run([peal, "options", f"sip:127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--quiet"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=40).returncode == 0:
            return
        time.sleep(0.1)
    raise Failure("Kamailio does not answer")


def agent(peal, command, user, password, port, *arguments):
    server = f"127.0.0.1:{port}"
    identity = [f"sip:{user}@{server}"] if command == "register" else ["--from", f"sip:{user}@{server}"]
    return Peal(peal, command, *identity, "--password", password, "--registrar", f"sip:{server}", "--proxy", f"sip:{server}",
                "--listen", "udp:127.0.0.1:0", "--json", *arguments)


def wrong_password_is_refused(peal, port):
    with running(agent(peal, "register", "alice", "no", port, "--once")) as alice:
        failed = alice.event("registration", state="failed")
        check(failed["cause"]["text"] == "the credentials were refused", f"cause: {failed['cause']}")
        check(failed["retry_in"] is None, "a wrong password is not tried again")
        check(alice.wait() == 1, "exit code after a wrong password")


def call_goes_through(peal, port):
    with running(agent(peal, "answer", "bob", "bobpw", port, "--ring-ms", 100, "--count", 1)) as bob:
        granted = bob.event("registration", state="registered")
        check(granted["expires"] > 0 and len(granted["contacts"]) == 1, f"bob's registration: {granted}")
        with running(agent(peal, "call", "alice", "alicepw", port, f"sip:bob@127.0.0.1:{port}", "--duration", 0.3)) as alice:
            check(alice.wait() == 0, "exit code of peal call")
            check(alice.events("registration")[0]["state"] == "registered", "alice is registered")
            check([event["code"] for event in alice.events("call.progress")] == [180], f"progress: {alice.events('call.progress')}")
            check(len(alice.events("call.established")) == 1, "alice's call is established once")
            check([event["cause"]["code"] for event in alice.events("call.ended")] == [0], "alice's call ends once, and well")
            check_nothing_lives(alice.events("stats")[-1], but=("accounts",))
        check(bob.wait() == 0, "exit code of peal answer")
        incoming = bob.events("call.incoming")
        check(len(incoming) == 1 and "Record-Route" in incoming[0]["headers"], "bob's INVITE came through the proxy")
        check([event["cause"]["code"] for event in bob.events("call.ended")] == [0], "bob's call ends once, and well")
        check_nothing_lives(bob.events("stats")[-1], but=("accounts",))
        check([event["state"] for event in bob.events("registration")][-1] == "unregistered", "bob is unregistered at the end")


def test(peal):
    port = free_port()
    with folder() as work:
        with running(start_kamailio(work, port)):
            try:
                wait_until_it_answers(peal, port)
                wrong_password_is_refused(peal, port)
                call_goes_through(peal, port)
            except Failure:
                sys.stdout.write((work / "log").read_text()[-3000:])
                raise


main(test)
