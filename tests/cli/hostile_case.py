"""Runs of the command on hostile input, measured."""

import os
import subprocess
import tempfile
import threading

import rein_case
from rein_case import BAD_INPUT, ReinCase

IS_FULL = os.environ.get("REIN_HOSTILE_SIZES") == "full"
MIB = 2 ** 20
# Generous: a sanitized build on a busy machine takes a tenth of it.
SECONDS_MAX = 30 if IS_FULL else 10
PEAK_BYTES_MAX = 1280 * MIB if IS_FULL else 768 * MIB


class HostileCase(ReinCase):
    def run_measured(self, *arguments, **options):
        """Returns the exit code, output and messages of a run. Fails if it used too much time or
        memory."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as messages:
            child = subprocess.Popen([rein_case.REIN, *arguments], cwd=self.folder, stdout=output,
                                     stderr=messages, env=self.environment(),
                                     stdin=subprocess.DEVNULL, **options)
            stop = threading.Timer(60, child.kill)
            stop.start()
            _, status, usage = os.wait4(child.pid, 0)
            stop.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            seconds = usage.ru_utime + usage.ru_stime
            peak_bytes = usage.ru_maxrss * 1024
            if IS_FULL:
                print(f"{' '.join(arguments)}: {seconds:.2f} s, {peak_bytes / MIB:.0f} MiB")
            self.assertLess(seconds, SECONDS_MAX)
            self.assertLess(peak_bytes, PEAK_BYTES_MAX)
            output.seek(0)
            messages.seek(0)
            return child.returncode, output.read().decode(), messages.read().decode()

    def refuse(self, said, *arguments, **options):
        """Expects a rejection in little time and memory that leaves the folder unchanged."""
        before = sorted(os.listdir(self.folder))
        code, output, messages = self.run_measured(*arguments, **options)
        self.assertEqual((code, output), (BAD_INPUT, ""), messages)
        self.expect_messages(messages, said)
        self.assertLess(len(messages), 10000)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def write_holes(self, name, size):
        self.write(name, "")
        os.truncate(self.path(name), size)
