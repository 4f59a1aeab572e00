"""`rein plan`: the table, the exit codes, the CSV and the picture."""

import csv
import io
import os
import random
import re
import xml.etree.ElementTree as xml

import rein_case
from facts import Facts
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, ROOT, ReinCase

LIFETIMES = os.path.join(ROOT, "examples", "fleet", "lifetimes")
SVG = "{http://www.w3.org/2000/svg}"

TABLE = (
    ("small.csv", "2 tensors", "0", "3"),
    ("sum", "3.0 MiB", "3145728 B"),
    ("height", "3.0 MiB", "3145728 B", "exact", "checked"),
    ("lower bound", "3.0 MiB", "3145728 B", "alive", "instant 1"),
    ("gap", "0 B", "0 B", "exact"),
)


def is_sound(rows):
    """Returns whether no two tensors share a byte at the same time, by comparing all pairs."""
    for index, one in enumerate(rows):
        for other in rows[:index]:
            in_time = one["lower"] < other["upper"] and other["lower"] < one["upper"]
            in_space = (one["offset"] < other["offset"] + other["size"]
                        and other["offset"] < one["offset"] + one["size"])
            if in_time and in_space:
                return False
    return True


class Plan(Facts, ReinCase):
    def plan(self, code, *arguments):
        return re.sub(r"in [0-9.]+ (us|ms|s), ", "in TIME, ",
                      self.expect_result(code, "plan", *arguments))

    def offsets(self, text):
        rows = list(csv.DictReader(io.StringIO(text)))
        return [{key: value if key == "id" else int(value) for key, value in row.items()}
                for row in rows]

    def test_the_whole_table(self):
        self.expect_lines(self.plan(FITS, "small.csv"), *TABLE)

    def test_against_a_capacity(self):
        table = self.plan(FITS, "small.csv", "--capacity", "4MiB")
        self.expect_lines(table, *TABLE, ("capacity", "4.0 MiB", "4194304 B", "1.0 MiB"))
        self.expect_verdict(table, "fits", "3.0 MiB", "capacity", "4.0 MiB")
        table = self.plan(DOES_NOT_FIT, "small.csv", "--capacity", "2MiB")
        self.expect_lines(table, *TABLE, ("capacity", "2.0 MiB", "2097152 B", "1.0 MiB"))
        self.expect_verdict(table, "does not fit", "3.0 MiB", "instant 1", "1.0 MiB", "capacity", "2.0 MiB")

    def test_sizes_that_differ_by_a_byte_are_exact(self):
        self.expect_verdict(self.plan(DOES_NOT_FIT, "small.csv", "--capacity", "3145727B"), "does not fit",
                            "3145728 B", "1 B", "3145727 B")

    def test_between_the_bound_and_the_height(self):
        self.write("in.csv", HARD)
        table = self.plan(CANNOT_TELL, "in.csv", "--capacity", "17B", "--effort", "0")
        self.expect_lines(table, ("height", "18 B", "18 B", "within 12.5%", "in TIME", "checked"),
                          ("gap", "2 B", "2 B", "within 12.5%"))
        self.expect_verdict(table, "cannot tell", "17 B", "16 B", "18 B", "--effort")
        self.write("in.csv", re.sub(r"(?m),(\d+)$", lambda size: f",{int(size[1]) << 20}", HARD))
        table = self.plan(CANNOT_TELL, "in.csv", "--capacity", f"{2 ** 24 + 1}B", "--effort", "0")
        self.expect_verdict(table, "cannot tell", "16777217 B", "16777216 B", "18874368 B")

    def test_what_only_the_search_decides(self):
        self.write("in.csv", HARD)
        table = self.plan(FITS, "in.csv")
        self.expect_lines(table, ("height", "17 B", "17 B", "exact", "in TIME", "checked"),
                          ("lower bound", "17 B", "17 B", "search", "steps"))
        self.plan(FITS, "in.csv", "--capacity", "17B")
        table = self.plan(DOES_NOT_FIT, "in.csv", "--capacity", "16B")
        self.expect_verdict(table, "does not fit", "search", "16 B")

    def test_no_plan_ends_within_2_to_the_63rd(self):
        rows = [line.split(",") for line in HARD.splitlines()[1:]]
        self.write("in.csv", "id,lower,upper,size\n" + "".join(
            f"{row[0]},{row[1]},{row[2]},{int(row[3]) << 59}\n" for row in rows))
        for code, extra, capacity in (
                (DOES_NOT_FIT, [], ()), (CANNOT_TELL, ["--effort", "0"], ()),
                (DOES_NOT_FIT, ["--capacity", "1GiB"], ("8589934592.0 GiB", "capacity", "1.0 GiB"))):
            done = self.run_rein("plan", "in.csv", *extra)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.expect_facts(done.stderr, "in.csv: ", "2^63 bytes", "at least", *capacity)
            self.assertEqual("capacity" in done.stderr, capacity != ())

    def test_effort_seed_and_deadline(self):
        self.write("in.csv", HARD)
        for options in (["--seed", "0"], ["--seed", "7"], ["--seed", str(2 ** 64 - 1)],
                        ["--effort", str(2 ** 64 - 1)], ["--deadline", "100s"]):
            first = self.plan(FITS, "in.csv", "--csv", "first.csv", *options)
            self.expect_lines(first, ("height", "exact"))
            self.assertEqual(first, self.plan(FITS, "in.csv", "--csv", "again.csv", *options))
            self.assertEqual(self.read("first.csv"), self.read("again.csv"))
        # Without any time, all tensors are stacked.
        self.assertIn("within 143.8%", self.plan(FITS, "in.csv", "--deadline", "0ns"))

    def test_to_the_byte(self):
        self.plan(FITS, "small.csv", "--capacity", "3145728B")
        self.plan(DOES_NOT_FIT, "small.csv", "--capacity", "3145727B")
        self.plan(DOES_NOT_FIT, "small.csv", "--capacity", "0B")
        self.plan(FITS, "small.csv", "--capacity", "18446744073709551615B")

    def test_every_network(self):
        for name in sorted(os.listdir(LIFETIMES)):
            with self.subTest(name):
                self.plan(FITS, os.path.join(LIFETIMES, name), "--csv", "out.csv")
                rows = self.offsets(self.read("out.csv"))
                self.assertTrue(is_sound(rows))
                with open(os.path.join(LIFETIMES, name), encoding="utf-8") as file:
                    self.assertEqual(len(rows), len(file.readlines()) - 1)

    def test_random_lifetimes(self):
        random.seed(20260131)
        for _ in range(20):
            rows = [f"t{i},{lower},{lower + random.randint(1, 20)},{random.randint(0, 5000)},"
                    f"{2 ** random.randint(0, 9)}"
                    for i, lower in enumerate(random.randint(-50, 50) for _ in range(60))]
            self.write("in.csv", "id,lower,upper,size,alignment\n" + "\n".join(rows) + "\n")
            self.plan(FITS, "in.csv", "--effort", "1000", "--csv", "out.csv", "--svg", "out.svg")
            text = self.read("out.csv")
            self.assertEqual(text.splitlines()[0], "id,lower,upper,size,alignment,offset")
            self.assertEqual([row.rsplit(",", 1)[0] for row in text.splitlines()[1:]], rows)
            placed = self.offsets(text)
            self.assertTrue(is_sound([row for row in placed if row["size"] > 0]))
            self.assertTrue(all(row["offset"] % row["alignment"] == 0 for row in placed))
            xml.parse(self.path("out.svg"))

    def draw(self, *arguments):
        self.plan(FITS, *arguments, "--svg", "out.svg")
        return xml.parse(self.path("out.svg")).getroot()

    def test_the_picture_shows_each_tensor(self):
        picture = self.draw("small.csv")
        titles = [rect.find(f"{SVG}title").text for rect in picture.iter(f"{SVG}rect")
                  if rect.find(f"{SVG}title") is not None]
        self.assertEqual(titles, [
            "a: 1.0 MiB (1048576 B) at offset 2097152, alive [0, 2)",
            "b: 2.0 MiB (2097152 B) at offset 0, alive [1, 3)"])
        texts = [text.text for text in picture.iter(f"{SVG}text")]
        for expected in ("small.csv", "0", "1 MiB", "2 MiB", "3 MiB", "1", "2", "3", "bytes alive",
                         "lower bound"):
            self.assertIn(expected, texts)
        sentence, = (text for text in texts if text.startswith("2 tensors"))
        self.expect_facts(sentence, "3.0 MiB", "exact")
        self.assertNotIn("capacity", texts)

    def test_the_outline_has_one_step_for_each_instant(self):
        # At instant 2, a tensor replaces another: the outline must not dip.
        self.write("in.csv", "id,lower,upper,size\na,0,2,100\nb,2,4,100\nc,1,3,50\n")
        outlines = {path.get("class"): path.get("d")
                    for path in self.draw("in.csv").iter(f"{SVG}path")}
        self.assertEqual(outlines["live"], outlines["halo"])
        heights = [float(step) for step in re.findall(r"V([0-9.]+)", outlines["live"])]
        shares = [(456 - height) / (456 - heights[1]) for height in heights]
        for share, expected in zip(shares, [100 / 150, 1, 1, 100 / 150, 0], strict=True):
            self.assertAlmostEqual(share, expected, places=3)

    def test_the_picture_shows_the_capacity(self):
        picture = self.draw("small.csv", "--capacity", "4MiB")
        self.assertIn("capacity", [text.text for text in picture.iter(f"{SVG}text")])
        shapes = [line.get("class") for line in picture.iter(f"{SVG}line")]
        self.assertEqual(shapes.count("capacity"), 2)
        self.plan(DOES_NOT_FIT, "small.csv", "--capacity", "2MiB", "--svg", "out.svg")
        shapes = [line.get("class") for line in xml.parse(self.path("out.svg")).iter(f"{SVG}line")]
        self.assertEqual(shapes.count("capacity"), 2)
        # A capacity far above the plan would flatten it, so it is named but not drawn.
        picture = self.draw("small.csv", "--capacity", "1GiB")
        shapes = [line.get("class") for line in picture.iter(f"{SVG}line")]
        self.assertEqual(shapes.count("capacity"), 0)
        self.assertTrue(any("capacity 1024.0 MiB: fits" in (text.text or "")
                            for text in picture.iter(f"{SVG}text")))

    def test_the_picture_names_whole_steps_of_time(self):
        for lower, upper, expected in ((3, 203, range(20, 201, 20)), (-3, 197, range(0, 181, 20)),
                                       (40, 240, range(40, 241, 20)), (-1, 0, (-1, 0))):
            self.write("in.csv", f"id,lower,upper,size\na,{lower},{upper},5\n")
            texts = [text.text for text in self.draw("in.csv").iter(f"{SVG}text")
                     if text.get("y") == "477.0"]
            self.assertEqual(texts, [str(instant) for instant in expected])

    def test_the_picture_of_a_thousand_tensors(self):
        rows = "".join(f"t{i},{i},{i + 30},{4096 * (1 + i * 7 % 50)}\n" for i in range(1000))
        self.write("many.csv", "id,lower,upper,size\n" + rows)
        picture = self.draw("many.csv", "--effort", "0")
        rects = [rect for rect in picture.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None]
        self.assertEqual(len(rects), 1000)
        for rect in rects:
            self.assertGreaterEqual(float(rect.get("x")), 91.9)
            self.assertGreaterEqual(float(rect.get("y")), 78)
            self.assertLessEqual(float(rect.get("x")) + float(rect.get("width")), 972.6)
            self.assertLessEqual(float(rect.get("y")) + float(rect.get("height")), 456.6)

    def test_the_picture_of_strange_files(self):
        for rows in ("a,0,1,0\n", "a<&>\"'漢,0,1,5\n".replace('"', ""),
                     f"a,{-2 ** 63},{2 ** 63 - 1},{2 ** 63 - 1}\nb,0,1,1\n",
                     f"a,{2 ** 63 - 2},{2 ** 63 - 1},1\n", f"a,{-2 ** 63},{1 - 2 ** 63},1\n"):
            self.write("strange.csv", "id,lower,upper,size\n" + rows)
            picture = self.draw("strange.csv")
            text = self.read("out.svg")
            self.assertNotIn("nan", text)
            self.assertNotIn("inf", text)
            self.assertGreater(len(list(picture.iter(f"{SVG}line"))), 3)
            self.assertLess(len(text), 20000)


if __name__ == "__main__":
    rein_case.main()
