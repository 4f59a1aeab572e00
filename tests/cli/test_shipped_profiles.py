"""The device profiles of examples/devices: each number of a documented profile names its source,
recorded profiles agree with docs/hardware, and no total exceeds a total that CUDA reported."""

import glob
import json
import os
import re

import rein_case
from rein_case import CANNOT_TELL, FITS, ROOT

DEVICES = os.path.join(ROOT, "examples", "devices")
HARDWARE = os.path.join(ROOT, "docs", "hardware")
NOT_FACTS = {"schema", "name", "source", "note", "recorded_at"}
FACT = re.compile(r"(\w+): ")
SOURCE = re.compile(r"docs/hardware/[\w.-]+\.json|[\w.-]+\.(?:com|org)/[\w./#-]+")
LEAST = """\
schema: 1
models:
  - id: least
    budget: {memory: 8MiB, streams: 1, compute: 1ms}
    weights: 1B
    activations: 1B
"""
MIB = 1 << 20
GIB = 1 << 30

# Total memory as printed by tools. The profiles name the sources.
READINGS = {
    "geforce-rtx-4090.yaml": ["23.52 GiB", "23.61 GiB", "23.64 GiB", "23.68 GiB", "24564 MiB"],
    "jetson-orin-nano-8gb.yaml": ["7.3 GiB"],
}
RECORDS = {
    "nvidia-h100-80gb-hbm3.yaml": "nvidia-h100-80gb-hbm3.json",
    "nvidia-h200.yaml": "nvidia-h200.json",
}


def profiles(source):
    """Yields the paths and lines of the profiles with this source."""
    for path in sorted(glob.glob(os.path.join(DEVICES, "*.yaml"))):
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        if f"source: {source}" in lines:
            yield path, lines


def comment_above(lines, at):
    """Returns the comment directly above the line, as one text."""
    first = at
    while first > 0 and lines[first - 1].startswith("# "):
        first -= 1
    return " ".join(line[2:] for line in lines[first:at])


def in_bytes(reading):
    number, unit = reading.split()
    return float(number) * {"GiB": GIB, "MiB": MIB}[unit]


def as_printed(total, like):
    """Returns the total in the format of the reading."""
    number, unit = like.split()
    digits = len(number.partition(".")[2])
    return f"{total / {'GiB': GIB, 'MiB': MIB}[unit]:.{digits}f} {unit}"


class ShippedProfiles(rein_case.ReinCase):
    def device(self, path, *codes):
        """Returns the device in the output of `rein check --json`."""
        self.write("least.yaml", LEAST)
        done = self.run_rein("check", "least.yaml", "--device", path, "--json")
        self.assertIn(done.returncode, codes, done.stderr)
        return json.loads(done.stdout)["device"]

    def test_each_documented_number_names_its_source(self):
        names = []
        for path, lines in profiles("documented"):
            names.append(os.path.basename(path))
            for at, line in enumerate(lines):
                fact = FACT.match(line)
                if fact is None or fact[1] in NOT_FACTS:
                    continue
                comment = comment_above(lines, at)
                with self.subTest(profile=names[-1], fact=fact[1]):
                    self.assertTrue(comment.startswith(f"{fact[1]}: "), "a comment names the fact")
                    self.assert_sources_exist(SOURCE.findall(comment))
        self.assertLessEqual({"geforce-rtx-4090.yaml", "h100-sxm5-80gb.yaml"}, set(names))

    def assert_sources_exist(self, sources):
        self.assertNotEqual(sources, [], "the comment cites a record or a page")
        for source in sources:
            if source.startswith("docs/"):
                self.assertTrue(os.path.exists(os.path.join(ROOT, source)), source)

    def test_the_note_tells_which_end_of_a_range_decides(self):
        note = "context: upper end of 300 to 500 MiB, by example.com/context"
        self.write("range.yaml", "schema: 1\nsource: documented\ntotal: 1GiB\ngranularity: 2MiB\n"
                                 f"context_overhead: 500MiB\nnote: '{note}'\n")
        self.assertEqual(self.device("range.yaml", FITS)["note"], note)
        table = self.run_rein("check", "least.yaml", "--device", "range.yaml").stdout
        self.assertRegex(table, rf"documented\n +{re.escape(note)}\n")
        self.assertRegex(table, r"contexts +500\.0 MiB .*500MiB \(profile\)")

    def test_a_shipped_context_is_told_with_the_device(self):
        for path, lines in profiles("documented"):
            if any(line.startswith("context_overhead: ") for line in lines):
                self.assertIn("context", self.device(path, FITS, CANNOT_TELL)["note"], path)

    def test_the_note_is_shown_with_the_device(self):
        for path, _ in profiles("documented"):
            note = self.device(path, FITS, CANNOT_TELL)["note"]
            table = self.run_rein("check", "least.yaml", "--device", path).stdout
            self.assertIn(note, " ".join(table.split()))

    def test_a_total_is_the_smallest_reading(self):
        for name, readings in READINGS.items():
            total = self.device(os.path.join(DEVICES, name), FITS, CANNOT_TELL)["total_bytes"]
            smallest = min(readings, key=in_bytes)
            self.assertEqual(as_printed(total, smallest), smallest, name)
            self.assertNotEqual(as_printed(total - MIB, smallest), smallest,
                                f"{name}: no smaller whole MiB reads like this")

    def test_a_recorded_profile_is_as_its_record(self):
        recorded = {os.path.basename(path) for path, _ in profiles("recorded")}
        self.assertEqual(recorded, set(RECORDS))
        for name, record in RECORDS.items():
            self.assert_as_recorded(self.device(os.path.join(DEVICES, name), FITS), record)

    def assert_as_recorded(self, device, record):
        with open(os.path.join(HARDWARE, record), encoding="utf-8") as file:
            seen = json.load(file)
        facts = seen["observations"]
        self.assertEqual(
            [device["name"], device["driver_version"], device["runtime_version"], device["total_bytes"],
             device["context_overhead_bytes"], device["granularity_bytes"], device["pool_growth_bytes"],
             device["least_stream_priority"], device["greatest_stream_priority"], device["memory_pools"]],
            [seen["device"], seen["driver_version"], seen["runtime_version"], facts["total_bytes"],
             facts["context_bytes"], facts["granularity_bytes"], facts["pool_growth_bytes"],
             facts["least_priority"], facts["greatest_priority"], bool(facts["has_pools"])])

    def test_a_documented_total_of_a_recorded_device_is_the_record(self):
        documented = self.device(os.path.join(DEVICES, "h100-sxm5-80gb.yaml"), FITS, CANNOT_TELL)
        recorded = self.device(os.path.join(DEVICES, "nvidia-h100-80gb-hbm3.yaml"), FITS)
        self.assertEqual(documented["total_bytes"], recorded["total_bytes"])


if __name__ == "__main__":
    rein_case.main()
