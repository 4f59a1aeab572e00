"""The command line: commands, options, operands, help."""

import accepted
import rein_case
from rein_case import BAD_INPUT, FITS, ReinCase

# The arguments and the message. ALL stands for all commands and for the options in their place.
ALL = "all commands"
REFUSALS = [
    ([], ("rein", "command", "rein COMMAND", "'rein help'")),
    (["chekc"], ("rein", "'chekc'", "'check'")),
    (["paln"], ("rein", "'paln'", "'plan'")),
    (["-x"], ("rein", "'-x'", ALL)),
    (["fly"], ("rein", "'fly'", ALL)),
    (["--hlep"], ("rein", "'--hlep'", "'--help'")),
    (["version"], ("rein", "'version'", "'--version'")),
    (["--versoin"], ("rein", "'--versoin'", "'--version'")),
    (["a\x1b[31m\n"], ("rein", "'a\\x1b[31m\\x0a'", ALL)),
    ([""], ("rein", "''", ALL)),
    (["help", "chekc"], ("rein", "'chekc'", "'check'")),
    (["help", "check", "plan"], ("rein", "'plan'", "rein help [COMMAND]")),
    (["check"], ("rein", "rein check", "MANIFEST")),
    (["plan"], ("rein", "rein plan", "LIFETIMES.csv...")),
    (["check", ""], ("rein", "empty", "rein check", "MANIFEST")),
    (["plan", "small.csv", ""], ("rein", "empty", "rein plan", "LIFETIMES.csv...")),
    (["check", "a", "b"], ("rein", "'b'", "rein check", "MANIFEST")),
    (["check", "--jsno", "a"], ("rein", "'--jsno'", "'check'", "'--json'")),
    (["check", "--profile=x", "a"], ("rein", "'--profile'", "'check'", "'rein help check'")),
    (["plan", "--capacty=1MiB", "a"], ("rein", "'--capacty'", "'plan'", "'--capacity'")),
    (["plan", "--c", "a"], ("rein", "'--c'", "'plan'", "'rein help plan'")),
    (["check", "-j", "a"], ("rein", "'-j'", "'check'", "'rein help check'")),
    (["check", "a", "--device"], ("rein", "'--device'", "PROFILE")),
    (["check", "--device=", "a"], ("rein", "'--device'", "PROFILE")),
    (["check", "--json=yes", "a"], ("rein", "'--json'", "no value")),
    (["check", "--help=yes", "a"], ("rein", "'--help'", "no value")),
    (["check", "--json", "--json", "a"], ("rein", "'--json'", "twice")),
    (["plan", "--capacity", "8GB", "small.csv"],
     ("rein", "'--capacity'", "'8GB'", "8GiB", "8000000000B")),
    (["plan", "--effort", "1k", "small.csv"], ("rein", "'--effort'", "'1k'", "0", "2^64 - 1")),
    (["check", "--effort", "-1", "fleet.yaml"], ("rein", "'--effort'", "'-1'", "0", "2^64 - 1")),
    (["plan", "--seed", str(2 ** 64), "small.csv"],
     ("rein", "'--seed'", "'18446744073709551616'", "0", "2^64 - 1")),
    (["plan", "--deadline", "5", "small.csv"], ("rein", "'--deadline'", "'5'", "time")),
    (["run", "echo", "-n"], ("rein", "'-n'", "'echo'", "'--'", "rein run ... -- echo")),
    (["run", "--model", "a", "server", "x", "--model=b"],
     ("rein", "'--model=b'", "'server'", "'--'", "rein run ... -- server")),
    (["run", "cat", "-", "-n"], ("rein", "'-n'", "'cat'", "'--'", "rein run ... -- cat")),
    (["run", "sh", "--help"], ("rein", "'--help'", "'sh'", "'--'", "rein run ... -- sh")),
    (["plan", "--svg", "out", "--csv", "out", "small.csv"], ("rein", "--csv", "--svg", "same file")),
    (["plan", "--csv", "small.csv", "small.csv"], ("rein", "'small.csv'", "another output")),
    (["plan", "--svg", "./small.csv", "small.csv"], ("rein", "small.csv'", "another output")),
]


class Usage(ReinCase):
    def test_each_refusal(self):
        words = [*accepted.commands(rein_case.REIN), "--help", "--version"]
        for arguments, said in REFUSALS:
            with self.subTest(arguments):
                self.expect_refusal((*said[:-1], *words) if ALL in said else said, *arguments)

    def test_a_refused_call_writes_nothing(self):
        self.expect_refusal(REFUSALS[-1][1], *REFUSALS[-1][0])
        self.assertEqual(self.read("small.csv"), rein_case.LIFETIMES)

    def test_version(self):
        for option in ("--version", "-V"):
            self.assertRegex(self.expect_result(FITS, option), r"\Arein [0-9]+\.[0-9]+\.[0-9]+\n\Z")

    def test_overview_lists_every_command(self):
        overview = self.expect_result(FITS, "help")
        for name in ("inspect", "check", "plan", "verify", "probe", "run", "status", "help"):
            self.assertRegex(overview, rf"(?m)^  {name} +\S")
        self.assertEqual(overview, self.expect_result(FITS, "--help"))
        self.assertEqual(overview, self.expect_result(FITS, "-h"))

    def test_help_of_each_command(self):
        for name, option in (("check", "--device"), ("plan", "--certificate"), ("verify", "--help"), ("help", "--help")):
            text = self.expect_result(FITS, "help", name)
            self.assertIn(f"usage: rein {name} ", text)
            self.assertRegex(text, rf"(?m)^  {option} ")
            self.assertIn("exit: 0", text)
            self.assertEqual(text, self.expect_result(FITS, name, "--help"))
            self.assertEqual(text, self.expect_result(FITS, name, "-h", "and", "more", "words"))

    def test_help_is_narrow(self):
        for arguments in (["help"], ["help", "check"], ["help", "plan"], ["help", "verify"], ["help", "run"], ["help", "status"]):
            for line in self.expect_result(FITS, *arguments).splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_options_may_follow_operands(self):
        self.assertEqual(self.expect_result(FITS, "check", "fleet.yaml", "--device", "device.yaml"),
                         self.expect_result(FITS, "check", "--device=device.yaml", "fleet.yaml"))

    def test_two_dashes_end_the_options(self):
        self.write("--json", rein_case.LIFETIMES)
        self.assertIn("--json: 2 tensors", self.expect_result(FITS, "plan", "--", "--json"))
        done = self.run_rein("plan", "--json")
        self.assertEqual(done.returncode, BAD_INPUT)


if __name__ == "__main__":
    rein_case.main()
