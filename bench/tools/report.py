#!/usr/bin/env python3
"""report.py OUTPUT_FOLDER PART.json...

Merges the parts that a machine measured, and writes the report as JSON, Markdown and SVG, named by
the kind of machine and the date. Prints the goals. Exits with 1 if a row failed or a part violates
the format; a missed goal is a result, not a failure.
"""
import os
import sys

import bench_format
import machine
import render


def merged(parts):
    context = {}
    for part in parts:
        context = part["context"] | context
    context.pop("part", None)
    report = {"format": bench_format.FORMAT, "context": context, "tables": [], "rows": [],
              "goals": []}
    for part in parts:
        name = part["context"].get("part", "host")
        report["tables"] += [{"part": name} | table for table in part.get("tables", [])]
        report["rows"] += part["rows"]
        report["goals"] += part["goals"]
    return report


def faults_of(report):
    failed = [f"row {' | '.join(bench_format.row_key(row))}: {row['reason']}"
              for row in report["rows"] if row["status"] == "failed"]
    return bench_format.faults(report) + failed


def main():
    folder, *paths = sys.argv[1:]
    report = merged([bench_format.read(path) for path in paths])
    faults = faults_of(report)
    for fault in faults:
        print(f"bench: {fault}")
    if faults:
        return 1
    name = f"{machine.kind(report['context'])}-{report['context']['date']}"
    os.makedirs(folder, exist_ok=True)
    bench_format.write(report, os.path.join(folder, f"{name}.json"))
    charts = render.write_charts(report, name, folder)
    with open(os.path.join(folder, f"{name}.md"), "w", encoding="utf-8") as file:
        file.write(render.document(report, name, charts))
    for goal in report["goals"]:
        answer = {True: "met", False: "MISSED", None: "waived"}[goal["met"]]
        figure = f"{render.number_text(goal['figure'])} {goal['unit']}" if "figure" in goal else ""
        print(f"{answer:7} {figure:>10}  {goal['table']}: {goal['what']}")
    print(f"bench: {os.path.join(folder, name)}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
