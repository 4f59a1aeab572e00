"""The command line: commands, options, operands, help."""

import accepted
import rein_case
from quantities import ambiguous_size, not_a_time
from rein_case import BAD_INPUT, FITS, ReinCase

# The arguments, and the complete standard error. COMMANDS stands for the names of all commands.
REFUSALS = [
    ([], "rein: no command, expected: rein COMMAND ('rein help' lists the commands)\n"),
    (["chekc"], "rein: unknown command 'chekc', did you mean 'check'?\n"),
    (["paln"], "rein: unknown command 'paln', did you mean 'plan'?\n"),
    (["-x"], "rein: unknown command '-x', expected one of: COMMANDS, --help, --version\n"),
    (["fly"], "rein: unknown command 'fly', expected one of: COMMANDS, --help, --version\n"),
    (["--hlep"], "rein: unknown command '--hlep', did you mean '--help'?\n"),
    (["version"], "rein: unknown command 'version', did you mean '--version'?\n"),
    (["--versoin"], "rein: unknown command '--versoin', did you mean '--version'?\n"),
    (["a\x1b[31m\n"], "rein: unknown command 'a\\x1b[31m\\x0a', expected one of: COMMANDS, --help, --version\n"),
    ([""], "rein: unknown command '', expected one of: COMMANDS, --help, --version\n"),
    (["help", "chekc"], "rein: unknown command 'chekc', did you mean 'check'?\n"),
    (["help", "check", "plan"],
     "rein: 'plan' is one argument too many, expected: rein help [COMMAND]\n"),
    (["check"], "rein: no MANIFEST, expected: rein check MANIFEST\n"),
    (["plan"], "rein: no LIFETIMES.csv..., expected: rein plan LIFETIMES.csv...\n"),
    (["check", "a", "b"], "rein: 'b' is one argument too many, expected: rein check MANIFEST\n"),
    (["check", "--jsno", "a"],
     "rein: unknown option '--jsno' of 'check', did you mean '--json'? "
     "('rein help check' says more)\n"),
    (["check", "--profile=x", "a"],
     "rein: unknown option '--profile' of 'check' ('rein help check' says more)\n"),
    (["plan", "--capacty=1MiB", "a"],
     "rein: unknown option '--capacty' of 'plan', did you mean '--capacity'? "
     "('rein help plan' says more)\n"),
    (["plan", "--c", "a"], "rein: unknown option '--c' of 'plan' ('rein help plan' says more)\n"),
    (["check", "-j", "a"], "rein: unknown option '-j' of 'check' ('rein help check' says more)\n"),
    (["check", "a", "--device"], "rein: option '--device' without a value, expected PROFILE\n"),
    (["check", "--device=", "a"], "rein: option '--device' is empty, expected PROFILE\n"),
    (["check", "--json=yes", "a"], "rein: option '--json' takes no value\n"),
    (["check", "--help=yes", "a"], "rein: option '--help' takes no value\n"),
    (["check", "--json", "--json", "a"], "rein: option '--json' twice, expected it once\n"),
    (["plan", "--capacity", "8GB", "small.csv"],
     "rein: option '--capacity': " + ambiguous_size("8GB", "8GiB", "8000000000B")),
    (["plan", "--effort", "1k", "small.csv"],
     "rein: option '--effort': '1k', expected a whole number from 0 to 2^64 - 1\n"),
    (["check", "--effort", "-1", "fleet.yaml"],
     "rein: option '--effort': '-1', expected a whole number from 0 to 2^64 - 1\n"),
    (["plan", "--seed", str(2 ** 64), "small.csv"],
     "rein: option '--seed': '18446744073709551616', expected a whole number from 0 to 2^64 - 1\n"),
    (["plan", "--deadline", "5", "small.csv"],
     "rein: option '--deadline': " + not_a_time("5")),
    (["plan", "--svg", "out", "--csv", "out", "small.csv"],
     "rein: --csv and --svg name the same file; choose two names\n"),
    (["plan", "--csv", "small.csv", "small.csv"],
     "rein: 'small.csv' would be written over, expected another output\n"),
    (["plan", "--svg", "./small.csv", "small.csv"],
     "rein: 'small.csv' would be written over, expected another output\n"),
]


class Usage(ReinCase):
    def test_each_refusal(self):
        commands = ", ".join(accepted.commands(rein_case.REIN))
        for arguments, message in REFUSALS:
            with self.subTest(arguments):
                self.expect_refusal(message.replace("COMMANDS", commands), *arguments)

    def test_a_refused_call_writes_nothing(self):
        self.expect_refusal(REFUSALS[-1][1], *REFUSALS[-1][0])
        self.assertEqual(self.read("small.csv"), rein_case.LIFETIMES)

    def test_version(self):
        for option in ("--version", "-V"):
            self.assertRegex(self.expect_result(FITS, option), r"\Arein [0-9]+\.[0-9]+\.[0-9]+\n\Z")

    def test_overview_lists_every_command(self):
        overview = self.expect_result(FITS, "help")
        for name in ("check", "plan", "verify", "probe", "run", "status", "help"):
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
