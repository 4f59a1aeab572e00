"""Reports on terminals of less than 80 columns: no line is wider, and no two names look the same."""

import os
import re
import unicodedata

import rein_case
from model_files import write_gguf
from rein_case import FITS, LIFETIMES
from reservations_case import HOLD, ReservationsCase
from terminal_case import TerminalCase

WIDTHS = (5, 40, 60, 79, 80)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else
               0 if unicodedata.combining(character) else 1 for character in line)


class Narrow(TerminalCase, ReservationsCase):
    def show_narrow(self, *call, **variables):
        """Returns the widths with the report shown at each. Expects that no line is too wide."""
        reports = []
        for width in WIDTHS:
            for locale in ("C", "C.UTF-8"):
                _, shown = self.show(*call, columns=width, LC_ALL=locale, **variables)
                shown = re.sub("\033[^m]*m", "", shown)
                for line in shown.splitlines():
                    self.assertLessEqual(columns(line), width, shown)
                    self.assertEqual(line, line.rstrip(" "), shown)
                if width > 10:
                    reports.append((width, shown))
        return reports

    def write_fleet(self, *ids):
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: gpu.yaml}\nmodels:\n" + "".join(
            f"  - {{id: {name}, budget: {{memory: 400MiB, streams: 9, compute: 1ms}}, weights: "
            "900MiB}\n" for name in ids))

    def test_every_report(self):
        self.write_fleet("small", "\u6f22" * 30, "e\u0301" * 40)
        self.write("longer.csv", LIFETIMES.replace("1048576", str(10 ** 18)))
        self.run_rein("plan", "small.csv", "--certificate", "proof")
        held = self.start(*HOLD)
        self.write(os.path.join(self.folder_of_device(), "a strange file " + "x" * 100), "")
        with open(self.path("fleet.yaml"), encoding="utf-8") as fleet:
            self.write("unknown.yaml", fleet.read().replace(", weights: 900MiB", "")
                       .replace("gpu.yaml", "bare.yaml"))
        self.write("bare.yaml", "schema: 1\nsource: synthetic\n")
        for call in (["check", "unknown.yaml"], ["check", "unknown.yaml", "--explain"],
                     ["check", "fleet.yaml"], ["check", "fleet.yaml", "--explain"],
                     ["plan", "small.csv"], ["plan", "longer.csv", "--capacity", "64MiB"],
                     ["plan", "small.csv", "longer.csv", "--capacity", "4MiB"],
                     ["verify", "small.csv", "proof"], ["status", "--device", "gpu.yaml"]):
            for _, shown in self.show_narrow(*call):
                self.assertNotEqual(shown, "")
        held.communicate()

    def test_lines_for_a_manifest_are_not_folded(self):
        write_gguf(self.folder, "gemma-3-4b.Q4_K_M")
        name = "a-name-that-is-longer-than-the-terminal-is-wide.gguf"
        os.rename(self.path("gemma-3-4b.Q4_K_M.gguf"), self.path(name))
        plain = self.expect_result(FITS, "inspect", name).split("In a manifest:\n")
        for width in WIDTHS:
            _, shown = self.show("inspect", name, columns=width, NO_COLOR="1")
            report, lines = shown.split(plain[1])
            self.assertEqual(lines, "")
            for line in report.splitlines():
                self.assertLessEqual(columns(line), width, shown)
        for line in plain[1].splitlines():
            self.assertLessEqual(columns(line), 80)

    def test_models_whose_ids_differ_in_one_place(self):
        same = "a-model-of-many-words-and-more"
        for ids in ([f"{same}-{number}" for number in range(3)],
                    [f"{number}-{same}" for number in range(3)],
                    [f"{same}-{number}-{same}" for number in range(3)],
                    # No start, middle or end distinguishes these.
                    [f"1-{same}-1-{same}-1", f"1-{same}-2-{same}-1", f"2-{same}-1-{same}-2"],
                    [f"{same}\u6f22{same}", f"{same}\u6f23{same}", f"{same}\u6ef2{same}"]):
            self.write_fleet(*ids)
            for width, shown in self.show_narrow("check", "fleet.yaml", NO_COLOR="1"):
                models = shown.partition("peak: ")[0].splitlines()
                rows = [line for line in models if not re.match(r"MODEL|\u2500|  ", line)]
                self.assertEqual(len({line.split("  ")[0] for line in rows}), 3, f"{width}\n{shown}")

    def test_files_of_one_prefix(self):
        for names in (["one/lifetimes-of-the-model-of-many-words", "two/lifetimes-of-the-model-of-many-words"],
                      ["one/a-long-prefix-of-a-model-1-and-its-end", "one/a-long-prefix-of-a-model-2-and-its-end"],
                      ["one/a-long-prefix-of-a-model-1", "one/a-long-prefix-of-a-model"]):
            for name in names:
                os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
                self.write(f"{name}.csv", LIFETIMES)
            for width, shown in self.show_narrow("plan", *(f"{name}.csv" for name in names)):
                rows = [line for line in shown.splitlines()[:-2]
                        if line and not re.match(r"FILE|\u2500|  ", line)]
                self.assertEqual(len({line.split("  ")[0] for line in rows}), 2, f"{width}\n{shown}")

    def test_one_file_twice(self):
        name = "a-long-prefix-of-a-model-and-its-end-" * 3 + ".csv"
        self.write(name, LIFETIMES)
        for _, shown in self.show_narrow("plan", name, name):
            self.assertEqual(len(re.findall(r"(?m)^\S*d-\.csv", shown)), 2, shown)


if __name__ == "__main__":
    rein_case.main()
