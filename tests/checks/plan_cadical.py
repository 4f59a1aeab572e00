#!/usr/bin/env python3
"""Compares the planner's least heights with CaDiCaL's on random tight problems.

    plan_cadical.py BENCH_PLAN COUNT

A least height at the peak of the live bytes is proven by its placement, which the benchmark checks.
A least height above the peak is not. So this makes problems until COUNT of them have one, and
CaDiCaL must find no placement one byte below it. Prints each disagreement. Exits with 1 if there is
one, or if the planner leaves a problem undecided; exits with 77 (skipped) if CaDiCaL is not
installed.
"""
import os
import random
import shutil
import subprocess
import sys
import tempfile


INSTANTS = 16


def make_problem(rng):
    """Returns random pieces, some of them long and large, that fill the instants up to a height.
    About one in ten needs more than that."""
    height = rng.choice((12, 14, 16, 18, 20))
    count = rng.randint(20, 35)
    room = [height] * INSTANTS
    rows = []
    while len(rows) < count and max(room) > 0:
        start = rng.randrange(INSTANTS)
        end = min(start + 1 + rng.randrange(10), INSTANTS)
        least = min(room[start:end])
        if least > 0:
            size = 1 + rng.randrange(min(least, 14))
            for t in range(start, end):
                room[t] -= size
            rows.append((start, end, size))
    return rows


def encode(rows, capacity):
    """Returns the order encoding: a variable for each `offset of i is at least k`, and one for each
    order."""
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
    """Returns the planner's heights and bounds, from a single call of the benchmark, which checks
    each placement."""
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


PROBLEMS_AT_ONCE = 1000
PROBLEMS_MOST = 40


def judge(rows, answer, height, bound):
    """Returns whether the planner was right, and whether the height was above the peak."""
    peak = max(sum(size for start, end, size in rows if start <= t < end) for t in range(INSTANTS))
    is_right = answer == "fits" and height == bound and (height == peak or not fits(rows, height - 1))
    if not is_right:
        print("disagreement:", answer, height, bound, rows)
    return is_right, height > peak


def main():
    if shutil.which("cadical") is None:
        print("plan_cadical: SKIPPED: there is no cadical; scripts/test.sh installs it")
        sys.exit(SKIPPED)
    seed = 1
    rng = random.Random(seed)
    wanted = int(sys.argv[2])
    wrong = above_peak = made = 0
    while above_peak < wanted and made < PROBLEMS_MOST * wanted:
        problems = [make_problem(rng) for _ in range(PROBLEMS_AT_ONCE)]
        made += len(problems)
        plans = plan(sys.argv[1], problems)
        if len(plans) != len(problems):
            sys.exit("plan_cadical: %d answers to %d problems" % (len(plans), len(problems)))
        for rows, (answer, height, bound) in zip(problems, plans):
            is_right, is_above = judge(rows, answer, height, bound)
            wrong += not is_right
            above_peak += is_above
    print("seed %d: %d problems, %d with their least height above the peak, %d disagreements"
          % (seed, made, above_peak, wrong))
    if above_peak < wanted:
        sys.exit("plan_cadical: only %d problems above the peak, expected %d" % (above_peak, wanted))
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
