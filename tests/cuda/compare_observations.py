#!/usr/bin/env python3
"""compare_observations.py FIRST.json SECOND.json [NAME...]

Prints the differences between the observations of two runs of the conformance suite. Exits with 1 unless
exactly the observations NAME differ."""

import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} FIRST.json SECOND.json [NAME...]")
    first, second = (load(path) for path in sys.argv[1:3])
    expected = sys.argv[3:]
    names = list(dict.fromkeys([*first["observations"], *second["observations"]]))
    different = [name for name in names
                 if first["observations"].get(name) != second["observations"].get(name)]
    for name in different:
        print(f"{name}: {first['runtime']} {first['observations'].get(name, 'nothing')}, "
              f"{second['runtime']} {second['observations'].get(name, 'nothing')}")
    for name in set(expected) - set(different):
        print(f"{name}: expected to differ, and does not")
    print(f"{len(different)} of {len(names)} observations differ")
    sys.exit(set(different) != set(expected))


if __name__ == "__main__":
    main()
