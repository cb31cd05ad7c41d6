#!/usr/bin/env python3
"""`peal` as a user meets it: help with examples, exit codes, explain, and small calls between its own commands."""
import re
import signal
import socket
import subprocess
import time

from rig import Peal, Program, Socket, check, check_nothing_lives, main, running

COMMANDS = ["demo", "register", "call", "answer", "options", "inspect", "explain"]
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def run(*command, seconds=30):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=seconds)
    return done.returncode, done.stdout, done.stderr


def help_shows_examples(peal):
    code, out, _ = run(peal, "--help")
    check(code == 0 and all(command in out for command in COMMANDS) and "Exit codes" in out, out)
    for command in COMMANDS:
        code, out, _ = run(peal, command, "--help")
        check(code == 0 and f"  peal {command}" in out, f"{command} --help shows no example: {out}")
    for wrong in ([], ["nonsense"], ["call"], ["answer", "--code", "99"], ["answer", "--code", "401"], ["answer", "--code", "486", "--redirect", "sip:a@b"], ["explain"], ["call", "sip:a@b", "--rate", "-1"]):
        check(run(peal, *wrong)[0] == 2, f"peal {' '.join(wrong)} is wrong usage")


def explains_everything(peal):
    code, out, _ = run(peal, "explain", "list")
    out_of_list = out
    check(code == 0, "explain list")
    codes = re.findall(r"^(\d{3}) ", out, re.MULTILINE)
    methods = re.findall(r"^([A-Z]{3,}) ", out, re.MULTILINE)
    check(len(codes) > 70 and len(methods) == 14, f"{len(codes)} codes, {len(methods)} methods")
    for what in ["prack"] + codes + methods:
        code, out, _ = run(peal, "explain", what)
        check(code == 0 and what.upper() in out and len(out.split("\n")) > 5, f"explain {what}: {code} {out}")
    others = dict.fromkeys(re.findall(r"^(\S+) +(?:option tag|event package|header)", out_of_list, re.MULTILINE))
    check(len(others) > 150, f"{len(others)} other names")
    for what in list(others)[::10] + ["timer", "presence.winfo", "m"]:
        code, out, _ = run(peal, "explain", what)
        check(code == 0 and "Read " in out and ("RFC" in out or "TS " in out), f"explain {what}: {code} {out}")
    code, out, _ = run(peal, "explain", "refer")
    check(code == 0 and out.startswith("REFER\n") and "\n\nrefer (event package)\n" in out, f"a method and an event package: {out}")
    code, out, _ = run(peal, "explain", "431")
    check(code == 0 and out.startswith("431 Unregistered client error"), out)
    for wrong in ("999", "42", "HELLO", "-1", "40x"):
        code, _, err = run(peal, "explain", "--", wrong)
        check(code == 1 and wrong in err, f"explain {wrong}: {code} {err}")


def answers_rings_and_hangs_up(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--ring-ms", 200, "--count", 1, "--json")) as answer:
        port = answer.port()
        begun = time.monotonic()
        with running(Peal(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--duration", 0.2, "--json")) as call:
            check(call.wait() == 0, f"call: {call.seen}")
            check(time.monotonic() - begun >= 0.4, "it rang and lasted")
            names = [name for name in ("ready", "call.progress", "call.established", "call.ended", "stats", "summary") for _ in call.events(name)]
            check(names == ["ready", "call.progress", "call.established", "call.ended", "stats", "summary"], f"events: {names}")
            ended = call.events("call.ended")[0]
            check(TIMESTAMP.fullmatch(ended["ts"]) and ended["call"] == "c1" and ended["sip_call_id"], f"{ended}")
            check(set(ended["cause"]) == {"layer", "code", "text", "explain", "peer"}, f"{ended}")
            check_nothing_lives(call.events("stats")[0])
        check(answer.wait() == 0, "answer ends after one call")
        incoming = answer.events("call.incoming")[0]
        check(incoming["sdp"].startswith("v=0") and incoming["headers"]["CSeq"].endswith(" INVITE") and incoming["sip_call_id"] == ended["sip_call_id"],
              f"{incoming}")


def refused_calls_exit_1(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--code", 486, "--json")) as answer:
        port = answer.port()
        with running(Peal(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--json")) as call:
            check(call.wait() == 1, "exit code of a refused call")
            cause = call.events("call.ended")[0]["cause"]
            check((cause["layer"], cause["code"], cause["text"]) == ("sip", 486, "Busy Here") and cause["explain"], f"{cause}")
        code, out, _ = run(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0")
        check(code == 1 and "486 Busy Here" in out and "1 failed" in out, out)
        code, out, _ = run(peal, "options", f"sip:127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0")
        check(code == 0 and "200 OK" in out and "Allow: " in out and "INVITE" in out, out)
        answer.process.send_signal(signal.SIGTERM)
        check(answer.wait() == 0, "SIGTERM is an orderly end")


def redirects(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--redirect", "sip:bob@192.0.2.7", "--json")) as answer:
        bare = Socket(answer.port())
        bare.send(f"INVITE sip:bob@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{bare.port};branch=z9hG4bKr1\r\nMax-Forwards: 70\r\n"
                  f"From: <sip:a@b>;tag=1\r\nTo: <sip:bob@127.0.0.1>\r\nCall-ID: r1\r\nCSeq: 1 INVITE\r\n"
                  f"Contact: <sip:a@127.0.0.1:{bare.port}>\r\nContent-Length: 0\r\n\r\n")
        answered = bare.receive()
        check(answered.startswith("SIP/2.0 302 ") and "Contact: <sip:bob@192.0.2.7>\r\n" in answered, answered)
    code, _, err = run(peal, "answer", "--listen", "udp:127.0.0.1:0", "--redirect", "not a uri")
    check(code == 1, f"a redirect to no URI: {code} {err}")


def nobody_there(peal):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        code, _, err = run(peal, "answer", "--listen", f"udp:127.0.0.1:{port}")
        check(code == 3 and str(port) in err, f"an address in use: {code} {err}")
    code, out, err = run(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0")
    check(code == 1, f"a call to a closed port: {code} {out} {err}")
    code, _, err = run(peal, "call", "not a uri")
    check(code == 1, f"no URI: {code} {err}")


def says_why_a_call_cannot_be(peal):
    for target, why in (("bob", "bad URI scheme"), ("sips:b@127.0.0.1", "protocol is not supported"),
                        ("sip:b@127.0.0.1;transport=tcp", "protocol is not supported"), ("tel:+123", "may not be reached this way"),
                        ("sip:b@[::1]", "no listening point"), ("sip:b@127.0.0.1:1", "ended: Connection refused")):
        code, out, _ = run(peal, "call", target, "--listen", "udp:127.0.0.1:0")
        check(code == 1 and why in out, f"call {target}: {code} {out}")


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def calls_over_ipv6(peal):
    with running(Peal(peal, "answer", "--listen", "udp:[::1]:0", "--count", 1, "--json")) as answer:
        target = f"sip:bob@[::1]:{answer.port()}"
        code, out, _ = run(peal, "call", target, "--listen", "udp:[::1]:0", "--duration", 0.1)
        check(code == 0 and "1 completed" in out, out)
        check(answer.wait() == 0 and "IN IP6 ::1" in answer.events("call.incoming")[0]["sdp"], "the offer names the IPv6 address")


def interrupt_cancels(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--ring-ms", 60000, "--json")) as answer:
        port = answer.port()
        with running(Peal(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--json")) as call:
            call.event("call.progress", code=180)
            call.interrupt()
            check(call.wait() == 1, "exit code of a call given up")
            check(len(call.events("call.ended")) == 1, "a call given up ends once")
        check(answer.event("call.ended")["cause"]["code"] == 487, "the callee hears that the caller gave up")
        answer.interrupt()
        check(answer.wait() == 0, "exit code of answer")


def text_is_for_people(peal):
    with running(Program(peal, "answer", "--listen", "udp:127.0.0.1:0", "--count", 1, "--trace", stderr=subprocess.PIPE)) as answer:
        port = answer.wait_for_line("listening on udp:127.0.0.1:").rsplit(":", 1)[1]
        code, out, err = run(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--duration", 0, "--trace")
        check(code == 0 and "c1 established" in out and "1 calls: 1 established, 1 completed, 0 failed" in out, out)
        check("INVITE sip:bob@" in err and "SIP/2.0 200 OK" in err, err)
        check(answer.wait() == 0, "exit code of answer")


def test(peal):
    help_shows_examples(peal)
    explains_everything(peal)
    answers_rings_and_hangs_up(peal)
    refused_calls_exit_1(peal)
    redirects(peal)
    nobody_there(peal)
    says_why_a_call_cannot_be(peal)
    if has_ipv6():
        calls_over_ipv6(peal)
    interrupt_cancels(peal)
    text_is_for_people(peal)


main(test)
