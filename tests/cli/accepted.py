"""The keys, commands and options that the command accepts, taken from its own messages. Tests compare
all other lists with these."""

import json
import os
import re
import subprocess
import tempfile

UNKNOWN = "~"  # not near enough to any key, command or option for a suggestion
ONE_OF = re.compile(r"expected one of: (.*)\n")
NESTED = re.compile(r"a mapping with the keys: (.*)\n")
LIST = re.compile(r": a single value, expected a list of ")

MANIFEST = {"schema": 1, "device": {"profile": "profile.json"},
            "models": [{"id": "a", "budget": {"memory": "1MiB", "streams": 1, "compute": "1ms"}}]}
PROFILE = {"schema": 1, "source": "synthetic"}
DOCUMENTS = {"manifest": MANIFEST, "profile": PROFILE}


def run(rein, folder, *arguments):
    return subprocess.run([rein, *arguments], cwd=folder, check=False, capture_output=True, encoding="utf-8",
                          stdin=subprocess.DEVNULL, timeout=60)


def refusal(rein, kind, document):
    """Returns the command's messages about a document that it rejects."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in {**DOCUMENTS, kind: document}.items():
            with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
                json.dump(content, file)
        return run(rein, folder, "check", "manifest.json").stderr


def with_value(document, path, value):
    """Returns the document with a value at a path. "[]" is the only element of a list."""
    if not path:
        return value
    if path[0] == "[]":
        return [with_value({}, path[1:], value)]
    inner = document.get(path[0], {}) if isinstance(document, dict) else {}
    inner = inner[0] if isinstance(inner, list) and path[1:2] == ("[]",) else inner
    rest = path[2:] if path[1:2] == ("[]",) else path[1:]
    changed = with_value(inner, rest, value)
    return {**document, path[0]: [changed] if path[1:2] == ("[]",) else changed}


def nested_keys(rein, kind, path):
    """Returns the keys of the mapping at a path and below it, by path; empty without a mapping."""
    said = refusal(rein, kind, with_value(DOCUMENTS[kind], path, 5))
    if LIST.search(said):
        return nested_keys(rein, kind, (*path, "[]"))
    found = NESTED.search(said)
    return below(rein, kind, path, found[1].split(", ")) if found else {}


def below(rein, kind, path, keys):
    found = {path: set(keys)}
    for key in keys:
        found.update(nested_keys(rein, kind, (*path, key)))
    return found


def keys_of(rein, kind):
    """Returns the keys of a manifest or a profile: a set for each path to a mapping."""
    said = refusal(rein, kind, {**DOCUMENTS[kind], UNKNOWN: 5})
    return below(rein, kind, (), ONE_OF.search(said)[1].split(", "))


def all_keys(rein, kind):
    return set().union(*keys_of(rein, kind).values())


def commands(rein):
    """Returns the commands, in the command's order."""
    words = ONE_OF.search(run(rein, ".", UNKNOWN).stderr)[1].split(", ")
    return [word for word in words if not word.startswith("--")]


def options(rein, command):
    """Returns a command's options, including `--help`, with the name of each value or None."""
    text = run(rein, ".", "help", command).stdout
    return {name: value or None
            for name, value in re.findall(r"(?m)^  --([a-z][a-z-]*)(?: ([A-Z][A-Za-z.]*))? {2,}\S", text)}
