#!/usr/bin/env python3
"""host_part.py BUILD_JSON OUTPUT [--quick] [LIFETIMES...]

Measures the host half and writes it as rein-bench/1. BUILD_JSON describes the build.
"""
import json
import subprocess
import sys

import bench_format
import footprint
import host_goals
import host_tables
import machine
import operations
import processes


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--quick"]
    is_quick = "--quick" in sys.argv
    build_path, output, *lifetimes = arguments
    with open(build_path, encoding="utf-8") as file:
        build = json.load(file)
    load_before = machine.load()
    try:
        rows = operations.rows(build["bench_host"], lifetimes, is_quick)
        rows += processes.rows(build["rein"], is_quick)
        rows += footprint.rows(build, is_quick)
    except subprocess.CalledProcessError as failed:
        print(f"bench: {failed.cmd[0]} ended with status {failed.returncode}")
        return 1
    part = {
        "format": bench_format.FORMAT,
        "context": machine.context(build, load_before),
        "tables": [table | {"part": "host"} for table in host_tables.TABLES],
        "rows": rows,
        "goals": host_goals.judge(rows),
    }
    bench_format.write(part, output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
