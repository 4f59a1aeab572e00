"""The other forms of `rein check`: explained, for CI, and as a picture."""

import json
import os
import re
import xml.etree.ElementTree as ElementTree

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, MANIFEST, ReinCase

SVG = "{http://www.w3.org/2000/svg}"


class CheckForms(Facts, ReinCase):
    def change(self, *changes):
        manifest = MANIFEST
        for old, new in changes:
            self.assertIn(old, manifest)
            manifest = manifest.replace(old, new)
        self.write("fleet.yaml", manifest)

    def check(self, code, *options):
        return self.expect_result(code, "check", "fleet.yaml", *options)

    def test_forms_that_have_another_name_are_the_same(self):
        self.assertEqual(self.check(FITS, "--format", "table"), self.check(FITS))
        json.loads(self.check(FITS, "--format", "json"))
        json.loads(self.check(FITS, "--format=json", "--json"))

    def test_bad_forms(self):
        for said, options in ((("--format", "'junti'", "'junit'"), ["--format", "junti"]),
                              (("--format", "'xml'", "table", "json", "junit", "github"), ["--format", "xml"]),
                              (("--json", "--format junit"), ["--format", "junit", "--json"]),
                              (("--explain", "json"), ["--explain", "--json"])):
            self.expect_refusal(("rein", *said), "check", "fleet.yaml", *options)

    def test_explained(self):
        plain = self.check(FITS)
        explained = self.check(FITS, "--explain")
        head, tail = plain.rsplit("\nVerdict: ", 1)
        self.assertTrue(explained.startswith(head))
        self.assertTrue(explained.endswith("\nVerdict: " + tail))
        self.expect_lines(
            explained, ("small (manifest:4)",), ("budget", "104857600 B", "manifest"),
            ("set aside", "104857600 B", "budget", "2MiB"), ("weights", "52428800 B", "manifest:6"),
            ("activations", "3145728 B", "2 lifetimes", "small.csv"), ("instant 1",),
            ("needed", "56623104 B", "weights", "activations"), ("2MiB",),
            ("fits: ", "54.0 MiB", "100.0 MiB"))
        self.assertLessEqual(max(map(len, explained.splitlines())), 80)

    def test_explained_unknowns(self):
        self.change(("    weights: 50MiB\n", ""), ("    lifetimes: small.csv\n", ""))
        explained = self.check(FITS, "--explain")
        self.expect_lines(explained, ("weights", "unknown", "not stated"),
                          ("activations", "unknown", "lifetimes", "activations"),
                          ("needed", "unknown", "only", "budget"), ("cap: ", "100.0 MiB"))
        self.change(("    lifetimes: small.csv\n", ""))
        self.expect_lines(self.check(CANNOT_TELL, "--explain"),
                          ("cannot tell: ", "activations", "unknown", "50.0 MiB", "100.0 MiB"))
        self.change(("lifetimes: small.csv", "activations: 1MiB"))
        self.expect_lines(self.check(FITS, "--explain"),
                          ("activations", "1048576 B", "as stated", "not verified"))

    def junit(self, code):
        suite, = ElementTree.fromstring(self.check(code, "--format", "junit"))
        cases = {case.get("name"): next(iter(case)) for case in suite}
        return suite, cases

    def test_junit_when_all_is_well(self):
        suite, cases = self.junit(FITS)
        self.assertEqual((suite.get("name"), suite.get("tests"), suite.get("failures"),
                          suite.get("errors")), ("fleet.yaml", "2", "0", "0"))
        self.assertEqual({name: case.tag for name, case in cases.items()},
                         {"model small": "system-out", "device": "system-out"})
        self.expect_facts(cases["model small"].text, "54.0 MiB", "100.0 MiB")
        self.expect_facts(cases["device"].text, "100.0 MiB", "896.0 MiB")

    def test_junit_tells_failures_from_errors(self):
        self.change(("memory: 100MiB", "memory: 1000MiB"), ("    weights: 50MiB\n", ""))
        suite, cases = self.junit(DOES_NOT_FIT)
        self.assertEqual((suite.get("failures"), suite.get("errors")), ("1", "1"))
        self.assertEqual(cases["device"].tag, "failure")
        self.assertEqual(cases["device"].get("type"), "does not fit")
        self.expect_facts(cases["device"].get("message"), "1000.0 MiB", "896.0 MiB", "total memory",
                          "104.0 MiB")
        self.assertEqual(cases["model small"].tag, "error")
        self.expect_facts(cases["model small"].get("message"), "weights", "unknown", "at least")

    def test_junit_of_names_that_are_markup(self):
        self.change(("id: small", "id: 'a<b>&\"c'"))
        os.rename(self.path("fleet.yaml"), self.path("fleet.yaml&<"))
        text = self.expect_result(FITS, "check", "fleet.yaml&<", "--format", "junit")
        suite, = ElementTree.fromstring(text)
        self.assertEqual(suite.get("name"), "fleet.yaml&<")
        self.assertEqual(suite[0].get("name"), 'model a<b>&"c')

    def expect_annotations(self, code, *annotations):
        text = self.check(code, "--format", "github")
        self.assertEqual(len(text.splitlines()), len(annotations), text)
        self.expect_lines(text, *annotations)

    def test_annotations_of_a_workflow(self):
        self.expect_annotations(FITS, ("::notice file=fleet.yaml,title=rein check%3A fits::", "1 model",
                                       "100.0 MiB", "896.0 MiB"))
        self.change(("memory: 100MiB", "memory: 1000MiB"), ("weights: 50MiB", "weights: 1GiB"),
                    ("streams: 1", "streams: 9"))
        self.expect_annotations(
            DOES_NOT_FIT,
            ("::error file=fleet.yaml,line=4,title=model small%3A does not fit::", "1028MiB", "1000MiB",
             "28MiB", "1028MiB"),
            ("::error file=fleet.yaml,title=device%3A does not fit::", "1000.0 MiB", "896.0 MiB",
             "total memory", "104.0 MiB"),
            ("::warning file=fleet.yaml,title=streams::", "9 streams", "8"))

    def test_annotations_of_models_above_their_own_budgets(self):
        self.change(("memory: 100MiB", "memory: 1MiB"), ("    lifetimes: small.csv\n", ""))
        self.write("fleet.yaml", self.read("fleet.yaml") +
                   MANIFEST[MANIFEST.index("  - id"):].replace("small", "other", 1)
                   .replace("100MiB", "53MiB"))
        self.expect_annotations(
            DOES_NOT_FIT,
            ("::error file=fleet.yaml,line=4,title=model small%3A does not fit::", "at least 50MiB", "1MiB",
             "49MiB", "50MiB", "or more"),
            ("::error file=fleet.yaml,line=7,title=model other%3A does not fit::", "54MiB", "53MiB", "1MiB",
             "54MiB"))
        self.expect_verdict(self.check(DOES_NOT_FIT), "does not fit", "2 models")

    def test_annotations_keep_to_their_line(self):
        self.change(("id: small", "id: 'a%:,b'"), ("memory: 100MiB", "memory: 1MiB"))
        text = self.check(DOES_NOT_FIT, "--format", "github")
        self.assertIn(",title=model a%25%3A%2Cb%3A does not fit::", text)
        self.assertEqual(text.count("\n"), text.count("::error"))

    def test_no_device(self):
        self.change()
        self.write("device.yaml", rein_case.DEVICE.replace("total: 1GiB\n", ""))
        self.expect_lines(self.check(CANNOT_TELL, "--format", "github"),
                          ("::error file=fleet.yaml,title=device%3A cannot tell::", "100.0 MiB", "unknown",
                           "device's memory", "unknown"))

    def picture(self, code):
        self.check(code, "--svg", "fleet.svg")
        return ElementTree.parse(self.path("fleet.svg")).getroot()

    def boxes(self, picture, shape):
        """Returns the boxes of a shape, without the samples of the legend."""
        classes = ((box, (box.get("class") or "").split()) for box in picture.iter(SVG + "rect"))
        return [box for box, names in classes if shape in names and "sample" not in names]

    def test_the_picture_is_to_scale(self):
        picture = self.picture(FITS)
        names = [box.find(SVG + "title").text for box in self.boxes(picture, "edge")]
        self.assertEqual(names, ["contexts: 64.0 MiB", "headroom: 64.0 MiB", "small: 100.0 MiB"])
        pixels = [float(box.get("width")) for box in self.boxes(picture, "edge")]
        self.assertAlmostEqual(pixels[2] / pixels[0], 100 / 64, places=2)
        self.assertEqual(self.boxes(picture, "short"), [])
        weights, = self.boxes(picture, "weights")
        budget, = self.boxes(picture, "budget")
        self.assertAlmostEqual(float(weights.get("width")) / float(budget.get("width")), 0.5, 2)

    def test_the_picture_shows_what_is_short(self):
        self.change(("memory: 100MiB", "memory: 1000MiB"))
        picture = self.picture(DOES_NOT_FIT)
        short, = self.boxes(picture, "short")
        self.expect_facts(short.find(SVG + "title").text, "104.0 MiB")

    def test_the_picture_shows_a_budget_that_is_too_small(self):
        self.change(("memory: 100MiB", "memory: 53MiB"))
        classes = {element.text: element.get("class") for element in
                   self.picture(DOES_NOT_FIT).iter(SVG + "text")}
        sentence, = (text for text in classes if text.startswith("54.0 MiB of 53.0 MiB: "))
        self.assertEqual(classes[sentence], "bad")

    def test_the_picture_of_what_is_unknown(self):
        self.change(("    weights: 50MiB\n", ""), ("lifetimes: small.csv", "activations: 0B"))
        self.write("device.yaml", rein_case.DEVICE.replace("total: 1GiB\n", ""))
        text = "".join(self.picture(CANNOT_TELL).itertext())
        self.assertIn("memory unknown", text)
        self.expect_facts(text, "\u2265 0.0 MiB", "100.0 MiB", "unknown")

    def test_the_picture_of_many_models(self):
        models = "".join(f"  - {{id: m{index}, budget: {{memory: 1MiB, streams: 1, compute: 1ms}}}}\n"
                         for index in range(102))
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n" + models)
        text = "".join(self.picture(FITS).itertext())
        self.assertIn("and 2 more", text)
        self.assertIn("m101: 2.0 MiB", text)
        self.assertIsNone(re.search(r"\bm101 ", text))

    def test_the_picture_does_not_replace_the_manifest(self):
        self.expect_refusal(("rein", "'./fleet.yaml'", "another output"), "check", "fleet.yaml", "--svg",
                            "./fleet.yaml")
        self.assertEqual(self.read("fleet.yaml"), MANIFEST)

    def test_the_picture_does_not_replace_what_the_manifest_names(self):
        os.link(self.path("device.yaml"), self.path("linked.yaml"))
        for name in ("device.yaml", "linked.yaml", "./small.csv", "small.csv"):
            before = self.read(name)
            self.expect_refusal(("rein", f"'{name}'", "another output"), "check", "fleet.yaml", "--svg", name)
            self.assertEqual(self.read(name), before)
        self.write("other.yaml", rein_case.DEVICE)
        done = self.run_rein("check", "fleet.yaml", "--device", "other.yaml", "--svg", "other.yaml")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertEqual(self.read("other.yaml"), rein_case.DEVICE)


if __name__ == "__main__":
    rein_case.main()
