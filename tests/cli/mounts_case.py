"""File systems that are mounted for one test program only."""

import os
import subprocess
import sys

import rein_case

# Commands for a new mount namespace: as root, or as root of a user namespace.
NAMESPACES = (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"])


def enter_namespace():
    """Restarts the program in a mount namespace. Returns only if that is not possible."""
    for namespace in NAMESPACES:
        try:
            tried = subprocess.run([*namespace, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            return
        if tried.returncode == 0:
            os.environ["REIN_TEST_HAS_NAMESPACE"] = "1"
            os.execvp(namespace[0], [*namespace, sys.executable, *sys.argv])


def run_in_namespace(name):
    """Runs the tests of the program, or reports them as skipped if it may not mount file systems."""
    if "REIN_TEST_HAS_NAMESPACE" not in os.environ:
        enter_namespace()
        print(f"{name}: SKIPPED: no mount namespace can be had")
        sys.exit(77)
    rein_case.main()


class MountsCase(rein_case.ReinCase):
    def mount(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)

    def new_mount(self, name, *arguments):
        os.mkdir(self.path(name))
        self.mount(*arguments, self.path(name))
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.path(name)], check=True)
        return self.path(name)

    def fill(self, disk):
        with open(os.path.join(disk, "filling"), "wb", buffering=0) as file:
            with self.assertRaises(OSError):
                while True:
                    file.write(b"x" * 512)
