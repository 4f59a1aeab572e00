"""Runs bench_host and returns rows: Google Benchmark's times and, under callgrind, instructions."""
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile

import host_tables
from statistics_of import rounded, summary

UNITS = {table["name"]: table["unit"] for table in host_tables.TABLES}


def list_subjects(program, lifetimes):
    listing = subprocess.run([program, "--list", *lifetimes], check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in listing.stdout.decode().splitlines()]


def run_benchmarks(program, lifetimes, is_quick):
    """Returns the repetitions of each benchmark, by subject name."""
    with tempfile.TemporaryDirectory() as folder:
        output = os.path.join(folder, "benchmark.json")
        subprocess.run(
            [program, *lifetimes, *(["--quick"] if is_quick else []),
             "--benchmark_enable_random_interleaving=true", "--benchmark_out_format=json",
             f"--benchmark_out={output}"],
            check=True, stdout=subprocess.DEVNULL)
        with open(output, encoding="utf-8") as file:
            measured = json.load(file)["benchmarks"]
    repetitions = {}
    for entry in measured:
        if entry["run_type"] == "iteration":
            repetitions.setdefault(entry["run_name"].split("/")[0], []).append(entry)
    return repetitions


def count_instructions(program):
    """Returns the instructions of an operation, by subject name, and the reason if there are
    none."""
    if shutil.which("valgrind") is None:
        return {}, "valgrind is not installed"
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program,
             "--instructions"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            return {}, "callgrind failed: " + done.stderr.decode(errors="replace")[-300:]
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                text = file.read()
            trigger = re.search(r"^desc: Trigger: Client Request: (\d+)\|(.*)$", text, re.M)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.M)
            if trigger and total:
                counts[trigger.group(2)] = int(total.group(1)) / int(trigger.group(1))
    return counts, "" if counts else "callgrind counted nothing"


def measured_row(row, repetitions, instructions):
    times = [1e9 / entry["items_per_second"] for entry in repetitions]
    row |= {"status": "measured"} | summary(times, UNITS[row["table"]])
    known = {"name", "run_name", "run_type", "family_index", "per_family_instance_index",
             "repetitions", "repetition_index", "threads", "iterations", "real_time", "cpu_time",
             "time_unit", "items_per_second", "allocations"}
    middle = repetitions[len(repetitions) // 2]
    if "allocations" in middle:
        row["allocations_per_operation"] = rounded(middle["allocations"])
    # The mean, because the median of rare events is 0.
    counters = {name: round(statistics.fmean(entry[name] for entry in repetitions), 1)
                for name in middle if name not in known}
    if counters:
        row["counters"] = counters
    if instructions is not None:
        row["instructions"] = round(instructions, 1)
    return row


def rows(program, lifetimes_files, is_quick):
    lifetimes = [text for path in lifetimes_files for text in ("--lifetimes", path)]
    subjects = list_subjects(program, lifetimes)
    measured = run_benchmarks(program, lifetimes, is_quick)
    instructions, without = count_instructions(program)
    if without:
        print(f"bench: no counts of instructions: {without}")
    found = []
    for subject in subjects:
        row = {key: subject[key] for key in ("table", "case", "subject", "role")}
        if subject["waived"]:
            row |= {"status": "waived", "reason": subject["waived"]}
        elif subject["name"] not in measured:
            row |= {"status": "failed", "reason": "it was not measured"}
        else:
            row = measured_row(row, measured[subject["name"]], instructions.get(subject["name"]))
        found.append(row)
    return found
