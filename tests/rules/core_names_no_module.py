#!/usr/bin/env python3
"""No floor names a module's method: the core knows mechanisms, a module brings a method to life.

Looks at the tokens of transport/, transaction/, dialog/ and sdk/{include,src}. Forbidden there: an identifier or a
string literal (or an element of a literal that is a list) that equals one of METHODS, and a qualified name such as
`method::refer`. Comments and log levels are free. message/ names methods as data.
"""
import pathlib
import re
import sys

METHODS = {"REFER", "SUBSCRIBE", "NOTIFY", "PRACK", "UPDATE", "MESSAGE", "INFO", "PUBLISH"}
FOLDERS = ("transport", "transaction", "dialog", "sdk/include", "sdk/src")

TOKEN = re.compile(
    r"""(?P<comment>//(?:\\\n|[^\n])*|/\*.*?\*/)
      |(?P<raw>(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s]{0,16})\((?P<raw_text>.*?)\)(?P=delimiter)")
      |(?P<string>(?:u8|[uUL])?"(?P<text>(?:\\.|[^"\\\n])*)")
      |(?P<character>'(?:\\.|[^'\\\n])+')
      |(?P<number>\d(?:'?[\w.])*)
      |(?P<identifier>[A-Za-z_]\w*)
      |(?P<scope>::)
      |(?P<other>\S)""",
    re.VERBOSE | re.DOTALL)


def offences(source):
    """Yields (line, what) for each forbidden token."""
    before = ("", "")  # the two tokens in front of this one
    for match in TOKEN.finditer(source):
        if match["comment"] is not None:
            continue
        token = match.group()
        text = match["text"] if match["string"] is not None else match["raw_text"]
        line = source.count("\n", 0, match.start()) + 1
        qualified_by = before[0] if before[1] == "::" else ""
        if text is not None:
            if METHODS.intersection(re.split(r"[\s,]+", text)) and re.fullmatch(r"[A-Z\s,]+", text):
                yield line, token
        elif match["identifier"] is not None:
            is_log_level = qualified_by in ("Level", "LogLevel")
            if token in METHODS and not is_log_level:
                yield line, token
            elif qualified_by in ("method", "Method") and token.upper() in METHODS:
                yield line, f"{qualified_by}::{token}"
        before = (before[1], token)


def check_the_check():
    for bad in ('auto m = "REFER";', 'add("Allow", "INVITE, ACK, UPDATE");', "enum { PRACK };", "if (m == method::refer) f();",
                'R"(NOTIFY)"', 'f("a\\"b", "INFO");', "x = Method::message;", "f('\"', \"MESSAGE\");", "int PUBLISH = 1'000;"):
        assert list(offences(bad)), f"not seen: {bad}"
    for good in ("// REFER\nint x;", "/* NOTIFY \n SUBSCRIBE */", "log(Level::INFO);", "Message message; message.update();",
                 'f("REFER is answered elsewhere");', 'R"(// "INFO)"', '"INVITE, ACK, BYE"', "refer_to", "method::invite"):
        assert not list(offences(good)), f"wrongly seen: {good}"


def main():
    check_the_check()
    root = pathlib.Path(sys.argv[1])
    files = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.suffix in (".hpp", ".cpp")]
    if not files:
        print("no sources found")
        return 1
    found = 0
    for path in files:
        for line, what in offences(path.read_text()):
            print(f"{path.relative_to(root)}:{line}: the core names a module's method: {what}")
            found += 1
    print(f"{len(files)} files, {found} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
