#!/usr/bin/env python3
"""call_circles.py OBJECT...: checks that no two object files use each other's functions or
variables, directly or through others. An argument may be several objects separated by semicolons."""
import subprocess
import sys


def symbols(path):
    """Returns the names that an object defines, and the undefined ones."""
    listed = subprocess.run(["nm", "--format=posix", "--extern-only", path],
                            check=True, capture_output=True, text=True).stdout
    kinds = [line.split()[:2] for line in listed.splitlines()]
    return ({name for name, kind in kinds if kind not in "Uvw"},
            {name for name, kind in kinds if kind == "U"})


def uses(paths):
    """Returns each object with the objects that it uses."""
    found = {path: symbols(path) for path in paths}
    owner = {name: path for path, (defined, _) in found.items() for name in defined}
    return {path: sorted({owner[name] for name in lacking if name in owner} - {path})
            for path, (_, lacking) in found.items()}


def circles(edges):
    done = set()

    def walk(path, trail):
        if path in trail:
            yield [*trail[trail.index(path):], path]
        elif path not in done:
            for target in edges[path]:
                yield from walk(target, [*trail, path])
            done.add(path)

    for path in edges:
        yield from walk(path, [])


def main():
    paths = [path for argument in sys.argv[1:] for path in argument.split(";")]
    edges = uses(paths)
    if not any(edges.values()):
        sys.exit("no object uses another one: this check is blind")
    found = list(circles(edges))
    for circle in found:
        print(" -> ".join(circle) + ": a circle of calls")
    sys.exit(1 if found else 0)


main()
