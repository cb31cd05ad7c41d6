#!/usr/bin/env python3
"""Each public function of UserAgent and of the handles has a row in tests/sdk/foreign_calls.hpp, and each row a function.

A handle is a class that derives from HandleBase, or from one that does. Constructors and ~UserAgent have tests of their
own (foreign_end_test.cpp). A function with overloads needs as many rows.
"""
import collections
import pathlib
import re
import sys

CLASS = re.compile(r"\bclass\s+(?:PEAL_API\s+)?(\w+)(?:\s+final)?\s*(?::\s*public\s+([\w:]+)[^{;]*)?\{")


def without_comments(source):
    return re.sub(r"//[^\n]*|/\*.*?\*/", " ", source, flags=re.DOTALL)


def body_of(source, start):
    depth = 1
    for i in range(start, len(source)):
        depth += {"{": 1, "}": -1}.get(source[i], 0)
        if depth == 0:
            return source[start:i]
    raise ValueError("a class that does not end")


def blank(text, opens, closes):
    """The text without what stands between brackets, which become an empty pair."""
    out, depth = [], 0
    for char in text:
        depth -= char == closes
        if depth == 0:
            out.append(char)
        depth += char == opens
    return "".join(out)


def public_functions(body, name):
    """Names of the member functions, one for each overload; constructors and friends that are no operators apart."""
    flat = blank(body, "{", "}").replace("{}", ";")
    flat = re.sub(r"operator\s*\(\s*\)", "operator_call", flat)
    parts = re.split(r"\b(public|protected|private)\s*:", flat)
    visible = "private"
    found = []
    for part in parts:
        if part in ("public", "protected", "private"):
            visible = part
            continue
        if visible != "public":
            continue
        for statement in blank(blank(part, "(", ")"), "<", ">").split(";"):
            match = re.search(r"(operator\s+\w+|operator\s*[^\s\w(]+|~?\w+)\s*\(\)", statement)
            if match and not re.search(r"=\s*delete|\busing\b", statement):
                found.append(re.sub(r"operator\s+(?=\W)", "operator", match[1]))
    return [f for f in found if f != name]


def expected(headers):
    """Class::function → how many."""
    classes = {}
    for source in headers:
        code = without_comments(source)
        for match in CLASS.finditer(code):
            base = (match[2] or "").rsplit("::", 1)[-1]
            classes[match[1]] = (base, body_of(code, match.end()))

    def is_handle(name):
        return name == "HandleBase" or (name in classes and is_handle(classes[name][0]))

    out = collections.Counter()
    for name, (_, body) in classes.items():
        if name == "UserAgent" or is_handle(name):
            out.update(f"{name}::{function}" for function in public_functions(body, name))
    out.pop("UserAgent::~UserAgent", None)
    return out


def listed(table):
    return collections.Counter(name.split(",")[0] for name in re.findall(r'\{"(\w+::[^"]+)"', table))


def check_the_check():
    header = """
      class PEAL_API HandleBase { public: HandleBase() noexcept = default; ~HandleBase(); HandleBase& operator=(HandleBase o) noexcept { x(); return *this; }
       explicit operator bool() const noexcept { return a_ != nullptr; }
       friend bool operator==(const HandleBase& a, const HandleBase& b) noexcept { return a.x() == b.x(); }
       protected: int hidden(); };
      class PEAL_API Leg : public detail::HandleBase { public: using HandleBase::HandleBase;
       template <class T> auto go(T&& t) const { return f<void(Result<int>)>([self = *this](auto h) { self.x(); }, t); }
       Result<void> go(int code = g(1)) const; // not(this)
       private: void secret(); };
      class Other { public: void unheard(); };
      class PEAL_API UserAgent { public: explicit UserAgent(int); UserAgent(const UserAgent&) = delete; ~UserAgent(); std::vector<std::string> listening() const; };"""
    assert expected([header]) == collections.Counter(
        {"HandleBase::~HandleBase": 1, "HandleBase::operator=": 1, "HandleBase::operator bool": 1,
         "HandleBase::operator==": 1, "Leg::go": 2, "UserAgent::listening": 1}), expected([header])
    assert listed('{"Leg::go", [](Scene&) {}}, {"Leg::go, use_future",') == {"Leg::go": 2}


def main():
    check_the_check()
    root = pathlib.Path(sys.argv[1])
    headers = sorted((root / "sdk").rglob("include/peal/**/*.hpp"))
    wanted = expected(path.read_text() for path in headers)
    rows = listed((root / "tests/sdk/foreign_calls.hpp").read_text())
    wrong = [f"{name}: {count} in the headers, {rows[name]} in the table"
             for name, count in sorted(wanted.items()) if rows[name] < count]
    inherited = {"IncomingCall::hang_up", "HandleBase::HandleBase"}
    wrong += [f"{name}: no such function" for name in sorted(rows) if name not in wanted and name not in inherited]
    for line in wrong:
        print(line)
    print(f"{sum(wanted.values())} public functions, {sum(rows.values())} rows")
    return 1 if wrong or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
