"""rein run at a terminal: a shell's job control, and an interrupt while it waits."""

import os
import pty
import select
import signal
import subprocess

import rein_case
from reservations_case import HOLD, MIB, ONE, ReservationsCase
from terminal_case import is_asleep

PROMPT = b"next> "
TIME_LIMIT_S = 30


class Terminal(ReservationsCase):
    def open_shell(self):
        """Starts an interactive shell on its own terminal."""
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe("sh", ["sh", "-i"], {**self.environment(), "PS1": PROMPT.decode(), "ENV": ""})
        self.unread = b""
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.close, self.terminal)
        self.read_to(PROMPT)

    def read_to(self, end):
        """Waits until the terminal shows `end`."""
        while end not in self.unread:
            ready, _, _ = select.select([self.terminal], [], [], TIME_LIMIT_S)
            self.assertTrue(ready, f"no {end} in {self.unread}")
            self.unread += os.read(self.terminal, 4096)
        self.unread = self.unread.partition(end)[2]

    def type(self, text):
        os.write(self.terminal, text)

    def test_a_job_is_stopped_and_continued(self):
        self.open_shell()
        command = " ".join([rein_case.REIN, "run", *ONE, "--", "./job"])
        self.write("job", "#!/bin/sh\necho begun:\nread line\necho got:$line\n")
        os.chmod(self.path("job"), 0o755)
        self.type(command.encode() + b"\n")
        self.read_to(b"begun:\r\n")
        self.type(b"\x1a")
        self.read_to(b"Stopped")
        self.read_to(PROMPT)
        self.assertEqual(self.status()["reserved_bytes"], 564 * MIB)
        self.type(b"fg\n")
        self.read_to(b"./job")
        self.type(b"text\n")
        self.read_to(b"got:text\r\n")
        self.read_to(PROMPT)
        self.assertEqual(self.status()["reserved_bytes"], 0)
        self.type(b"exit\n")

    def test_an_interrupt_while_it_waits(self):
        held = self.start(*HOLD)
        for number in (signal.SIGINT, signal.SIGTERM):
            waiting = subprocess.Popen([rein_case.REIN, "run", *ONE, "--wait", "60s", "--", "true"],
                                       cwd=self.folder, env=self.environment())
            while not is_asleep(waiting.pid):
                pass
            waiting.send_signal(number)
            self.assertEqual(waiting.wait(), -number)
        self.assertEqual(len(self.files_of_device()), 1)
        held.communicate("\n")
        self.assertEqual(self.run_one("true").returncode, 0)


if __name__ == "__main__":
    rein_case.main()
