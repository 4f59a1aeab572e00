"""Reservations of several users in one state directory. Requires root to become these users; reported
as skipped otherwise."""

import os
import shutil
import signal
import sys

import rein_case
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS
from reservations_case import HOLD, MIB, ReservationsCase

GROUP, FIRST, SECOND = 64123, 64124, 64125


def as_user(user, group=GROUP, umask=0o077):
    """Returns options to run a process as `user`, with `group` as an additional group."""
    return {"user": user, "group": user, "extra_groups": [group], "umask": umask}


class Users(ReservationsCase):
    def setUp(self):
        super().setUp()
        # Other users may not be able to reach the build folder.
        shutil.copy(rein_case.REIN, self.path("rein"))
        os.chmod(self.path("rein"), 0o755)
        os.chmod(self.folder, 0o755)
        self.addCleanup(setattr, rein_case, "REIN", rein_case.REIN)
        rein_case.REIN = self.path("rein")
        self.share(0, 0o2770)

        self.run_count = 0

    def environment(self, variables=None):
        """Adds a folder per run, to which a coverage build writes its counts."""
        self.run_count += 1
        counts = self.path(f"counts{self.run_count}")
        os.mkdir(counts)
        os.chmod(counts, 0o777)
        return super().environment({"GCOV_PREFIX": counts, **(variables or {})})

    def share(self, owner, mode):
        os.chown(self.state, owner, GROUP)
        os.chmod(self.state, mode)

    def test_members_of_the_group_see_each_other(self):
        held = self.start(*HOLD, **as_user(FIRST))
        self.assertEqual(self.status(**as_user(SECOND))["reserved_bytes"], 564 * MIB)
        self.assertEqual(self.run_one("true", **as_user(SECOND)).returncode, DOES_NOT_FIT)
        held.communicate("\n")
        self.assertEqual(self.run_one("true", **as_user(SECOND)).returncode, 0)
        self.assertEqual(os.stat(self.folder_of_device()).st_uid, FIRST)

    def test_a_member_removes_what_another_left(self):
        held = self.start(*HOLD, **as_user(FIRST))
        held.send_signal(signal.SIGKILL)
        held.wait()
        self.assertEqual(len(self.files_of_device()), 1)
        self.assertEqual(self.run_one("true", **as_user(SECOND)).returncode, 0)
        done = self.run_one("sh", "-c", f"ls {self.folder_of_device()}", **as_user(SECOND))
        self.assertEqual(len(done.stdout.splitlines()), 1, "its own")

    def test_who_is_not_in_the_group_is_refused(self):
        self.run_one("true", **as_user(FIRST))
        done = self.run_one("true", **as_user(SECOND, group=SECOND))
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("Permission denied", done.stderr)
        self.assertNotEqual(self.run_rein("status", **as_user(SECOND, group=SECOND)).returncode,
                            FITS)

    def test_others_may_look_where_the_operator_lets_them(self):
        self.share(0, 0o2775)
        held = self.start(*HOLD, **as_user(FIRST))
        stranger = as_user(SECOND, group=SECOND)
        self.assertEqual(self.status(**stranger)["reserved_bytes"], 564 * MIB)
        held.communicate("\n")
        done = self.run_one("true", **stranger)
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("Permission denied", done.stderr)

    def test_a_directory_that_its_owner_may_only_read(self):
        self.share(FIRST, 0o700)
        self.run_one("true", **as_user(FIRST))
        for folder in (self.folder_of_device(), self.state):
            os.chmod(folder, 0o500)
        self.assertEqual(self.status(**as_user(FIRST))["reserved_bytes"], 0)
        done = self.run_one("true", **as_user(FIRST))
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("Permission denied", done.stderr)
        shutil.rmtree(self.folder_of_device())
        done = self.run_one("true", **as_user(FIRST))
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("Permission denied", done.stderr)

    def test_a_directory_of_another_user_is_not_trusted(self):
        self.share(FIRST, 0o2770)
        self.assertEqual(self.run_one("true", **as_user(FIRST)).returncode, 0)
        done = self.run_one("true", **as_user(SECOND))
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.assertIn("must be owned by root or by you", done.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("test_reservations_users: SKIPPED: only root can become other users")
        sys.exit(77)
    rein_case.main()
