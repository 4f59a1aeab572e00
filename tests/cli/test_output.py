"""Destinations of the output: full disks, closed pipes, files written atomically, terminals."""

import os
import re
import resource
import socket
import stat
import subprocess

import rein_case
from rein_case import BAD_INPUT, DOES_NOT_FIT, FITS, LIFETIMES, MANIFEST, NO_COUNTS, ReinCase
from terminal_case import TerminalCase

FULL = ("rein", "standard output", "No space left on device")
CLOSED = ("rein", "standard output", "Broken pipe")
CALLS = (["check", "fleet.yaml"], ["check", "fleet.yaml", "--json"],
         ["check", "fleet.yaml", "--explain"], ["check", "fleet.yaml", "--format", "junit"],
         ["check", "huge.yaml", "--format", "github"], ["check", "fleet.yaml", "--largest", "instances"],
         ["check", "fleet.yaml", "--largest", "instances", "--json"], ["plan", "small.csv"],
         ["plan", "small.csv", "--json"], ["plan", "small.csv", "small.csv"],
         ["plan", "small.csv", "small.csv", "--json"], ["verify", "small.csv", "proof"],
         ["init", "-"], ["status"], ["status", "--json"], ["status", "--prometheus"], ["help"],
         ["help", "check"], ["--version"])


class Output(ReinCase):
    def setUp(self):
        super().setUp()
        self.run_rein("plan", "small.csv", "--certificate", "proof")
        self.write("huge.yaml", MANIFEST.replace("100MiB", "8GiB"))

    def expect_nothing_new(self, *names):
        self.assertEqual(sorted(os.listdir(self.folder)),
                         sorted([*names, "device.yaml", "fleet.yaml", "huge.yaml", "proof",
                                 "small.csv"]))

    def test_a_full_disk(self):
        for call in CALLS:
            with self.subTest(call), open("/dev/full", "w", encoding="utf-8") as full:
                self.expect_refusal(FULL, *call, stdout=full)

    def test_a_closed_pipe(self):
        for call in CALLS:
            with self.subTest(call):
                reader, writer = os.pipe()
                os.close(reader)
                self.expect_refusal(CLOSED, *call, stdout=writer)
                os.close(writer)

    def test_a_closed_standard_output(self):
        done = subprocess.run(["sh", "-c", f"'{rein_case.REIN}' plan small.csv --csv out.csv >&-"],
                              cwd=self.folder, check=False, capture_output=True, timeout=60,
                              encoding="utf-8")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.expect_messages(done.stderr, ("rein", "standard output", "Bad file descriptor"))
        self.assertNotIn("tensors", self.read("out.csv"))

    def test_files_that_cannot_be_written(self):
        os.mkdir(self.path("folder"))
        for call in (["plan", "small.csv", "--csv"], ["plan", "small.csv", "--svg"],
                     ["plan", "small.csv", "--certificate"], ["check", "fleet.yaml", "--svg"]):
            for path, reason in (("none/out", "No such file or directory"),
                                 ("folder", "Is a directory"),
                                 ("small.csv/out", "Not a directory"),
                                 ("/dev/full", "No space left on device")):
                self.expect_refusal((path, "cannot write", reason), *call, path)
        self.expect_nothing_new("folder")

    def test_a_device_that_takes_everything(self):
        for option in ("--csv", "--svg", "--certificate"):
            self.assertIn("tensors", self.expect_result(FITS, "plan", "small.csv", option,
                                                        "/dev/null"))

    def test_a_new_file_whose_name_cannot_be_said(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.expect_refusal(FULL, "init", "new.yaml", stdout=full)
        self.assertIn("schema: 1\n", self.read("new.yaml"))

    def test_a_refused_input_leaves_the_outputs_as_they_were(self):
        self.write("out.csv", "precious")
        self.write("bad.csv", "id,lower,upper,size\na,1,0,1\n")
        done = self.run_rein("plan", "bad.csv", "--csv", "out.csv", "--svg", "out.svg")
        self.assertEqual(done.returncode, BAD_INPUT)
        self.assertEqual(self.read("out.csv"), "precious")
        self.assertFalse(os.path.exists(self.path("out.svg")))

    def test_a_file_is_replaced_and_keeps_its_mode(self):
        self.write("out.csv", "old")
        os.chmod(self.path("out.csv"), 0o640)
        os.symlink("out.csv", self.path("link.csv"))
        inode = os.stat(self.path("out.csv")).st_ino
        self.expect_result(FITS, "plan", "small.csv", "--csv", "link.csv")
        self.assertTrue(os.path.islink(self.path("link.csv")))
        self.assertTrue(self.read("out.csv").startswith("id,lower,upper,size,offset\n"))
        self.assertEqual(os.stat(self.path("out.csv")).st_mode & 0o777, 0o640)
        self.assertNotEqual(os.stat(self.path("out.csv")).st_ino, inode)

    def test_a_file_that_grows_too_large_leaves_nothing(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
        self.write("small.csv", "id,lower,upper,size\n" +
                   "".join(f"tensor-{i},{i},{i + 1},100000000\n" for i in range(3000)))
        self.write("out.csv", "precious")
        self.expect_refusal(("out.csv", "cannot write", "File too large"), "plan", "small.csv", "--csv",
                            "out.csv", preexec_fn=limit)
        self.assertEqual(self.read("out.csv"), "precious")
        self.expect_nothing_new("out.csv")

    def test_no_file_may_grow(self):
        for output in ("--csv", "--svg", "--certificate"):
            done = self.run_rein("plan", "small.csv", output, "out", variables=NO_COUNTS, preexec_fn=lambda:
                                 resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
            self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
            self.assertRegex(done.stderr, r"\Aout: [^\n]*File too large\n")
        self.expect_nothing_new()

    def test_links_that_lead_nowhere(self):
        os.symlink("none.csv", self.path("dangling"))
        os.symlink("round", self.path("round"))
        os.symlink("dangling", self.path("chain"))
        for link, reason in (("dangling", "No such file or directory"),
                             ("chain", "No such file or directory"),
                             ("round", "Too many levels of symbolic links")):
            for call in (["plan", "small.csv", "--csv"], ["check", "fleet.yaml", "--svg"]):
                self.expect_refusal((link, "symbolic link", reason), *call, link)
            self.assertTrue(os.path.islink(self.path(link)))
        self.expect_nothing_new("chain", "dangling", "round")

    def expect_at_standard_output(self, start, report, *call):
        done = self.run_rein(*call)
        self.assertEqual(done.returncode, FITS, done.stderr)
        self.assertTrue(done.stdout.startswith(start), done.stdout)
        self.assertIn(report, done.stderr)
        self.assertNotIn(report, done.stdout)

    def test_an_output_to_standard_output(self):
        plan = ["plan", "small.csv"]
        svg = "<svg xmlns="
        self.expect_at_standard_output("id,lower,upper,size,offset", "small.csv: 2 tensors",
                                       *plan, "--csv", "-")
        self.expect_at_standard_output("id,lower,upper,size,offset", '"command": "plan"',
                                       *plan, "--csv", "-", "--json")
        self.expect_at_standard_output("rein certificate 1", "small.csv: 2 tensors",
                                       *plan, "--certificate", "-")
        self.expect_at_standard_output(svg, "small.csv: 2 tensors", *plan, "--svg", "-")
        self.expect_at_standard_output(svg, "Verdict: fits", "check", "fleet.yaml", "--svg", "-")
        self.expect_at_standard_output(svg, "<testsuites", "check", "fleet.yaml", "--svg", "-",
                                       "--format", "junit")
        done = self.run_rein(*plan, "--csv", "-", "--svg", "out.svg")
        self.assertIn("small.csv: 2 tensors", done.stderr)
        self.assertTrue(self.read("out.svg").startswith(svg))
        done = self.run_rein(*plan, "--svg", "out.svg", "--certificate", "-")
        self.assertTrue(done.stdout.startswith("rein certificate 1"))
        self.expect_nothing_new("out.svg")

    def test_from_standard_input_to_standard_output(self):
        done = self.run_rein("plan", "-", "--csv", "-", stdin=None, input=LIFETIMES)
        self.assertEqual((done.returncode, done.stdout.split("\n")[0]),
                         (FITS, "id,lower,upper,size,offset"))
        self.run_rein("plan", "-", "--csv", "./-", stdin=None, input=LIFETIMES)
        self.assertTrue(self.read("-").startswith("id,lower,upper,size,offset\n"))
        self.write("-", "precious")
        self.run_rein("plan", "./-", "--csv", "-")
        self.assertEqual(self.read("-"), "precious")

    def test_two_outputs_to_standard_output(self):
        for first, second in (("csv", "svg"), ("csv", "certificate"), ("svg", "certificate")):
            self.expect_refusal(("rein", f"--{first}", f"--{second}", "'-'"), "plan", "small.csv",
                                f"--{first}", "-", f"--{second}", "-")

    def test_two_outputs_to_one_file_that_is_new(self):
        os.mkdir(self.path("folder"))
        os.symlink("folder", self.path("linked"))
        for first, second in (("x", "./x"), ("x", "folder/../x"), ("folder/x", "linked/x"),
                              (self.path("x"), "x")):
            done = self.run_rein("plan", "small.csv", "--csv", first, "--svg", second)
            self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""), (first, second))
            self.assertFalse(os.path.exists(self.path(first)))
        for first, second in (("x", "y"), ("x", "z"), ("folder/x", "x"), ("none/x", "none/x2"),
                              ("new", "none/x")):
            done = self.run_rein("plan", "small.csv", "--csv", first, "--svg", second)
            self.assertNotIn("same file", done.stderr)
        self.expect_refusal(("missing.csv", "No such file or directory"), "plan", "missing.csv", "--csv", "x")

    def test_a_name_of_standard_output_stands_for_it(self):
        done = self.run_rein("plan", "small.csv", "--csv", "-", "--svg", "/dev/stdout")
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        done = self.run_rein("plan", "small.csv", "--csv", "/dev/stdout", "--svg", "/dev/fd/1")
        self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
        for name in ("/dev/stdout", "report"):
            with open(self.path("report"), "w", encoding="utf-8") as file:
                done = self.run_rein("plan", "small.csv", "--csv", name, stdout=file)
            self.assertEqual(done.returncode, FITS)
            self.assertTrue(self.read("report").startswith("id,lower,upper,size,offset\n"))
            self.assertIn("small.csv: 2 tensors", done.stderr)

    def test_the_outputs_of_many_files_are_no_stream(self):
        os.mkdir(self.path("-"))
        self.expect_refusal(("rein", "'--csv'", "'-'", "directory"), "plan", "small.csv", "proof", "--csv", "-")

    def test_a_report_beside_an_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = self.run_rein("plan", "small.csv", "--csv", "-", stderr=full)
        self.assertEqual((done.returncode, done.stdout.split("\n")[0]),
                         (BAD_INPUT, "id,lower,upper,size,offset"))
        with open("/dev/full", "w", encoding="utf-8") as full:
            self.expect_refusal(FULL, "plan", "small.csv", "--csv", "-", stdout=full)

    def test_a_new_file_has_the_usual_mode(self):
        self.expect_result(FITS, "plan", "small.csv", "--csv", "out.csv",
                           preexec_fn=lambda: os.umask(0o027))
        self.assertEqual(os.stat(self.path("out.csv")).st_mode & 0o777, 0o640)

    def test_the_longest_names(self):
        os.mkdir(self.path("folder"))
        for length in (240, 248, 249, 255):
            for folder in ("", "folder/"):
                name = folder + "n" * length
                self.expect_result(FITS, "plan", "small.csv", "--csv", name)
                self.expect_result(FITS, "plan", "small.csv", "--csv", name)
                self.assertTrue(self.read(name).startswith("id,"))
        self.expect_result(FITS, "init", "i" * 255)
        self.assertEqual(self.run_rein("plan", "small.csv", "--csv", "n" * 256).returncode, BAD_INPUT)

    def test_what_is_no_regular_file_is_written_to(self):
        done = self.run_rein("plan", "small.csv", "--csv", "/dev/stdout", "--json")
        self.assertTrue(done.stdout.startswith("id,lower,upper,size,offset\n"), done.stderr)

    def test_a_socket_is_no_file(self):
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(self.path("socket"))
            self.expect_refusal(("socket", "cannot write", "No such device or address"), "plan", "small.csv",
                                "--csv", "socket")
        self.assertTrue(stat.S_ISSOCK(os.stat(self.path("socket")).st_mode))

    def test_errors_go_to_standard_error_alone(self):
        self.write("fleet.yaml", "schema: 1\n")
        self.expect_refusal(("fleet.yaml:1:1", "'models'"), "check", "fleet.yaml", "--json")


class Terminal(TerminalCase):
    def test_colour_on_a_terminal(self):
        code, table = self.show("check", "fleet.yaml")
        self.assertEqual(code, FITS)
        self.assertIn("\nVerdict: \x1b[32mfits\x1b[0m: ", table)
        self.write("fleet.yaml", MANIFEST.replace("100MiB", "1MiB"))
        code, table = self.show("check", "fleet.yaml")
        self.assertEqual(code, DOES_NOT_FIT)
        self.assertIn("\nVerdict: \x1b[1;31mdoes not fit\x1b[0m: ", table)

    def test_no_colour_where_it_is_not_wanted(self):
        plain = self.run_rein("check", "fleet.yaml").stdout
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}, {"TERM": None}):
            self.assertEqual(self.show("check", "fleet.yaml", **variables), (FITS, plain))
        self.assertIn("\x1b[", self.show("check", "fleet.yaml", NO_COLOR="")[1])
        self.assertNotIn("\x1b", plain)

    def test_colour_where_it_is_asked_for(self):
        table = self.run_rein("check", "fleet.yaml", "--color", "always").stdout
        self.assertIn("\nVerdict: \x1b[32mfits\x1b[0m: ", table)
        self.assertIn("\x1b[", self.show("check", "fleet.yaml", "--color=always", NO_COLOR="1")[1])
        plain = self.run_rein("check", "fleet.yaml", "--color", "auto").stdout
        self.assertEqual(self.show("check", "fleet.yaml", "--color", "never"), (FITS, plain))
        self.assertNotIn("\x1b", plain)
        self.assertNotIn("\x1b", self.run_rein("check", "fleet.yaml", "--json", "--color=always").stdout)
        self.expect_refusal(("rein", "--color", "'allways'", "'always'"), "check", "fleet.yaml", "--color",
                            "allways")
        for call in (["status"], ["plan", "small.csv"]):
            self.expect_refusal(("rein", "--color", "'red'", "auto", "always", "never"), *call, "--color",
                                "red")

    def test_no_colour_in_json(self):
        self.assertNotIn("\x1b", self.show("check", "fleet.yaml", "--json")[1])

    def write_unfit(self):
        """Writes a fleet with several processes, advice, and a model with only a least need known."""
        self.write("fleet.yaml", MANIFEST.replace("100MiB", "2GiB") +
                   "  - {id: other, budget: {memory: 1MiB, streams: 1, compute: 1ms}, weights: 9MiB}\n")

    def test_unicode_on_a_terminal_of_utf8(self):
        self.write_unfit()
        code, table = self.show("check", "fleet.yaml", LC_ALL="C.UTF-8", NO_COLOR="1")
        self.assertEqual(code, DOES_NOT_FIT)
        titles, rule, _, other, *_ = lines = table.splitlines()
        self.assertEqual(titles, "MODEL   BUDGET   WEIGHTS     PEAK  PRECISION      NEEDED  VERDICT")
        self.assertEqual(rule, "  ".join("\u2500" * width for width in (5, 7, 8, 7, 9, 10, 12)))
        self.assertIn("  \u2265 10.0 MiB  does not fit", other)
        for line in ("  \u2212 contexts    64.0 MiB    67108864 B  1 (default) \u00d7 64MiB (profile)",
                     "  \u2212 headroom    64.0 MiB    67108864 B  manifest:2",
                     "  \u2212 reserved         0 B           0 B  default"):
            self.assertIn(line, lines)
        self.assertRegex(table, r"(?m)^  \u2022 [^\n]*\bsmall\b")

    def test_ascii_where_unicode_cannot_be_shown_or_is_not_asked_for(self):
        self.write_unfit()
        plain = self.run_rein("check", "fleet.yaml", variables={"LC_ALL": "C.UTF-8"}).stdout
        self.assertTrue(plain.isascii(), plain)
        for line in ("  - contexts ", "(default) x 64MiB", "  >= 10.0 MiB", "\n  - move small "):
            self.assertIn(line, plain)
        quiet = {"NO_COLOR": "1", "columns": 120}
        for variables in ({"LC_ALL": "C"}, {"LC_ALL": "none.UTF-8"}, {"LC_ALL": "C.UTF-8", "TERM": "dumb"}):
            self.assertEqual(self.show("check", "fleet.yaml", **quiet, **variables), (DOES_NOT_FIT, plain))
        self.assertEqual(self.show("check", "fleet.yaml", "--unicode", "never", LC_ALL="C.UTF-8", **quiet),
                         (DOES_NOT_FIT, plain))

    def test_unicode_where_it_is_asked_for(self):
        for call in (["check", "fleet.yaml"], ["plan", "small.csv", "small.csv"]):
            asked = self.run_rein(*call, "--unicode", "always").stdout
            self.assertRegex(asked, r"\A[A-Z ]+\n\u2500[\u2500 ]*\n")
            self.assertTrue(self.run_rein(*call, "--unicode", "auto").stdout.isascii())
        self.assertTrue(self.run_rein("check", "fleet.yaml", "--json", "--unicode", "always").stdout.isascii())
        self.expect_refusal(("rein", "--unicode", "'allways'", "'always'"), "status", "--unicode", "allways")

    def test_a_long_id_gives_way_to_the_terminal(self):
        name = "start-" + "x" * 100 + "-end"
        self.write("fleet.yaml", MANIFEST.replace("id: small", f"id: {name}"))
        self.assertIn(name, self.run_rein("check", "fleet.yaml").stdout)
        for columns in (80, 120):
            _, table = self.show("check", "fleet.yaml", columns=columns, NO_COLOR="1")
            row, = (line for line in table.splitlines() if line.endswith("  fits"))
            self.assertEqual(len(row), columns - len("VERDICT") + len("fits"))
            self.assertRegex(row, r"\Astart-x*\.\.x*-end ")
        _, table = self.show("check", "fleet.yaml", NO_COLOR="1", LC_ALL="C.UTF-8")
        row, = (line for line in table.splitlines() if line.endswith("  fits"))
        self.assertEqual(len(row), 80 - len("VERDICT") + len("fits"))
        self.assertRegex(row, r"\Astart-x*\u2026x*-end ")

    def test_a_long_path_keeps_the_name_of_its_file(self):
        os.mkdir(self.path("a-folder-of-many-lifetimes"))
        for name in ("first.csv", "\u30e2\u30c7\u30eb.csv"):
            self.write(f"a-folder-of-many-lifetimes/{name}", LIFETIMES)
        for locale, ellipsis in (("C", ".."), ("C.UTF-8", "\u2026")):
            _, table = self.show("plan", "a-folder-of-many-lifetimes", NO_COLOR="1", LC_ALL=locale,
                                 columns=70)
            names = [line.partition("  ")[0] for line in table.splitlines() if ".csv" in line]
            self.assertEqual([name[:len(ellipsis)] for name in names], [ellipsis] * 2, table)
            self.assertTrue(names[0].endswith("s/first.csv"), names)
            self.assertTrue(names[1].endswith("/\u30e2\u30c7\u30eb.csv"), names)

    def test_the_table_fits_eighty_columns(self):
        _, table = self.show("check", "fleet.yaml", NO_COLOR="1")
        for line in table.splitlines():
            self.assertLessEqual(len(line), 80, line)


if __name__ == "__main__":
    rein_case.main()
