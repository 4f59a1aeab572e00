"""Lifetimes in gzip files: the same answers; broken and oversized files are rejected."""

import gzip
import resource
import zlib

import rein_case
from rein_case import FITS, LIFETIMES, ReinCase

LARGEST = 256 * 2 ** 20
BROKEN = ", expected a file as gzip writes it\n"


class Gzip(ReinCase):
    def offsets(self, name):
        self.expect_result(FITS, "plan", name, "--csv", "out.csv")
        return self.read("out.csv")

    def refuse(self, content, message):
        self.write("in.csv.gz", content)
        self.expect_refusal(f"in.csv.gz: {message}", "plan", "in.csv.gz")

    def test_the_same_plan(self):
        half = len(LIFETIMES) // 2
        expected = self.offsets("small.csv")
        for packed in (gzip.compress(LIFETIMES.encode()),
                       gzip.compress(LIFETIMES.encode(), 0),
                       gzip.compress(LIFETIMES[:half].encode()) +
                       gzip.compress(LIFETIMES[half:].encode())):
            self.write("small.csv.gz", packed)
            self.assertEqual(self.offsets("small.csv.gz"), expected)

    def test_a_large_file(self):
        rows = "".join(f"tensor{i},{i},{i + 3},{i * 7919 % 5000}\n" for i in range(20000))
        self.write("large.csv", "id,lower,upper,size\n" + rows)
        self.write("large.csv.gz", gzip.compress(("id,lower,upper,size\n" + rows).encode()))
        self.assertEqual(self.offsets("large.csv.gz"), self.offsets("large.csv"))

    def test_a_manifest_may_name_one(self):
        self.write("small.csv.gz", gzip.compress(LIFETIMES.encode()))
        self.write("fleet.yaml", rein_case.MANIFEST.replace("small.csv", "small.csv.gz"))
        self.assertIn("exact", self.expect_result(FITS, "check", "fleet.yaml"))

    def test_what_is_cut(self):
        packed = gzip.compress(LIFETIMES.encode(), mtime=0)
        for length in range(len(packed)):
            with self.subTest(length):
                self.refuse(packed[:length], "ends too early" + BROKEN)

    def test_what_is_broken(self):
        packed = gzip.compress(LIFETIMES.encode(), mtime=0)
        self.refuse(LIFETIMES.encode(), "incorrect header check" + BROKEN)
        self.refuse(zlib.compress(LIFETIMES.encode()), "incorrect header check" + BROKEN)
        self.refuse(packed + b"more of it", "incorrect header check" + BROKEN)
        self.refuse(packed[:-8] + b"\0\0\0\0" + packed[-4:], "incorrect data check" + BROKEN)
        self.refuse(packed[:-4] + b"\0\0\0\0", "incorrect length check" + BROKEN)
        self.refuse(gzip.compress(b""), "is empty, expected a CSV file of lifetimes\n")
        self.write("in.csv.gz", gzip.compress(b"id,lower,upper,size\na,0,1,x\n"))
        self.expect_refusal("in.csv.gz:2:7: 'x', expected a whole number of bytes from 0 to 2^63, "
                            "without a unit\n", "plan", "in.csv.gz")

    def test_what_swells(self):
        bomb = gzip.compress(b"0" * (LARGEST + 1), 1)
        self.assertLess(len(bomb), 2 ** 21)
        self.refuse(bomb, f"is larger than {LARGEST} bytes when inflated\n")
        # The rest of a longer file is not even inflated.
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.refuse(bomb * 20, f"is larger than {LARGEST} bytes when inflated\n")
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(after - before, 64 * 1024)

    def test_the_name_decides(self):
        self.write("small.csv", gzip.compress(LIFETIMES.encode()))
        done = self.run_rein("plan", "small.csv")
        self.assertEqual(done.returncode, rein_case.BAD_INPUT)
        self.assertIn("small.csv:1:1: character U+001F, expected text", done.stderr)


if __name__ == "__main__":
    rein_case.main()
