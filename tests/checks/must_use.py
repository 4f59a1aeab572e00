#!/usr/bin/env python3
"""must_use.py [ROOT]

Fails if a public function returns a result or a verdict and its declaration lacks REIN_MUST_USE, so
that a caller could ignore a refusal without a warning.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
RETURNS = re.compile(r"(?P<mark>REIN_MUST_USE\s+(?:static inline\s+)?)?"
                     r"\b(?:rein_result_\w+|rein_\w+_verdict)\s+(?P<name>rein_\w+)\s*\(")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    faults, count = [], 0
    for header in sorted((root / "include").glob("*/*.h")):
        for found in RETURNS.finditer(COMMENT.sub("", header.read_text(encoding="utf-8"))):
            count += 1
            if not found["mark"]:
                faults.append(f"{header.relative_to(root)}: {found['name']} lacks REIN_MUST_USE")
    if count == 0:
        sys.exit("no function that returns a result was found: this check is blind")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
