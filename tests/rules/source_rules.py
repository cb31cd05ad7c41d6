#!/usr/bin/env python3
"""What each file of the floors keeps to, where a reader of one file cannot see it broken.

- a header begins with `#pragma once`; every file's code stands in `namespace peal::inline v0`;
- floors include each other as <peal/…>, private headers as "…" without `..`;
- message/ has no I/O, clock, locale or allocating machinery; nothing above transport/ reads a clock, draws a random
  number or opens a socket except through the three seams; Asio stays out of message, transaction and dialog;
- heavy headers enter few named files.
"""
import pathlib
import re
import sys

FOLDERS = ("message", "transport", "transaction", "dialog", "sdk")
SEAMS = r"std::random_device|std::mt19937|\b(?:steady|system|high_resolution)_clock::now\b|\bClock::now\b|asio::\w*steady_timer|::socket\("

# folder prefix, forbidden (searched in code without comments and strings, includes kept), why
FORBIDDEN = [
    ("message/", r"#include <(?:regex|iostream|sstream|fstream|locale|map|unordered_map|mutex|thread)>",
     "message/ is pure functions over bytes"),
    ("message/", r"\bstd::(?:chrono::\w+_clock|function|map|unordered_map|shared_ptr|regex|locale)\b", "message/ is pure functions over bytes"),
    ("message/", r"#include <(?:asio|openssl|nlohmann)\b", "message/ links tl::expected only"),
    ("transaction/", r"#include <(?:asio|nlohmann)\b", "Asio stays in transport/ and at the facade"),
    ("dialog/", r"#include <(?:asio|nlohmann)\b", "Asio stays in transport/ and at the facade"),
    ("transaction/", SEAMS, "time, network and chance come through the seams only"),
    ("dialog/", SEAMS, "time, network and chance come through the seams only"),
    ("sdk/src/", SEAMS, "time, network and chance come through the seams only"),
    ("", r"#include <asio\.hpp>", "1.8 s a file: include the narrow header"),
    ("", r"\bassert\s*\(.*\b(?:wire|received|datagram)\b", "no assert on wire data"),
    ("", r"#include \"\.\./", "private headers are on the include path"),
    ("", r"\busing namespace std\b", "no using namespace std"),
    ("", r"\bstd::(?:cout|cerr)\b", "a library never writes to the terminal itself"),
]


def without_comments(source):
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\\\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"', re.DOTALL)
    def keep(match):
        text = match.group()
        line_start = source.rfind("\n", 0, match.start()) + 1
        if source.startswith("#include", line_start):
            return text if text.startswith('"') else " "
        return "\n" * text.count("\n") or " "
    return pattern.sub(keep, source)


def offences(name, source):
    """Yields (line, what) for each rule that the file breaks."""
    code = without_comments(source)
    if name.endswith(".hpp") and not code.lstrip().startswith("#pragma once"):
        yield 1, "a header begins with #pragma once"
    if re.search(r"^(?:namespace|class|struct|enum|template)\b", code, re.MULTILINE) and "namespace peal::inline v0" not in code:
        yield 1, "code stands in namespace peal::inline v0"
    if "<nlohmann/json.hpp>" in code and "json" not in name.rsplit("/", 1)[1] and not name.startswith("sdk/agent/"):
        yield 1, "nlohmann/json enters only files that are named after JSON (1.9 s a file)"
    if re.search(r"\bnamespace (?:peal::(?:inline v0::)?)?message\b", code):
        yield 1, "no namespace is named message"
    for prefix, pattern, why in FORBIDDEN:
        if name.startswith(prefix):
            for match in re.finditer(pattern, code):
                yield code.count("\n", 0, match.start()) + 1, f"{match.group()}: {why}"


def check_the_check():
    fine = "#pragma once\nnamespace peal::inline v0 {\nstruct A {};\n}\n"
    assert not list(offences("message/include/a.hpp", fine))
    for name, bad in (("message/a.hpp", fine.replace("#pragma once\n", "")), ("message/a.hpp", fine.replace("inline v0", "x")),
                      ("message/a.cpp", "#include <regex>\n" + fine), ("dialog/a.cpp", fine + "#include <asio/post.hpp>\n"),
                      ("transaction/a.cpp", fine + "auto t = std::chrono::steady_clock::now();"),
                      ("dialog/src/a.cpp", '#include "../b.hpp"\n'),
                      ("sdk/src/call.cpp", "#include <nlohmann/json.hpp>\n" + fine)):
        assert list(offences(name, bad)), f"not seen: {bad}"
    assert not list(offences("message/a.cpp", fine + '// std::map\nauto x = "std::map";'))
    assert not list(offences("sdk/include/peal/config_json.hpp", fine + "#include <nlohmann/json.hpp>\n"))


def main():
    check_the_check()
    root = pathlib.Path(sys.argv[1])
    files = [path for folder in FOLDERS for path in sorted((root / folder).rglob("*")) if path.suffix in (".hpp", ".cpp")]
    if not files:
        print("no sources found")
        return 1
    found = 0
    for path in files:
        name = path.relative_to(root).as_posix()
        for line, what in offences(name, path.read_text()):
            print(f"{name}:{line}: {what}")
            found += 1
    print(f"{len(files)} files, {found} offences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
