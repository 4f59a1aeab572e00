"""rein run --measure as the first process of a PID namespace, as in a container: a signal does not end it
by default. Reported as skipped if this program may not make such a namespace."""

import subprocess
import sys

import rein_case
from reservations_case import GPU, ONE

# As root, or as root of a user namespace.
NAMESPACES = (["unshare", "--pid", "--fork"], ["unshare", "--map-root-user", "--pid", "--fork"])


def find_namespace():
    for namespace in NAMESPACES:
        try:
            if subprocess.run([*namespace, "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
                return namespace
        except FileNotFoundError:
            pass
    print("test_measure_first: SKIPPED: no PID namespace can be had")
    sys.exit(77)


class First(rein_case.ReinCase):
    def test_death_by_a_signal_is_an_exit_code(self):
        self.write("gpu.yaml", GPU)
        for number in (2, 9, 15):
            done = subprocess.run(
                [*NAMESPACE, rein_case.REIN, "run", *ONE, "--measure", "measured.yaml", "--", "sh", "-c",
                 f"kill -{number} $$; exit 9"], cwd=self.folder, env=self.environment(), check=False,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
            self.assertEqual(done.returncode, 128 + number, done.stderr)


if __name__ == "__main__":
    NAMESPACE = find_namespace()
    rein_case.main()
