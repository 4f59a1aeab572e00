#!/usr/bin/env python3
"""layering.py [ROOT]

Fails if
- a source includes a header of a library or folder on which its own folder must not depend;
- the folder of a source has no rule here;
- a source includes a header in quotes that is not in the project;
- units include each other in a circle.

A unit is a source with its internal header, or a public header.
"""
import pathlib
import re
import sys

# For each folder of sources or headers, the folders and single headers that it may include besides
# its own.
HOST = {
    "include/contract": [],
    "include/plan": ["include/contract"],
    "include/models": ["include/contract", "include/plan"],
    "include/node": ["include/contract"],
    "include/cuda": ["include/contract"],
    "src/host/base": [],
    "src/host/contract": ["include/contract", "src/host/base"],
    "src/host/plan": ["include/contract", "include/plan", "src/host/base", "src/host/contract"],
    # The checkers share only base with the search.
    "src/host/verify": ["include/contract", "include/plan", "src/host/base", "src/host/contract"],
    "src/host/models": ["include/contract", "include/plan", "include/models", "src/host/base",
                        "src/host/contract"],
    "src/host/node": ["include/contract", "include/node", "src/host/base", "src/host/contract"],
    "src/nvml": ["include/contract"],
    "src/cuda": ["include/contract", "include/cuda", "src/host/base/messages.h", "src/nvml"],
}
# From left to right: a folder may include those of the groups to its right.
COMMAND = ["check plan verify run status probe inspect init help", "certificate", "fleet", "models",
           "read write", "base"]
# The command uses every library through its public headers, and two internal headers without
# symbols.
COMMAND_USES = ["include/contract", "include/plan", "include/models", "include/node", "include/cuda",
                "src/host/base/character.h", "src/host/base/utf8.h"]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def command_layers():
    layers = {}
    groups = [[f"src/cli/{name}" for name in group.split()] for group in COMMAND]
    for place, group in enumerate(groups):
        right = [folder for later in groups[place + 1:] for folder in later]
        for folder in group:
            layers[folder] = right + COMMAND_USES
    # Measures without the CUDA module.
    layers["src/cli/run"].append("src/nvml")
    layers["src/cli"] = [folder for group in groups for folder in group] + COMMAND_USES
    return layers


def files_of(root):
    for base in ("include", "src"):
        for path in sorted((root / base).rglob("*")):
            if path.suffix in (".c", ".h", ".hpp"):
                yield path


def place_of(root, path):
    return str(path.relative_to(root))


def header_of(root, name):
    """Returns the project's header of that name, or None."""
    found = [root / base / name for base in ("include", "src") if (root / base / name).is_file()]
    return found[0] if found and ".." not in name.split("/") else None


def included(root, path):
    """Returns the project headers that a file includes, as pairs of the name and the header. The
    header is None if an include in quotes is not in the project."""
    found = [(mark, name, header_of(root, name)) for mark, name in INCLUDE.findall(path.read_text(encoding="utf-8"))]
    return [(name, header) for mark, name, header in found if header or mark == '"']


def folders_without_rule(root, layers):
    for folder in sorted({place_of(root, path.parent) for path in files_of(root)} - set(layers)):
        yield f"{folder}: has no rule; give it one in {pathlib.Path(__file__).name}"


def wrong_includes(root, layers):
    for path in files_of(root):
        folder = place_of(root, path.parent)
        for name, header in included(root, path):
            if header is None:
                yield f"{place_of(root, path)}: includes \"{name}\", expected a header's path from include or src"
            elif not {place_of(root, header), place_of(root, header.parent)} & {folder, *layers.get(folder, ())}:
                yield f"{place_of(root, path)}: includes {place_of(root, header)}, " \
                      f"expected only headers of {folder} and what lies below it"


def unit_of(root, path):
    """Returns the unit: a source with its internal header, or a public header."""
    return str(path.relative_to(root).with_suffix(""))


def circles(root):
    edges = {}
    for path in files_of(root):
        unit = unit_of(root, path)
        targets = {unit_of(root, header) for _, header in included(root, path) if header} - {unit}
        edges.setdefault(unit, set()).update(targets)
    done = set()

    def walk(unit, trail):
        if unit in trail:
            yield " -> ".join([*trail[trail.index(unit):], unit]) + ": a circle of includes"
        elif unit not in done:
            for target in sorted(edges.get(unit, ())):
                yield from walk(target, [*trail, unit])
            done.add(unit)

    for unit in sorted(edges):
        yield from walk(unit, [])


def strays(root):
    """Returns the sources of the command that are outside its folders."""
    for path in sorted((root / "src/cli").glob("*.[ch]")):
        if path.name not in ("main.c", "commands.c"):
            yield f"{path.relative_to(root)}: lies outside the folders of src/cli"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    layers = HOST | command_layers()
    if not any(files_of(root)):
        sys.exit("no source was found: this check is blind")
    faults = [*folders_without_rule(root, layers), *wrong_includes(root, layers), *circles(root),
              *strays(root)]
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
