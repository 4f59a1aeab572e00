"""The situations of examples/cases: each command exits as its expectation says and prints the expected
figures. The page has the same commands."""

import glob
import os
import re
import shlex
import shutil
import subprocess
import sys

import yaml

import rein_case
from facts import Facts

CASES = os.path.join(rein_case.ROOT, "examples", "cases")
WRITTEN = ["*.gguf"]  # by commands of the cases
COMMAND = re.compile(r"`((?:rein|python3) [^`]*)`")


def expected_steps():
    """Yields the case and the steps of each expectation."""
    for path in sorted(glob.glob(os.path.join(CASES, "*", "expected.yaml"))):
        with open(path, encoding="utf-8") as file:
            yield os.path.basename(os.path.dirname(path)), yaml.safe_load(file)


class Cases(Facts, rein_case.ReinCase):
    def setUp(self):
        super().setUp()
        self.cases = self.path("cases")
        shutil.copytree(CASES, self.cases, ignore=shutil.ignore_patterns(*WRITTEN))

    def call(self, command):
        program, *arguments = shlex.split(command)
        program = {"rein": rein_case.REIN, "python3": sys.executable}[program]
        return subprocess.run([program, *arguments], cwd=self.cases, env=self.environment(), timeout=200,
                              check=False, encoding="utf-8", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_each_command_prints_the_expected_figures(self):
        for case, steps in expected_steps():
            for step in steps:
                with self.subTest(case=case, command=step["command"]):
                    done = self.call(step["command"])
                    self.assertEqual(done.returncode, step["exit"], done.stdout + done.stderr)
                    self.expect_facts(done.stdout + done.stderr, *map(str, step.get("prints", ())))

    def test_each_file_is_used(self):
        for case, steps in expected_steps():
            texts = [step["command"] for step in steps]
            names = set(os.listdir(os.path.join(self.cases, case))) - {"expected.yaml"}
            for name in names:
                with open(os.path.join(CASES, case, name), encoding="utf-8") as file:
                    texts.append(file.read())
            for name in names:
                self.assertTrue(any(name in text for text in texts), f"{case}/{name}")

    def test_the_page_has_the_expected_commands(self):
        with open(os.path.join(CASES, "README.md"), encoding="utf-8") as file:
            page = file.read()
        steps = dict(expected_steps())
        folders = {name for name in os.listdir(CASES) if os.path.isdir(os.path.join(CASES, name))}
        self.assertEqual(set(steps), folders)
        expected = {step["command"] for case in steps.values() for step in case}
        self.assertEqual(set(COMMAND.findall(page)), expected)


if __name__ == "__main__":
    rein_case.main()
