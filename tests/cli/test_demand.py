"""The demand that a manifest states for a model beyond budget, weights and activations."""

import json
import re

import rein_case
from facts import Facts
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS, ReinCase
from test_json import load_schema

MIB = 2 ** 20


def model(name, budget="100MiB, streams: 1, compute: 1ms", **stated):
    lines = "".join(f"    {key}: {value}\n" for key, value in stated.items())
    return f"  - id: {name}\n    budget: {{memory: {budget}}}\n{lines}"


def needs(name, *budget, **more):
    return model(name, *budget, weights="40MiB", activations="10MiB", **more)


INSIDE = "100MiB, streams: 1, compute: 1ms, limit_includes_context: true"


class Demand(Facts, ReinCase):
    def fleet(self, *models, device="profile: device.yaml"):
        self.write("fleet.yaml", f"schema: 1\ndevice: {{{device}}}\nmodels:\n{''.join(models)}")

    def check(self, code, *options):
        return self.expect_result(code, "check", "fleet.yaml", *options)

    def document(self, code):
        document = json.loads(self.check(code, "--json"))
        load_schema("check").validate(document)
        return document

    def needed(self, code, **more):
        self.fleet(needs("a", **more))
        return self.document(code)["models"][0]["needed_bytes"]

    def expect_judged(self, code, name, *facts):
        self.expect_verdict(self.check(code), name, *facts)

    def test_each_part_is_needed(self):
        self.assertEqual(self.needed(FITS), 50 * MIB)
        self.assertEqual(self.needed(FITS, concurrent=6), 100 * MIB)
        self.assertEqual(self.needed(DOES_NOT_FIT, concurrent=7), 110 * MIB)
        self.assertEqual(self.needed(FITS, sequences=2, state="24MiB"), 98 * MIB)
        self.assertEqual(self.needed(FITS, sequences=0, state="1TiB"), 50 * MIB)
        self.assertEqual(self.needed(FITS, load_peak="99MiB"), 100 * MIB)
        self.assertEqual(self.needed(FITS, load_peak="1MiB"), 50 * MIB)
        self.assertEqual(self.needed(DOES_NOT_FIT, load_peak="101MiB"), 102 * MIB)

    def test_an_unknown_state(self):
        self.fleet(needs("a", sequences=1))
        self.expect_judged(CANNOT_TELL, "cannot tell", "budgets", "a", "state")
        self.expect_advice(self.check(CANNOT_TELL), ("a", "state", "sequence"))
        self.assertEqual(self.document(CANNOT_TELL)["models"][0]["missing"], ["state"])

    def test_what_is_stated_is_shown(self):
        self.fleet(needs("a", INSIDE, load_peak="3MiB", concurrent=2, sequences=1, state="2MiB",
                         processes=1), needs("b", sequences=0, processes=2), needs("c"))
        document = self.document(DOES_NOT_FIT)
        said = self.check(DOES_NOT_FIT).partition("\nDEVICE")[0].partition("\na, ")[2].replace("\n  ", " ")
        self.expect_lines(said, ("3MiB", "2", "executions", "1 sequence", "2MiB", "1 process", "contexts"),
                          ("b, ", "0 sequences", "2 processes"))
        self.assertEqual(len(said.splitlines()), 2)
        first, second, third = document["models"]
        self.assertEqual([first[key] for key in ("load_peak_bytes", "concurrent", "sequences",
                                                 "state_bytes", "processes")],
                         [3 * MIB, 2, 1, 2 * MIB, 1])
        self.assertTrue(first["budget"]["limit_includes_context"])
        self.assertEqual((second["sequences"], second["processes"]), (0, 2))
        self.assertNotIn("limit_includes_context", second["budget"])
        self.assertEqual(set(first) - set(third), {"load_peak_bytes", "concurrent", "sequences",
                                                   "state_bytes", "processes"})

    def test_equal_neighbours_share_a_line(self):
        names = ["a", "b", "c", "d", "e", "f"]
        counts = [1, 2, 2, 2, 1, 1]
        self.fleet(*(needs(name, concurrent=count) for name, count in zip(names, counts)), needs("g"))
        table = self.check(FITS)
        self.assertEqual(table.count("also counted"), 3)
        self.expect_lines(table, ("a", "also counted", "1"), ("b to d", "also counted", "2"),
                          ("e and f", "also counted", "1"))

    def test_explained(self):
        self.fleet(needs("a", concurrent=1), needs("b"))
        explained = self.check(FITS, "--explain")
        self.expect_lines(explained, ("also counted: ", "1", "execution"), ("needed", "52428800 B"))
        self.assertEqual(len(re.findall("(?m)^  also counted: ", explained)), 1)

    def test_processes_of_the_models_go_before_those_of_the_device(self):
        shared = "profile: device.yaml, processes: 3"
        self.fleet(needs("a"), needs("b"), device=shared)
        memory = self.document(FITS)["memory"]
        self.assertEqual((memory["processes"]["count"], memory["context_bytes"]), (3, 192 * MIB))
        self.assertNotIn("context_count", memory)
        self.fleet(needs("a"), needs("b", processes=4), device=shared)
        memory = self.document(FITS)["memory"]
        self.assertEqual(memory["processes"],
                         {"count": 5, "from": "manifest", "line": 8, "column": 9,
                          "profile_bytes": None})
        self.assertEqual((memory["context_count"], memory["context_bytes"]), (5, 320 * MIB))
        self.assertIn(" 5 (manifest:8) x 64MiB (profile)\n", self.check(FITS))

    def test_a_context_inside_the_limit(self):
        self.fleet(needs("a", INSIDE), needs("b"))
        memory = self.document(DOES_NOT_FIT)["memory"]
        self.assertEqual((memory["processes"]["count"], memory["context_count"]), (2, 1))
        self.assertIn(" 1 (manifest:4) x 64MiB (profile)\n", self.check(DOES_NOT_FIT))
        self.expect_judged(DOES_NOT_FIT, "does not fit", "1 model", "budget")
        self.fleet(needs("a", INSIDE.replace("100", "114")))
        self.expect_judged(FITS, "fits", "1 model", "114.0 MiB", "1024.0 MiB")
        self.fleet(needs("a", INSIDE.replace("true", "false")))
        self.assertNotIn("context_count", self.document(FITS)["memory"])

    def test_an_allocator_that_grows(self):
        self.fleet(needs("a", growth="doubling"), needs("b", growth="30MiB"), needs("c"))
        document = self.document(FITS)
        self.assertEqual([one["reserved_bytes"] // MIB for one in document["models"]], [128, 120, 100])
        self.assertEqual(document["memory"]["requested_bytes"], 348 * MIB)
        self.assertEqual([(one.get("growth_bytes"), one.get("growth_doubles")) for one in document["models"]],
                         [(None, True), (30 * MIB, None), (None, None)])
        table = self.check(FITS, "--explain")
        self.expect_lines(table, ("a", "also counted", "doubles"), ("b", "also counted", "30MiB"),
                          ("requested", "348.0 MiB", "3 budgets", "2MiB", "allocators"),
                          ("set aside", "134217728 B", "power of two"),
                          ("set aside", "125829120 B", "30MiB"))

    def test_a_cap_below_its_contexts(self):
        self.fleet(model("a", INSIDE.replace("100", "128"), processes=2))
        self.expect_judged(FITS, "budgets fit; ", "not judged", "a")
        self.fleet(model("a", INSIDE.replace("100", "127"), processes=2))
        self.expect_judged(DOES_NOT_FIT, "does not fit", "1 model", "budget")
        self.expect_advice(self.check(DOES_NOT_FIT), ("a", "127MiB", "128MiB", "or more"))
        self.assertEqual(self.document(DOES_NOT_FIT)["caps"], [])

    def test_an_unknown_context_inside_the_limit(self):
        self.write("device.yaml", rein_case.DEVICE.replace("context_overhead: 64MiB\n", ""))
        self.fleet(needs("a", INSIDE), model("b", INSIDE, weights="1MiB"))
        self.expect_judged(CANNOT_TELL, "cannot tell", "budgets", "a", "device", "context_overhead", "b",
                           "activations")
        self.expect_advice(self.check(CANNOT_TELL), ("b", "activations"), ("context_overhead",))
        self.assertEqual(self.document(CANNOT_TELL)["models"][0]["missing"], ["context_overhead"])
        self.expect_facts(self.check(CANNOT_TELL, "--explain"), "cannot tell: ", "context_overhead",
                          "at least", "50.0 MiB")


if __name__ == "__main__":
    rein_case.main()
