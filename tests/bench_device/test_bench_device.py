#!/usr/bin/env python3
"""test_bench_device.py SIMULATED REAL

The device part of the benchmarks: in full on a simulated device, waived without a device, and its
arguments.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

SIMULATED = ""
REAL = ""
MET, USAGE = 0, 2
ONE_DEVICE = {"REIN_SIMULATED_DEVICES": "1"}
WITHOUT_POOLS = {"REIN_SIMULATED_DEVICES": "2"}
TABLE_COUNT = 14
OVERSHOOT = "accuracy: overshoot beside a hostile process"
DRIFT = "accuracy: drift"
CAP = "accuracy: the cap"


def run(program, *arguments, variables=None):
    environment = {**os.environ, **(variables or {})}
    return subprocess.run([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def measure(program, *arguments, variables=None):
    """Returns the text and the JSON of a successful run."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "device.json")
        done = run(program, "--quick", "--json", path, *arguments, variables=variables)
        if done.returncode != MET:
            raise AssertionError(f"exit code {done.returncode}\n{done.stderr}\n{done.stdout}")
        with open(path, encoding="utf-8") as file:
            return done.stdout, json.load(file)


class Document(unittest.TestCase):
    """Assertions for any run."""

    def assert_complete(self, document):
        self.assertEqual(document["format"], "rein-bench/1")
        self.assertEqual(document["context"]["part"], "device")
        self.assertEqual(len(document["tables"]), TABLE_COUNT)
        rows = {(row["table"], row["case"], row["subject"]): row for row in document["rows"]}
        self.assertEqual(len(rows), len(document["rows"]), "no row is there twice")
        for table in document["tables"]:
            cases = {row["case"] for row in document["rows"] if row["table"] == table["name"]}
            self.assertTrue(cases, table["name"])
            for case in cases:
                for subject in table["subjects"]:
                    self.assertIn((table["name"], case, subject), rows)
        for row in document["rows"]:
            self.assertIn(row["role"], ("ours", "peer", "limit"))
            if row["status"] == "measured":
                self.assertGreaterEqual(row["repetitions"], 1)
                self.assertIn(row["unit"], ("ns", "B"))
                self.assertIn("median", row)
            else:
                self.assertTrue(row["reason"], row)
        for goal in document["goals"]:
            self.assertEqual("figure" in goal, goal["met"] is not None, goal)
            self.assertTrue(goal["met"] or goal["why"], goal)


class Simulated(Document):
    @classmethod
    def setUpClass(cls):
        cls.text, cls.document = measure(SIMULATED, variables=ONE_DEVICE)

    def rows(self, table):
        return [row for row in self.document["rows"] if row["table"] == table]

    def test_every_row_is_there_and_none_failed(self):
        self.assert_complete(self.document)
        for row in self.document["rows"]:
            self.assertNotEqual(row["status"], "failed", row)
            if row["status"] == "waived":
                self.assertRegex(row["reason"], "do not fit in half of the free memory", row)

    def test_ours_is_compared_with_every_other(self):
        compared = [table for table in self.document["tables"]
                    if table["name"].startswith(("memory", "streams", "compute window"))]
        self.assertEqual(len(compared), 7)
        for table in compared:
            others = table["subjects"][1:]
            for row in self.rows(table["name"]):
                if row["role"] == "ours" and row["status"] == "measured":
                    self.assertEqual(sorted(row["counters"]),
                                     sorted(f"time / {other}" for other in others))

    def test_nothing_overshoots_although_the_budget_is_run_into(self):
        for row in self.rows(OVERSHOOT):
            self.assertEqual(row["median"], 0, row)
            self.assertGreater(row["counters"]["refused by the budget"], 0, row)
            self.assertGreater(row["counters"]["grabbed by the other process"], 0, row)

    def test_nothing_drifts(self):
        for row in self.rows(DRIFT):
            self.assertEqual(row["median"], 0, row)
            self.assertEqual(row["counters"]["operations"], 20000, row)
            self.assertGreater(row["counters"]["refused by the budget"], 0, row)

    def test_the_cap_is_exact(self):
        rows = [row for row in self.rows(CAP) if row["subject"] == "rein"]
        self.assertEqual(len(rows), 10)
        for row in rows:
            self.assertEqual(row["median"], row["counters"]["expected"], row)

    def test_every_goal_about_accuracy_is_met(self):
        goals = [goal for goal in self.document["goals"] if goal["table"].startswith("accuracy")]
        self.assertEqual(len(goals), 5)
        for goal in goals:
            self.assertIs(goal["met"], True, goal)

    def test_a_window_measures_what_a_bare_pair_of_events_does(self):
        rows = self.rows("compute window: what it measures")
        self.assertEqual([round(row["median"]) for row in rows], [8 * 2 ** 20] * 2)

    def test_the_text_shows_every_table(self):
        for table in self.document["tables"]:
            self.assertIn(f"\n{table['name']}\n", self.text)


class WithoutPools(Document):
    def test_what_needs_pools_is_waived(self):
        _, document = measure(SIMULATED, "--device", "1", variables=WITHOUT_POOLS)
        self.assert_complete(document)
        statuses = {row["status"] for row in document["rows"]
                    if row["table"].startswith("memory: in stream order")}
        self.assertEqual(statuses, {"waived"})
        ledger = [row for row in document["rows"]
                  if row["table"] in (OVERSHOOT, DRIFT) and row["case"] == "the ledger"]
        self.assertEqual([row["median"] for row in ledger], [0, 0])


class Exclusive(Document):
    def test_what_needs_a_second_process_is_waived(self):
        _, document = measure(SIMULATED, "--device", "2",
                              variables={"REIN_SIMULATED_DEVICES": "3"})
        self.assert_complete(document)
        waived = {row["table"] for row in document["rows"]
                  if row["status"] == "waived" and "no second process" in row["reason"]}
        self.assertEqual(waived, {OVERSHOOT, "probe: time of a process's first call",
                                  "probe: device memory of a process's first call"})


class NoDevice(Document):
    def test_every_row_is_waived_with_the_reason(self):
        text, document = measure(SIMULATED, variables={"REIN_SIMULATED_DEVICES": "0"})
        self.assert_complete(document)
        self.assertEqual({row["status"] for row in document["rows"]}, {"waived"})
        self.assertEqual({goal["met"] for goal in document["goals"]}, {None})
        self.assertTrue(text.startswith("waived: no device to measure: "), text)

    def test_the_real_runtime_measures_or_waives(self):
        """Measures if there is a device; must not fail if there is none."""
        text, document = measure(REAL)
        self.assert_complete(document)
        statuses = {row["status"] for row in document["rows"]}
        if text.startswith("waived: "):
            self.assertEqual(statuses, {"waived"})
        else:
            self.assertIn("measured", statuses)


class Arguments(unittest.TestCase):
    def assert_refused(self, expected, *arguments):
        for program in (SIMULATED, REAL):
            done = run(program, *arguments, variables=ONE_DEVICE)
            self.assertEqual(done.returncode, USAGE, (program, arguments, done.stderr))
            self.assertEqual(done.stdout, "", "nothing is measured")
            self.assertIn(expected, done.stderr)

    def test_mistakes_are_refused(self):
        self.assert_refused("--quik is not an option", "--quik")
        self.assert_refused("extra is not an option", "extra")
        self.assert_refused("--json lacks its value", "--json")
        self.assert_refused('--repetitions is "0", expected a whole number from 1', "--repetitions",
                            "0")
        self.assert_refused('--repetitions is "3x"', "--repetitions", "3x")
        self.assert_refused('--seed is "-1"', "--seed", "-1")
        self.assert_refused("cannot be written", "--json", "/nowhere/device.json")
        self.assert_refused("--device: 'gpu'", "--device", "gpu")

    def test_a_device_that_is_not_there_is_refused(self):
        done = run(SIMULATED, "--device", "7", variables=ONE_DEVICE)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("--device: '7'", done.stderr)

    def test_help_says_all_options(self):
        done = run(REAL, "--help")
        self.assertEqual(done.returncode, MET)
        for option in ("--json", "--quick", "--device", "--repetitions", "--seed"):
            self.assertIn(option, done.stdout)


if __name__ == "__main__":
    SIMULATED, REAL = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
