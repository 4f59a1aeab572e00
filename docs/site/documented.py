"""Every public symbol of the headers has a text: functions, types, members, values, macros.

Reads the XML that Doxygen makes. EXCEPTIONS says which symbols need none, and why; one that matches
nothing, or only what is documented, is a fault too.
usage: documented.py XML_FOLDER
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

# (pattern of whole names, reason)
EXCEPTIONS = [
    (r"REIN_(ADMISSION|DTYPE|CUDA_PRIORITY|CUDA_PROBE|MEMORY_BASIS|PLACEMENT|PLAN_STOP)_\w+",
     "a value whose name is the text that its _name function gives, or says it all"),
    (r"REIN_CUDA_(READY|NO_DRIVER|NO_DEVICE|NO_PERMISSION)", "as above"),
    (r"rein_ledger(_counter)?\.\w+", "for the ledger's own use"),
    (r"rein::(backend|state_directory|reservation|cuda_\w+)", "owns the C type of that name: rein::owned"),
    (r"rein::create_cuda_\w+", "as the function of C that creates it"),
    (r"rein::(result|owned|backend_base)\.[^.]+", "as the text of the class says, which lists what it can"),
    (r"REIN_RESULT_RETURN_ERROR", "for REIN_RESULT_DEFINE alone"),
    (r"REIN_API_(BEGIN|END)", "stand around the declarations of a header"),
    (r"rein::(memory|stream)_charge\.\w+|rein::reservation_answer\.\w+", "as the text of the type says"),
    (r"rein_unit\.unused", "holds nothing"),
    (r"rein_(model|request|tensor)_id\.\w+|rein_(duration|timestamp)\.ns", "the one member of a plain value"),
    (r"rein_fact_\w+\.(is_known|value)", "as the text of the type says"),
    (r"rein_dtype_set\.bits|rein_shape\.(dimensions|rank)", "as the text of the type says"),
    (r"rein_(source_location|live_peak|workspace|plan_log|placement_verdict|lifetime_view|tensor_spec_view)"
     r"\.\w+", "as the text of the type says, with the member's name"),
    (r"rein_(reservation|reserved|state)_?\w*\.\w+", "a field of a file, shown as it stands there"),
    (r"rein_device_profile\.\w+", "the profile's key of that name: rein-profile(5)"),
    (r"rein_\w+\.(\w+_)?(id|budget|device|count|bytes|outcome|missing|verdict|report|steps|limit|peak|used|"
     r"refused|requested|deadline|elapsed|tier|stop|answer|order|code|lifetimes|spec|layout|dtype|shape|"
     r"descriptor|data|self|numbers|slots|basis|streams|condition)",
     "its name and type say it all, beside the text of what it belongs to"),
    (r"rein_backend_capabilities\.supported_dtypes|rein_backend_interface\.output_specs|rein_clock\.now|"
     r"rein_cuda_live_allocation\.pointer|rein_cuda_memory_report\.has_driver_cap|"
     r"rein_cuda_stream_lease\.(slot|generation)|rein_cuda_stream_usage\.has_priorities|"
     r"rein_execution_request\.submission_time|rein_ledger_verdict\.is_granted|"
     r"rein_tensor_lifetime\.(from|tensor)", "as above"),
    (r"rein_cuda_compute_statistics\.p\d+", "a percentile"),
]


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
    # Of overloads, one text is enough.
    bare = {name for name, _ in found} - {name for name, has_text in found if has_text}
    excused = set()
    faults = []
    for pattern, reason in EXCEPTIONS:
        matched = {name for name in bare if re.fullmatch(pattern, name)}
        if not matched:
            faults.append(f"exception '{pattern}' ({reason}) excuses nothing")
        excused |= matched
    faults += [f"{name}: has no text" for name in sorted(bare - excused)]
    of_bare = [name for name in excused if name.split(".")[0] in bare and "." in name]
    faults += [f"{name}: what it belongs to has no text either" for name in sorted(of_bare)]
    if len(found) < 400:
        faults.append(f"{len(found)} symbols, expected at least 400: what was read is not the contract")
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{len(found)} public symbols, {len(excused)} need no text of their own")


main()
