#!/usr/bin/env python3
"""templates.py [ROOT]

Compares the calls that make errors with the templates of their messages. Fails if the count of numbers differs from
that of the placeholders, if a text is not shown, or if there are more placeholders than an error has numbers.
"""
import pathlib
import re
import sys

COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
LITERAL = re.compile(r'"((?:\\.|[^"\\])*)"')
DEFINE = re.compile(r'^#define (\w+)((?:[^\n\\]|\\\n|\\.)*)$', re.M)
NUMBER = re.compile(r"\{(?:u|i|bytes|duration)\}")
NUMBERS_MAX = 3
# The functions that make errors: the count of numbers that they take last, or TEXT.
TEXT = None
MAKERS = {"rein_i_invalid": 3, "rein_i_invalid_error": 3, "rein_i_error_about": TEXT, "rein_i_system_error": TEXT,
          "rein_i_cuda_failure": 2, "rein_i_cuda_check": 2}
CALL = re.compile(rf"\b({'|'.join(MAKERS)})\(")


def arguments_at(text, start):
    """The arguments of the call whose parenthesis opens before `start`."""
    arguments, depth, begin = [], 0, start
    for token in re.finditer(r'"(?:\\.|[^"\\])*"|[(){}\[\],]', text[start:]):
        at = start + token.start()
        if token[0] in "([{":
            depth += 1
        elif token[0] in ")]}" and depth == 0:
            return [*arguments, text[begin:at].strip()]
        elif token[0] in ")]}":
            depth -= 1
        elif token[0] == "," and depth == 0:
            arguments.append(text[begin:at].strip())
            begin = at + 1
    return arguments


def template_of(argument, macros):
    """The text of literals and macros of literals; None for other arguments."""
    parts = re.findall(r'"(?:\\.|[^"\\])*"|\w+|\S', argument.replace("\\\n", " "))
    texts = [LITERAL.fullmatch(part)[1] if part.startswith('"') else macros.get(part) for part in parts]
    return "".join(texts) if texts and None not in texts else None


def macros_of(texts):
    macros = {}
    for _ in range(3):  # a macro may consist of others
        for name, body in (found for text in texts for found in DEFINE.findall(text)):
            template = template_of(body, macros)
            macros.update({name: template} if template is not None else {})
    return macros


def fault_of(maker, template, arguments):
    """Returns what is wrong with the call; None if nothing is."""
    shown = len(NUMBER.findall(template))
    if shown > NUMBERS_MAX:
        return f"{shown} placeholders for numbers; an error has {NUMBERS_MAX} numbers"
    if MAKERS[maker] is TEXT:
        return "does not show the text" if "{text}" not in template and arguments[-1] != '""' else None
    passed = arguments[-MAKERS[maker]:]
    while passed and passed[-1] == "0":
        passed.pop()
    return None if len(passed) == shown else f"{shown} placeholders for {len(passed)} numbers"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    texts = {path: COMMENT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
             for folder in ("src/host", "src/cuda") for path in sorted((root / folder).rglob("*.[ch]"))}
    macros = macros_of(texts.values())
    checked, faults = 0, []
    for path, text in texts.items():
        for call in CALL.finditer(text):
            arguments = arguments_at(text, call.end())
            for template in filter(None, (template_of(argument, macros) for argument in arguments[:-1])):
                checked += 1
                fault = fault_of(call[1], template, arguments)
                line = text.count("\n", 0, call.start()) + 1
                faults += [f"{path.relative_to(root)}:{line}: {fault}: {template}"] if fault else []
    if checked == 0:
        sys.exit("no template was found: this check is blind")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(1 if faults else 0)


main()
