"""The keys, commands and options that the command accepts, taken from its own messages. Tests compare
all other lists with these."""

import json
import os
import re
import subprocess
import tempfile

UNKNOWN = "~"  # not near enough to any key, command or option for a suggestion

MANIFEST = {"schema": 1, "device": {"profile": "profile.json"},
            "models": [{"id": "a", "budget": {"memory": "1MiB", "streams": 1, "compute": "1ms"},
                        "measured": "measurement.json"}]}
PROFILE = {"schema": 1, "source": "synthetic"}
MEASUREMENT = {"schema": 1, "peak": "1MiB", "includes_contexts": True}
DOCUMENTS = {"manifest": MANIFEST, "profile": PROFILE, "measurement": MEASUREMENT}


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


def listed(said):
    """Returns the words that the message about UNKNOWN lists at its end; empty if there is no message
    about it."""
    lines = [line for line in said.splitlines() if f"'{UNKNOWN}'" in line]
    return lines[0].rpartition(": ")[2].split(", ") if lines else []


def keys_below(rein, kind, path):
    """Returns the keys of the mapping at a path, or of the mappings of the list there, and those below,
    by path; empty without a mapping."""
    for found in (path, (*path, "[]")):
        keys = listed(refusal(rein, kind, with_value(DOCUMENTS[kind], found, {UNKNOWN: 5})))
        if keys:
            return below(rein, kind, found, keys)
    return {}


def below(rein, kind, path, keys):
    found = {path: set(keys)}
    for key in keys:
        found.update(keys_below(rein, kind, (*path, key)))
    return found


def keys_of(rein, kind):
    """Returns the keys of a kind of document: a set for each path to a mapping."""
    return below(rein, kind, (), listed(refusal(rein, kind, {**DOCUMENTS[kind], UNKNOWN: 5})))


def all_keys(rein, kind):
    return set().union(*keys_of(rein, kind).values())


def commands(rein):
    """Returns the commands, in the command's order."""
    return [word for word in listed(run(rein, ".", UNKNOWN).stderr) if not word.startswith("--")]


def options(rein, command):
    """Returns a command's options, including `--help`, with the name of each value or None."""
    text = run(rein, ".", "help", command).stdout
    return {name: value or None
            for name, value in re.findall(r"(?m)^  --([a-z][a-z-]*)(?: ([A-Z][A-Za-z.]*))? {2,}\S", text)}
