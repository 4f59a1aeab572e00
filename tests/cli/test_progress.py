"""The progress line of commands that take longer than half a second, except `rein plan`."""

import re
import subprocess

import rein_case
from rein_case import DOES_NOT_FIT, FITS, HARD, LIFETIMES, MANIFEST
from reservations_case import HOLD, ONE, ReservationsCase
from terminal_case import WIPE, TerminalCase, is_asleep

ANOTHER = """\
  - id: another
    budget: {memory: 100MiB, streams: 1, compute: 10ms}
    weights: 50MiB
    lifetimes: %s
"""


class Progress(TerminalCase):
    def start_late(self, text, *call, **options):
        """Starts the command and, after half a second, writes `text` to its standard input. Returns the
        process and what the terminal shows from then until the end."""
        started, terminal = self.start_at_terminal(*call, stdin=subprocess.PIPE, **options)
        while not is_asleep(started.pid):
            self.assertIsNone(started.poll())
        self.assertEqual(self.read_until(terminal, None, seconds=0.7), "")
        started.stdin.write(text)
        started.stdin.close()
        shown = self.read_until(terminal, None)
        started.wait(timeout=30)
        return started, shown

    def certificate(self):
        self.write("hard.csv", HARD)
        self.expect_result(FITS, "plan", "hard.csv", "--certificate", "proof")
        return self.read("proof")

    def test_a_replay(self):
        proof = self.certificate()
        words = re.search(r"refutation (\d+)", proof)[1]
        started, shown = self.start_late(proof, "verify", "hard.csv", "/dev/stdin")
        self.assertEqual(started.returncode, FITS)
        self.assertRegex(shown, rf"\A{re.escape(WIPE)}hard\.csv: refutation replayed up to word \d+ of "
                                rf"{words}{re.escape(WIPE)}")
        self.assertTrue(shown.endswith(WIPE))
        self.assertEqual(started.stdout.read(), "/dev/stdin: proves that the least height of hard.csv "
                                                "is 17 B\n")

    def test_the_plans_of_a_check(self):
        self.write("fleet.yaml", MANIFEST + ANOTHER % "/dev/stdin")
        started, shown = self.start_late(LIFETIMES, "check", "fleet.yaml", shows_output=True)
        self.assertEqual(started.returncode, FITS)
        progress, table = shown.split(f"{WIPE}MODEL  ")
        self.assertRegex(progress, rf"\A({re.escape(WIPE)}planned [12] of 2(; stdin: [^\r]*)?)+\Z")
        self.assertNotIn(WIPE, table)

    def test_the_plan_of_one_model_is_not_counted(self):
        self.write("fleet.yaml", MANIFEST.replace("small.csv", "/dev/stdin"))
        started, shown = self.start_late(HARD, "check", "fleet.yaml")
        self.assertEqual(started.returncode, FITS)
        self.assertRegex(shown, rf"\A{re.escape(WIPE)}stdin: \d+ steps, best [^\r]*{re.escape(WIPE)}")

    def test_a_message_starts_at_a_clean_line(self):
        self.write("fleet.yaml", MANIFEST.replace("small.csv", "/dev/stdin") + ANOTHER % "broken.csv")
        self.write("broken.csv", "id,lower\n")
        _, shown = self.start_late(LIFETIMES, "check", "fleet.yaml")
        self.assertRegex(shown, rf"\A({re.escape(WIPE)}planned [12] of 2[^\r]*)+{re.escape(WIPE)}"
                                r"broken\.csv:1:1: [^\r]*\r\n"
                                r"fleet\.yaml:\d+:16: [^\r]*'another'[^\r]*\r\n\Z")

    def test_nothing_where_the_terminal_is_dumb(self):
        _, shown = self.start_late(self.certificate(), "verify", "hard.csv", "/dev/stdin", term="dumb")
        self.assertEqual(shown, "")

    def test_nothing_where_it_is_short(self):
        self.certificate()
        for call in (["verify", "hard.csv", "proof"], ["check", "fleet.yaml"], ["status"]):
            started, terminal = self.start_at_terminal(*call)
            shown = self.read_until(terminal, None)
            self.assertEqual((started.wait(timeout=30), shown), (FITS, ""), call)


class Waiting(TerminalCase, ReservationsCase):
    def test_a_wait_for_room(self):
        held = self.start(*HOLD)
        waiting, terminal = self.start_at_terminal("run", *ONE, "--wait", "60s", "--", "echo", "begun",
                                                   shows_output=True)
        shown = self.read_until(terminal, "s of 60")
        self.assertRegex(shown, rf"\A{re.escape(WIPE)}waiting for room for 'one' on GPU-1: "
                                r"([0-9.]+ m?s) of 60\.00 s")
        held.communicate("\n")
        shown += self.read_until(terminal, None)
        self.assertEqual(waiting.wait(timeout=30), 0)
        self.assertTrue(shown.endswith(f"s{WIPE}begun\r\n"), shown)

    def test_a_wait_in_vain(self):
        self.start(*HOLD)
        waiting, terminal = self.start_at_terminal("run", *ONE, "--wait", "800ms", "--", "true")
        shown = self.read_until(terminal, None)
        self.assertEqual(waiting.wait(timeout=30), DOES_NOT_FIT)
        self.assertRegex(shown, rf"\A({re.escape(WIPE)}waiting for room [^\r]* of 800\.0 ms)+"
                                rf"{re.escape(WIPE)}rein: 'one' on GPU-1: does not fit: [^\r]*\r\n\Z")

    def test_nothing_without_a_terminal(self):
        self.start(*HOLD)
        done = self.run_rein("run", *ONE, "--wait", "700ms", "--", "true")
        self.assertEqual(done.returncode, DOES_NOT_FIT)
        self.assertTrue(done.stderr.startswith("rein: 'one' on GPU-1: does not fit: "), done.stderr)


if __name__ == "__main__":
    rein_case.main()
