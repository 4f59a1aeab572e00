"""JSON output is exact, complete and valid under docs/schema."""

import json
import os

import jsonschema

import rein_case
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, MANIFEST, ROOT, ReinCase

FLEET = os.path.join(ROOT, "examples", "fleet")
LARGEST = 2 ** 64 - 1


def load_schema(name):
    with open(os.path.join(ROOT, "docs", "schema", f"{name}.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class Json(ReinCase):
    def run_json(self, code, command, *arguments):
        document = json.loads(self.expect_result(code, command, "--json", *arguments))
        load_schema(command).validate(document)
        return document

    def test_every_object_of_a_schema_is_closed(self):
        def visit(schema):
            if isinstance(schema, dict):
                if schema.get("type") == "object":
                    self.assertIs(schema.get("additionalProperties"), False)
                    self.assertLessEqual(set(schema["required"]), set(schema["properties"]))
                for inner in schema.values():
                    visit(inner)
            elif isinstance(schema, list):
                for inner in schema:
                    visit(inner)
        for name in ("check", "inspect", "largest", "plan", "probe", "status"):
            visit(load_schema(name).schema)

    def test_a_schema_refuses_what_is_wrong(self):
        document = self.run_json(FITS, "check", "fleet.yaml")
        for change in ({"outcome": "maybe"}, {"schema_version": 2}, {"command": "plan"},
                       {"models": []}, {"more": 1}, {"memory": None}):
            with self.assertRaises(jsonschema.ValidationError):
                load_schema("check").validate({**document, **change})
        del document["advice"]
        with self.assertRaises(jsonschema.ValidationError):
            load_schema("check").validate(document)

    def test_check_has_every_number(self):
        document = self.run_json(FITS, "check", "fleet.yaml")
        self.assertEqual((document["outcome"], document["advice"]), ("fits", []))
        model, = document["models"]
        activations = model.pop("activations")
        self.assertGreaterEqual(activations.pop("plan_ns"), 0)
        self.assertEqual(activations, {
            "from": "lifetimes", "bytes": 3145728, "lower_bound_bytes": 3145728,
            "is_optimal": True, "precision": "exact", "bound_proof": "peak", "steps": 0,
            "stopped_by": "done", "lifetimes": "small.csv", "tensor_count": 2})
        self.assertEqual(model, {
            "id": "small", "outcome": "fits", "missing": [],
            "budget": {"memory_bytes": 104857600, "streams": 1, "compute_ns": 10000000},
            "weights_bytes": 52428800, "reserved_bytes": 104857600, "needed_bytes": 56623104,
            "needed_at_least_bytes": 56623104, "shortfall_bytes": 0, "is_measured": False})
        self.assertEqual(document["memory"], {
            "outcome": "fits", "missing": [], "basis": "total", "basis_bytes": 1073741824,
            "processes": {"count": 1, "from": "default"},
            "context_overhead": {"bytes": 67108864, "from": "profile"},
            "headroom": {"bytes": 67108864, "from": "manifest", "line": 2, "column": 42,
                         "profile_bytes": None},
            "reserved": {"bytes": 0, "from": "default"},
            "live_reservations": {"count": 0, "bytes": 0, "unknown": 0,
                                  "device_total_bytes": None},
            "granularity": {"bytes": 2097152, "from": "profile"},
            "pool_growth": {"bytes": None, "from": "unknown"},
            "context_bytes": 67108864, "available_bytes": 939524096,
            "available_at_most_bytes": 939524096,
            "requested_bytes": 104857600, "shortfall_bytes": 0, "needed_bytes": 56623104,
            "removable_model": None})
        self.assertEqual(document["streams"],
                         {"requested": 1, "connections": 8, "may_share_queues": False})

    def test_check_without_a_device(self):
        document = self.run_json(CANNOT_TELL, "check", "fleet.yaml", "--device", "auto")
        self.assertEqual(document["device"]["is_found"], False)
        self.assertEqual(document["memory"]["missing"],
                         ["device_memory", "context_overhead", "granularity"])
        self.assertEqual(document["memory"]["basis_bytes"], None)
        self.assertEqual(document["models"][0]["needed_bytes"], None)

    def test_check_of_what_does_not_fit(self):
        document = self.run_json(DOES_NOT_FIT, "check",
                                 os.path.join(FLEET, "edge-8gib-overloaded.yaml"))
        self.assertEqual(document["memory"]["shortfall_bytes"], 264 * 2 ** 20)
        self.assertEqual(document["memory"]["removable_model"], "resnet50")
        self.assertGreaterEqual(len(document["advice"]), 3)

    def test_check_of_unknown_models(self):
        self.write("fleet.yaml", MANIFEST.replace("    weights: 50MiB\n    lifetimes: small.csv\n", ""))
        document = self.run_json(FITS, "check", "fleet.yaml")
        model, = document["models"]
        self.assertEqual((model["outcome"], model["missing"]), ("cap", []))
        self.assertEqual((document["outcome"], document["caps"]), ("fits", ["small"]))
        self.assertEqual(model["activations"], {"from": "unknown", "bytes": None})
        self.write("fleet.yaml", MANIFEST.replace("    lifetimes: small.csv\n", ""))
        document = self.run_json(CANNOT_TELL, "check", "fleet.yaml")
        self.assertEqual(document["models"][0]["missing"], ["activations"])
        self.assertEqual(document["caps"], [])
        self.write("fleet.yaml", MANIFEST.replace("lifetimes: small.csv", "activations: 1B"))
        model, = self.run_json(FITS, "check", "fleet.yaml")["models"]
        self.assertEqual(model["activations"], {"from": "manifest", "bytes": 1})

    def test_every_fact_of_a_profile(self):
        self.write("full.json", json.dumps({
            "schema": 1, "name": "Full", "uuid": "GPU-1", "source": "recorded", "note": "a host",
            "recorded_at": "2026-01-31T12:30:00Z", "total": "2GiB", "free": "1GiB",
            "context_overhead": "1MiB", "granularity": "512B", "pool_growth": "32MiB",
            "compute_capability": "8.7",
            "multiprocessors": 8, "connections": 32,
            "stream_priorities": {"least": 0, "greatest": -5}, "memory_pools": True,
            "integrated": False, "driver": "13.0", "runtime": "12.2"}))
        device = self.run_json(FITS, "check", "fleet.yaml", "--device", "full.json")["device"]
        self.assertEqual(device, {
            "is_found": True, "reason": None, "profile": "full.json", "name": "Full",
            "uuid": "GPU-1", "source": "recorded", "note": "a host",
            "recorded_at": "2026-01-31T12:30:00Z", "total_bytes": 2 ** 31, "free_bytes": 2 ** 30,
            "context_overhead_bytes": 2 ** 20, "granularity_bytes": 512,
            "pool_growth_bytes": 2 ** 25,
            "compute_capability_major": 8, "compute_capability_minor": 7, "multiprocessors": 8,
            "connections": 32, "least_stream_priority": 0, "greatest_stream_priority": -5,
            "memory_pools": True, "integrated": False, "driver_version": 13000,
            "runtime_version": 12020})

    def test_integers_are_exact(self):
        for text, size in (("8GiB", 8 * 2 ** 30), ("9007199254740993B", 9007199254740993),
                           ("9223372036854775807B", 2 ** 63 - 1),
                           ("9223372036854775808B", 2 ** 63), ("8388608TiB", 2 ** 63),
                           (f"{LARGEST - 2 ** 21 + 1}B", LARGEST - 2 ** 21 + 1),
                           (f"{LARGEST}B", LARGEST)):
            self.write("wide.yaml", rein_case.DEVICE.replace("2MiB", "1B").replace("1GiB", text)
                       .replace("64MiB", "0B"))
            self.write("fleet.yaml", MANIFEST.replace("100MiB", text).replace("64MiB", "0B"))
            document = self.run_json(FITS, "check", "fleet.yaml", "--device", "wide.yaml")
            self.assertEqual(document["models"][0]["budget"]["memory_bytes"], size)
            self.assertEqual(document["memory"]["requested_bytes"], size)
            self.assertEqual(document["memory"]["basis_bytes"], size)

    def test_the_longest_compute_budget(self):
        self.write("fleet.yaml", MANIFEST.replace("10ms", "9223372036854775807ns"))
        document = self.run_json(FITS, "check", "fleet.yaml")
        self.assertEqual(document["models"][0]["budget"]["compute_ns"], 2 ** 63 - 1)

    def test_plan_has_every_number(self):
        document = self.run_json(FITS, "plan", "small.csv")
        self.assertGreaterEqual(document.pop("plan_ns"), 0)
        self.assertRegex(document.pop("rein_version"), r"\A[0-9.]+\Z")
        self.assertEqual(document, {
            "schema_version": 1, "command": "plan", "lifetimes": "small.csv", "outcome": None,
            "capacity_bytes": None, "tensor_count": 2, "had_included_ends": False, "has_offsets": False,
            "keeps_offsets": False, "from": 0, "until": 3,
            "sum_bytes": 3145728, "height_bytes": 3145728, "lower_bound_bytes": 3145728,
            "gap_bytes": 0, "is_optimal": True, "precision": "exact", "bound_proof": "peak",
            "steps": 0, "stopped_by": "done", "peak_bytes": 3145728,
            "peak_instant": 1, "placements": [
                {"id": "a", "lower": 0, "upper": 2, "size_bytes": 1048576, "alignment_bytes": 1,
                 "offset_bytes": 2097152},
                {"id": "b", "lower": 1, "upper": 3, "size_bytes": 2097152, "alignment_bytes": 1,
                 "offset_bytes": 0}]})

    def test_plan_of_the_widest_numbers(self):
        self.write("wide.csv", "id,lower,upper,size,alignment\n"
                               f"a,{-2 ** 63},{2 ** 63 - 1},{2 ** 62},{2 ** 62}\n" +
                   "".join(f"b{i},{i},{i + 1},{2 ** 62},1\n" for i in range(3)))
        document = self.run_json(FITS, "plan", "wide.csv", f"--capacity={LARGEST}B")
        self.assertEqual((document["from"], document["until"]), (-2 ** 63, 2 ** 63 - 1))
        self.assertEqual(document["height_bytes"], 2 ** 63)
        self.assertEqual(document["sum_bytes"], None)
        self.assertEqual(document["placements"][0]["size_bytes"], 2 ** 62)

    def test_plan_of_more_than_any_memory(self):
        self.write("wide.csv", f"id,lower,upper,size\na,0,2,{2 ** 63}\nb,1,3,{2 ** 63 - 1}\n")
        self.expect_refusal(("wide.csv", "1", str(LARGEST), "1", "2^63"), "plan", "wide.csv",
                            "--capacity", f"{LARGEST}B")

    def test_plan_against_a_capacity(self):
        for code, capacity, outcome in ((FITS, "3MiB", "fits"),
                                        (DOES_NOT_FIT, "3145727B", "does not fit"),
                                        (DOES_NOT_FIT, "0B", "does not fit")):
            document = self.run_json(code, "plan", "small.csv", "--capacity", capacity)
            self.assertEqual(document["outcome"], outcome)
        self.write("hard.csv", HARD)
        document = self.run_json(CANNOT_TELL, "plan", "hard.csv", "--capacity", "17B",
                                 "--effort", "0")
        self.assertEqual((document["outcome"], document["precision"], document["stopped_by"]),
                         ("cannot tell", "within 12.5%", "effort"))
        document = self.run_json(DOES_NOT_FIT, "plan", "hard.csv", "--capacity", "16B")
        self.assertEqual((document["lower_bound_bytes"], document["peak_bytes"]), (17, 16))
        self.assertEqual((document["outcome"], document["bound_proof"]), ("does not fit", "search"))

    def test_file_names_that_are_no_text(self):
        name = b"caf\xe9.csv"
        with open(os.path.join(self.folder.encode(), name), "wb") as file:
            file.write(rein_case.LIFETIMES.encode())
        document = self.run_json(FITS, "plan", name)
        self.assertEqual(document["lifetimes"], "caf\\xe9.csv")

    def test_ids_are_escaped(self):
        self.write("small.csv", 'id,lower,upper,size\na\\b/漢,0,1,1\n')
        document = self.run_json(FITS, "plan", "small.csv")
        self.assertEqual(document["placements"][0]["id"], "a\\b/漢")


if __name__ == "__main__":
    rein_case.main()
