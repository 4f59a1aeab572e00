"""Models with only a budget, in every form; budgets that are slightly too small; and free memory with
reservations."""

import json
import random
import re
import xml.etree.ElementTree as ElementTree

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS
from reservations_case import GPU, HOLD, MIB, ONE, ReservationsCase
from test_json import load_schema


def model(name, memory="100MiB", **needs):
    stated = "".join(f"    {key}: {value}\n" for key, value in needs.items())
    return f"  - id: {name}\n    budget: {{memory: {memory}, streams: 1, compute: 1ms}}\n{stated}"


class Caps(Facts, ReservationsCase):
    def fleet(self, *models, device="profile: gpu.yaml"):
        self.write("fleet.yaml", f"schema: 1\ndevice: {{{device}}}\nmodels:\n{''.join(models)}")

    def check(self, code, *options):
        return self.expect_result(code, "check", "fleet.yaml", *options)

    def check_json(self, code, *options):
        document = json.loads(self.check(code, "--json", *options))
        load_schema("check").validate(document)
        return document

    def expect_judged(self, code, name, *facts):
        self.expect_verdict(self.check(code), name, *facts)

    def test_caps_alone(self):
        self.fleet(model("a"), model("b", "860MiB"))
        self.expect_judged(FITS, "budgets fit; ", "not judged", "a", "b")
        document = self.check_json(FITS)
        self.assertEqual((document["outcome"], document["caps"]), ("fits", ["a", "b"]))
        self.assertEqual([one["outcome"] for one in document["models"]], ["cap", "cap"])
        self.assertEqual(document["memory"]["requested_bytes"], 960 * MIB)
        table = self.check(FITS)
        self.assertEqual(len(re.findall(r"(?m)^[ab] .* cap$", table)), 2)
        self.assertEqual(len(re.findall(r"(?m)^cap: ", table)), 1)
        self.fleet(model("a"), model("b", "861MiB"))
        self.expect_judged(DOES_NOT_FIT, "does not fit", "total memory", "2.0 MiB")
        self.assertEqual(self.check_json(DOES_NOT_FIT)["caps"], ["a", "b"])

    def test_caps_beside_models_that_are_judged(self):
        judged = model("a", weights="50MiB", activations="1MiB")
        self.fleet(judged, model("b"))
        self.expect_judged(FITS, "budgets fit; ", "not judged", "b")
        self.assertNotIn("\ncap: ", self.run_rein("check", "fleet.yaml", "--json").stdout)
        self.fleet(judged, model("b"), model("c", weights="50MiB"), model("d", activations="0B"))
        self.expect_judged(CANNOT_TELL, "cannot tell", "budgets", "c", "activations", "d", "weights",
                           "not judged", "b")
        self.fleet(judged)
        self.assertNotIn("cap", self.check(FITS))

    def test_one_missing_fact_is_named(self):
        self.fleet(model("resnet50", weights="50MiB"))
        self.expect_judged(CANNOT_TELL, "cannot tell", "budgets", "resnet50", "activations")
        self.assertEqual(self.check_json(CANNOT_TELL)["caps"], [])

    def test_a_device_that_is_not_known(self):
        self.fleet(model("a"))
        self.write("gpu.yaml", GPU.replace("granularity: 2MiB\n", "")
                   .replace("context_overhead: 64MiB\n", ""))
        self.expect_judged(CANNOT_TELL, "cannot tell", "device", "context_overhead", "granularity",
                           "not judged", "a")
        self.fleet(model("a", weights="1MiB", activations="1MiB"))
        self.write("gpu.yaml", GPU.replace("granularity: 2MiB\n", ""))
        cases = ElementTree.fromstring(self.check(CANNOT_TELL, "--format", "junit")).iter("error")
        self.expect_advice([case.get("message") for case in cases],
                           ("granularity", "unknown", "at least 2.0 MiB", "100.0 MiB"),
                           ("100.0 MiB", "960.0 MiB", "granularity", "unknown"))

    def test_a_long_list_is_cut_but_not_in_json(self):
        names = [f"m{number}" for number in range(13)]
        self.fleet(*(model(name, "1MiB") for name in names))
        self.expect_judged(FITS, "budgets fit; ", *names[:10], "3 more")
        self.assertEqual(self.check_json(FITS)["caps"], names)

    def test_junit(self):
        self.fleet(model("a"), model("b", weights="1MiB", activations="1MiB"))
        suite, = ElementTree.fromstring(self.check(FITS, "--format", "junit"))
        self.assertEqual([suite.get(name) for name in ("tests", "failures", "errors", "skipped")],
                         ["3", "0", "0", "1"])
        self.assertEqual({case.get("name"): next(iter(case)).tag for case in suite},
                         {"model a": "skipped", "model b": "system-out", "device": "system-out"})

    def test_github(self):
        self.fleet(model("a"), model("b"))
        self.expect_lines(self.check(FITS, "--format", "github"),
                          ("::notice file=fleet.yaml,title=rein check%3A budgets fit::", "a", "b"))
        self.fleet(model("a"), model("b", weights="50MiB"))
        self.expect_lines(
            self.check(CANNOT_TELL, "--format", "github"),
            ("::error file=fleet.yaml,line=6,title=model b%3A cannot tell::", "activations", "unknown",
             "at least 50.0 MiB", "100.0 MiB"), ("::notice file=fleet.yaml,title=caps::", "a"))

    def test_picture(self):
        self.fleet(model("a"), *(model("x" * 100 + str(number)) for number in range(5)))
        self.check(FITS, "--svg", "out.svg")
        texts = [element.text for element in ElementTree.parse(self.path("out.svg")).iter(
            "{http://www.w3.org/2000/svg}text")]
        self.assertIn("cap of 100.0 MiB: not judged", texts)
        sentence, = (text for text in texts if text.startswith("budgets fit; "))
        self.expect_facts(sentence, "not judged", "a")
        self.assertLessEqual(len(sentence), 104)

    def test_a_budget_by_options_is_the_same_cap(self):
        for memory, code in (("960MiB", FITS), ("961MiB", DOES_NOT_FIT)):
            self.fleet(model("one", memory))
            self.check(code)
            for options in (["--manifest", "fleet.yaml", "--model", "one"],
                            [*ONE[:5], memory, *ONE[6:]]):
                self.assertEqual(self.run_rein("run", *options, "--", "true").returncode, code)

    def test_a_budget_that_is_rounded_up_when_it_is_set_aside(self):
        self.write("gpu.yaml", GPU.replace("total: 1GiB", "total: 2GiB"))
        needs = {"weights": "1000MiB", "activations": "2MiB"}
        self.fleet(model("one", "1001MiB", **needs))
        document = self.check_json(DOES_NOT_FIT)
        judged, = document["models"]
        self.assertEqual((judged["outcome"], judged["reserved_bytes"], judged["shortfall_bytes"]),
                         ("does not fit", 1002 * MIB, MIB))
        self.assertEqual(document["memory"]["outcome"], "fits")
        self.expect_advice(document["advice"], ("one", "1001MiB", "1002MiB", "set aside"))
        shortage = ("1002MiB", "1001MiB", "1MiB", "1002MiB")
        self.expect_facts(self.check(DOES_NOT_FIT, "--format", "github"), *shortage)
        done = self.run_rein("run", "--manifest", "fleet.yaml", "--model", "one", "--", "true")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.expect_facts(done.stderr, "rein: 'one' on GPU-1: does not fit", *shortage)
        self.fleet(model("one", "1002MiB", **needs))
        self.check(FITS)

    def test_the_advised_budget_fits_and_no_smaller_one(self):
        chance = random.Random(13)
        self.write("gpu.yaml", GPU.replace("total: 1GiB", "total: 64GiB"))
        for _ in range(12):
            needs = {key: f"{chance.randrange(1, 2 ** chance.randrange(8, 34))}B"
                     for key in ("weights", "activations")}
            granularity = chance.choice([512, 2 ** 16, 2 * MIB])
            device = f"profile: gpu.yaml, granularity: {granularity}B"
            self.fleet(model("one", "1B", **needs), device=device)
            advised = int(re.search(r" 1B .* (\d+)B", self.check_json(DOES_NOT_FIT)["advice"][0])[1])
            self.assertEqual(advised % MIB, 0)
            self.fleet(model("one", f"{advised}B", **needs), device=device)
            self.check(FITS)
            if advised > MIB:
                self.fleet(model("one", f"{advised - MIB}B", **needs), device=device)
                self.check(DOES_NOT_FIT)

    def test_the_advised_device_has_room_for_the_advised_budgets(self):
        small = model("small", "100MiB", weights="151MiB", activations="1MiB")
        for others in ("850MiB", "900MiB"):
            self.write("gpu.yaml", GPU)
            self.fleet(small, model("other", others))
            larger, *_, device = self.check_json(DOES_NOT_FIT)["advice"]
            lacking = 154 + int(others[:3]) - (1024 - 64)
            self.expect_facts(device, "use a device with", f"{lacking}MiB")
            advised = re.search(r" to (\d+)MiB", larger)[1]
            self.fleet(model("small", f"{advised}MiB", weights="151MiB", activations="1MiB"),
                       model("other", others))
            for total, code in ((1024 + lacking, FITS), (1024 + lacking - 1, DOES_NOT_FIT)):
                self.write("gpu.yaml", GPU.replace("1GiB", f"{total}MiB"))
                self.check(code)
        self.write("gpu.yaml", GPU)
        self.fleet(model("small", "100MiB", weights="961MiB"))
        self.expect_facts(self.check_json(DOES_NOT_FIT)["advice"][-1], "at least", "2MiB")
        self.fleet(small, model("other", "800MiB"))
        self.assertNotIn("more memory", self.check(DOES_NOT_FIT))

    def test_advised_budgets_whose_sum_has_no_64_bits(self):
        # Each is a whole number of MiB: 2^63 bytes.
        self.write("gpu.yaml", GPU.replace("granularity: 2MiB", "granularity: 1B"))
        huge = {"weights": f"{2 ** 63 - 1}B", "activations": "0B"}
        self.fleet(model("one", "100MiB", **huge), model("two", "100MiB", **huge))
        advice = self.check_json(DOES_NOT_FIT)["advice"]
        self.assertEqual([str(2 ** 43) in sentence for sentence in advice], [True, True])

    def test_free_memory_beside_a_reservation(self):
        self.write("gpu.yaml", GPU + "free: 700MiB\n")
        self.start(*HOLD)
        self.fleet(model("two", "72MiB"))
        self.expect_judged(FITS, "budgets fit; ", "two")
        self.fleet(model("two", "300MiB"))
        document = self.check_json(CANNOT_TELL)
        memory = document["memory"]
        self.assertEqual((memory["outcome"], memory["missing"], memory["basis"]),
                         ("cannot tell", ["reserved_in_use"], "free"))
        self.assertEqual((memory["available_bytes"], memory["available_at_most_bytes"]),
                         (72 * MIB, 396 * MIB))
        self.assertIn("--by-total", document["advice"][0])
        self.assertRegex(self.check(CANNOT_TELL), r"(?m)^    or up to +396\.0 MiB +415236096 B  if ")
        self.expect_facts(self.check(CANNOT_TELL, "--format", "github"), "300.0 MiB", "72.0 MiB to 396.0 MiB")
        self.assertEqual(self.check_json(FITS, "--by-total")["memory"]["basis"], "total")
        self.fleet(model("two", "500MiB"))
        for options in ([], ["--by-total"]):
            memory = self.check_json(DOES_NOT_FIT, *options)["memory"]
            self.assertEqual((memory["basis"], memory["shortfall_bytes"]), ("total", 104 * MIB))
        self.expect_facts(self.check_json(DOES_NOT_FIT)["advice"][-1], "at least 104MiB")

    def test_by_total(self):
        self.fleet(model("one", "300MiB"), device="profile: gpu.yaml, reserved: 600MiB")
        self.write("gpu.yaml", GPU.replace("total: 1GiB", "free: 700MiB"))
        self.expect_advice(self.check_json(CANNOT_TELL)["advice"], ("--by-total", "'total'"))
        done = self.run_rein("check", "fleet.yaml", "--by-total")
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        self.expect_facts(done.stderr, "gpu.yaml: ", "total", "--by-total", "'total'")
        self.write("gpu.yaml", GPU + "free: 0B\n")
        self.check(DOES_NOT_FIT)
        self.check(FITS, "--by-total")
        found = json.loads(self.run_rein("probe", "--json").stdout)
        if found["reason"] is not None:
            self.check(CANNOT_TELL, "--by-total", "--device", "auto")

    def test_advice_promises_nothing_beside_what_is_unknown(self):
        self.run_one("true")
        self.write(self.folder_of_device() + "/notes", "")
        self.lock(self.folder_of_device() + "/notes")
        self.fleet(model("one", "1000MiB"), device="profile: gpu.yaml, headroom: 1GiB")
        advice = self.check_json(DOES_NOT_FIT)["advice"]
        self.expect_advice(advice, ("at least",))
        self.fleet(model("one"))
        document = self.check_json(CANNOT_TELL)
        self.assertEqual(document["memory"]["missing"], ["reservations"])
        self.assertIn("'rein status'", document["advice"][0])


if __name__ == "__main__":
    rein_case.main()
