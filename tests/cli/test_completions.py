"""bash, zsh and fish complete all commands and options that the command lists."""

import os
import subprocess
import tempfile

import accepted
import rein_case
from rein_case import ROOT, ReinCase

COMPLETIONS = os.path.join(ROOT, "src", "cli", "completions")
BASH = """
source "$1/rein.bash"
read -ra COMP_WORDS <<<"$2"
[[ $2 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_rein
printf '%s\\n' "${COMPREPLY[@]}"
"""
SHELLS = {
    "bash": ["bash", "-c", BASH, "bash"],
    "zsh": ["zsh", "-f", os.path.join(os.path.dirname(__file__), "zsh_complete.zsh")],
    "fish": ["fish", "-N", "-c", 'source $argv[1]/rein.fish; complete -C $argv[2]'],
}


class Completions(ReinCase):
    @classmethod
    def setUpClass(cls):
        home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(home.cleanup)
        cls.home = home.name

    def offers(self, shell, line):
        """Returns the words that a shell offers for the last word of the line."""
        path = os.path.dirname(rein_case.REIN) + os.pathsep + os.environ["PATH"]
        done = subprocess.run(
            [*SHELLS[shell], COMPLETIONS, line], cwd=self.folder, timeout=60, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", env={**os.environ, "PATH": path, "HOME": self.home})
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{shell}: {line}")
        return {offer.split("\t")[0] for offer in done.stdout.splitlines()} - {""}

    def expect(self, line, offers):
        """Expects these offers, and no others, from all shells."""
        for shell in SHELLS:
            with self.subTest(shell=shell, line=line):
                self.assertEqual(self.offers(shell, line), set(offers))

    def test_every_command(self):
        commands = accepted.commands(rein_case.REIN)
        for shell in SHELLS:
            self.assertEqual(self.offers(shell, "rein ") - {"--help", "--version"}, set(commands))
        self.expect("rein help ", commands)

    def test_every_option_of_every_command(self):
        for command in accepted.commands(rein_case.REIN):
            options = accepted.options(rein_case.REIN, command)
            self.expect(f"rein {command} --", [f"--{name}" for name in options])

    def test_values_that_are_files(self):
        for line in ("check --device", "probe --output", "plan --csv", "run --manifest"):
            self.expect(f"rein {line} fle", ["fleet.yaml"])

    def test_values_that_are_not(self):
        for line in ("check --effort", "plan --capacity", "run --model"):
            self.expect(f"rein {line} fle", [])

    def test_operands(self):
        self.expect("rein check fle", ["fleet.yaml"])
        self.expect("rein verify small.csv fle", ["fleet.yaml"])

    def test_the_command_to_run(self):
        self.expect("rein run -- sha512su", ["sha512sum"])
        self.expect("rein run -- cat fle", ["fleet.yaml"])


if __name__ == "__main__":
    rein_case.main()
