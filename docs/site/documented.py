"""Every public symbol of the headers has a text: functions, types, members, values, macros.

Reads the XML that Doxygen makes. EXCEPTIONS says which symbols need none, and why; one that is not
there, or is documented, is a fault too.
usage: documented.py XML_FOLDER
"""
import pathlib
import sys
import xml.etree.ElementTree as xml

# Macros that Doxygen sees without the comment above their #ifdef, and that no user writes.
EXCEPTIONS = {
    "REIN_API_BEGIN": "stands before the declarations of a header",
    "REIN_API_END": "stands behind them",
    "REIN_RESULT_RETURN_ERROR": "for REIN_RESULT_DEFINE alone",
    "REIN_AUTO": "for the other macros of result.h alone",
    "REIN_TRY_GOTO_NAMED": "for REIN_TRY_GOTO alone",
}


def text_of(element):
    return "".join(element.itertext()).strip() if element is not None else ""


def is_documented(element):
    return any(text_of(element.find(part)) for part in ("briefdescription", "detaileddescription"))


def symbols(folder):
    """(name, is documented) of every public symbol."""
    index = xml.parse(folder / "index.xml")
    for entry in index.iter("compound"):
        kind = entry.get("kind")
        if kind not in ("file", "struct", "union", "class", "namespace"):
            continue
        compound = xml.parse(folder / f"{entry.get('refid')}.xml").find("compounddef")
        name = text_of(compound.find("compoundname"))
        if kind == "file" and not name.endswith((".h", ".hpp")) or "rein::detail" in name:
            continue
        location = compound.find("location").get("file") if kind == "file" else None
        if kind != "namespace":
            yield location if kind == "file" else name, is_documented(compound)
        for member in compound.iter("memberdef"):
            owner = "" if kind == "file" else f"{name}::" if kind == "namespace" else f"{name}."
            if member.get("prot") == "private":
                continue
            member_name = text_of(member.find("name"))
            if not member_name.startswith("@"):  # an enum without a name: its values count
                yield owner + member_name, is_documented(member)
            for value in member.iter("enumvalue"):
                is_covered = member_name.startswith("@") and is_documented(member)
                yield text_of(value.find("name")), is_covered or is_documented(value)


def main():
    found = list(symbols(pathlib.Path(sys.argv[1])))
    # One text is enough for all overloads.
    bare = {name for name, _ in found} - {name for name, has_text in found if has_text}
    faults = [f"{name}: has no text" for name in sorted(bare - EXCEPTIONS.keys())]
    faults += [f"exception {name} ({reason}) excuses nothing"
               for name, reason in EXCEPTIONS.items() if name not in bare]
    if len(found) < 400:
        faults.append(f"{len(found)} symbols, expected at least 400: what was read is not the contract")
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{len(found)} public symbols, {len(EXCEPTIONS)} need no text of their own")


main()
