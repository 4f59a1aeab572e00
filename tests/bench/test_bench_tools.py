"""The tools that judge and report benchmarks, fed with figures that are known."""
import copy
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench" / "tools"))
import bench_format  # noqa: E402
import host_goals  # noqa: E402
import host_tables  # noqa: E402
import machine  # noqa: E402
import render  # noqa: E402
import statistics_of  # noqa: E402


def row(table, case, subject, median, role="peer", **more):
    return {"table": table, "case": case, "subject": subject, "role": role, "status": "measured",
            "unit": "ns", "median": median, "repetitions": 1} | more


def part(*rows):
    return {"format": bench_format.FORMAT, "context": {"part": "host"},
            "tables": [{"name": "t", "what": "w", "limits": "l", "subjects": ["rein", "peer"]}],
            "rows": list(rows), "goals": []}


def ledger_rows(rein, pair):
    return [row(host_tables.LEDGER, "1 thread", "rein", rein, "ours",
                allocations_per_operation=0),
            row(host_tables.LEDGER, "1 thread", "compare-and-swap pair", pair, "limit")]


def goal_of(rows, text):
    return next(goal for goal in host_goals.judge(rows) if text in goal["what"])


class Format(unittest.TestCase):
    whole = part(row("t", "c", "rein", 1.0, "ours"), row("t", "c", "peer", 2.0))

    def faults_with(self, index, **changes):
        changed = copy.deepcopy(self.whole)
        changed["rows"][index] |= changes
        return " ".join(bench_format.faults(changed))

    def test_a_whole_part_has_no_fault(self):
        self.assertEqual(bench_format.faults(self.whole), [])

    def test_a_row_that_is_missing_or_double_is_a_fault(self):
        self.assertIn("lacks peer", " ".join(bench_format.faults(part(self.whole["rows"][0]))))
        self.assertIn("twice", self.faults_with(1, subject="rein"))

    def test_a_row_must_say_what_its_status_needs(self):
        self.assertIn("lacks median", self.faults_with(0, median=None))
        self.assertIn("lacks reason", self.faults_with(1, status="waived"))
        self.assertIn("status is done", self.faults_with(1, status="done"))
        self.assertIn("unit is parsec", self.faults_with(1, unit="parsec"))
        self.assertIn("role is rival", self.faults_with(1, role="rival"))

    def test_a_goal_that_is_not_met_must_say_why(self):
        missed = copy.deepcopy(self.whole)
        missed["goals"] = [{"table": "t", "what": "fast", "figure": 2, "met": False}]
        self.assertIn("does not say why", " ".join(bench_format.faults(missed)))
        missed["goals"][0]["why"] = "slow"
        self.assertEqual(bench_format.faults(missed), [])


class Goals(unittest.TestCase):
    def test_a_ratio_is_judged_at_its_bound(self):
        met = goal_of(ledger_rows(11.0, 10.0), "pair, inlined")
        missed = goal_of(ledger_rows(11.01, 10.0), "pair, inlined")
        self.assertEqual((met["met"], met["figure"]), (True, 1.1))
        self.assertEqual((missed["met"], missed["figure"]), (False, 1.101))
        self.assertTrue(missed["why"])

    def test_a_waived_row_waives_its_goal(self):
        rows = ledger_rows(11.0, 10.0)
        rows[1] = {key: rows[1][key] for key in ("table", "case", "subject", "role")} | {
            "status": "waived", "reason": "not installed"}
        goal = goal_of(rows, "pair, inlined")
        self.assertIsNone(goal["met"])
        self.assertIn("not installed", goal["why"])
        self.assertNotIn("figure", goal)

    def test_one_allocation_is_noticed(self):
        rows = ledger_rows(11.0, 10.0)
        self.assertTrue(goal_of(rows, "no operation allocates")["met"])
        rows[0]["allocations_per_operation"] = 0.001
        self.assertFalse(goal_of(rows, "no operation allocates")["met"])

    def test_one_wrong_refusal_is_noticed(self):
        for refused, answer in ((0, True), (0.1, False)):
            rows = [row(host_tables.RIVAL, "c", "rein", 1.0, "ours",
                        counters={"refused wrongly per million": refused})]
            self.assertEqual(goal_of(rows, "no request is refused")["met"], answer)


class Figures(unittest.TestCase):
    def test_medians_quartiles_and_percentiles(self):
        summary = statistics_of.summary([5000, 1000, 3000, 2000, 4000], "us")
        self.assertEqual((summary["low"], summary["median"], summary["high"]), (2.0, 3.0, 4.0))
        found = statistics_of.percentiles(range(1000), "ns")
        self.assertEqual((found["p50"], found["p99"], found["p99_9"]), (500.0, 990.0, 999.0))

    def test_a_table_shows_ratios_and_what_was_waived(self):
        report = part(row("t", "c", "rein", 3.0, "ours"), row("t", "c", "peer", 2.0),
                      {"table": "t", "case": "c", "subject": "other", "role": "peer",
                       "status": "waived", "reason": "not there"})
        text = "\n".join(render.table_lines(report, report["tables"][0]))
        self.assertIn("| c | peer | 2 | 1.50x |", text)
        self.assertIn("waived: not there", text)

    def test_a_machine_is_named_by_its_processor_and_device_alone(self):
        context = {"cpu": "Intel(R) Xeon(R) CPU E5-2690 @ 2.60GHz", "cores": 4}
        self.assertEqual(machine.kind(context), "intel-xeon-e5-2690-4-cores")
        self.assertEqual(machine.kind(context | {"device": "NVIDIA H200"}),
                         "nvidia-h200-intel-xeon-e5-2690-4-cores")


if __name__ == "__main__":
    unittest.main()
