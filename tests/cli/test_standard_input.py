"""'-' means standard input for every input file."""

import os
import subprocess

import rein_case
from rein_case import DEVICE, FITS, HARD, LIFETIMES, MANIFEST, ReinCase


class StandardInput(ReinCase):
    def expect_same(self, text, named, call, code=FITS, **options):
        """Expects the same output for '-' as for the named file."""
        there = self.expect_result(code, *call, **options)
        piped = self.expect_result(code, *("-" if word == named else word for word in call),
                                   input=text, stdin=None, **options)
        self.assertEqual(piped, there)

    def test_a_manifest(self):
        self.expect_same(MANIFEST, "fleet.yaml", ["check", "fleet.yaml"])

    def test_what_init_writes(self):
        written = self.expect_result(FITS, "init", "-")
        self.assertIn("first-model", self.expect_result(FITS, "check", "-", "--device", "device.yaml",
                                                        input=written, stdin=None))

    def test_a_profile(self):
        self.expect_same(DEVICE, "device.yaml", ["status", "--device", "device.yaml", "--json"])

    def test_lifetimes_and_a_certificate(self):
        self.write("hard.csv", HARD)
        self.expect_result(FITS, "plan", "hard.csv", "--certificate", "proof")
        for call in (["plan", "-"], ["plan", "-", "small.csv"]):
            self.assertIn("exact", self.expect_result(FITS, *call, input=LIFETIMES, stdin=None))
        self.assertEqual(self.expect_result(FITS, "verify", "-", "proof", input=HARD, stdin=None),
                         "proof: proves that the least height of - is 17 B\n")
        self.assertEqual(self.expect_result(FITS, "verify", "hard.csv", "-", input=self.read("proof"),
                                            stdin=None),
                         "-: proves that the least height of hard.csv is 17 B\n")

    def test_messages_call_it_by_its_name(self):
        for text, said in (("", ("standard input", "empty", "manifest")),
                           ("schema: 3\n", ("standard input:1:9", "'3'", "1"))):
            self.expect_refusal(said, "check", "-", input=text, stdin=None)
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        self.expect_refusal(("standard input", "directory", "manifest"), "check", "-", stdin=folder)

    def test_what_is_closed(self):
        done = subprocess.run(["sh", "-c", f"'{rein_case.REIN}' check - <&-"], cwd=self.folder,
                              capture_output=True, encoding="utf-8", check=False, timeout=60)
        self.assertEqual(done.returncode, rein_case.BAD_INPUT)
        self.expect_messages(done.stderr, ("standard input", "Bad file descriptor"))

    def test_a_manifest_names_a_file_of_that_name(self):
        self.write("fleet.yaml", MANIFEST.replace("small.csv", "'-'"))
        self.write("-", LIFETIMES)
        self.expect_result(FITS, "check", "fleet.yaml")
        self.assertIn("tensors", self.expect_result(FITS, "plan", "./-"))


if __name__ == "__main__":
    rein_case.main()
