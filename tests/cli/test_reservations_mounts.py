"""A full disk and a read-only file system, mounted for this program alone. Skipped, and listed as
such, where it may not mount anything."""

import os

import rein_case
from mounts_case import MountsCase, run_in_namespace
from rein_case import CANNOT_TELL
from reservations_case import HOLD, MIB, ReservationsCase

class Mounts(MountsCase, ReservationsCase):
    def setUp(self):
        super().setUp()
        self.disk = self.new_mount("disk", "-t", "tmpfs", "-o", "size=64k,mode=700", "none")
        self.state = os.path.join(self.disk, "state")
        os.mkdir(self.state, 0o700)

    def test_a_full_disk(self):
        self.fill(self.disk)
        done = self.run_one("true")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertRegex(done.stderr, r"\Arein: cannot write the reservation \S+: "
                                      r"No space left on device\n\Z")
        self.assertEqual(os.listdir(self.folder_of_device()), [])
        self.assertEqual(self.status()["reserved_bytes"], 0)
        os.remove(os.path.join(self.disk, "filling"))
        self.assertEqual(self.run_one("true").returncode, 0)

    def test_a_disk_that_fills_while_something_is_reserved(self):
        held = self.start(*HOLD)
        self.fill(self.disk)
        self.assertEqual(self.status()["reserved_bytes"], 564 * MIB)
        self.assertEqual(self.run_one("true").returncode, rein_case.DOES_NOT_FIT)
        held.communicate("\n")
        self.assertEqual(self.status()["reserved_bytes"], 0)

    def test_a_read_only_view(self):
        held = self.start(*HOLD)
        view = self.new_mount("view", "--bind", self.state)
        self.mount("-o", "remount,bind,ro", view)
        read_only = {"variables": {"REIN_STATE_DIR": view}}
        self.assertEqual(self.status(**read_only)["reserved_bytes"], 564 * MIB)
        held.communicate("\n")
        done = self.run_one("true", **read_only)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertRegex(done.stderr, r"\Arein: cannot make the reservation \S+: "
                                      r"Read-only file system\n\Z")
        self.assertEqual(self.status(**read_only)["reserved_bytes"], 0)

    def test_a_read_only_view_that_nobody_has_used(self):
        view = self.new_mount("view", "--bind", self.state)
        self.mount("-o", "remount,bind,ro", view)
        done = self.run_one("true", variables={"REIN_STATE_DIR": view})
        self.assertEqual((done.returncode, done.stderr),
                         (CANNOT_TELL, "rein: cannot open the device's folder GPU-1: "
                                       "Read-only file system\n"))


if __name__ == "__main__":
    run_in_namespace("test_reservations_mounts")
