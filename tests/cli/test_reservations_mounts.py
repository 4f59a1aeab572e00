"""A full disk and a read-only file system, mounted for this program only. Reported as skipped if it may
not mount file systems."""

import os
import pwd
import shutil
import subprocess

import rein_case
from mounts_case import MountsCase, run_in_namespace
from rein_case import CANNOT_TELL
from reservations_case import HOLD, MIB, ONE, ReservationsCase

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
        self.assertEqual(self.files_of_device(), [])
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
        self.assertEqual(done.stderr, "rein: cannot lock GPU-1: Read-only file system\n")
        self.assertEqual(self.status(**read_only)["reserved_bytes"], 0)

    def test_a_read_only_view_that_nobody_has_used(self):
        view = self.new_mount("view", "--bind", self.state)
        self.mount("-o", "remount,bind,ro", view)
        done = self.run_one("true", variables={"REIN_STATE_DIR": view})
        self.assertEqual((done.returncode, done.stderr),
                         (CANNOT_TELL, "rein: cannot lock the state directory: "
                                       "Read-only file system\n"))

    def test_a_directory_that_logind_empties(self):
        runtime = f"/run/user/{os.getuid()}"
        self.mount("-t", "tmpfs", "none", "/run")
        self.addCleanup(subprocess.run, ["umount", "--lazy", "/run"], check=True)
        self.mount("-t", "tmpfs", "none", "/var/lib")
        self.addCleanup(subprocess.run, ["umount", "--lazy", "/var/lib"], check=True)
        os.makedirs(runtime, 0o700)
        variables = {"REIN_STATE_DIR": "", "XDG_RUNTIME_DIR": runtime}
        held = self.start(*HOLD, variables=variables, stderr=subprocess.PIPE)
        self.assertEqual(self.run_one("true", variables=variables).returncode,
                         rein_case.DOES_NOT_FIT)
        shutil.rmtree(os.path.join(runtime, "rein"))
        subprocess.run(["umount", "--lazy", "/run"], check=True)
        self.mount("-t", "tmpfs", "none", "/run")
        os.makedirs(runtime, 0o700)
        unknown, = self.status(CANNOT_TELL, variables=variables)["unknown"]
        self.assertRegex(unknown["reason"], rf"\b{held.pid}\b.* 564MiB\b")
        done = self.run_one("true", variables=variables)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("loginctl enable-linger", done.stderr)
        _, told = held.communicate("\n")
        self.assertEqual(told.count("loginctl enable-linger"), 1)
        shutil.rmtree(os.path.join(runtime, "rein"))
        os.makedirs("/var/lib/systemd/linger")
        with open(os.path.join("/var/lib/systemd/linger", pwd.getpwuid(os.getuid()).pw_name), "w"):
            pass
        done = self.run_one("true", variables=variables)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_user_without_a_name_does_not_linger(self):
        self.mount("-t", "tmpfs", "none", "/run")
        self.addCleanup(subprocess.run, ["umount", "--lazy", "/run"], check=True)
        os.makedirs("/run/user/54321", 0o700)
        variables = {"REIN_STATE_DIR": "", "XDG_RUNTIME_DIR": "/run/user/54321"}
        done = subprocess.run(["unshare", "--user", "--map-user=54321", rein_case.REIN, "run", *ONE,
                               "--", "true"], cwd=self.folder, env=self.environment(variables),
                              capture_output=True, encoding="utf-8", check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("loginctl enable-linger", done.stderr)


if __name__ == "__main__":
    run_in_namespace("test_reservations_mounts")
