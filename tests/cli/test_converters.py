"""The converters in examples/converters write lifetimes that `rein plan` reads, and refuse what they cannot
convert exactly."""

import json
import os
import pickle
import subprocess
import sys

import rein_case
from rein_case import FITS, ROOT, ReinCase

SEGMENT = 0x7f0000000000
EVENTS = [("segment_alloc", SEGMENT, 2097152), ("free_completed", SEGMENT + 8192, 4096), ("alloc", SEGMENT, 1000),
          ("alloc", SEGMENT + 1024, 3000), ("free_requested", SEGMENT, 1000), ("free_completed", SEGMENT, 1000),
          ("alloc", SEGMENT, 2000)]
SNAPSHOT_ROWS = "id,lower,upper,size,alignment\n0,0,1,4096,512\n1,2,5,1000,512\n2,3,7,3000,512\n3,6,7,2000,512\n"

ASSIGNMENT = """\
BufferAssignment:
allocation 0: size 16, parameter 0, shape |f32[4]| at ShapeIndex {}:
 value: <0 x @0> (size=16,offset=0): f32[4]{0}
allocation 1: size 6144, color 1, preallocated-temp:
 value: <1 dot.1 @1> (size=4096,offset=0): f32[1024]{0}
 value: <2 fusion.2{0,1} (phi) @1> (size=2048,offset=4096): f32[512]{0}
 value: <3 in_place.3> (size=4100,offset=0): f32[1025]{0}
 value: <4 later.4 @1> (size=1024,offset=0): f32[256]{0}
allocation 2: size 16, maybe-live-out:
 value: <5 out @0> (size=16,offset=0): f32[4]{0}
"""
RANGES = """\
HloLiveRange (max 6):
  InstructionSequence:
    0:x
  BufferLiveRange:
    x{}:0-6
    dot.1{}:1-2
    fusion.2{0,1}:2-3
    in_place.3{}:2-3
    later.4{}:4-5
    out{}:5-6
  Live ranges at 2 (peak):
    x{}: 16 bytes (cumulative: 16 bytes)
"""
XLA_ROWS = 'id,lower,upper,size\ndot.1{},1,4,4100\nlater.4{},4,6,1024\n"fusion.2{0,1}",2,4,2048\n'


class Code:
    """Runs a command if a pickle of it is loaded."""
    def __reduce__(self):
        return os.system, ("touch ran",)


class Converters(ReinCase):
    def convert(self, name, *arguments):
        script = os.path.join(ROOT, "examples", "converters", f"{name}.py")
        return subprocess.run([sys.executable, script, *arguments], cwd=self.folder, check=False,
                              capture_output=True, encoding="utf-8", timeout=60)

    def expect_rows(self, rows, done):
        self.assertEqual((done.returncode, done.stdout), (0, rows), done.stderr)
        self.write("out.csv", done.stdout)
        self.expect_result(FITS, "plan", "out.csv")

    def expect_fault(self, done, fact):
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(done.stdout, "")
        self.assertIn(fact, done.stderr)

    def snapshot(self, events):
        trace = [dict(zip(("action", "addr", "size"), event)) for event in events]
        return {"segments": [], "device_traces": [[], trace]}

    def test_snapshots(self):
        self.write("run.pickle", pickle.dumps(self.snapshot(EVENTS)))
        self.write("run.json", json.dumps(self.snapshot(EVENTS)))
        for name in ("run.pickle", "run.json"):
            done = self.convert("pytorch_snapshot", name, "1")
            self.expect_rows(SNAPSHOT_ROWS, done)
            self.assertRegex(done.stderr, r"\D2, .*\D1\n")

    def test_an_event_without_an_address(self):
        self.write("run.json", json.dumps(self.snapshot(EVENTS + [("oom",)])))
        self.expect_rows(SNAPSHOT_ROWS.replace(",7,", ",8,"), self.convert("pytorch_snapshot", "run.json", "1"))

    def test_snapshots_that_contradict_themselves(self):
        self.write("run.json", json.dumps(self.snapshot(EVENTS + [("alloc", SEGMENT, 1)])))
        self.expect_fault(self.convert("pytorch_snapshot", "run.json", "1"), f"{SEGMENT:#x}")

    def test_a_snapshot_cannot_run_code(self):
        self.write("run.pickle", pickle.dumps({"device_traces": Code()}))
        self.expect_fault(self.convert("pytorch_snapshot", "run.pickle"), "system")
        self.assertFalse(os.path.exists(self.path("ran")))

    def test_calls_without_a_file(self):
        for name in ("pytorch_snapshot", "xla_dump"):
            self.expect_fault(self.convert(name), "usage: ")

    def test_devices_without_events(self):
        self.write("run.json", json.dumps(self.snapshot(EVENTS)))
        for device in ("0", "5"):
            self.expect_fault(self.convert("pytorch_snapshot", "run.json", device), "[1]")

    def test_a_file_that_is_not_a_dump(self):
        self.write("r.txt", RANGES)
        self.expect_fault(self.convert("xla_dump", "r.txt"), "r.txt")

    def test_dumps(self):
        self.write("a.txt", ASSIGNMENT)
        self.write("r.txt", RANGES)
        self.write("both.txt", ASSIGNMENT + "\n\n" + RANGES)
        self.expect_rows(XLA_ROWS, self.convert("xla_dump", "a.txt", "r.txt"))
        self.expect_rows(XLA_ROWS, self.convert("xla_dump", "both.txt"))

    def test_dumps_without_live_ranges(self):
        self.write("a.txt", ASSIGNMENT)
        self.write("r.txt", RANGES.replace("later.4", "other.4"))
        self.expect_fault(self.convert("xla_dump", "a.txt"), "dot.1{}")
        self.expect_fault(self.convert("xla_dump", "a.txt", "r.txt"), "later.4{}")


if __name__ == "__main__":
    rein_case.main()
