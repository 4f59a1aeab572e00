"""Runs the `rein` command like a user, in its own folder, and compares its output."""

import os
import subprocess
import sys
import tempfile
import unittest

import messages

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
REIN = ""
FITS, DOES_NOT_FIT, BAD_INPUT, CANNOT_TELL = range(4)

DEVICE = """\
schema: 1
name: Test device
source: synthetic
total: 1GiB
context_overhead: 64MiB
granularity: 2MiB
connections: 8
"""

MANIFEST = """\
schema: 1
device: {profile: device.yaml, headroom: 64MiB}
models:
  - id: small
    budget: {memory: 100MiB, streams: 1, compute: 10ms}
    weights: 50MiB
    lifetimes: small.csv
"""

LIFETIMES = "id,lower,upper,size\na,0,2,1048576\nb,1,3,2097152\n"

# For processes that cannot write files. A coverage build cannot write its counts either and would
# report that after the command's message.
NO_COUNTS = {"GCOV_PREFIX": "/dev/null"}

# At most 16 bytes are alive at once; each plan needs 17.
HARD = """\
id,lower,upper,size
t0,2,3,7
t1,5,10,4
t2,2,5,5
t3,5,8,3
t4,3,8,5
t5,2,7,1
t6,6,7,2
t7,3,4,5
t8,7,8,4
t9,4,6,3
"""


class ReinCase(unittest.TestCase):
    """Gives each test its own folder with a device, a manifest and lifetimes, and an empty state
    directory."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        state = tempfile.TemporaryDirectory()
        self.addCleanup(state.cleanup)
        self.state = state.name
        self.write("device.yaml", DEVICE)
        self.write("fleet.yaml", MANIFEST)
        self.write("small.csv", LIFETIMES)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        if isinstance(content, str):
            content = content.encode()
        with open(self.path(name), "wb") as file:
            file.write(content)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def environment(self, variables=None):
        return {**os.environ, "REIN_STATE_DIR": self.state, **(variables or {})}

    def run_rein(self, *arguments, variables=None, **options):
        environment = self.environment(variables)
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.PIPE)
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run([REIN, *arguments], cwd=self.folder, timeout=200, check=False,
                              encoding="utf-8", env=environment, **options)

    def expect_result(self, code, *arguments, **options):
        """Returns the output of a run that writes nothing to standard error."""
        done = self.run_rein(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (code, ""), done.stdout)
        self.assertNotEqual(done.stdout, "")
        return done.stdout

    def expect_messages(self, text, said):
        """Compares standard error with a message or a list of messages (messages.py)."""
        self.assertEqual(messages.faults_of(text, said), [])

    def expect_refusal(self, said, *arguments, code=BAD_INPUT, **options):
        """Expects a run that exits with `code`, writes the message or messages `said` to standard error,
        and no output."""
        done = self.run_rein(*arguments, **options)
        self.expect_messages(done.stderr, said)
        self.assertEqual(done.returncode, code)
        self.assertIn(done.stdout, ("", None))


def main():
    global REIN
    REIN = os.path.realpath(sys.argv.pop(1))
    # The test files import this module again, under its own name.
    sys.modules["rein_case"].REIN = REIN
    unittest.main(module="__main__", verbosity=2)
