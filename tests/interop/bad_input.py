#!/usr/bin/env python3
"""Bad input on a real socket: counted with a reason, answered 400 where RFC 3261 says so, never when it is an ACK, and nothing else
is disturbed: a good call goes on meanwhile."""
from rig import Peal, Socket, check, check_nothing_lives, main, running

INVITE = """INVITE sip:bob@127.0.0.1:{port} SIP/2.0
Via: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{branch}
From: <sip:alice@example.com>;tag=a
To: <sip:bob@example.com>
Call-ID: {branch}@example.com
CSeq: 1 INVITE
Contact: <sip:alice@127.0.0.1:{own}>
Max-Forwards: 70
Content-Length: 0

"""


SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 40000 RTP/AVP 0
"""


def crlf(text):
    return text.replace("\n", "\r\n")


class Case:
    def __init__(self, name, text, dropped, code=None):
        self.name, self.text, self.dropped, self.code = name, text, dropped, code


def message(method="INVITE", without=None, branch="x", **values):
    lines = INVITE.format(branch=branch, **values).replace("INVITE", method)
    return crlf("\n".join(line for line in lines.split("\n") if without is None or not line.startswith(without)))


def cases(port, own):
    values = {"port": port, "own": own}
    whole = message(branch="cut", **values)
    response = (f"SIP/2.0 200 OK\nVia: SIP/2.0/UDP 127.0.0.1:{{via}};branch=z9hG4bKnobody\nFrom: <sip:a@example.com>;tag=1\n"
                "To: <sip:b@example.com>;tag=2\nCall-ID: nobody\nCSeq: 1 INVITE\nContent-Length: 0\n\n")
    tutorial = message(branch="tutorial", **values).replace("branch=", "branch = ").replace("Content-Length: 0", "Content-Length: ...")
    return [
        Case("garbage", b"\x00\xff\x10 what is this \x80", "garbage"),
        Case("empty", b"", "empty"),
        Case("truncated INVITE", whole[:whole.index("Contact")], "bad_request", 400),
        Case("INVITE cut within its Via", whole[:whole.index(";branch") - 3], "garbage"),
        Case("INVITE without CSeq", message(without="CSeq", branch="nocseq", **values), "bad_request", 400),
        Case("INVITE as tutorials print it", tutorial, "bad_request", 400),
        Case("INVITE with an unreadable From", message(branch="from", **values).replace("From: <", "From: <<<"), "bad_request", 400),
        Case("ACK without CSeq", message("ACK", without="CSeq", branch="badack", **values), "garbage"),
        Case("ACK to nobody", message("ACK", branch="strayack", **values).replace("To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=no"), "stray_ack"),
        Case("response to nobody", crlf(response.replace("{via}", str(port))), "stray_response"),
        Case("response to somebody else", crlf(response.replace("{via}", "9")), "wrong_sent_by"),
        Case("response without CSeq", crlf(response.replace("{via}", str(port)).replace("CSeq: 1 INVITE\n", "")), "bad_response"),
    ]


def check_answer(case, answer):
    if case.code is None:
        check(answer is None, f"{case.name}: answered {answer!r}")
        return
    check(answer is not None, f"{case.name}: no answer")
    check(answer.startswith(f"SIP/2.0 {case.code} "), f"{case.name}: {answer!r}")
    for name in ("Via", "Call-ID"):
        wanted = next(line for line in case.text.split("\r\n") if line.startswith(name)).split(";")[0]
        check(wanted.replace("branch = ", "branch=") in answer, f"{case.name}: {wanted!r} is not copied into {answer!r}")


def final_answer(bare, what):
    codes = []
    while not codes or codes[-1] < 200:
        reply = bare.receive()
        check(reply is not None, f"{what} is not answered, after {codes}")
        codes.append(int(reply.split()[1]))
    check(codes[-1] == 200, f"{what} got {codes}")
    return reply


def repaired_tutorial_is_a_call(port, bare):
    """Blanks round `=` are legal, and may stay."""
    def send(method, branch, to):
        text = message(method, branch=branch, port=port, own=bare.port).replace("branch=", "branch = ")
        number = 2 if method == "BYE" else 1
        if method == "INVITE":
            body = crlf(SDP)
            text = text.replace("Content-Length: 0", f"Content-Type: application/sdp\r\nContent-Length: {len(body)}") + body
        bare.send(text.replace(f"Call-ID: {branch}@", "Call-ID: repaired@").replace("CSeq: 1", f"CSeq: {number}")
                  .replace("To: <sip:bob@example.com>", to))

    send("INVITE", "repaired", "To: <sip:bob@example.com>")
    to = next(line for line in final_answer(bare, "the repaired INVITE").split("\r\n") if line.startswith("To:"))
    send("ACK", "ack", to)
    send("BYE", "bye", to)
    final_answer(bare, "its BYE")


def test(peal):
    with running(Peal(peal, "answer", "--listen", "udp:127.0.0.1:0", "--json")) as answer:
        port = answer.port()
        call = Peal(peal, "call", f"sip:bob@127.0.0.1:{port}", "--listen", "udp:127.0.0.1:0", "--json")
        with running(call):
            call.event("call.established")
            bare = Socket(port)
            dropped = {}
            for case in cases(port, bare.port):
                bare.send(case.text)
                check_answer(case, bare.receive(5 if case.code else 0.1))
                dropped[case.dropped] = dropped.get(case.dropped, 0) + 1

            repaired_tutorial_is_a_call(port, bare)
            check(call.process.poll() is None, "the good call did not survive")
            call.interrupt()
            check(call.wait() == 0, "the good call did not end well")
        for _ in range(2):
            answer.event("call.ended")
        answer.interrupt()
        check(answer.wait() == 0, "exit code of peal answer")
        stats = answer.events("stats")[-1]
        found = {reason: count for reason, count in stats["counters"]["dropped"].items() if count}
        check(found == dropped, f"counted {found}, wanted {dropped}")
        check_nothing_lives(stats)


main(test)
