#!/usr/bin/env python3
"""include_guards.py [ROOT]

Fails if the include guard of a header of include or src is not REIN_ followed by its path there:
two headers with the same guard hide each other.
"""
import pathlib
import re
import sys

GUARD = re.compile(r"^#ifndef (\w+)\n#define (\w+)\n", re.MULTILINE)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    headers = [(path, base) for base in ("include", "src") for path in sorted((root / base).rglob("*.h*"))]
    if not headers:
        sys.exit("no header was found: this check is blind")
    faults = []
    for path, base in headers:
        name = "REIN_" + re.sub(r"\W", "_", str(path.relative_to(root / base))).upper()
        found = GUARD.search(path.read_text(encoding="utf-8"))
        if not found or set(found.groups()) != {name}:
            faults.append(f"{path.relative_to(root)}: the include guard must be {name}")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
