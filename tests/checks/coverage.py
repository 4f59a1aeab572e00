#!/usr/bin/env python3
"""coverage.py SOURCE_FOLDER BUILD_FOLDER

Prints the line and branch coverage of the built parts of src/host, src/nvml, src/cuda and src/cli, and every
line that is not covered completely. Exits with 1 if a line is not excused in
coverage_exclusions.txt, or if an excuse there is unused. An excuse that begins with "By chance"
need not be used in every run.
"""
import json
import os
import pathlib
import subprocess
import sys

EXCLUSIONS = pathlib.Path(__file__).with_name("coverage_exclusions.txt")


def read_exclusions():
    """{(file, text of the line): reason}, from pairs of `FILE: TEXT` and an indented reason."""
    exclusions, place = {}, None
    for number, line in enumerate(EXCLUSIONS.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" "):
            if place is None:
                sys.exit(f"{EXCLUSIONS.name}:{number}: a reason without a line that it excuses")
            exclusions[place] = (exclusions[place] + " " + line.strip()).strip()
        else:
            file, _, text = line.partition(": ")
            place = (file, text.strip())
            exclusions[place] = ""
    for (file, text), reason in exclusions.items():
        if not reason:
            sys.exit(f"{EXCLUSIONS.name}: no reason given for {file}: {text}")
    return exclusions


def folder_of(file):
    return "/".join(file.split("/")[:2])


def measure(source_folder, build_folder):
    report = subprocess.run(
        ["gcovr", "-j", str(os.cpu_count()), "--root", source_folder, "--object-directory", build_folder,
         "--filter", "src/(host|nvml|cuda|cli)/", "--json", "-", build_folder],
        check=True, stdout=subprocess.PIPE, cwd=source_folder)
    return json.loads(report.stdout)["files"]


def describe(line):
    """Returns what was not run in a line, or None."""
    if line["count"] == 0:
        return "never run"
    missed = sum(branch["count"] == 0 for branch in line["branches"])
    return f"{missed} of {len(line['branches'])} branches never taken" if missed else None


def percent(covered, total):
    return f"{covered} of {total} ({100 * covered / total if total else 100:.2f}%)"


def main():
    source_folder, build_folder = sys.argv[1:]
    files = measure(source_folder, build_folder)
    folders = sorted({folder_of(file["file"]) for file in files})
    exclusions = {place: reason for place, reason in read_exclusions().items()
                  if folder_of(place[0]) in folders}
    used, missing = set(), []
    lines, branches = {folder: [] for folder in folders}, {folder: [] for folder in folders}
    for file in files:
        folder = folder_of(file["file"])
        texts = pathlib.Path(source_folder, file["file"]).read_text().splitlines()
        counted = [line for line in file["lines"] if not line["gcovr/noncode"]]
        lines[folder] += [line["count"] > 0 for line in counted]
        branches[folder] += [branch["count"] > 0
                             for line in counted for branch in line["branches"]]
        for line in counted:
            if describe(line):
                place = (file["file"], texts[line["line_number"] - 1].strip())
                missing.append((place, line["line_number"], describe(line)))
    for place, number, what in missing:
        excuse = exclusions.get(place)
        used.add(place)
        print(f"{place[0]}:{number}: {what}: {place[1]}\n    {excuse or 'NOT EXCUSED'}")
    always = {place for place, reason in exclusions.items() if not reason.startswith("By chance")}
    for file, text in always - used:
        print(f"{EXCLUSIONS.name}: excuses what is covered, or is not there: {file}: {text}")
    for folder in folders:
        print(f"lines of {folder}:    {percent(sum(lines[folder]), len(lines[folder]))}")
        print(f"branches of {folder}: {percent(sum(branches[folder]), len(branches[folder]))}")
    open_count = sum(place not in exclusions for place, _, _ in missing)
    print(f"lines without an excuse: {open_count}")
    return 0 if "src/host" in folders and open_count == 0 and always <= used else 1


if __name__ == "__main__":
    sys.exit(main())
