"""Shared by tests that run the command with a terminal as its standard error."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import rein_case
from rein_case import ReinCase

WIPE = "\r\033[K"


def is_asleep(pid):
    """Returns whether a process that runs the command is waiting."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        name, _, rest = file.read().rpartition(")")
    is_command = name.endswith(("(rein", "(qemu-aarch64"))
    return is_command and rest.split()[0] == "S"


class TerminalCase(ReinCase):
    def start_at_terminal(self, *call, columns=200, term="xterm", stdin=subprocess.DEVNULL,
                          shows_output=False):
        """Returns the process and our end of the terminal. If `shows_output`, output goes to the
        terminal too."""
        ours, its = pty.openpty()
        self.addCleanup(os.close, ours)
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        variables = {"TERM": term, "LC_ALL": "C", "NO_COLOR": "1"}
        started = subprocess.Popen([rein_case.REIN, *call], cwd=self.folder, stdin=stdin, stderr=its,
                                   stdout=its if shows_output else subprocess.PIPE,
                                   env=self.environment(variables), encoding="utf-8")
        os.close(its)
        if not shows_output:
            self.addCleanup(started.stdout.close)
        self.addCleanup(started.kill)
        return started, ours

    def show(self, *arguments, columns=80, **variables):
        """Returns the exit code and what the command writes to a terminal."""
        wanted = {**self.environment(), "TERM": "xterm", "NO_COLOR": None, "LC_ALL": "C", **variables}
        environment = {name: value for name, value in wanted.items() if value is not None}
        primary, secondary = pty.openpty()
        fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        done = subprocess.run([rein_case.REIN, *arguments], cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, stdout=secondary, check=False, timeout=60)
        os.close(secondary)
        with os.fdopen(primary, "rb") as file:
            text = b""
            try:
                while part := os.read(file.fileno(), 65536):
                    text += part
            except OSError:
                pass
        return done.returncode, text.decode().replace("\r\n", "\n")

    def read_until(self, terminal, pattern, seconds=30):
        """Returns what the terminal shows until it matches `pattern` or is closed."""
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
