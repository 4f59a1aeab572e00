"""Checks that every relative link of every page leads to an existing file or folder, and to an
existing heading.
usage: links.py PAGE...
"""
import pathlib
import re
import sys

LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.S | re.M)


def anchor(heading):
    """Returns the anchor as GitHub makes it: lower case, dashes for spaces, no punctuation."""
    words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(page):
    text = re.sub(r"(?ms)^```.*?^```", "", page.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"(?m)^#+ (.*)$", text)}


def main():
    faults, count = [], 0
    for page in map(pathlib.Path, sys.argv[1:]):
        for link in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
            if re.match(r"\w+:", link):
                continue
            count += 1
            name, _, heading = link.partition("#")
            target = page.parent / name if name else page
            if not target.exists():
                faults.append(f"{page}: {link} leads nowhere")
            elif heading and heading not in anchors(target):
                faults.append(f"{page}: {link}: there is no such heading")
    if count == 0:
        faults.append("no link, expected some")
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{count} links")


main()
