#!/usr/bin/env python3
"""every_test_runs.py ROOT

Checks that every test of the builds made by scripts/test.sh is run by one of its parts, or by
another test preset of these builds, such as `thorough`. Names each test that the filters of all
builds omit.
"""
import json
import pathlib
import re
import subprocess
import sys

WORKFLOW = re.compile(r"\bcmake --workflow --preset ([\w-]+)")


def names(root, *arguments):
    """Returns the names of the tests that ctest lists."""
    listing = subprocess.run(["ctest", *arguments, "--show-only=json-v1"], cwd=root, check=True,
                             stdout=subprocess.PIPE, text=True).stdout
    return {test["name"] for test in json.loads(listing[listing.index("{"):])["tests"]}


def main():
    root = pathlib.Path(sys.argv[1])
    stored = json.loads((root / "CMakePresets.json").read_text(encoding="utf-8"))
    build_of = {preset["name"]: preset["configurePreset"] for preset in stored["testPresets"]
                if not preset.get("hidden")}
    parts = WORKFLOW.findall((root / "scripts/test.sh").read_text(encoding="utf-8"))
    builds = {build_of[part] for part in parts}
    every = set().union(*(names(root, "--test-dir", f"build/{build}") for build in builds))
    chosen = set().union(*(names(root, "--preset", preset) for preset, build in build_of.items()
                           if build in builds))
    for name in sorted(every - chosen):
        print(f"{name}: no test preset of the builds {', '.join(sorted(builds))} chooses it")
    if not chosen:
        print("no test is chosen")
    print(f"{len(every)} tests, {len(every - chosen)} that nothing runs")
    return 1 if every - chosen or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
