"""Models with a measurement: the verdict, its forms and the advice, and measurements that are refused."""

import json
import os
import re
import xml.etree.ElementTree as ElementTree

import rein_case
from facts import Facts
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS
from reservations_case import GPU, MIB, ReservationsCase
from test_json import load_schema

MEASURED = {"schema": 1, "device": "GPU-1", "peak": "90MiB", "final": "80MiB", "includes_contexts": "true",
            "method": "processes", "interval": "20ms", "samples": 1571}
AS_MEASURED = ", as measured"


def model(name, memory="100MiB", budget="", **stated):
    lines = "".join(f"    {key}: {value}\n" for key, value in stated.items())
    return f"  - id: {name}\n    budget: {{memory: {memory}, streams: 1, compute: 1ms{budget}}}\n{lines}"


class Measured(Facts, ReservationsCase):
    def setUp(self):
        super().setUp()
        self.measure()

    def measure(self, name="a.measured.yaml", **changed):
        """Writes a measurement. A key whose value is None is omitted."""
        keys = {**MEASURED, **changed}
        self.write(name, "".join(f"{key}: {value}\n" for key, value in keys.items() if value is not None))

    def fleet(self, *models, device="profile: gpu.yaml"):
        self.write("fleet.yaml", f"schema: 1\ndevice: {{{device}}}\nmodels:\n{''.join(models)}")

    def check(self, code, *options):
        return self.expect_result(code, "check", "fleet.yaml", *options)

    def document(self, code, *options):
        document = json.loads(self.check(code, "--json", *options))
        load_schema("check").validate(document)
        return document

    def judged(self, code, *options):
        return self.document(code, *options)["models"][0]

    def measured_model(self, **stated):
        return model("a", measured="a.measured.yaml", **stated)

    def test_a_measured_model_is_judged(self):
        self.fleet(self.measured_model())
        document = self.document(FITS)
        judged, = document["models"]
        self.assertEqual((document["outcome"], document["measured"], document["caps"]), ("fits", ["a"], []))
        self.assertEqual((judged["outcome"], judged["is_measured"], judged["needed_bytes"]),
                         ("fits", True, 90 * MIB))
        self.expect_verdict(self.check(FITS), "fits" + AS_MEASURED, "1 model", "100.0 MiB", "measured", "a")
        self.fleet(self.measured_model(memory="89MiB"))
        self.expect_verdict(self.check(DOES_NOT_FIT), "does not fit" + AS_MEASURED, "1 model", "measured", "a")
        judged = self.judged(DOES_NOT_FIT)
        self.assertEqual((judged["is_measured"], judged["shortfall_bytes"]), (True, MIB))

    def test_all_of_the_measurement_is_in_the_document(self):
        self.fleet(self.measured_model())
        self.assertEqual(self.judged(FITS)["measurement"],
                         {"file": "a.measured.yaml", "device_uuid": "GPU-1", "is_of_another_device": False,
                          "peak_bytes": 90 * MIB, "final_bytes": 80 * MIB, "includes_contexts": True,
                          "method": "processes", "interval_ns": 20000000, "samples": 1571})
        self.measure(device=None, final=None, method=None, interval=None, samples=None)
        self.assertEqual(set(map(str, self.judged(FITS)["measurement"].values())),
                         {"a.measured.yaml", "None", "False", str(90 * MIB), "True"})
        self.fleet(model("a"))
        self.assertNotIn("measurement", self.judged(FITS))

    def test_facts_that_need_more_are_not_as_measured(self):
        self.measure(includes_contexts="false")
        known = {"weights": "60MiB", "activations": "32MiB"}
        self.fleet(self.measured_model(**known))
        judged = self.judged(FITS)
        self.assertEqual((judged["is_measured"], judged["needed_bytes"]), (False, 92 * MIB))
        self.assertNotIn(AS_MEASURED, self.check(FITS))
        self.assertEqual(self.document(FITS)["measured"], [])
        for key in known:
            self.fleet(self.measured_model(**{key: known[key]}))
            judged = self.judged(FITS)
            self.assertEqual((judged["is_measured"], judged["needed_bytes"]), (True, 90 * MIB))
        self.fleet(self.measured_model(memory="91MiB", **known))
        self.assertFalse(self.judged(DOES_NOT_FIT)["is_measured"])
        self.assertNotIn(AS_MEASURED, self.check(DOES_NOT_FIT))

    def test_contexts_in_the_measurement(self):
        self.fleet(self.measured_model(), model("b"), device="profile: gpu.yaml, processes: 3")
        document = self.document(FITS)
        memory = document["memory"]
        self.assertEqual((memory["processes"]["count"], memory["processes"]["line"], memory["context_count"]),
                         (2, 4, 1))
        self.assertTrue(document["models"][0]["budget"]["limit_includes_context"])
        self.assertIn("contexts", self.check(FITS).partition("\nDEVICE")[0])
        self.measure(includes_contexts="false")
        document = self.document(FITS)
        self.assertEqual(document["memory"]["processes"]["count"], 3)
        self.assertNotIn("limit_includes_context", document["models"][0]["budget"])
        self.assertEqual(document["models"][0]["needed_bytes"], 90 * MIB)

    def test_contexts_beside_the_measurement_in_the_limit(self):
        self.measure(includes_contexts="false")
        self.fleet(self.measured_model(memory="200MiB", budget=", limit_includes_context: true"))
        self.assertEqual(self.judged(FITS)["needed_bytes"], (90 + 64) * MIB)
        self.measure()
        self.assertEqual(self.judged(FITS)["needed_bytes"], 90 * MIB)

    def test_a_limit_without_the_contexts_of_the_measurement_is_refused(self):
        self.fleet(self.measured_model(budget=", limit_includes_context: false"))
        self.expect_refusal(("fleet.yaml:5:80", "limit_includes_context", "false", "a.measured.yaml",
                             "contexts", "true"), "check", "fleet.yaml")
        self.measure(includes_contexts="false")
        self.check(FITS)

    def test_a_bad_measurement_is_named_with_its_model(self):
        self.fleet(self.measured_model(), model("b", measured="b.yaml"))
        self.measure("b.yaml", final="91MiB")
        self.expect_refusal([("b.yaml:4:8", "final", "peak"), ("fleet.yaml:9:15", "measurement", "'b'")],
                            "check", "fleet.yaml")
        self.measure(final="91MiB")
        self.measure("b.yaml")
        self.expect_refusal([("a.measured.yaml:4:8", "final", "peak"), ("fleet.yaml:6:15", "measurement", "'a'")],
                            "check", "fleet.yaml")
        self.measure(peak="0B", final=None)
        self.measure("b.yaml", interval=None)
        self.expect_refusal([("a.measured.yaml:3:7", "'0B'", "0"), ("fleet.yaml:6:15", "measurement", "'a'"),
                             ("b.yaml:6:9", "'processes'", "'interval'"),
                             ("fleet.yaml:9:15", "measurement", "'b'")], "check", "fleet.yaml")

    def test_other_documents_are_not_measurements(self):
        self.fleet(self.measured_model())
        named = ("fleet.yaml:6:15", "measurement", "'a'")
        for text, said in (("", ("a.measured.yaml", "empty", "measurement")),
                           ("#" * (MIB + 1), ("a.measured.yaml", "measurement", "1MiB")),
                           ("- 1\n", ("a.measured.yaml:1:1", "measurement", "peak", "includes_contexts", "list"))):
            self.write("a.measured.yaml", text)
            self.expect_refusal([said, named], "check", "fleet.yaml")
        self.measure(peek="1B")
        self.expect_refusal([("a.measured.yaml:9:1", "'peek'", "'peak'"), named], "check", "fleet.yaml")

    def test_the_path_is_relative_to_the_manifest(self):
        self.fleet(self.measured_model(), device="profile: ../gpu.yaml")
        os.mkdir(self.path("inner"))
        for name in ("fleet.yaml", "a.measured.yaml"):
            os.rename(self.path(name), self.path(f"inner/{name}"))
        self.expect_result(FITS, "check", "inner/fleet.yaml")

    def test_the_table(self):
        self.fleet(self.measured_model(), model("b"), model("c", weights="1MiB", activations="1MiB"))
        table = self.check(FITS)
        self.assertEqual(len(re.findall(r"(?m)^a .* 90\.0 MiB  fits, as measured$", table)), 1)
        self.assertEqual(len(re.findall(r"(?m)^c .* fits$", table)), 1)
        self.assertEqual(len(re.findall("(?m)^as measured: .*lower bound", table)), 1)
        self.expect_verdict(table, "budgets fit" + AS_MEASURED, "not judged", "b", "measured", "a")
        self.fleet(model("c", weights="1MiB", activations="1MiB"))
        self.assertNotIn("measured", self.check(FITS))

    def test_explained(self):
        self.fleet(self.measured_model())
        explained = self.check(FITS, "--explain")
        self.expect_facts(" ".join(explained.split()), "activations unknown", "94371840 B", "a.measured.yaml",
                          "processes", "20.0 ms", "1571", "GPU-1", "83886080 B", "needed", "94371840 B",
                          "measured peak")
        self.assertNotIn("another device", explained)
        self.measure(device="GPU-2", method="engine", interval=None, samples=None)
        explained = self.check(FITS, "--explain")
        self.expect_facts(explained, "engine", "GPU-2", "another device", "GPU-1")
        self.assertTrue(self.judged(FITS)["measurement"]["is_of_another_device"])
        self.measure(device="gpu-1")
        self.assertNotIn("another device", self.check(FITS, "--explain"))
        self.measure(device=None, method=None)
        explained = self.check(FITS, "--explain")
        self.expect_facts(explained, "unknown", "unknown device")
        self.assertNotIn("another device", explained)
        self.measure(includes_contexts="false", final=None)
        explained = self.check(FITS, "--explain")
        self.expect_facts(" ".join(explained.split()), "contexts not included")
        self.assertNotIn("final", explained)

    def test_a_device_without_a_uuid_is_not_another_one(self):
        self.write("gpu.yaml", GPU.replace("uuid: GPU-1\n", ""))
        self.fleet(self.measured_model())
        self.assertFalse(self.judged(FITS)["measurement"]["is_of_another_device"])

    def test_a_peak_below_the_weights_is_explained(self):
        self.fleet(self.measured_model(weights="90MiB"))
        self.assertNotIn("below", self.check(DOES_NOT_FIT, "--explain"))
        self.fleet(self.measured_model(weights="92MiB", memory="200MiB"))
        self.assertEqual(self.judged(FITS)["needed_bytes"], (92 + 64) * MIB)
        self.expect_facts(self.check(FITS, "--explain"), "measured", "94371840 B", "below the weights")

    def test_forms_for_ci(self):
        self.fleet(self.measured_model())
        suite, = ElementTree.fromstring(self.check(FITS, "--format", "junit"))
        self.expect_facts(suite[0][0].text, "90.0 MiB", "100.0 MiB", "as measured")
        self.expect_lines(self.check(FITS, "--format", "github"),
                          ("::notice file=fleet.yaml,title=rein check%3A fits%2C as measured::", "measured",
                           "a"))
        self.fleet(self.measured_model(memory="89MiB"))
        self.expect_lines(self.check(DOES_NOT_FIT, "--format", "github"),
                          ("::error file=fleet.yaml,line=4,title=model a%3A does not fit::", "at least 90MiB",
                           "as measured", "89MiB", "1MiB", "90MiB or more"))

    def test_the_picture(self):
        self.fleet(self.measured_model(), model("b", weights="1MiB", activations="1MiB"))
        self.check(FITS, "--svg", "out.svg")
        drawn = ElementTree.parse(self.path("out.svg"))
        boxes = [box for box in drawn.iter("{http://www.w3.org/2000/svg}rect") if box.get("class") == "measured"]
        self.assertEqual(len(boxes), 1)
        texts = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
        self.assertIn("90.0 MiB measured of 100.0 MiB", texts)
        self.assertIn("measured peak", texts)
        self.fleet(model("b", weights="1MiB", activations="1MiB"))
        self.check(FITS, "--svg", "out.svg")
        self.assertNotIn("measured peak", self.read("out.svg"))

    def test_the_picture_does_not_replace_the_measurement(self):
        self.fleet(self.measured_model())
        self.expect_refusal(("rein", "a.measured.yaml", "overwritten"), "check", "fleet.yaml", "--svg", "a.measured.yaml")

    def test_advice_says_that_the_peak_is_a_lower_bound(self):
        self.fleet(self.measured_model(memory="89MiB"))
        advice, = self.document(DOES_NOT_FIT)["advice"]
        self.expect_facts(advice, "a", "89MiB", "90MiB", "or more", "lower bound")
        self.fleet(self.measured_model(memory="2GiB"))
        document = self.document(DOES_NOT_FIT)
        self.expect_facts(document["advice"][0], "2048.0 MiB", "90.0 MiB", "lower bound", "margin")
        self.expect_verdict(self.check(DOES_NOT_FIT), "does not fit: ", "total memory")
        self.fleet(model("a", "2GiB", weights="80MiB", activations="10MiB"))
        self.assertNotIn("lower bound", self.document(DOES_NOT_FIT)["advice"][0])

    def test_a_refusal_that_does_not_rest_on_the_measurement(self):
        self.fleet(self.measured_model(memory="89MiB"), model("b", "1MiB", weights="2MiB", activations="0B"))
        self.expect_verdict(self.check(DOES_NOT_FIT), "does not fit: ", "2 models")
        self.assertEqual(self.document(DOES_NOT_FIT)["measured"], ["a"])

    def test_an_unknown_granularity_is_still_missing(self):
        self.write("gpu.yaml", GPU.replace("granularity: 2MiB\n", ""))
        self.fleet(self.measured_model())
        judged = self.judged(CANNOT_TELL)
        self.assertEqual((judged["missing"], judged["is_measured"]), (["granularity"], False))
        self.assertNotIn(AS_MEASURED, self.check(CANNOT_TELL))

    def test_run_judges_by_the_measurement(self):
        run = ("run", "--manifest", "fleet.yaml", "--model", "a", "--", "true")
        self.fleet(self.measured_model())
        done = self.run_rein(*run)
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        self.fleet(self.measured_model(memory="89MiB"))
        done = self.run_rein(*run)
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.expect_facts(done.stderr, "rein: 'a' on GPU-1: does not fit", "at least 90MiB", "as measured",
                          "89MiB", "1MiB", "90MiB or more")

    def test_run_reserves_no_context_beside_the_limit(self):
        self.fleet(self.measured_model(memory="1024MiB"))
        run = ("run", "--manifest", "fleet.yaml", "--model", "a", "--", "true")
        self.assertEqual(self.run_rein(*run).returncode, FITS)
        self.measure(includes_contexts="false")
        self.assertEqual(self.run_rein(*run).returncode, DOES_NOT_FIT)


if __name__ == "__main__":
    rein_case.main()
