"""`rein plan` of several files and of directories: the order, the worst exit code, both forms."""

import gzip
import json
import os
import re

import jsonschema

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, LIFETIMES, ROOT, ReinCase

BROKEN = "id,lower,upper,size\na,0,1,1\nb,0,1,x\n"
REFUSED = ("broken.csv:3:7", "'x'", "0", "2^63")

SUMMARY = """\
FILE          TENSORS   HEIGHT    BOUND  PLAN         STEPS  TIME
hard.csv           10     18 B     16 B  within 12.5%     0  TIME
in/a.csv.gz         2  3.0 MiB  3.0 MiB  exact            0  TIME
in/b.csv            2  3.0 MiB  3.0 MiB  exact            0  TIME

3 files: 2 exact, 1 within a bound, 0 not planned
"""


class PlanMany(Facts, ReinCase):
    def setUp(self):
        super().setUp()
        self.write("hard.csv", HARD)
        self.write("broken.csv", BROKEN)
        os.mkdir(self.path("in"))
        self.write("in/b.csv", LIFETIMES)
        self.write("in/a.csv.gz", gzip.compress(LIFETIMES.encode()))
        self.write("in/.hidden.csv", BROKEN)
        self.write("in/notes.txt", "no lifetimes\n")
        self.write("in/.csv", BROKEN)

    def summary(self, code, *arguments):
        text = self.expect_result(code, "plan", *arguments)
        return re.sub(r" +[0-9.]+ (us|ms|s)\b", "  TIME", text)

    def documents(self, code, *arguments):
        lines = self.expect_result(code, "plan", "--json", *arguments).splitlines()
        return [json.loads(line) for line in lines]

    def test_the_whole_summary(self):
        text = self.summary(FITS, "hard.csv", "in", "--effort", "0")
        squeezed = [re.sub(" +", " ", line) for line in text.splitlines()]
        self.assertEqual(squeezed, [re.sub(" +", " ", line) for line in SUMMARY.splitlines()])

    def test_a_directory_is_a_list_even_of_one_file(self):
        os.remove(self.path("in/b.csv"))
        self.assertIn("1 file: 1 exact, 0 within a bound, 0 not planned\n",
                      self.summary(FITS, "in/"))
        document, = self.documents(FITS, "in/")
        self.assertEqual(document["lifetimes"], "in/a.csv.gz")

    def test_each_line_is_the_document_of_its_file(self):
        with open(os.path.join(ROOT, "docs", "schema", "plan.schema.json"), encoding="utf-8") as file:
            schema = jsonschema.Draft202012Validator(json.load(file))
        many = self.documents(FITS, "in", "hard.csv")
        self.assertEqual([document["lifetimes"] for document in many],
                         ["in/a.csv.gz", "in/b.csv", "hard.csv"])
        for document in many:
            schema.validate(document)
            alone = json.loads(self.expect_result(FITS, "plan", "--json", document["lifetimes"]))
            del alone["plan_ns"], document["plan_ns"]
            self.assertEqual(document, alone)

    def test_the_order_does_not_depend_on_who_is_first(self):
        names = []
        for index in range(30):
            names.append(f"f{index}.csv")
            self.write(names[-1], HARD if index % 3 == 0 else LIFETIMES)
        expected = None
        for jobs in ("1", "2", "3", "30", "1024"):
            found = self.documents(FITS, *names, "--jobs", jobs)
            self.assertEqual([document["lifetimes"] for document in found], names)
            for document in found:
                del document["plan_ns"]
            expected = expected or found
            self.assertEqual(found, expected)

    def test_a_broken_file_does_not_stop_the_others(self):
        for jobs in ("1", "4"):
            done = self.run_rein("plan", "broken.csv", "small.csv", "none.csv", "in", "--jobs", jobs)
            self.assertEqual(done.returncode, BAD_INPUT)
            self.expect_messages(done.stderr, [REFUSED, ("none.csv", "No such file or directory")])
            self.assertRegex(done.stdout, r"(?m)^broken\.csv +not planned$")
            self.assertRegex(done.stdout, r"(?m)^small\.csv .* exact ")
            self.assertIn("5 files: 3 exact, 0 within a bound, 2 not planned\n", done.stdout)
            done = self.run_rein("plan", "--json", "broken.csv", "small.csv", "--jobs", jobs)
            self.assertEqual(done.returncode, BAD_INPUT)
            self.expect_messages(done.stderr, REFUSED)
            self.assertEqual(json.loads(done.stdout)["lifetimes"], "small.csv")

    def test_what_no_placement_holds_does_not_stop_the_others(self):
        self.write("full.csv", "id,lower,upper,size\n" + f"a,0,1,{2 ** 63}\nb,0,1,{2 ** 63}\n")
        done = self.run_rein("plan", "full.csv", "small.csv")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertRegex(done.stderr, r"\Afull\.csv: [^\n]+\n\Z")
        self.assertIn("2 files: 1 exact, 0 within a bound, 1 not planned\n", done.stdout)

    def test_the_worst_exit_code(self):
        self.write("large.csv", "id,lower,upper,size\na,0,1,99\n")
        self.write("tiny.csv", "id,lower,upper,size\na,0,1,9\n")
        unknown = ("hard.csv", "--capacity", "17B", "--effort", "0")
        text = self.summary(CANNOT_TELL, "tiny.csv", *unknown)
        self.expect_verdict(text, "cannot tell", "1 of 2", "17B", "--effort")
        text = self.summary(DOES_NOT_FIT, "tiny.csv", "large.csv", *unknown)
        self.expect_verdict(text, "does not fit", "1 of 3", "17B")
        self.assertRegex(text, r"(?m)^large\.csv .* does not fit$")
        text = self.summary(FITS, "tiny.csv", "tiny.csv", "--capacity", "17B")
        self.expect_verdict(text, "fits", "17B")
        done = self.run_rein("plan", "large.csv", "broken.csv", "tiny.csv", *unknown)
        self.assertEqual(done.returncode, BAD_INPUT)
        self.expect_verdict(done.stdout, "does not fit", "1 of 4")
        done = self.run_rein("plan", "broken.csv", "tiny.csv", "--capacity", "17B")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.expect_verdict(done.stdout, "cannot tell", "1 of 2")

    def test_refusals(self):
        os.mkdir(self.path("empty"))
        self.write("empty/notes.txt", "")
        self.write("empty/csv", "")
        for said, arguments in (
                (("empty", "*.csv", "*.csv.gz"), ["small.csv", "empty"]),
                (("empty", "*.csv", "*.csv.gz"), ["empty", "in"]),
                (("rein", "'--svg'", "'out.svg'", "directory"), ["in", "--svg", "out.svg"]),
                (("rein", "'--certificate'", "'small.csv'", "directory"),
                 ["in", "small.csv", "--certificate", "small.csv"]),
                (("rein", "'in/b.csv'", "another output"), ["in", "--csv", "in"]),
                (("rein", "'in/b.csv'", "'./in/../in/b.csv'", "same file"),
                 ["in", "./in/../in/b.csv", "--svg", "empty"]),
                (("rein", "'--jobs'", "'0'", "1", "1024"), ["in", "--jobs", "0"]),
                (("rein", "'--jobs'", "'1025'", "1", "1024"), ["small.csv", "--jobs", "1025"]),
                (("rein", "'--jobs'", "'2x'", "1", "1024"), ["in", "--jobs", "2x"])):
            self.expect_refusal(said, "plan", *arguments)
        self.assertFalse(os.path.exists(self.path("out.svg")))
        self.assertEqual(sorted(os.listdir(self.path("empty"))), ["csv", "notes.txt"])
        if os.geteuid() != 0:
            os.chmod(self.path("empty"), 0)
            self.expect_refusal(("empty", "Permission denied"), "plan", "empty")
            os.chmod(self.path("empty"), 0o700)

    def test_outputs_of_many_files(self):
        os.mkdir(self.path("out"))
        self.summary(FITS, "in", "hard.csv", "--csv", "out", "--svg", "out", "--certificate", "out/")
        self.assertEqual(sorted(os.listdir(self.path("out"))), [
            f"{name}.{kind}" for name in ("a", "b", "hard") for kind in ("certificate", "csv", "svg")])
        for path, name in (("in/a.csv.gz", "a"), ("in/b.csv", "b"), ("hard.csv", "hard")):
            self.expect_result(FITS, "plan", path, "--csv", "alone.csv", "--certificate", "alone")
            self.assertEqual(self.read(f"out/{name}.csv"), self.read("alone.csv"))
            self.assertEqual(self.read(f"out/{name}.certificate"), self.read("alone"))
            self.expect_result(0, "verify", path, f"out/{name}.certificate")
            self.assertIn("</svg>", self.read(f"out/{name}.svg"))
        modes = {os.stat(self.path(f"out/{name}")).st_mode for name in os.listdir(self.path("out"))}
        self.assertEqual(modes, {os.stat(self.path("alone")).st_mode})

    def test_outputs_that_fail_belong_to_their_file(self):
        os.makedirs(self.path("out/a.csv"))
        done = self.run_rein("plan", "in", "--csv", "out")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.expect_messages(done.stderr, ("out/a.csv", "cannot write", "Is a directory"))
        self.assertIn("2 files: 1 exact, 0 within a bound, 1 not planned\n", done.stdout)
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["a.csv", "b.csv"])

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for form in ([], ["--json"]):
                done = self.run_rein("plan", "in", *form, "--jobs", "2", stdout=full)
                self.assertEqual(done.returncode, BAD_INPUT)
                self.expect_messages(done.stderr, ("rein", "standard output", "No space left on device"))

    def test_a_fleet_of_many_models(self):
        models = "".join(f"  - {{id: m{i}, budget: {{memory: 4MiB, streams: 1, compute: 1ms}}, "
                         f"weights: 0B, lifetimes: f{i}.csv}}\n" for i in range(20))
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n" + models)
        for index in range(20):
            self.write(f"f{index}.csv", HARD if index % 2 else "id,lower,upper,size\na,0,1,9\n")
        found = json.loads(self.expect_result(FITS, "check", "fleet.yaml", "--json"))
        self.assertEqual([model["activations"]["bytes"] for model in found["models"]], [9, 17] * 10)
        self.write("f3.csv", BROKEN)
        self.write("f7.csv", BROKEN)
        self.expect_refusal([message for index in (3, 7) for message in (
            (f"f{index}.csv:3:7", *REFUSED[1:]), (f"fleet.yaml:{4 + index}:88", "lifetimes", f"'m{index}'"))],
                            "check", "fleet.yaml")


if __name__ == "__main__":
    rein_case.main()
