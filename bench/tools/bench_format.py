"""The format rein-bench/1: see bench/README.md."""
import json

FORMAT = "rein-bench/1"
ROLES = ("ours", "peer", "limit")
UNITS = ("ns", "us", "ms", "s", "B", "KiB", "MiB", "count", "x", "%")
NEEDED = {
    "measured": ("unit", "median", "repetitions"),
    "waived": ("reason",),
    "failed": ("reason",),
}


def row_key(row):
    return row["table"], row["case"], row["subject"]


def row_faults(row):
    """Returns the faults of a row, as texts."""
    name = " | ".join(str(row.get(key, "?")) for key in ("table", "case", "subject"))
    absent = [key for key in ("table", "case", "subject", "role", "status") if key not in row]
    if absent:
        return [f"row {name}: lacks {', '.join(absent)}"]
    if row["role"] not in ROLES:
        return [f"row {name}: role is {row['role']}, expected one of {', '.join(ROLES)}"]
    if row["status"] not in NEEDED:
        return [f"row {name}: status is {row['status']}, expected one of {', '.join(NEEDED)}"]
    faults = [f"row {name}: is {row['status']} and lacks {key}"
              for key in NEEDED[row["status"]] if row.get(key) in (None, "")]
    if row.get("unit", "ns") not in UNITS:
        faults.append(f"row {name}: unit is {row['unit']}, expected one of {', '.join(UNITS)}")
    return faults


def coverage_faults(part):
    """Checks that each case of a table has every subject of the table."""
    faults = []
    rows = part.get("rows", [])
    for table in part.get("tables", []):
        of_table = [row for row in rows if row.get("table") == table["name"]]
        if not of_table:
            faults.append(f"table {table['name']}: has no row")
        for case in {row["case"] for row in of_table}:
            present = {row["subject"] for row in of_table if row["case"] == case}
            faults += [f"table {table['name']}: case {case} lacks {subject}"
                       for subject in table.get("subjects", []) if subject not in present]
    named = {table["name"] for table in part.get("tables", [])}
    faults += [f"table {name}: has rows and is not described"
               for name in sorted({row.get("table", "?") for row in rows} - named)]
    return faults


def goal_faults(goal):
    name = f"goal {goal.get('what', '?')}"
    if goal.get("met", "absent") not in (True, False, None):
        return [f"{name}: was not judged"]
    if goal["met"] is not None and "figure" not in goal:
        return [f"{name}: was judged without a figure"]
    if goal["met"] is not True and not goal.get("why"):
        return [f"{name}: is not met and does not say why"]
    return []


def faults(part):
    """Returns the faults of a part or of a merged report, as texts."""
    if part.get("format") != FORMAT:
        return [f"format is {part.get('format')}, expected {FORMAT}"]
    found = [fault for row in part.get("rows", []) for fault in row_faults(row)]
    keys = [row_key(row) for row in part.get("rows", []) if not row_faults(row)]
    found += [f"row {' | '.join(key)}: is there twice" for key in set(keys) if keys.count(key) > 1]
    found += [fault for goal in part.get("goals", []) for fault in goal_faults(goal)]
    return found if found else coverage_faults(part)


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(part, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(part, file, indent=1, ensure_ascii=False)
        file.write("\n")
