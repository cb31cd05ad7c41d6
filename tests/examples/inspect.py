#!/usr/bin/env python3
"""`peal inspect`: a message as JSON and back, or where and why it is none. The INVITE as tutorials print it is refused with place and
reason, and accepted once repaired."""
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


def from_json(peal, text, *arguments):
    done = subprocess.run([peal, "inspect", "--from-json", *arguments, "-"], input=text.encode(), capture_output=True, timeout=20)
    return done.returncode, done.stdout


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


def out_with_length(out):
    """The JSON of a message that had no Content-Length, once printed: it has one."""
    message = json.loads(out)
    if "body_base64" in message or any(header["name"].lower() in ("content-length", "l") for header in message["headers"]):
        return out
    message["headers"].append({"name": "Content-Length", "value": str(len(message.get("body", "").encode()))})
    return json.dumps(message, indent=2, ensure_ascii=False) + "\n"


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

    # Every header that is broken is told, each with its place.
    broken = response.replace("Call-ID", "Date: Sat, 13 Nov 2010 23:29:00 GMT\nExpires: soon\nWWW-Authenticate: Digest realm=\"a\", Digest realm=\"b\nCall-ID")
    code, out, _ = inspect(peal, broken, "--json")
    found = json.loads(out)
    told = [(fault["header"], fault["line"], fault["byte"]) for fault in found["faults"]]
    crlf = broken.replace("\n", "\r\n")
    check(code == 1 and told == [("Expires", 6, crlf.index("soon")), ("WWW-Authenticate", 7, crlf.index('"b')), ("Contact", 10, crlf.index("@192", crlf.index("b@@")))], f"{told}")
    check((found["line"], found["header"]) == (6, "Expires"), "the first stands on top")
    code, out, _ = inspect(peal, broken)
    check(code == 1 and out.count("not valid: ") == 3 and out.count("^") == 3, out)

    # Whatever it is given, --json is JSON and the exit code fits.
    files = sorted((pathlib.Path(__file__).parent.parent / "data" / "torture").glob("rfc*/*.dat"))
    check(len(files) > 60, f"{len(files)} torture messages")
    for file in files:
        code, out, _ = inspect(peal, file.read_bytes(), "--json")
        check(code in (0, 1) and ("error" in json.loads(out)) == (code == 1), f"{file.name}: {code} {out}")

    # What devices get wrong is refused by the letter, and read as a user agent reads it.
    slip = response.replace("@@", "@").replace("SIP/2.0 200 OK", "SIP/2.0 200").replace("CSeq", "Expires: soon\nCSeq")
    for strict in ((), ("--strict",)):
        check(inspect(peal, slip, *strict)[0] == 1, "refused by the letter")
    code, out, err = inspect(peal, slip, "--interop")
    check(code == 0 and json.loads(out)["reason"] == "" and "mended" in err and "line 6, column 10: Expires" in err, f"{code} {out} {err}")
    check(from_json(peal, out, "--interop")[0] == 0 and from_json(peal, out)[0] == 0, "what was mended is SIP")

    # And back: the same bytes, but for a Content-Length that was missing, leading empty lines, folding, and what stands behind the body.
    there_and_back = 0
    for file in files:
        code, out, _ = inspect(peal, file.read_bytes())
        if code != 0:
            continue
        code, sip = from_json(peal, out)
        check(code == 0 and inspect(peal, sip)[1] in (out, out_with_length(out)), f"{file.name}: {sip}")
        there_and_back += sip == file.read_bytes()
    check(there_and_back > 15, f"{there_and_back} are the same bytes")
    good = inspect(peal, response.replace("@@", "@"))[1]
    for wrong, where in ((good.replace("REGISTER", "REGISTER\\r\\nX: 1"), "/headers/4/value, byte 10: CR, LF or NUL"),
                         (good.replace('"code": 200', '"code": "200"'), "/code: "), (good.replace("{", "[", 1), "line "),
                         (good[:-3], "line "), ("", "line 1, column 1 (byte 0)")):
        code, out = from_json(peal, wrong)
        check(code == 1 and b"not valid: " in out and where in out.decode(), f"{where}: {out}")
        code, out = from_json(peal, wrong, "--json")
        check(code == 1 and json.loads(out)["kind"] == "json" and json.loads(out)["error"], f"{out}")

    for nothing in (b"", b"\r\n\r\n", b"hello", b"\xff\x00\x80"):
        code, out, _ = inspect(peal, nothing)
        check(code == 1 and "not valid" in out, f"{nothing!r}: {code} {out}")
    done = subprocess.run([peal, "inspect", "/nowhere/message.txt"], capture_output=True, text=True, timeout=20)
    check(done.returncode == 3 and "/nowhere/message.txt" in done.stderr, "a file that cannot be read")


main(test)
