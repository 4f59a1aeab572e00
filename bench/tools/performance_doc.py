#!/usr/bin/env python3
"""performance_doc.py [--check]

Writes the tables of docs/performance.md from the results that are committed under bench/results.
Replaces the text between `<!-- bench: NAME -->` and `<!-- bench: end -->`. NAME is `context`,
`goals`, the name of a table, or `device` for all tables of the device half. Uses the newest results
that have the table. With --check, writes nothing and fails if the page and the results disagree, or if a
table of the results is missing from the page.
"""
import glob
import os
import re
import sys

import bench_format
import render

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "docs", "performance.md")
RESULTS = os.path.join(ROOT, "bench", "results")
BLOCK = re.compile(r"<!-- bench: (?!end)(.*?) -->\n.*?<!-- bench: end -->\n", re.S)


class Results:
    """The committed reports, newest first."""

    def __init__(self):
        paths = sorted(glob.glob(os.path.join(RESULTS, "*.json")))
        self.reports = [(os.path.basename(path)[:-len(".json")], bench_format.read(path))
                        for path in paths]
        self.reports.sort(key=lambda named: named[1]["context"].get("date", ""), reverse=True)

    def newest(self, part):
        """Returns the newest report with measurements of the part."""
        for name, report in self.reports:
            tables = {table["name"] for table in report["tables"] if table["part"] == part}
            if any(row["table"] in tables and row["status"] == "measured"
                   for row in report["rows"]):
                return name, report
        return None, None


def tables_of(report, part):
    return [table for table in report["tables"] if table["part"] == part]


def table_block(name, report, table):
    lines = render.table_lines(report, table)
    chart = render.chart_name(name, table)
    if os.path.exists(os.path.join(RESULTS, chart)):
        lines += ["", f"![{table['name']}](../bench/results/{chart})"]
    return lines


def goals_of(report, part):
    """Returns the goals of the part: a goal names a table of the part, or all of them."""
    others = {table["name"] for table in report["tables"] if table["part"] != part}
    return [goal for goal in report["goals"] if goal["table"] not in others]


def device_block(results):
    name, report = results.newest("device")
    if report is None:
        return ["No results of a device are committed: run `bench/run.sh` on a machine with a GPU."]
    lines = render.context_lines(report["context"])
    goals = [goal for goal in report["goals"]
             if goal["table"] in {table["name"] for table in tables_of(report, "device")}]
    lines += ["", *render.goal_lines(goals)] if goals else []
    for table in tables_of(report, "device"):
        lines += ["", f"### {table['name']}", "", *table_block(name, report, table)]
    return lines


def block_lines(results, wanted):
    if wanted == "device":
        return device_block(results)
    name, report = results.newest("host")
    if report is None:
        raise SystemExit("performance_doc.py: no results of the host half are committed")
    if wanted == "context":
        return render.context_lines(report["context"])
    if wanted == "goals":
        return render.goal_lines(goals_of(report, "host"))
    for table in tables_of(report, "host"):
        if table["name"] == wanted:
            return table_block(name, report, table)
    raise SystemExit(f"performance_doc.py: docs/performance.md asks for '{wanted}', expected a "
                     f"table of {name}")


def written_page(results, page):
    def replacement(match):
        wanted = match.group(1)
        body = "\n".join(block_lines(results, wanted))
        return f"<!-- bench: {wanted} -->\n{body}\n<!-- bench: end -->\n"
    return BLOCK.sub(replacement, page)


def main():
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    results = Results()
    written = written_page(results, page)
    shown = set(BLOCK.findall(page))
    missing = [table["name"] for table in tables_of(results.newest("host")[1], "host")
               if table["name"] not in shown]
    for name in missing:
        print(f"docs/performance.md: lacks the table '{name}'")
    if "--check" not in sys.argv[1:]:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(written)
    elif written != page:
        print("docs/performance.md: is not what the results say: run bench/tools/performance_doc.py")
        return 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
