"""bench_smoke.py BUILD_FOLDER: runs every benchmark once and checks its report.

Every table must have its rows, each small operation its counts, and every goal a judgement. The
figures do not matter.
"""
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench" / "tools"))
import bench_format  # noqa: E402
import host_goals  # noqa: E402
import host_tables  # noqa: E402
import render  # noqa: E402

SKIPPED = 77


def host_faults(report):
    """Returns what a report of the host half lacks."""
    rows = report["rows"]
    faults = bench_format.faults(report)
    for table in host_tables.TABLES:
        ours = [row for row in rows if row["table"] == table["name"] and row["role"] == "ours"]
        if not ours or any(row["status"] != "measured" for row in ours):
            faults.append(f"table {table['name']}: not all of ours was measured")
    for row in rows:
        if row["table"] in host_tables.HOT and row["status"] == "measured" and (
                "allocations_per_operation" not in row):
            faults.append(f"row {' | '.join(bench_format.row_key(row))}: allocations not counted")
    small = [row for row in rows if row["table"] == host_tables.RESULTS
             and row["status"] == "measured" and "instructions" not in row]
    if shutil.which("valgrind") and small:
        faults.append("table results: instructions were not counted")
    return faults


def goals_faults(report):
    judged = {(goal["table"], goal["what"]): goal for goal in report["goals"]}
    faults = []
    for table, what, *_ in host_goals.GOALS:
        goal = judged.get((table, what))
        if goal is None:
            faults.append(f"goal {what}: is not in the report")
        elif goal["met"] is None and not any(
                row["status"] == "waived" and row["table"] == table for row in report["rows"]):
            faults.append(f"goal {what}: was not judged: {goal['why']}")
    return faults


def page_faults(report, folder, name):
    text = (folder / f"{name}.md").read_text(encoding="utf-8")
    faults = [f"{name}.md: lacks {table['name']}" for table in report["tables"]
              if f"## {table['name']}" not in text]
    charted = [table for table in host_tables.TABLES if "chart" in table]
    if shutil.which("gnuplot"):
        faults += [f"chart of {table['name']}: is missing or empty" for table in charted
                   if not (folder / render.chart_name(name, table)).read_bytes().startswith(b"<?xml")]
    return faults


def main():
    with tempfile.TemporaryDirectory() as output:
        run = subprocess.run(
            [ROOT / "bench" / "run.sh", "--quick", "--build", sys.argv[1], "--output", output],
            check=False, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
        if run.returncode != 0:
            return run.returncode
        paths = glob.glob(f"{output}/*.json")
        if len(paths) != 1:
            print(f"bench_smoke.py: {len(paths)} reports, expected 1")
            return 1
        report = bench_format.read(paths[0])
        name = pathlib.Path(paths[0]).stem
        faults = (host_faults(report) + goals_faults(report)
                  + page_faults(report, pathlib.Path(output), name))
    for fault in faults:
        print(f"bench_smoke.py: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
