#!/usr/bin/env python3
"""`peal inspect`: a message as JSON, or where and why it is none. The INVITE as tutorials print it is refused with place and reason, and
accepted once repaired."""
import json
import pathlib
import subprocess

from rig import check, main

# Blanks round `=` are legal; `...` is no number, and an indented line continues the one before.
TUTORIAL = """INVITE sip:bob@biloxi.example.com SIP/2.0
Via: SIP/2.0/UDP pc33.atlanta.example.com;branch = z9hG4bK776asdhds
Max-Forwards: 70
To: Bob <sip:bob@biloxi.example.com>
From: Alice <sip:alice@atlanta.example.com>;tag = 1928301774
Call-ID: a84b4c76e66710@pc33.atlanta.example.com
CSeq: 314159 INVITE
Contact: <sip:alice@pc33.atlanta.example.com>
Content-Type: application/sdp
Content-Length: ...

"""


def inspect(peal, text, *arguments):
    data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
    done = subprocess.run([peal, "inspect", *arguments, "-"], input=data, capture_output=True, timeout=20)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def refused(peal, text, reason, line, column, byte):
    code, out, _ = inspect(peal, text)
    check(code == 1 and reason in out, f"wanted {reason!r}: {code} {out}")
    check(f"line {line}, column {column} (byte {byte})" in out, f"wanted line {line}, column {column}, byte {byte}: {out}")
    shown, caret = out.rstrip("\n").split("\n")[-2:]
    check(caret.index("^") - 2 == column - 1, f"the caret is at {caret.index('^') - 2}: {out}")
    code, out, _ = inspect(peal, text, "--json")
    found = json.loads(out)
    check((found["line"], found["column"], found["byte"]) == (line, column, byte), f"as JSON: {found}")
    return shown


def test(peal):
    at = TUTORIAL.replace("\n", "\r\n").index("...")
    shown = refused(peal, TUTORIAL, "Content-Length", 10, 17, at)
    check("Content-Length: ..." in shown, shown)

    # A file that an editor saved: LF. The byte is that of the file.
    code, out, err = inspect(peal, TUTORIAL.encode())
    check(code == 1 and f"byte {TUTORIAL.index('...')})" in out and "CRLF" in err, out + err)

    # As some print it, with every line but the first indented: one long first line, then nothing.
    first, *rest = TUTORIAL.rstrip("\n").split("\n")
    code, out, _ = inspect(peal, "\n".join([first] + ["    " + line for line in rest]) + "\n\n")
    check(code == 1 and "not valid" in out and "line " in out, out)

    body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
    code, out, _ = inspect(peal, TUTORIAL.replace("...", str(len(body))).replace("\n", "\r\n").encode() + body.encode())
    check(code == 0, out)
    message = json.loads(out)
    check(message["method"] == "INVITE" and message["uri"] == "sip:bob@biloxi.example.com", out)
    check([header["name"] for header in message["headers"]][:4] == ["Via", "Max-Forwards", "To", "From"], "headers in order")
    check(message["sdp"]["media"][0]["type"] == "audio" and message["sdp"]["media"][0]["port"] == 4000, "SDP is summed up")

    # What no stack needs to look at is looked at here.
    response = ("SIP/2.0 200 OK\nVia: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\nFrom: <sip:a@example.com>;tag=1\nTo: <sip:a@example.com>;tag=2\n"
                "Call-ID: 1\nCSeq: 1 REGISTER\nContact: <sip:a@192.0.2.1>, <sip:b@@192.0.2.1>\n\n")
    code, out, _ = inspect(peal, response)
    check(code == 1 and "Contact: " in out and "line 7" in out, out)
    check(inspect(peal, response.replace("@@", "@"))[0] == 0, "and is fine once repaired")

    # Whatever it is given, --json is JSON and the exit code fits.
    files = sorted((pathlib.Path(__file__).parent.parent / "data" / "torture").glob("rfc*/*.dat"))
    check(len(files) > 60, f"{len(files)} torture messages")
    for file in files:
        code, out, _ = inspect(peal, file.read_bytes(), "--json")
        check(code in (0, 1) and ("error" in json.loads(out)) == (code == 1), f"{file.name}: {code} {out}")

    for nothing in (b"", b"\r\n\r\n", b"hello", b"\xff\x00\x80"):
        code, out, _ = inspect(peal, nothing)
        check(code == 1 and "not valid" in out, f"{nothing!r}: {code} {out}")
    done = subprocess.run([peal, "inspect", "/nowhere/message.txt"], capture_output=True, text=True, timeout=20)
    check(done.returncode == 3 and "/nowhere/message.txt" in done.stderr, "a file that cannot be read")


main(test)
