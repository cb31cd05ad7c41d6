#!/usr/bin/env python3
"""README FILE: the first C++ block of the README is that file, so what people copy is what is compiled and run."""
import re
import sys

readme, example = (open(path, encoding="utf-8").read() for path in sys.argv[1:3])
block = re.search(r"```cpp\n(.*?)```", readme, re.DOTALL)
if block is None or block.group(1) != example:
    print(f"the first C++ block of {sys.argv[1]} is not {sys.argv[2]}")
    sys.exit(1)
