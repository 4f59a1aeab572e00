#!/usr/bin/env python3
"""tests_are_guarded.py CTEST BUILD_FOLDER

Checks that every test that ctest lists, including the canaries, has the sanitizers' environment and
a time limit, and that a Criterion program that finds nothing to run fails.
"""
import json
import subprocess
import sys

SANITIZERS = ("ASAN_OPTIONS=", "TSAN_OPTIONS=", "UBSAN_OPTIONS=")


def missing_guards(test):
    properties = {p["name"]: p["value"] for p in test.get("properties", [])}
    environment = properties.get("ENVIRONMENT", [])
    missing = [name for name in SANITIZERS if not any(e.startswith(name) for e in environment)]
    if not properties.get("TIMEOUT"):
        missing.append("TIMEOUT")
    if "host" in properties.get("LABELS", []):
        failing = properties.get("FAIL_REGULAR_EXPRESSION", [])
        missing += [text for text in ("Tested: 0 \\|", "Warning!") if text not in failing]
    return missing


def main():
    ctest, build_folder = sys.argv[1:]
    listing = subprocess.run(
        [ctest, "--test-dir", build_folder, "-C", "canary", "--show-only=json-v1"],
        check=True, stdout=subprocess.PIPE)
    tests = json.loads(listing.stdout)["tests"]
    unguarded = [(test["name"], missing_guards(test)) for test in tests if missing_guards(test)]
    for name, missing in unguarded:
        print(f"{name}: lacks {', '.join(missing)}")
    if not tests:
        print("ctest lists no test")
    return 1 if unguarded or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
