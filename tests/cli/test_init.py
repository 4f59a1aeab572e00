"""`rein init` writes a manifest that explains itself."""

import os
import re

import rein_case
from rein_case import BAD_INPUT, CANNOT_TELL, FITS, ReinCase


class Init(ReinCase):
    def test_the_file_is_a_manifest(self):
        self.assertIn("rein check rein.yaml\n", self.expect_result(FITS, "init"))
        done = self.run_rein("check", "rein.yaml", "--device", "device.yaml")
        self.assertEqual((done.returncode, done.stderr), (FITS, ""))
        self.assertIn("first-model", done.stdout)

    def test_what_is_commented_out_is_valid_too(self):
        text = self.expect_result(FITS, "init", "-")
        uncommented = re.sub(r"(?m)^( *)# (- id:|  budget:|  weights:|  activations:|  load_peak:|"
                             r"  concurrent:|  sequences:|  state:|  processes:|  growth:|reserved:|"
                             r"context_overhead:|granularity:|pool_growth:)", r"\1\2", text)
        self.assertEqual(len(re.findall("(?m)^ *#", text)) -
                         len(re.findall("(?m)^ *#", uncommented)), 21)
        self.write("rein.yaml", uncommented)
        done = self.run_rein("check", "rein.yaml", "--device", "device.yaml")
        self.assertNotEqual(done.returncode, BAD_INPUT, done.stderr)
        self.assertIn("second-model", done.stdout)
        self.assertIn("third-model", done.stdout)
        self.assertRegex(done.stdout, r"- reserved +1\.0 GiB +1073741824 B +manifest:")

    def test_the_file_may_be_named(self):
        self.expect_result(FITS, "init", "other.yaml")
        self.assertEqual(self.read("other.yaml"), self.expect_result(FITS, "init", "-"))
        self.assertEqual(os.stat(self.path("other.yaml")).st_mode & 0o777,
                         os.stat(self.path("fleet.yaml")).st_mode & 0o777)

    def test_nothing_is_replaced(self):
        os.symlink("nowhere", self.path("link.yaml"))
        os.mkdir(self.path("folder"))
        for name in ("fleet.yaml", "link.yaml", "folder"):
            self.expect_refusal((name, "exists"), "init", name)
        self.assertEqual(self.read("fleet.yaml"), rein_case.MANIFEST)
        self.assertEqual(sorted(os.listdir(self.folder)),
                         ["device.yaml", "fleet.yaml", "folder", "link.yaml", "small.csv"])

    def test_where_nothing_can_be_written(self):
        self.expect_refusal(("no/such", "No such file or directory"), "init", "no/such")

    def test_without_a_device_the_verdict_is_open(self):
        self.expect_result(FITS, "init")
        self.write("empty.yaml", "schema: 1\nsource: synthetic\n")
        done = self.run_rein("check", "rein.yaml", "--device", "empty.yaml")
        self.assertEqual(done.returncode, CANNOT_TELL)


if __name__ == "__main__":
    rein_case.main()
