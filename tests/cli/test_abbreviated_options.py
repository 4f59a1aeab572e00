"""Options must not be abbreviated: an abbreviation becomes ambiguous when another option is added."""

import rein_case
from rein_case import FITS, ReinCase

# The arguments, the command, the abbreviated option and the complete option.
ABBREVIATIONS = [
    (["check", "--js", "fleet.yaml"], "check", "--js", "--json"),
    (["check", "fleet.yaml", "--js"], "check", "--js", "--json"),
    (["check", "--dev", "device.yaml", "fleet.yaml"], "check", "--dev", "--device"),
    (["check", "--devic=device.yaml", "fleet.yaml"], "check", "--devic", "--device"),
    (["check", "fleet.yaml", "--devic", "device.yaml"], "check", "--devic", "--device"),
    (["check", "--dev", "--dev", "fleet.yaml"], "check", "--dev", "--device"),
    (["check", "--hel"], "check", "--hel", "--help"),
    (["plan", "--cap", "1MiB", "small.csv"], "plan", "--cap", "--capacity"),
    (["probe", "--exac"], "probe", "--exac", "--exact"),
    (["status", "--prom"], "status", "--prom", "--prometheus"),
    (["run", "--mem", "512MiB", "--", "true"], "run", "--mem", "--memory"),
    (["run", "--wai=1s", "--", "true"], "run", "--wai", "--wait"),
]


class AbbreviatedOptions(ReinCase):
    def test_each_is_refused_with_the_whole_name(self):
        for arguments, command, written, meant in ABBREVIATIONS:
            with self.subTest(arguments):
                self.expect_refusal(("rein", f"'{written}'", f"'{command}'", f"'{meant}'"), *arguments)

    def test_the_start_of_several_is_refused(self):
        self.expect_refusal(("rein", "'--m'", "'run'", "'rein help run'"), "run", "--m", "x", "--", "true")

    def test_a_whole_name_is_taken_wherever_it_stands(self):
        for arguments in (["--json", "fleet.yaml"], ["fleet.yaml", "--json"],
                          ["fleet.yaml", "--device", "device.yaml"],
                          ["--device=device.yaml", "fleet.yaml"],
                          ["--device", "device.yaml", "--json", "fleet.yaml"]):
            with self.subTest(arguments):
                self.expect_result(FITS, "check", *arguments)

    def test_the_command_s_own_options_are_not_looked_at(self):
        self.expect_refusal(("rein", "--device"), "run", "--", "rein", "--mem")


if __name__ == "__main__":
    rein_case.main()
