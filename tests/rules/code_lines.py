#!/usr/bin/env python3
"""FILE=LIMIT…: no file has more lines of code than its limit (neither blank nor only a comment), none over 120 letters."""
import re
import sys

failed = False
for argument in sys.argv[1:]:
    path, limit = argument.rsplit("=", 1)
    with open(path, encoding="utf-8") as file:
        code = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.DOTALL)
    lines = [line for line in code.splitlines() if line.strip() and not line.lstrip().startswith("//")]
    print(f"{path}: {len(lines)} lines of code, {limit} allowed")
    failed |= not lines or len(lines) > int(limit) or max(map(len, lines)) > 120
sys.exit(failed)
