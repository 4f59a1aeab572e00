"""Commands accept the files that commands write: CSV files with offsets, certificates, manifests and
profiles, plain and compressed by gzip."""

import csv
import gzip
import io
import json
import os

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, LIFETIMES, ReinCase

PROVES, DOES_NOT_PROVE = 0, 1
ALIGNED = "id,lower,upper,size,alignment\na,0,2,100,64\nb,1,3,200,1\n"
IGNORED = ("offsets", "ignored", "--keep-offsets")
NONE = "no offsets"
KEPT = ("offsets", "kept")


class RoundTrips(Facts, ReinCase):
    def plan(self, code, *arguments):
        return json.loads(self.expect_result(code, "plan", "--json", *arguments))

    def rows(self, name):
        return list(csv.DictReader(io.StringIO(self.read(name))))

    def write_plan(self, text, name="p.csv"):
        """Returns the rows that `rein plan --csv` writes for lifetimes."""
        self.write("base.csv", text)
        self.expect_result(FITS, "plan", "base.csv", "--csv", name)
        return self.rows(name)

    def change_offset(self, name, row, offset):
        lines = self.read(name).splitlines()
        lines[row + 1] = lines[row + 1].rsplit(",", 1)[0] + f",{offset}"
        self.write(name, "\n".join(lines) + "\n")

    def test_a_plan_is_planned_again(self):
        for text in (LIFETIMES, HARD, ALIGNED):
            rows = self.write_plan(text)
            self.expect_lines(self.expect_result(FITS, "plan", "p.csv"), IGNORED)
            again = self.plan(FITS, "p.csv")
            self.assertEqual((again["has_offsets"], again["keeps_offsets"]), (True, False))
            base = self.plan(FITS, "base.csv")
            self.assertEqual((base["has_offsets"], base["keeps_offsets"]), (False, False))
            for document in (base, again):
                for key in ("lifetimes", "plan_ns", "has_offsets"):
                    del document[key]
            self.assertEqual(again, base)
            self.expect_result(FITS, "plan", "p.csv", "--csv", "again.csv")
            self.assertEqual(self.rows("again.csv"), rows)

    def test_offsets_are_kept_where_that_is_asked_for(self):
        for text in (LIFETIMES, HARD, ALIGNED):
            rows = self.write_plan(text)
            highest = max(int(row["offset"]) for row in rows)
            top = next(index for index, row in enumerate(rows) if int(row["offset"]) == highest)
            self.change_offset("p.csv", top, highest + 64)
            self.expect_lines(self.expect_result(FITS, "plan", "p.csv", "--keep-offsets"), KEPT)
            kept = self.plan(FITS, "p.csv", "--keep-offsets")
            self.assertEqual((kept["has_offsets"], kept["keeps_offsets"]), (True, True))
            self.assertEqual([placed["offset_bytes"] for placed in kept["placements"]],
                             [int(row["offset"]) for row in self.rows("p.csv")])
            self.assertEqual(kept["height_bytes"], highest + 64 + int(rows[top]["size"]))
            self.assertEqual(kept["bound_proof"], "fixed")
            self.assertTrue(kept["is_optimal"])
            self.expect_lines(self.expect_result(FITS, "plan", "p.csv", "--keep-offsets"),
                              ("lower bound", "highest", "offset", "kept"))

    def test_kept_offsets_against_a_capacity(self):
        self.write_plan(LIFETIMES)
        self.change_offset("p.csv", 0, 3145728)
        self.expect_result(FITS, "plan", "p.csv", "--keep-offsets", "--capacity", "4MiB")
        text = self.expect_result(DOES_NOT_FIT, "plan", "p.csv", "--keep-offsets", "--capacity", "3MiB")
        self.expect_verdict(text, "does not fit", "offset", "kept", "4.0 MiB", "1.0 MiB", "3.0 MiB")
        text = self.expect_result(DOES_NOT_FIT, "plan", "p.csv", "--keep-offsets", "--capacity", "4194303B")
        self.expect_verdict(text, "does not fit", "offset", "kept", "4194304 B", "1 B", "4194303 B")
        self.expect_result(FITS, "plan", "p.csv", "--capacity", "3MiB")

    def test_offsets_that_no_plan_keeps(self):
        self.write_plan(LIFETIMES)
        self.change_offset("p.csv", 0, 1)
        for extra in ([], ["--capacity", "1GiB"], ["--json"]):
            done = self.run_rein("plan", "p.csv", "--keep-offsets", *extra)
            self.assertEqual((done.returncode, done.stdout), (DOES_NOT_FIT, ""))
            self.expect_messages(done.stderr, ("p.csv", "offsets overlap", "'a'", "1", "'b'", "0", "instant 1",
                                               "--keep-offsets"))
        self.expect_lines(self.expect_result(FITS, "plan", "p.csv"), IGNORED)

    def test_offsets_that_break_a_rule_count_only_if_they_are_kept(self):
        self.write_plan(ALIGNED)
        self.change_offset("p.csv", 0, 1)
        self.expect_result(FITS, "plan", "p.csv")
        self.expect_refusal(("p.csv", "0", "1"), "plan", "p.csv", "--keep-offsets")

    def test_the_greatest_offsets(self):
        for text in (LIFETIMES, LIFETIMES.replace("1048576", "0")):
            self.write_plan(text)
            for offset in (2 ** 64 - 1, 2 ** 64 - 2, 2 ** 63 + 1):
                self.change_offset("p.csv", 0, offset)
                self.expect_result(FITS, "plan", "p.csv")
                done = self.run_rein("plan", "p.csv", "--keep-offsets", "--csv", "kept.csv")
                self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""), offset)
                self.assertFalse(os.path.exists(self.path("kept.csv")))
        self.assertIn("p.csv:", done.stderr)
        self.change_offset("p.csv", 0, 2 ** 63)
        self.expect_result(FITS, "plan", "p.csv", "--keep-offsets", "--csv", "kept.csv")
        self.assertEqual(self.rows("kept.csv")[0]["offset"], str(2 ** 63))

    def test_a_tensor_without_bytes_takes_none_wherever_it_is(self):
        self.write("p.csv", "id,lower,upper,size,offset\na,0,2,0,100\nb,1,3,5,0\n")
        for extra in ([], ["--capacity", "5B"]):
            self.assertEqual(self.plan(FITS, "p.csv", "--keep-offsets", "--svg", "kept.svg", *extra)["height_bytes"], 5)

    def test_an_offset_that_means_none_is_named_with_its_row(self):
        self.write_plan(LIFETIMES)
        self.change_offset("p.csv", 1, 2 ** 64 - 1)
        for calls in (["p.csv"], ["p.csv", "small.csv"]):
            done = self.run_rein("plan", *calls, "--keep-offsets")
            self.assertEqual(done.returncode, BAD_INPUT)
            self.assertIn("p.csv:3:15: ", done.stderr)

    def test_nothing_is_kept_of_a_file_without_offsets(self):
        document = self.plan(FITS, "small.csv", "--keep-offsets")
        self.assertEqual((document["has_offsets"], document["keeps_offsets"]), (False, False))
        self.assertEqual(document["bound_proof"], "peak")
        self.assertIn(NONE, self.expect_result(FITS, "plan", "small.csv", "--keep-offsets"))
        self.assertNotIn(NONE, self.expect_result(FITS, "plan", "small.csv"))

    def test_a_certificate_is_not_about_kept_offsets(self):
        self.write_plan(LIFETIMES)
        self.expect_refusal(("rein", "--certificate", "--keep-offsets"), "plan", "p.csv", "--keep-offsets",
                            "--certificate", "proof")

    def test_many_files(self):
        self.write_plan(LIFETIMES)
        self.write_plan(HARD, "hard.csv")
        for count, names in (("1 file", ("p.csv", "small.csv")), ("2 files", ("p.csv", "hard.csv"))):
            self.expect_lines(self.expect_result(FITS, "plan", *names),
                              ("offsets", count, "ignored", "--keep-offsets"))
        self.assertNotIn("ignored", self.expect_result(FITS, "plan", "p.csv", "hard.csv", "--keep-offsets"))
        self.change_offset("p.csv", 0, 1)
        done = self.run_rein("plan", "p.csv", "hard.csv", "--keep-offsets")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.assertRegex(done.stdout, r"(?m)^p\.csv +not planned$")

    def test_a_certificate_of_the_same_run(self):
        for text, extra in ((LIFETIMES, []), (HARD, []), (HARD, ["--effort", "0"]),
                            (ALIGNED, ["--capacity", "1KiB"])):
            self.write("base.csv", text)
            self.expect_result(FITS, "plan", "base.csv", "--csv", "p.csv", "--certificate", "proof", *extra)
            self.expect_result(PROVES, "verify", "base.csv", "proof")
            self.expect_lines(self.expect_result(PROVES, "verify", "p.csv", "proof"),
                              ("p.csv: ", "offsets", "valid placement"))
            self.write("p.csv.gz", gzip.compress(self.read("p.csv").encode()))
            self.expect_result(PROVES, "verify", "p.csv.gz", "proof")

    def test_verify_checks_the_offsets_of_the_file(self):
        self.write("base.csv", ALIGNED)
        self.expect_result(FITS, "plan", "base.csv", "--csv", "p.csv", "--certificate", "proof")
        for offset, reason in ((384, ("of the file", "484 B")), (64, ("of the file", "'a'", "'b'", "1")),
                               (1, ("of the file", "'a'", "alignment")),
                               (2 ** 64 - 64, ("of the file", "'a'", "2^64"))):
            self.change_offset("p.csv", 0, offset)
            text = self.expect_result(DOES_NOT_PROVE, "verify", "p.csv", "proof")
            self.expect_messages(text, ("proof", "p.csv", *reason))

    def test_verify_of_a_claim_without_a_placement(self):
        self.write("base.csv", HARD)
        self.expect_result(FITS, "plan", "base.csv", "--csv", "p.csv")
        self.expect_result(DOES_NOT_FIT, "plan", "base.csv", "--capacity", "16B", "--certificate", "proof")
        self.expect_lines(self.expect_result(PROVES, "verify", "p.csv", "proof"),
                          ("p.csv: ", "offsets", "ignored", "placement"))

    def test_lifetimes_with_offsets_in_a_manifest(self):
        self.write_plan(LIFETIMES)
        plain = json.loads(self.expect_result(FITS, "check", "--json", "fleet.yaml"))
        self.write("fleet.yaml", rein_case.MANIFEST.replace("small.csv", "p.csv"))
        done = self.run_rein("check", "--json", "fleet.yaml")
        self.assertEqual(done.returncode, FITS)
        self.expect_messages(done.stderr, ("p.csv", "offsets"))
        planned = json.loads(done.stdout)
        for document in (plain, planned):
            self.assertEqual(document["models"][0]["activations"]["bytes"], 3145728)

    def test_gzip_of_a_written_plan(self):
        rows = self.write_plan(HARD)
        self.write("p.csv.gz", gzip.compress(self.read("p.csv").encode()))
        kept = self.plan(FITS, "p.csv.gz", "--keep-offsets")
        self.assertEqual([placed["offset_bytes"] for placed in kept["placements"]],
                         [int(row["offset"]) for row in rows])

    def test_a_plan_from_standard_input(self):
        self.write_plan(LIFETIMES)
        with open(self.path("p.csv"), encoding="utf-8") as file:
            self.expect_result(FITS, "plan", "-", "--keep-offsets", stdin=file)

    def test_the_manifest_that_init_writes(self):
        self.expect_result(FITS, "init", "new.yaml")
        done = self.run_rein("check", "new.yaml", "--device", "device.yaml")
        self.assertIn(done.returncode, (FITS, DOES_NOT_FIT, CANNOT_TELL))
        self.assertEqual(done.stderr, "")


if __name__ == "__main__":
    rein_case.main()
