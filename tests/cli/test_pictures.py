"""The pictures of `rein check` and `rein plan` have room for texts of any length."""

import unicodedata
import xml.etree.ElementTree as ElementTree

import rein_case
from facts import Facts
from rein_case import CANNOT_TELL, DEVICE, DOES_NOT_FIT, FITS, LIFETIMES, ReinCase

SVG = "{http://www.w3.org/2000/svg}"
# Pixels per column in DejaVu Sans, the widest of the common fonts: the maximum in texts like these.
COLUMN_PIXELS = {"head": 11.2, "bad": 9, "unsure": 9}
PLAIN_COLUMN_PIXELS = 8.7
FAR = 9 * 10 ** 18


def columns(text):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def extent(element):
    """Returns the left and right end of a text."""
    x = float(element.get("x"))
    width = columns(element.text) * COLUMN_PIXELS.get(element.get("class"), PLAIN_COLUMN_PIXELS)
    begin = x - {"middle": width / 2, "end": width}.get(element.get("text-anchor"), 0)
    return begin, begin + width


def model(name, memory="64MiB", needs="weights: 9MiB, activations: 9MiB"):
    return f"  - {{id: {name}, budget: {{memory: {memory}, streams: 1, compute: 1ms}}, {needs}}}\n"


class Pictures(Facts, ReinCase):
    def draw(self, code, *call):
        self.expect_result(code, *call, "--svg", "out.svg")
        return ElementTree.parse(self.path("out.svg")).getroot()

    def check(self, code, *models, device=DEVICE):
        self.write("device.yaml", device)
        self.write("fleet.yaml", "schema: 1\ndevice: {profile: device.yaml}\nmodels:\n" + "".join(models))
        return self.draw(code, "check", "fleet.yaml")

    def expect_room(self, picture):
        """Expects that each text is within the card and overlaps neither another text nor a model's
        bar."""
        texts = [(float(element.get("y")), *extent(element), element.text)
                 for element in picture.iter(SVG + "text")]
        for y, begin, end, text in texts:
            self.assertGreaterEqual(begin, 0, text)
            self.assertLessEqual(end, float(picture.get("width")), text)
            for other_y, other_begin, other_end, other in texts:
                if abs(y - other_y) < 14 and begin < other_begin:
                    self.assertLess(end, other_begin, f"{text} and {other}")
            for bar in picture.iter(SVG + "rect"):
                if bar.get("class") in ("budget", "weights", "activations"):
                    left, top = float(bar.get("x")), float(bar.get("y"))
                    is_beside = top - 4 < y - 5 < top + float(bar.get("height")) + 4
                    self.assertFalse(is_beside and begin < left + float(bar.get("width")) and left < end,
                                     text)

    def test_a_shortage_is_drawn_only_if_nothing_fits(self):
        """There is no shortage yet if it depends on how much of the reserved memory is in use."""
        def shortages(code, reserved):
            self.write("device.yaml", DEVICE + "free: 512MiB\n")
            self.write("fleet.yaml", f"schema: 1\ndevice: {{profile: device.yaml, reserved: {reserved}}}\n"
                                     "models:\n" + model("one"))
            picture = self.draw(code, "check", "fleet.yaml")
            return [box for box in picture.iter(SVG + "rect") if box.get("class") == "short"]
        self.assertEqual(len(shortages(FITS, "100MiB")), 0)
        self.assertEqual(len(shortages(CANNOT_TELL, "500MiB")), 0)
        self.assertEqual(len(shortages(DOES_NOT_FIT, "1000MiB")), 1)

    def test_models_with_long_names_and_many_bytes(self):
        self.expect_room(self.check(
            DOES_NOT_FIT, model("x" * 127), model("\u30e2\u30c7\u30eb" * 14), model("m", "1023MiB"),
            model("above", "1000MiB", "weights: 1019MiB"),
            model("unknown", "1019MiB", "weights: 1018MiB")))

    def test_a_device_with_a_long_name(self):
        for size in ("80GiB", "1000GiB", "1000TiB"):
            self.expect_room(self.check(FITS, model("m"), device=DEVICE.replace(
                "Test device", "NVIDIA H100 80GB HBM3 SXM5 " * 4).replace("total: 1GiB", f"total: {size}")))

    def test_what_is_unknown_is_not_shown_as_refused(self):
        picture = self.check(CANNOT_TELL, model("m", "64MiB", "weights: 1MiB"))
        self.expect_room(picture)
        classes = {element.text: element.get("class") for element in picture.iter(SVG + "text")}
        unsure = [text for text, name in classes.items() if name == "unsure"]
        self.assertEqual(len(unsure), 2, classes)
        self.expect_facts(unsure[0], "cannot tell: ", "budgets", "m", "activations")
        self.expect_facts(unsure[1], "\u2265 2.0 MiB", "64.0 MiB", "unknown")
        self.assertNotIn("bad", classes.values())

    def test_narrow_parts_have_no_edge_that_hides_them(self):
        picture = self.check(FITS, *(model(f"m{index}", "2MiB", "weights: 1B, activations: 0B")
                                     for index in range(400)))
        self.expect_room(picture)
        parts = [box for box in picture.iter(SVG + "rect") if "m0" in box.get("class").split()
                 and "edge" in box.get("class").split()]
        self.assertEqual({box.get("class") for box in parts}, {"edge m0 thin"})

    def plan(self, *rows):
        self.write("in.csv", "id,lower,upper,size\n" + "".join(f"{row}\n" for row in rows))
        return self.draw(FITS, "plan", "in.csv")

    def test_times_of_any_length(self):
        for first, last in ((0, 1), (0, 10), (-5, 5), (0, 1000000), (3, 12345678901),
                            (FAR, FAR + 20000), (-FAR, FAR), (-FAR - 2 * 10 ** 17, -FAR)):
            with self.subTest(first=first, last=last):
                picture = self.plan(f"a,{first},{last},8000")
                self.expect_room(picture)
                times = [int(element.text) for element in picture.iter(SVG + "text")
                         if float(element.get("y")) == 477]
                self.assertGreaterEqual(len(times), 2)
                self.assertTrue(all(first <= time <= last for time in times), times)

    def test_a_plan_with_a_long_name(self):
        name = "in-" + "x" * 200 + ".csv"
        self.write(name, LIFETIMES)
        picture = self.draw(FITS, "plan", name, "--capacity", "1023MiB")
        self.expect_room(picture)
        sentence, = (element.text for element in picture.iter(SVG + "text") if "2 tensors" in element.text)
        self.expect_facts(sentence, "3.0 MiB", "exact", "capacity 1023.0 MiB: fits")


if __name__ == "__main__":
    rein_case.main()
