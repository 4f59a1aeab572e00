"""`rein plan` on a terminal: the progress line, and Ctrl-C."""

import json
import os
import random
import re
import signal
import subprocess
import time

import rein_case
from rein_case import FITS
from terminal_case import WIPE, TerminalCase

WITHOUT_END = ["--effort", str(2 ** 64 - 1)]


def hard_lifetimes():
    """Returns tensors that are too many and too varied for any search to finish."""
    chance = random.Random(3)
    rows = []
    for index in range(120):
        lower = chance.randint(0, 60)
        rows.append(f"t{index},{lower},{lower + chance.randint(1, 20)},{chance.randint(1, 5000)},"
                    f"{2 ** chance.randint(0, 9)}\n")
    return "id,lower,upper,size,alignment\n" + "".join(rows)


class PlanTerminal(TerminalCase):
    def setUp(self):
        super().setUp()
        self.write("hard.csv", hard_lifetimes())

    def start(self, *arguments, **options):
        return self.start_at_terminal("plan", *arguments, **options)

    def test_a_long_search_shows_how_far_it_is(self):
        started, terminal = self.start("hard.csv", *WITHOUT_END, "--deadline", "1500ms")
        shown = self.read_until(terminal, None)
        output = started.communicate(timeout=30)[0]
        self.assertEqual(started.returncode, FITS)
        self.assertRegex(output, r"(?m)^  height .* within ")
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
        started, terminal = self.start("small.csv", "in", *WITHOUT_END, "--deadline", "1500ms",
                                       "--jobs", "4")
        shown = self.read_until(terminal, None)
        started.communicate(timeout=30)
        self.assertEqual(started.returncode, FITS)
        self.assertTrue(shown.endswith(WIPE))
        self.assertRegex(shown, re.escape(WIPE) + r"planned 1 of 4; [abc]\.csv: ")

    def test_a_narrow_terminal_keeps_one_line(self):
        started, terminal = self.start("hard.csv", *WITHOUT_END, "--deadline", "2s", columns=30)
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
        started, terminal = self.start("hard.csv", "broken.csv", *WITHOUT_END, "--deadline", "2s",
                                       "--jobs", "2")
        shown = self.read_until(terminal, None)
        started.communicate(timeout=30)
        self.assertIn(f"{WIPE}broken.csv:1:1: ", shown)

    def interrupt(self, started, terminal):
        """Sends Ctrl-C during the search. Returns the output and what the terminal shows
        afterwards."""
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
