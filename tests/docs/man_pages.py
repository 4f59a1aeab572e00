"""Checks that the man pages match `rein help`, and that section 5 has exactly the keys of the schemas.

Compares the sources docs/man/NAME.SECTION.scd with the command: the names of the commands, their
summaries (the pages' NAME), their operands, and each option with the name of its value. The keys of
the files are those of docs/schema. If scdoc is installed, it must accept every page.
usage: man_pages.py REIN [SCDOC]
"""
import json
import pathlib
import re
import subprocess
import sys

PAGES = pathlib.Path("docs/man")
SCHEMAS = pathlib.Path("docs/schema")
HELP_OPTION = re.compile(r"(?m)^  --([a-z-]+)(?: ([A-Z]+))? {2,}\S")
PAGE_OPTION = re.compile(r"(?m)^\*--([a-z-]+)\*(?: _([A-Z]+)_)?(?:,|$)")
PAGE_KEY = re.compile(r"(?m)^\*([a-z_]+)\*\n\t")
faults = []


def expect(condition, fault):
    if not condition:
        faults.append(fault)


def rein_help(rein, *command):
    return subprocess.run([rein, "help", *command], capture_output=True, text=True, check=True).stdout


def section(page, title):
    found = re.search(rf"(?ms)^# {title}\n(.*?)(?=^# |\Z)", page)
    return found[1].strip() if found else ""


def plain(text):
    """Returns the text on one line, without the marks for bold and underlined."""
    return " ".join(re.sub(r"(?<!\w)[*_]|[*_](?!\w)", "", text).split())


def compare(page_name, what, page, told):
    expect(page == told, f"{page_name}: {what}: {sorted(page - told)} is not in the help or schema, "
                         f"{sorted(told - page)} is not on the page")


def check_command(rein, name):
    help_text = rein_help(rein, name)
    page_name = f"rein-{name}.1.scd"
    if not (PAGES / page_name).exists():
        faults.append(f"{page_name} is not there, expected a page for 'rein {name}'")
        return
    page = (PAGES / page_name).read_text(encoding="utf-8")
    summary, usage = re.search(r"rein \S+: (.*)\n\nusage: (.*)", help_text).groups()
    name_line = plain(section(page, "NAME"))
    expect(name_line == f"rein-{name} - {summary}", f"{page_name}: NAME is '{name_line}', expected {summary}")
    synopsis = plain(section(page, "SYNOPSIS"))
    expect(synopsis == usage.strip(), f"{page_name}: SYNOPSIS is '{synopsis}', expected '{usage.strip()}'")
    compare(page_name, "options", set(PAGE_OPTION.findall(page)), set(HELP_OPTION.findall(help_text)))


def check_overview(rein):
    told = dict(re.findall(r"(?m)^  (\w+) +(\S.*)$", rein_help(rein)))
    page = (PAGES / "rein.1.scd").read_text(encoding="utf-8")
    listed = dict((name, plain(text)) for name, text in
                  re.findall(r"(?m)^\*(\w+)\*\n((?:\t.*\n)+)", section(page, "COMMANDS") + "\n"))
    compare("rein.1.scd", "commands", set(listed.items()),
            {(name, f"{summary}: rein-{name}(1)") for name, summary in told.items()})
    pages = {path.name for path in PAGES.glob("rein-*.1.scd")}
    compare("docs/man", "pages", pages, {f"rein-{name}.1.scd" for name in told})
    return told


def schema_keys(schema):
    """Returns every key of every mapping that the schema describes."""
    keys = set()
    if isinstance(schema, dict):
        keys |= set(schema.get("properties", {}))
        for part in schema.values():
            keys |= schema_keys(part)
    elif isinstance(schema, list):
        for part in schema:
            keys |= schema_keys(part)
    return keys


def check_files():
    for path in PAGES.glob("*.5.scd"):
        name = path.name.removeprefix("rein-").removesuffix(".5.scd")
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
        sections = [PAGE_KEY.findall(section) for section in path.read_text(encoding="utf-8").split("\n# ")]
        for keys in sections:
            expect(len(keys) == len(set(keys)), f"{path.name}: a key twice in {keys}")
        keys = sum(sections, [])
        compare(path.name, "keys", set(keys), schema_keys(schema))
    expect(len(list(PAGES.glob("*.5.scd"))) == 3, "expected three pages of section 5")


def check_form(scdoc):
    for path in sorted(PAGES.glob("*.scd")):
        page = path.read_text(encoding="utf-8")
        for other, number in re.findall(r"\*([a-z-]+)\*\((\d)\)", page):
            expect((PAGES / f"{other}.{number}.scd").exists(), f"{path.name}: there is no {other}({number})")
        for number, line in enumerate(page.splitlines(), 1):
            expect(len(line) <= 82, f"{path.name}:{number}: longer than 82 characters")
        if scdoc:
            made = subprocess.run([scdoc], input=page, capture_output=True, text=True, check=False)
            expect(made.returncode == 0 and made.stdout.startswith("."),
                   f"{path.name}: scdoc refuses it: {made.stderr.strip()}")


def main():
    rein, scdoc = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    commands = check_overview(rein)
    for name in commands:
        check_command(rein, name)
    check_files()
    check_form(scdoc)
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{len(commands)} commands, {len(list(PAGES.glob('*.scd')))} pages"
          + ("" if scdoc else "; scdoc is not installed: not built"))


main()
