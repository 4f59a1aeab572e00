"""`--deadline` limits all work of a command, and Ctrl-C stops it while it reads. The tests use
deadlines that have passed before the work begins, and input that never arrives."""

import gzip
import os
import signal
import subprocess

import rein_case
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS, ReinCase

ROWS = 100000
STOPPED = r"\A{}(:\d+:\d+)?: [^\n]*\b1ns\b[^\n]* while reading\b[^\n]* --deadline\n\Z"


class Deadline(ReinCase):
    def setUp(self):
        super().setUp()
        rows = "".join(f"tensor{i},{i},{i + 3},{i % 5000}\n" for i in range(ROWS))
        self.write("large.csv", "id,lower,upper,size\n" + rows)

    def expect_stop(self, pattern, *arguments, **options):
        done = self.run_rein(*arguments, **options)
        self.assertEqual((done.returncode, done.stdout), (CANNOT_TELL, ""))
        self.assertRegex(done.stderr, pattern)

    def test_while_reading(self):
        with open(self.path("large.csv"), "rb") as file:
            self.write("large.csv.gz", gzip.compress(file.read()))
        for name in ("large.csv", "large.csv.gz"):
            for form in ([], ["--json"], ["--csv", "out.csv"]):
                self.expect_stop(STOPPED.format(name), "plan", name, "--deadline", "1ns", *form)
        self.assertFalse(os.path.exists(self.path("out.csv")))

    def test_while_verifying(self):
        self.write("proof", "rein certificate 1\nclaim fits 1\ntensors 0\nend\n")
        self.expect_stop(STOPPED.format("large.csv"), "verify", "large.csv", "proof", "--deadline", "1ns")
        words = "".join("0\n" for _ in range(ROWS))
        self.write("proof", f"rein certificate 1\nclaim cannot 1\ntensors 2\nrefutation {ROWS}\n{words}end\n")
        self.expect_stop(STOPPED.format("proof"), "verify", "small.csv", "proof", "--deadline", "1ns")

    def test_a_small_file_has_an_answer(self):
        self.expect_result(FITS, "plan", "small.csv", "--deadline", "0ns")
        header = "id,lower,upper,size,offset\n"
        self.write("kept.csv", header + "a,0,2,5,0\nb,1,3,5,8\nc,2,4,5,0\n")
        self.expect_result(FITS, "plan", "kept.csv", "--keep-offsets", "--deadline", "0ns")
        self.write("kept.csv", header + "a,0,2,5,0\nb,1,3,5,4\nc,2,4,5,9\n")
        done = self.run_rein("plan", "kept.csv", "--keep-offsets", "--deadline", "0ns")
        self.assertEqual((done.returncode, done.stdout), (DOES_NOT_FIT, ""))

    def test_it_is_that_of_all_files(self):
        for form, stdout in ((["--json"], ""), ([], None)):
            done = self.run_rein("plan", "small.csv", "small.csv", "--deadline", "0ns", *form)
            self.assertEqual(done.returncode, CANNOT_TELL)
            self.expect_messages(done.stderr, ("rein", "deadline", "2 of 2"))
            if stdout is not None:
                self.assertEqual(done.stdout, stdout)

    def test_while_waiting_for_input(self):
        reader, writer = os.pipe()
        self.addCleanup(os.close, writer)
        with os.fdopen(reader) as nothing:
            self.expect_stop(r"\Astandard input: [^\n]*\b1ms\b[^\n]* while reading\b",
                             "plan", "-", "--deadline", "1ms", stdin=nothing)
            self.expect_stop(r"\Astandard input: [^\n]*\b1ms\b[^\n]* while reading\b",
                             "verify", "-", "small.csv", "--deadline", "1ms", stdin=nothing)

    def test_one_of_many_that_never_comes(self):
        os.mkfifo(self.path("never.csv"))
        writer = os.open(self.path("never.csv"), os.O_RDWR)
        self.addCleanup(os.close, writer)
        done = self.run_rein("plan", "never.csv", "small.csv", "--deadline", "1s", "--jobs", "2")
        self.assertEqual(done.returncode, CANNOT_TELL)
        self.expect_messages(done.stderr, ("never.csv", "1s", "while reading", "--deadline"))
        self.assertRegex(done.stdout, r"(?m)^small\.csv .* exact ")

    def test_an_interrupt_while_it_reads_one_of_many(self):
        os.mkfifo(self.path("never.csv"))
        with subprocess.Popen([rein_case.REIN, "plan", "never.csv", "small.csv", "--jobs", "1"],
                              cwd=self.folder, env=self.environment(), encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as started:
            # Returns when the command opens the pipe too, after it has installed its signal handler.
            with open(self.path("never.csv"), "w", encoding="utf-8"):
                started.send_signal(signal.SIGINT)
                stdout, stderr = started.communicate(timeout=60)
        self.assertEqual(started.returncode, -signal.SIGINT)
        self.expect_messages(stderr, [("never.csv", "interrupted", "reading"),
                                      ("rein", "interrupted", "1 of 2")])
        self.assertRegex(stdout, r"(?m)^never\.csv +not planned$")

    def test_an_interrupt_while_it_reads_the_only_one(self):
        os.mkfifo(self.path("never.csv"))
        with subprocess.Popen([rein_case.REIN, "plan", "never.csv"], cwd=self.folder,
                              env=self.environment(), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as started:
            with open(self.path("never.csv"), "w", encoding="utf-8"):
                started.send_signal(signal.SIGINT)
                stdout, _ = started.communicate(timeout=60)
        self.assertEqual((started.returncode, stdout), (-signal.SIGINT, b""))


if __name__ == "__main__":
    rein_case.main()
