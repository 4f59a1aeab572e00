"""Lifetimes in gzip files: the same answers; broken and oversized files are rejected."""

import gzip
import resource
import zlib

import rein_case
from rein_case import FITS, LIFETIMES, ReinCase

LARGEST = 256 * 2 ** 20


class Gzip(ReinCase):
    def offsets(self, name):
        self.expect_result(FITS, "plan", name, "--csv", "out.csv")
        return self.read("out.csv")

    def refuse(self, content, *facts):
        self.write("in.csv.gz", content)
        self.expect_refusal(("in.csv.gz", *facts), "plan", "in.csv.gz")

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
                self.refuse(packed[:length], "ends too early")

    def test_what_is_broken(self):
        packed = gzip.compress(LIFETIMES.encode(), mtime=0)
        self.refuse(LIFETIMES.encode(), "incorrect header check")
        self.refuse(zlib.compress(LIFETIMES.encode()), "incorrect header check")
        self.refuse(packed + b"more of it", "incorrect header check")
        self.refuse(packed[:-8] + b"\0\0\0\0" + packed[-4:], "incorrect data check")
        self.refuse(packed[:-4] + b"\0\0\0\0", "incorrect length check")
        self.refuse(gzip.compress(b""), "empty", "lifetimes")
        self.write("in.csv.gz", gzip.compress(b"id,lower,upper,size\na,0,1,x\n"))
        self.expect_refusal(("in.csv.gz:2:7", "'x'", "0", "2^63"), "plan", "in.csv.gz")

    def test_what_swells(self):
        bomb = gzip.compress(b"0" * (LARGEST + 1), 1)
        self.assertLess(len(bomb), 2 ** 21)
        self.refuse(bomb, "large", "256MiB")
        # The rest of a longer file is not even inflated.
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.refuse(bomb * 20, "large", "256MiB")
        after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(after - before, 64 * 1024)

    def test_the_name_decides(self):
        self.write("small.csv", gzip.compress(LIFETIMES.encode()))
        self.expect_refusal(("small.csv", "gzip", "lifetimes", "gunzip"), "plan", "small.csv")


if __name__ == "__main__":
    rein_case.main()
