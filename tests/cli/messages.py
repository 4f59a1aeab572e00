"""Compares messages of the command by their positions and facts, so that a sentence can be reworded
without a change of the tests.

A message is a tuple: what stands before its text ("rein", "file" or "file:line:column"; "file:" for any
position in the file), and the facts that the text names, in order: what the user typed (in quotes),
numbers, keys, suggestions."""

import re

COLUMNS = "id,lower,upper,size[,alignment][,offset]"
# Never in a message; quoted text is not judged.
BAD_STYLE = re.compile(r", expected\b|\bexpected (?:not|both|none)\b|(?<!here )\bis no\b|\ball that\b|(?<!\.)\.$| $")
QUOTED = re.compile(r"'[^']*'")


def fact_pattern(fact):
    """Returns a pattern for a fact that is not part of a longer word or number."""
    before = r"(?<!\w)" if fact[0].isalnum() else ""
    after = r"(?!\w)" if fact[-1].isdigit() else ""
    return before + re.escape(fact) + after


def missing_facts(text, facts):
    """Returns the facts from the first on that does not follow the facts before it in the text."""
    at = 0
    for index, fact in enumerate(facts):
        found = re.compile(fact_pattern(fact)).search(text, at)
        if found is None:
            return facts[index:]
        at = found.end()
    return ()


def fault_of(line, message):
    """Returns what is wrong with a line as the given message, or None."""
    prefix, *facts = message
    position = r"\d+:\d+" if prefix.endswith(":") else ""
    start = re.match(re.escape(prefix) + position + ": ", line)
    if start is None:
        return f"must start with {prefix}"
    text = line[start.end():]
    missing = missing_facts(text, facts)
    if missing:
        return f"must name {missing}"
    bad = BAD_STYLE.search(QUOTED.sub("''", text))
    return f"must not contain '{bad[0]}'" if bad else None


def faults_of(text, messages):
    """Returns what is wrong with standard error as the given message or list of messages; empty if
    nothing is. Each message is one line."""
    messages = [messages] if isinstance(messages, tuple) else messages
    lines = text.splitlines()
    faults = [f"{fault}: {line}" for line, message in zip(lines, messages)
              if (fault := fault_of(line, message))]
    if len(lines) != len(messages) or not text.endswith("\n"):
        faults.append(f"{len(lines)} lines in place of {len(messages)}:\n{text}")
    return faults
