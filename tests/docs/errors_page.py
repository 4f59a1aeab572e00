"""Checks that docs/errors.md has every error code with its value and name, every outcome, every
missing fact with its name in JSON, and every exit code, and no others. usage: errors_page.py"""
import pathlib
import re


def header(name):
    return pathlib.Path("include/contract", name).read_text(encoding="utf-8")


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def rows(page, pattern):
    return {found for found in re.findall(rf"(?m)^\| {pattern} \|", page)}


def main():
    page = pathlib.Path("docs/errors.md").read_text(encoding="utf-8")
    codes = re.search(r"typedef enum rein_error_code \{(.*?)\}", header("error.h"), re.S)[1]
    missing = re.findall(r"REIN_MISSING_(\w+) = 1 <<", header("admission.h"))
    exits = re.search(r"enum exit_code \{(.*?)\}", pathlib.Path("src/cli/base/exit_code.h").read_text(), re.S)[1]
    told = {
        "error codes": (rows(page, r"(\d+) \| `(\w+)`"),
                        {(value, camel(name)) for name, value in re.findall(r"REIN_ERROR_(\w+) = (\d+)", codes)}),
        "outcomes": (rows(page, r"([a-z ]+) \| `REIN_ADMISSION_(\w+)`"),
                     {(name.lower().replace("_", " "), name)
                      for name in re.findall(r"REIN_ADMISSION_(\w+) = \d", header("admission.h"))}),
        "missing facts": (rows(page, r"`(\w+)` \| `REIN_MISSING_(\w+)`"),
                          {(name.lower(), name) for name in missing}),
        "exit codes": (rows(page, r"([0-3]) \| (?!`)[^|]*") & set("0123"),
                       set(re.findall(r"= ([0-3])\b", exits))),
    }
    faults = [f"{what}: on the page {sorted(on_page - there)}, missing on it {sorted(there - on_page)}"
              for what, (on_page, there) in told.items() if on_page != there or not there]
    if faults:
        raise SystemExit("\n".join(faults))
    print(", ".join(f"{len(there)} {what}" for what, (_, there) in told.items()))


main()
