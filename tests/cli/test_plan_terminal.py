"""`rein plan` on a terminal: the line of progress, and Ctrl-C."""

import fcntl
import json
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import termios
import time

import rein_case
from rein_case import FITS, ReinCase

WIPE = "\r\033[K"
WITHOUT_END = ["--effort", str(2 ** 64 - 1)]


def hard_lifetimes():
    """So many tensors of such sizes that no search comes to an end."""
    chance = random.Random(3)
    rows = []
    for index in range(120):
        lower = chance.randint(0, 60)
        rows.append(f"t{index},{lower},{lower + chance.randint(1, 20)},{chance.randint(1, 5000)},"
                    f"{2 ** chance.randint(0, 9)}\n")
    return "id,lower,upper,size,alignment\n" + "".join(rows)


class PlanTerminal(ReinCase):
    def setUp(self):
        super().setUp()
        self.write("hard.csv", hard_lifetimes())

    def start(self, *arguments, columns=200, term="xterm"):
        """With a terminal as its standard error; returns the process and the terminal's end."""
        ours, its = pty.openpty()
        self.addCleanup(os.close, ours)
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        started = subprocess.Popen([rein_case.REIN, "plan", *arguments], cwd=self.folder,
                                   env=self.environment({"TERM": term}), stderr=its,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   encoding="utf-8")
        os.close(its)
        self.addCleanup(started.stdout.close)
        self.addCleanup(started.kill)
        return started, ours

    def read_until(self, terminal, pattern, seconds=30):
        """What the terminal shows, until it matches or is closed."""
        shown = b""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([terminal], [], [], 0.2)[0]:
                continue
            try:
                got = os.read(terminal, 65536)
            except OSError:
                break
            if not got:
                break
            shown += got
            if pattern is not None and re.search(pattern, shown.decode(errors="replace")):
                break
        return shown.decode()

    def test_a_long_search_shows_how_far_it_is(self):
        started, terminal = self.start("hard.csv", *WITHOUT_END, "--deadline", "1500ms")
        shown = self.read_until(terminal, None)
        output = started.communicate(timeout=30)[0]
        self.assertEqual(started.returncode, FITS)
        self.assertIn("of the plan: within", output)
        self.assertNotIn("\033", output)
        lines = shown.split(WIPE)
        self.assertEqual((lines[0], lines[-1]), ("", ""))
        self.assertGreater(len(lines), 3)
        for line in lines[1:-1]:
            self.assertRegex(line, r"^hard\.csv: \d+ steps, best [0-9.]+ KiB, bound [0-9.]+ KiB$")
        steps = [int(re.search(r"(\d+) steps", line)[1]) for line in lines[1:-1]]
        self.assertEqual(steps, sorted(steps))

    def test_many_files_are_counted(self):
        os.mkdir(self.path("in"))
        for name in "abc":
            self.write(f"in/{name}.csv", hard_lifetimes())
        started, terminal = self.start("small.csv", "in", *WITHOUT_END, "--deadline", "700ms",
                                       "--jobs", "1")
        shown = self.read_until(terminal, None)
        started.communicate(timeout=30)
        self.assertEqual(started.returncode, FITS)
        self.assertTrue(shown.endswith(WIPE))
        self.assertIn(f"{WIPE}planned 1 of 4; a.csv: ", shown)
        self.assertIn(f"{WIPE}planned 3 of 4; c.csv: ", shown)

    def test_a_narrow_terminal_keeps_one_line(self):
        started, terminal = self.start("hard.csv", *WITHOUT_END, "--deadline", "800ms", columns=30)
        lines = self.read_until(terminal, None).split(WIPE)[1:-1]
        started.communicate(timeout=30)
        self.assertGreater(len(lines), 0)
        for line in lines:
            self.assertLessEqual(len(line), 29)

    def test_nothing_where_it_is_short_dumb_or_no_terminal(self):
        for arguments, term in ((["small.csv"], "xterm"), (["small.csv", "small.csv"], "xterm"),
                                (["hard.csv", *WITHOUT_END, "--deadline", "900ms"], "dumb")):
            started, terminal = self.start(*arguments, term=term)
            self.assertEqual(self.read_until(terminal, None), "")
            started.communicate(timeout=30)
        self.expect_result(FITS, "plan", "hard.csv", *WITHOUT_END, "--deadline", "900ms")

    def test_an_error_starts_at_a_clean_line(self):
        self.write("broken.csv", "id,lower\n")
        started, terminal = self.start("hard.csv", "broken.csv", *WITHOUT_END, "--deadline", "900ms",
                                       "--jobs", "1")
        shown = self.read_until(terminal, None)
        started.communicate(timeout=30)
        self.assertIn(f"{WIPE}broken.csv:1:1: 'id,lower', expected the columns", shown)

    def interrupt(self, started, terminal):
        """Ctrl-C, once the search runs; returns the output and what the terminal then shows."""
        self.read_until(terminal, "steps")
        before = time.monotonic()
        started.send_signal(signal.SIGINT)
        output = started.communicate(timeout=30)[0]
        self.assertLess(time.monotonic() - before, 5)
        self.assertEqual(started.returncode, -signal.SIGINT)
        return output, self.read_until(terminal, None)

    def test_an_interrupt_ends_the_search_with_what_is_known(self):
        output, shown = self.interrupt(*self.start("hard.csv", *WITHOUT_END, "--json", "--csv",
                                                   "out.csv", "--certificate", "proof"))
        self.assertEqual(json.loads(output)["stopped_by"], "cancel")
        self.assertTrue(shown.endswith(WIPE))
        self.assertEqual(len(self.read("out.csv").splitlines()), 121)
        self.assertIn("proves that the least height of hard.csv is from",
                      self.expect_result(FITS, "verify", "hard.csv", "proof"))

    def test_an_interrupt_of_many_files(self):
        for name in ("x.csv", "y.csv", "z.csv"):
            self.write(name, hard_lifetimes())
        output, shown = self.interrupt(*self.start("small.csv", "hard.csv", "x.csv", "y.csv", "z.csv",
                                                   *WITHOUT_END, "--jobs", "2"))
        self.assertRegex(output, r"(?m)^small\.csv .* exact ")
        self.assertRegex(output, r"(?m)^hard\.csv .* within ")
        self.assertRegex(output, r"(?m)^x\.csv .* within ")
        self.assertRegex(output, r"(?m)^z\.csv +not planned$")
        self.assertTrue(shown.endswith("rein: interrupted: 2 of 5 files were not planned\r\n"), shown)

    def test_an_ignored_interrupt_stays_ignored(self):
        done = subprocess.run(["sh", "-c", 'trap "" INT; "$@" & for i in 1 2 3 4 5 6; do sleep 0.1; kill -INT $!; done; wait $!', "sh",
                               rein_case.REIN, "plan", "hard.csv", *WITHOUT_END, "--deadline", "1s",
                               "--json"], cwd=self.folder, env=self.environment(), timeout=60,
                              check=False, stdout=subprocess.PIPE, encoding="utf-8")
        self.assertEqual(done.returncode, FITS)
        self.assertEqual(json.loads(done.stdout)["stopped_by"], "deadline")


if __name__ == "__main__":
    rein_case.main()
