#!/usr/bin/env python3
"""must_use.py [ROOT]

Fails if a public function returns a result or a verdict, or a pointer to one, and its declaration
lacks REIN_MUST_USE. Without it, a caller could ignore a refusal and get no warning.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/", re.S)
DEFINED = re.compile(r"^REIN_RESULT_DEFINE\((\w+)|^typedef [^;{]*\b(\w*verdict);|^\} (\w*verdict);", re.MULTILINE)


def returns(types):
    """Returns a pattern for functions that return one of the types, or a pointer to it."""
    return re.compile(r"(?P<mark>REIN_MUST_USE\s+)?(?:(?:static|inline|extern|const)\s+)*"
                      rf"\b(?:{'|'.join(types)})\b(?:\s|\*|const\b)+(?P<name>rein_\w+)\s*\(")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    headers = {path: COMMENT.sub("", path.read_text(encoding="utf-8"))
               for path in sorted((root / "include").glob("*/*.h"))}
    types = sorted({name for text in headers.values() for names in DEFINED.findall(text) for name in names if name})
    calls = [(path, found) for path, text in headers.items() for found in returns(types).finditer(text)]
    faults = [f"{path.relative_to(root)}: {found['name']} lacks REIN_MUST_USE" for path, found in calls
              if not found["mark"]]
    if not types or not calls:
        sys.exit("no function that returns a result was found: this check is blind")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
