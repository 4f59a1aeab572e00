#!/usr/bin/env python3
"""Compares the planner's least heights with CaDiCaL's on random tight problems.

    plan_cadical.py BENCH_PLAN COUNT

For each problem: the planner's height comes with a checked placement, so it is enough that CaDiCaL finds
nothing one byte below it. Prints each disagreement and exits 1 where there is one, or where the
comparison shows nothing; exits 77 (skipped) where there is no CaDiCaL.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile


def make_problem(rng):
    """Random pieces that fill 16 instants up to a height, as far as they fit."""
    height = rng.choice((12, 14, 16, 18, 20))
    count = rng.randint(20, 35)
    room = [height] * 24
    rows = []
    while len(rows) < count and len(rows) < 200:
        start = rng.randrange(16)
        end = start + 1 + rng.randrange(6)
        least = min(room[start:end])
        if least == 0:
            if max(room[:16]) == 0:
                break
            continue
        size = 1 + rng.randrange(min(least, 9))
        for t in range(start, end):
            room[t] -= size
        rows.append((start, end, size))
    return rows


def encode(rows, capacity):
    """The order encoding: a variable for each `offset of i is at least k`, one for each order."""
    clauses = []
    at_least = {}
    variables = 0

    def literal(i, k):
        if k <= 0:
            return True
        if k > capacity - rows[i][2]:
            return False
        return at_least[i, k]

    def add(*literals):
        if any(item is True for item in literals):
            return
        clauses.append([item for item in literals if item is not False])

    def negated(item):
        return (not item) if isinstance(item, bool) else -item

    for i, (_, _, size) in enumerate(rows):
        if size > capacity:
            return 1, [[]]
        for k in range(1, capacity - size + 1):
            variables += 1
            at_least[i, k] = variables
            if k > 1:
                add(-variables, variables - 1)
    for i, (start, end, size) in enumerate(rows):
        for j in range(i):
            other_start, other_end, other_size = rows[j]
            if start >= other_end or other_start >= end:
                continue
            variables += 1
            for k in range(capacity + 1):
                add(-variables, negated(literal(i, k)), literal(j, k + size))
                add(variables, negated(literal(j, k)), literal(i, k + other_size))
    return variables, clauses


def fits(rows, capacity):
    variables, clauses = encode(rows, capacity)
    lines = ["p cnf %d %d" % (variables, len(clauses))]
    lines += [" ".join(map(str, clause)) + " 0" for clause in clauses]
    done = subprocess.run(["cadical", "-q", "-n"], input="\n".join(lines) + "\n", text=True,
                          capture_output=True, check=False)
    if done.returncode not in (10, 20):
        sys.exit("plan_cadical: cadical failed: " + done.stderr)
    return done.returncode == 10


def plan(bench, problems):
    """The planner's heights and bounds, by one call of the benchmark, which checks each placement."""
    with tempfile.TemporaryDirectory() as folder:
        for number, rows in enumerate(problems):
            with open(os.path.join(folder, "%06d.csv" % number), "w", encoding="ascii") as file:
                file.write("id,lower,upper,size\n")
                for i, row in enumerate(rows):
                    file.write("%d,%d,%d,%d\n" % (i, *row))
        done = subprocess.run([bench, "--minimise", "--seeds", "1", folder], text=True,
                              capture_output=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines() if ".csv" in line]
    return [(line[2], int(line[4]), int(line[5])) for line in lines]


SKIPPED = 77


def main():
    if shutil.which("cadical") is None:
        print("plan_cadical: SKIPPED: there is no cadical; scripts/test.sh installs it")
        sys.exit(SKIPPED)
    seed = 1
    rng = random.Random(seed)
    problems = [make_problem(rng) for _ in range(int(sys.argv[2]))]
    plans = plan(sys.argv[1], problems)
    if len(plans) != len(problems):
        sys.exit("plan_cadical: %d answers to %d problems" % (len(plans), len(problems)))
    wrong = 0
    above_peak = 0
    for rows, (answer, height, bound) in zip(problems, plans):
        peak = max(sum(size for start, end, size in rows if start <= t < end) for t in range(24))
        above_peak += height > peak
        agrees = answer == "fits" and height == bound and fits(rows, height)
        if not agrees or fits(rows, height - 1):
            wrong += 1
            print("disagreement:", answer, height, bound, rows)
    print("seed %d: %d problems, %d with their least height above the peak, %d disagreements"
          % (seed, len(problems), above_peak, wrong))
    if above_peak == 0:
        sys.exit("plan_cadical: no problem needed a search")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
