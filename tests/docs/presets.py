"""Checks that the names in the workflows, the scripts and the pages exist: presets, each used with
the command of its kind; the parts of scripts/evidence.sh, in every call; the scripts that a
workflow runs; labels; and patterns of the debug preset's tests. Also checks that docs/testing.md has
a row for each workflow preset, which says whether scripts/test.sh runs it, for each label and for
each check, and that docs/reliability.md has a row for each source of proven functions.
usage: presets.py CTEST BUILD_FOLDER
"""
import json
import os
import pathlib
import re
import subprocess
import sys

import yaml

PLACES = (".ci/run", ".github/workflows/*.yml", "scripts/*.sh", "*.md", "docs/**/*.md", "bench/**/*.md", "bench/*.sh",
          "tests/**/*.md")
PRESET = re.compile(r"\b(cmake|ctest)\b([^\n`;&|#]*?)--preset[ =]([\w-]+)")
LABEL = re.compile(r"\bctest\b[^\n`;&|#]*? -LE? '?([^\s'`]+)")
PATTERN = re.compile(r"\bctest --preset debug\b[^\n`;&|#]*? -R '?([^\s'`]+)")
EVIDENCE = re.compile(r"scripts/evidence\.sh((?: +[\w-]+)+)")
faults = []


def expect(condition, fault):
    if not condition:
        faults.append(fault)


def kind_of(program, options):
    if program == "ctest":
        return "test"
    return "workflow" if "--workflow" in options else "build" if "--build" in options else "configure"


def words(expression):
    """Returns the labels that a regular expression such as ^(static|thorough)$ names."""
    return set(re.findall(r"[\w-]+", expression))


def rows(page, head):
    """Returns the cells of a table's rows, by the first cell; `a, b` there counts as two."""
    table = re.search(rf"(?m)^{re.escape(head)}\n\|[-|]+\|\n((?:\|.*\n)+)", page)
    cells = [line.strip("| \n").split(" | ") for line in (table[1] if table else "").splitlines()]
    return {name: row for row in cells for name in row[0].split(", ")}


def check_texts(presets, labels, tests):
    for path in sorted(path for place in PLACES for path in pathlib.Path().glob(place)):
        text = path.read_text(encoding="utf-8")
        for program, options, name in PRESET.findall(text):
            kind = kind_of(program, options)
            expect(name.isupper() or name in presets[kind], f"{path}: there is no {kind} preset '{name}'")
        for label in {label for found in LABEL.findall(text) for label in words(found)} - labels:
            faults.append(f"{path}: there is no label '{label}'")
        for pattern in PATTERN.findall(text):
            expect(any(re.search(pattern, test) for test in tests), f"{path}: '{pattern}' is no test's name")


def parts_of(script, variable):
    found = re.search(rf"(?m)^{variable}=\(([\w -]+)\)$", script)
    expect(found, f"scripts/evidence.sh: expected a line {variable}=(PRESET...)")
    return set(found[1].split()) if found else set()


def check_evidence(presets):
    script = pathlib.Path("scripts/evidence.sh").read_text(encoding="utf-8")
    known = parts_of(script, "known")
    for name in known - presets["workflow"]:
        faults.append(f"scripts/evidence.sh: there is no workflow preset '{name}'")
    for name in parts_of(script, "change") - known:
        faults.append(f"scripts/evidence.sh: --change names '{name}', which is not a part")
    for path in sorted(path for place in PLACES for path in pathlib.Path().glob(place)):
        for called in EVIDENCE.findall(path.read_text(encoding="utf-8")):
            for name in {word for word in called.split() if word.islower() and word[0] != "-"} - known:
                faults.append(f"{path}: evidence.sh has no part '{name}'")


def check_workflows():
    for path in pathlib.Path(".github/workflows").glob("*.yml"):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        steps = [step for job in jobs.values() for step in job["steps"]]
        lines = [line for step in steps for line in step.get("run", "").splitlines()]
        expect(lines, f"{path}: runs nothing")
        for program in {line.split()[0] for line in lines if "/" in line.split()[0]}:
            expect(os.access(program, os.X_OK), f"{path}: {program} is not there, or cannot be executed")


def check_rows_of_checks(page, tests):
    told = {**rows(page, "| check | the rule |"), **rows(page, "| guard | without it |")}
    for name in {test for test in tests if test.startswith("check_")} - set(told):
        faults.append(f"docs/testing.md: check '{name}' has no row")
    for name in {name for name in told if name.startswith("check_")} - set(tests):
        faults.append(f"docs/testing.md: there is no test '{name}'")


def check_proofs():
    table = rows(pathlib.Path("docs/reliability.md").read_text(encoding="utf-8"), "| source | proven |")
    lines = pathlib.Path("tests/proof/functions.txt").read_text(encoding="utf-8").splitlines()
    for name in set(table) ^ {line.split(" ~> ")[0] for line in lines if line and line[0] != "#"}:
        faults.append(f"docs/reliability.md: '{name}' is a row or in tests/proof/functions.txt, expected both")


def check_tables(page, presets, labels):
    told = rows(page, "| preset | what | in test.sh |")
    script = pathlib.Path("scripts/test.sh").read_text(encoding="utf-8")
    run = {name for program, options, name in PRESET.findall(script) if kind_of(program, options) == "workflow"}
    for name in presets["workflow"] ^ set(told):
        faults.append(f"docs/testing.md: preset '{name}' is a row or a workflow preset, expected both")
    for name in {name for name, row in told.items() if row[-1] == "yes"} ^ run:
        faults.append(f"docs/testing.md: preset '{name}' is said to be in test.sh or is there, expected both")
    for name in labels - set(rows(page, "| label | what |")):
        faults.append(f"docs/testing.md: label '{name}' has no row")


def main():
    ctest, build_folder = sys.argv[1:]
    listing = subprocess.run([ctest, "--test-dir", build_folder, "-C", "canary", "--show-only=json-v1"],
                             check=True, stdout=subprocess.PIPE)
    tests = json.loads(listing.stdout)["tests"]
    stored = json.loads(pathlib.Path("CMakePresets.json").read_text(encoding="utf-8"))
    presets = {kind: {preset["name"] for preset in stored[f"{kind}Presets"] if not preset.get("hidden")}
               for kind in ("configure", "build", "test", "workflow")}
    page = pathlib.Path("docs/testing.md").read_text(encoding="utf-8")
    filtered = {label for preset in stored["testPresets"] for part in preset.get("filter", {}).values()
                for label in words(part["label"])}
    listed = {label for test in tests for each in test.get("properties", []) if each["name"] == "LABELS"
              for label in each["value"]}
    names = [test["name"] for test in tests]
    check_texts(presets, set(rows(page, "| label | what |")), names)
    check_rows_of_checks(page, names)
    check_proofs()
    check_workflows()
    check_evidence(presets)
    check_tables(page, presets, filtered | listed)
    if faults:
        raise SystemExit("\n".join(sorted(faults)))
    print(f"{sum(map(len, presets.values()))} presets, {len(filtered | listed)} labels")


main()
