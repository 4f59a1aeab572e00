"""`--color`: where the tables have colours."""

import rein_case
from rein_case import FITS, ReinCase

COMMANDS = (["check", "fleet.yaml"], ["plan", "small.csv", "--capacity", "1GiB"],
            ["plan", ".", "--capacity", "1GiB"], ["status"])


class Colour(ReinCase):
    def test_no_colour_where_there_is_no_terminal(self):
        for command in COMMANDS:
            plain = self.expect_result(FITS, *command)
            self.assertNotIn("\033", plain)
            for when in ("auto", "never"):
                self.assertEqual(self.expect_result(FITS, *command, "--color", when).count("\033"), 0)

    def test_always(self):
        for command in COMMANDS[:3]:
            for variables in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}):
                self.assertIn("\033[32mfits\033[0m", self.expect_result(
                    FITS, *command, "--color=always", variables=variables))

    def test_other_words(self):
        for command in COMMANDS:
            self.expect_refusal("rein: --color is 'allways', did you mean 'always'?, expected one of: "
                                "auto, always, never\n", *command, "--color", "allways")


if __name__ == "__main__":
    rein_case.main()
