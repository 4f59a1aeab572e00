"""Rows of lifetimes that are almost valid: the answer is correct, or the message has a position."""

import json
import os
import random
import re

import rein_case
from rein_case import BAD_INPUT, ReinCase

HEADER = "id,lower,upper,size"
HEADER_WITH_ALIGNMENT = HEADER + ",alignment"
REFUSAL = re.compile(r"^in\.csv:\d+:\d+: [^\n]+\n$")
# Faults that no single row causes.
UNPLACED = re.compile(r"^in\.csv: [^\n]*\b(alive at -?\d+|empty)\b[^\n]*\n$")

BOUNDARIES = sorted({sign * (2 ** bits + off)
                     for bits in (0, 1, 7, 8, 15, 16, 31, 32, 52, 53, 61, 62, 63, 64, 65, 127, 128)
                     for off in (-2, -1, 0, 1, 2) for sign in (1, -1)})

SPELLINGS = ["", " ", "+1", "-0", "00", "01", "0x10", "1e3", "1.5", "1_000", "1,000", "1 1", '" 1"', '1"',
             "8GiB", "1k", "nan", "inf", "-", "--1", "٣", "１", "²", "1\u00a0", "1\u200b", "'1", "9" * 400]

ODD_BYTES = [b"\0", b"\x80", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82",
             b"\r", b"\n", b"\n\n", b"\r\n", b"\x1b[31m", b"\x7f", b"\xc2\x85", b"\xef\xbb\xbf",
             b"\xef\xbf\xbf", b",", b"\"", b";", b"\t"]


def peak_and_sum(rows):
    """Returns the peak and the sum of accepted rows as a strict reader of the format sees them."""
    live = [(int(lower), int(upper), int(size)) for lower, upper, size in rows]
    peak = max(sum(size for lower, upper, size in live if lower <= start < upper)
               for start, _, _ in live)
    return peak, sum(size for _, _, size in live)


class FuzzedRows(ReinCase):
    def setUp(self):
        super().setUp()
        self.accepted = self.refused = 0
        self.turn = 0

    def good_rows(self, chance, has_alignment):
        rows = []
        for index in range(chance.randint(1, 6)):
            lower = chance.randint(-5, 5)
            row = [f"t{index}", str(lower), str(lower + chance.randint(1, 6)),
                   str(chance.randint(0, 40))]
            rows.append(row + ([str(2 ** chance.randint(0, 5))] if has_alignment else []))
        return rows

    def judge(self, content):
        """Plans `content` and compares the answer with the file."""
        self.write("in.csv", content)
        self.turn += 1
        done = self.run_rein("plan", "in.csv", "--effort", "300", "--json",
                             *(["--csv", "out.csv"] if self.turn % 4 == 0 else []))
        self.assertIn(done.returncode, range(4), done.stderr)
        if done.returncode == BAD_INPUT:
            self.refused += 1
            self.assertEqual(done.stdout, "", content)
            self.assertFalse(os.path.exists(self.path("out.csv")), content)
            self.assertTrue(REFUSAL.match(done.stderr) or UNPLACED.match(done.stderr),
                            (done.stderr, content))
            where = re.match(r"in\.csv:(\d+):", done.stderr)
            self.assertTrue(where is None or int(where[1]) <= content.count(b"\n") + 1, done.stderr)
            return None
        self.accepted += 1
        self.assertEqual(done.stderr, "", content)
        if self.turn % 4 == 0:
            os.remove(self.path("out.csv"))
        found = json.loads(done.stdout)
        text = content.decode("utf-8-sig").rstrip(" \t\r\n")
        rows = [[cell.strip(" \t\r") for cell in line.split(",")] for line in text.split("\n")[1:]]
        self.assertEqual([row[0] for row in rows], [tensor["id"] for tensor in found["placements"]])
        peak, total = peak_and_sum([row[1:4] for row in rows])
        aligned = sum(int(row[4]) - 1 if len(row) > 4 else 0 for row in rows)
        self.assertEqual(found["peak_bytes"], peak, content)
        self.assertGreaterEqual(found["lower_bound_bytes"], peak, content)
        self.assertGreaterEqual(found["height_bytes"], found["lower_bound_bytes"], content)
        self.assertLessEqual(found["height_bytes"], total + aligned, content)
        self.assertEqual(found["height_bytes"] == 0, total == 0, content)
        return found

    def content(self, rows, has_alignment, end="\n"):
        header = HEADER_WITH_ALIGNMENT if has_alignment else HEADER
        return end.join([header] + [",".join(row) for row in rows] + [""]).encode()

    def test_numbers_at_every_boundary(self):
        chance = random.Random(1)
        for number in BOUNDARIES:
            rows = self.good_rows(chance, True)
            cell = chance.randint(1, 4)
            rows[-1][cell] = str(number)
            if cell == 2 and chance.random() < 0.7:
                rows[-1][1] = str(number + chance.choice((-1, -1, 0, 1)))
            self.judge(self.content(rows, True))
        self.assertGreater(min(self.accepted, self.refused), 20)

    def test_sizes_that_fill_the_range(self):
        for sizes in ((2 ** 63, 0), (2 ** 63 - 1, 1), (2 ** 62, 2 ** 62), (2 ** 63, 1), (2 ** 63,) * 3):
            rows = [[f"t{i}", "0", "2", str(size)] for i, size in enumerate(sizes)]
            self.assertEqual(self.judge(self.content(rows, False)) is None, sum(sizes) > 2 ** 63)
        rows = [[f"t{i}", str(i), str(i + 1), str(2 ** 63)] for i in range(4)]
        self.assertEqual(self.judge(self.content(rows, False))["height_bytes"], 2 ** 63)

    def test_numbers_spelled_in_other_ways(self):
        chance = random.Random(2)
        for spelling in SPELLINGS:
            rows = self.good_rows(chance, True)
            chance.choice(rows)[chance.randint(1, 4)] = spelling
            self.assertIsNone(self.judge(self.content(rows, True)), spelling)

    def test_odd_bytes_anywhere(self):
        chance = random.Random(3)
        for odd in ODD_BYTES * 3:
            content = self.content(self.good_rows(chance, False), False)
            at = chance.randint(0, len(content))
            self.judge(content[:at] + odd + content[at:])
        self.assertGreater(self.refused, len(ODD_BYTES))

    def test_lines_that_are_changed(self):
        chance = random.Random(4)
        for _ in range(60):
            lines = self.content(self.good_rows(chance, False), False).splitlines(True)
            at = chance.randrange(len(lines))
            kind = chance.randrange(6)
            if kind == 0:
                lines[at] = lines[at].rpartition(b",")[0] + b"\n"
            elif kind == 1:
                lines[at] = lines[at].rstrip(b"\n") + b",7\n"
            elif kind == 2:
                lines.append(lines[at])
            elif kind == 3:
                lines[at] = b"x" * chance.choice((100, 70000)) + lines[at]
            elif kind == 4:
                lines[-1] = lines[-1].rstrip(b"\n")
            else:
                del lines[at]
            self.judge(b"".join(lines))
        self.assertGreater(min(self.accepted, self.refused), 5)

    def test_marks_and_ends_of_lines_that_are_allowed(self):
        chance = random.Random(5)
        for _ in range(5):
            rows = self.good_rows(chance, True)
            plain = self.judge(self.content(rows, True))
            for other in (self.content(rows, True, "\r\n"),
                          b"\xef\xbb\xbf" + self.content(rows, True),
                          self.content(rows, True)[:-1]):
                found = self.judge(other)
                self.assertEqual(found["placements"], plain["placements"])


if __name__ == "__main__":
    rein_case.main()
