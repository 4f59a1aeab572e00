"""A full disk and a read-only file system, mounted for this program alone. Skipped, and listed as
such, where it may not mount anything."""

import os
import subprocess
import sys

import rein_case
from rein_case import CANNOT_TELL
from reservations_case import HOLD, MIB, ReservationsCase

# A mount namespace of its own: as root, or as the root of a user namespace.
NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])


def enter_namespace():
    """Does not return where there is a namespace to be had."""
    for namespace in NAMESPACES:
        try:
            tried = subprocess.run([*namespace, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            return
        if tried.returncode == 0:
            os.environ["REIN_TEST_HAS_NAMESPACE"] = "1"
            os.execvp(namespace[0], [*namespace, sys.executable, *sys.argv])


class Mounts(ReservationsCase):
    def mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)

    def new_mount(self, name, *arguments):
        os.mkdir(self.path(name))
        self.mount(*arguments, self.path(name))
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.path(name)], check=True)
        return self.path(name)

    def setUp(self):
        super().setUp()
        self.disk = self.new_mount("disk", "-t", "tmpfs", "-o", "size=64k,mode=700", "none")
        self.state = os.path.join(self.disk, "state")
        os.mkdir(self.state, 0o700)

    def fill(self):
        with open(os.path.join(self.disk, "filling"), "wb", buffering=0) as file:
            with self.assertRaises(OSError):
                while True:
                    file.write(b"x" * 512)

    def test_a_full_disk(self):
        self.fill()
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
        self.fill()
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
    if "REIN_TEST_HAS_NAMESPACE" not in os.environ:
        enter_namespace()
        print("test_reservations_mounts: SKIPPED: no mount namespace can be had")
        sys.exit(77)
    rein_case.main()
