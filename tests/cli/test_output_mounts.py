"""Outputs to a full disk and to a read-only file system: a message, exit code 2, and no file left
behind. Reported as skipped if the program may not mount file systems."""

import os

import rein_case
from mounts_case import MountsCase, run_in_namespace

OLD = "precious"
# The output, and the call without its path.
CALLS = {"out.svg": ("check", "fleet.yaml", "--svg"), "out.csv": ("plan", "small.csv", "--csv"),
         "plan.svg": ("plan", "small.csv", "--svg"),
         "out.proof": ("plan", "small.csv", "--certificate"), "rein.yaml": ("init",)}


class OutputMounts(MountsCase):
    def setUp(self):
        super().setUp()
        self.disk = self.new_mount("disk", "-t", "tmpfs", "-o", "size=32k", "none")

    def expect_no_trace(self, reason, folder, old):
        for name, call in CALLS.items():
            path = os.path.join(folder, name)
            reason_of_call = reason
            if call == ("init",) and old and reason != "Read-only file system":
                reason_of_call = "(File exists|No space left on device)"
            with self.subTest(call=call, old=old):
                before = sorted(os.listdir(folder))
                done = self.run_rein(*call, path)
                self.assertEqual((done.returncode, done.stdout), (rein_case.BAD_INPUT, ""))
                self.assertRegex(done.stderr, rf"\A{path}: [^\n]*{reason_of_call}\n\Z")
                self.assertEqual(sorted(os.listdir(folder)), before)
                if old:
                    self.assertEqual(self.read(path), OLD)

    def test_a_full_disk(self):
        self.fill(self.disk)
        self.expect_no_trace("No space left on device", self.disk, False)

    def test_a_full_disk_with_what_was_there(self):
        for name in CALLS:
            self.write(os.path.join(self.disk, name), OLD)
        self.fill(self.disk)
        self.expect_no_trace("No space left on device", self.disk, True)

    def test_a_disk_that_fills_while_many_are_planned(self):
        os.mkdir(self.path("many"))
        rows = "id,lower,upper,size\n" + "".join(
            f"tensor-{index},{index},{index + 1},4096\n" for index in range(300))
        for index in range(8):
            self.write(f"many/{index}.csv", rows)
        done = self.run_rein("plan", "many", "--csv", self.disk)
        self.assertEqual(done.returncode, rein_case.BAD_INPUT, done.stderr)
        self.assertIn(": No space left on device\n", done.stderr)
        written = os.listdir(self.disk)
        self.assertTrue(set(written) < {f"{index}.csv" for index in range(8)}, written)
        for name in written:
            self.assertEqual(self.read(os.path.join(self.disk, name)).count("\n"), 301)

    def test_a_read_only_file_system(self):
        view = self.new_mount("view", "--bind", self.folder)
        self.mount("-o", "remount,bind,ro", view)
        self.expect_no_trace("Read-only file system", view, False)


if __name__ == "__main__":
    run_in_namespace("test_output_mounts")
