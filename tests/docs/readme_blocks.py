"""Compares the README's quoted blocks with what they quote; `--write` refreshes them.

A block stands behind a comment `<!-- quote: KIND ARGUMENT... -->`:
  file PATH        the file, whole
  file PATH N      its first N lines
  output ARGUMENT  what `rein ARGUMENT...` prints; times it measured are not compared
usage: readme_blocks.py REIN README [--write]
"""
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"(<!-- quote: (?P<quote>[^\n]*?) -->\n```\w*\n)(?P<text>.*?)(```\n)", re.S)
MEASURED = re.compile(r"in [\d.]+ (us|ms|s)\b")


def quoted(rein, quote):
    kind, *arguments = quote.split()
    if kind == "file":
        lines = pathlib.Path(arguments[0]).read_text(encoding="utf-8").splitlines(keepends=True)
        return "".join(lines[: int(arguments[1])] if len(arguments) > 1 else lines)
    if kind == "output":
        run = subprocess.run([rein, *arguments], capture_output=True, text=True, check=False)
        return run.stdout + run.stderr
    raise SystemExit(f"unknown quote '{quote}', expected 'file' or 'output'")


def main():
    rein, readme_path = sys.argv[1], pathlib.Path(sys.argv[2])
    readme = readme_path.read_text(encoding="utf-8")
    stale = []

    def refresh(block):
        text = quoted(rein, block["quote"])
        if MEASURED.sub("in", text) == MEASURED.sub("in", block["text"]):
            return block[0]
        stale.append(block["quote"])
        return block[1] + text + block[4]

    refreshed, count = BLOCK.subn(refresh, readme)
    if count == 0:
        raise SystemExit(f"{readme_path}: no quoted block, expected some")
    if "--write" in sys.argv:
        readme_path.write_text(refreshed, encoding="utf-8")
    elif stale:
        raise SystemExit(f"{readme_path}: stale: {stale}; refresh with --write")
    print(f"{count} quoted blocks, {len(stale)} stale")


main()
