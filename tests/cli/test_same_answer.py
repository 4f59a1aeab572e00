"""`rein check`, `rein run` with a manifest and `rein run` with options give the same answer to the same
question. An oracle in this file judges a table of cases, and the tests compare the numbers."""

import json
import random
import re

import rein_case
from facts import Facts
from rein_case import BAD_INPUT, CANNOT_TELL, DOES_NOT_FIT, FITS, HARD
from reservations_case import HOLD, MIB, ReservationsCase

TOTAL = 1024 * MIB
UNITS = {"B": 1, "KiB": 2 ** 10, "MiB": 2 ** 20, "GiB": 2 ** 30, "TiB": 2 ** 40}
SIZE = r"(?:unknown|\d+(?:B|KiB|MiB|GiB|TiB))"
# "{context}" matches a size and captures it as the group `context`.
REFUSAL = re.compile(re.sub(r"{(\w+)}", lambda name: f"(?P<{name[1]}>{SIZE})", (
    r"\Arein: 'one' on GPU-1: (?P<outcome>does not fit|cannot tell): (?P<model>.*)requested {requested}, "
    r"available {least}(?: to {most})? \((?:(?P<basis>total|free) )?memory {memory} - context {context} - "
    r"headroom {headroom} - reserved {reserved} - (?P<count>\d+) live reservations? {live}\)"
    r"(?:: {short} short|;.*)?\n\Z")))
NEEDS = re.compile(rf"(at least )?({SIZE})\b.* ({SIZE})\b.* ({SIZE})\b.* ({SIZE})\b( or more)?")


def bytes_of(text):
    """Returns the bytes of a size; None if it is unknown."""
    if text in (None, "unknown"):
        return None
    return int(text.rstrip("BKMGTi")) * UNITS[text.lstrip("0123456789")]


def round_up(size, step):
    return -(-size // step) * step


class Case:
    """A device with live reservations, and a model on it."""

    def __init__(self, chance, live_bytes):
        self.live = live_bytes
        self.total = chance.choice([TOTAL, TOTAL, None])
        self.free = chance.choice([None, chance.randrange(0, 1025) * MIB, 700 * MIB, TOTAL])
        self.context = chance.choice([*[64 * MIB] * 4, 3 * MIB + 4096, None])
        self.granularity = chance.choice([*[2 * MIB] * 4, 512, None])
        self.growth = chance.choice([*[None] * 4, 32 * MIB, "unknown"])
        self.headroom = chance.choice([0, 0, 10 * MIB])
        self.reserved = chance.choice([0, 0, 50 * MIB])
        self.by_total = self.total is not None and chance.random() < 0.2
        taken = (self.context or 0) + self.headroom
        sizes = [size for size in (self.total, self.free) if size is not None] or [TOTAL]
        others = self.reserved + self.live
        edge = chance.choice(sizes) - taken - chance.choice([0, others, others])
        self.limit = max(1, edge + chance.choice([-MIB, -1, 0, 1, MIB, -chance.randrange(1, 500 * MIB)]))
        self.weights = self.activations = None
        kind = chance.choice(["cap", "cap", "both", "both", "weights", "activations"])
        if kind in ("both", "weights"):
            self.weights = max(0, self.limit // 2 + chance.choice([-MIB, 0, 0, MIB]))
        if kind in ("both", "activations"):
            self.activations = max(0, self.limit // 2 + chance.choice([-2 * MIB, -MIB, 0, MIB]))

    def profile(self):
        lines = ["schema: 1", "source: synthetic", "uuid: GPU-1"]
        for key, value in (("total", self.total), ("free", self.free), ("granularity", self.granularity),
                           ("context_overhead", self.context)):
            lines += [] if value is None else [f"{key}: {value}B"]
        if self.growth is not None:
            lines += ["memory_pools: true"]
            lines += [] if self.growth == "unknown" else [f"pool_growth: {self.growth}B"]
        return "\n".join(lines) + "\n"

    def manifest(self):
        needs = "".join(f"    {key}: {value}B\n" for key, value in
                        (("weights", self.weights), ("activations", self.activations))
                        if value is not None)
        return (f"schema: 1\ndevice: {{profile: gpu.yaml, headroom: {self.headroom}B, reserved: "
                f"{self.reserved}B}}\nmodels:\n  - id: one\n    budget: {{memory: {self.limit}B, "
                f"streams: 1, compute: 1ms}}\n{needs}")

    def expected_of_model(self):
        needed = sum(round_up(need, self.granularity or 1)
                     for need in (self.weights, self.activations) if need is not None)
        if needed > self.limit:
            return DOES_NOT_FIT
        known = [need is not None for need in (self.weights, self.activations)]
        return FITS if not any(known) or (all(known) and self.granularity) else CANNOT_TELL

    def expected_by(self, size, others_least, others_most):
        requested = round_up(self.limit, self.granularity or 1)
        requested = round_up(requested, 1 if self.growth in (None, "unknown") else self.growth)
        least = requested + self.headroom + (self.context or 0) + others_least
        if size is None:
            return CANNOT_TELL
        if least > size:
            return DOES_NOT_FIT
        are_known = self.context is not None and self.granularity and self.growth != "unknown"
        return FITS if are_known and least - others_least + others_most <= size else CANNOT_TELL

    def expected_of_device(self):
        others = self.reserved + self.live
        by_total = self.expected_by(self.total, others, others)
        if self.free is None or self.by_total:
            return by_total
        return DOES_NOT_FIT if by_total == DOES_NOT_FIT else self.expected_by(self.free, 0, others)

    def expected(self):
        outcomes = (self.expected_of_model(), self.expected_of_device())
        return DOES_NOT_FIT if DOES_NOT_FIT in outcomes else max(outcomes)


class SameAnswer(Facts, ReservationsCase):
    def check(self, case):
        options = ["--by-total"] if case.by_total else []
        done = self.run_rein("check", "fleet.yaml", "--json", *options)
        self.assertEqual((done.returncode, done.stderr), (case.expected(), ""), done.stdout)
        return json.loads(done.stdout)

    def run_both_ways(self, case):
        """Yields the results of `rein run` with the manifest, and with options if they can express the
        case."""
        options = ["--by-total"] if case.by_total else []
        command = ["--", "sh", "-c", "echo $REIN_RESERVED_BYTES"]
        yield self.run_rein("run", "--manifest", "fleet.yaml", "--model", "one", *options, *command)
        if case.weights is case.activations is None and case.headroom == case.reserved == 0:
            yield self.run_rein("run", "--device", "gpu.yaml", "--model", "one", "--memory",
                                f"{case.limit}B", "--streams", "1", "--compute", "1ms", *options,
                                *command)

    def compare_granted(self, document, done):
        memory = document["memory"]
        self.assertEqual(int(done.stdout), memory["requested_bytes"] + memory["context_bytes"])
        self.assertEqual(done.stderr, "")

    def compare_refused(self, document, done):
        found = REFUSAL.match(done.stderr)
        self.assertIsNotNone(found, done.stderr)
        self.assertEqual(found["outcome"], document["outcome"])
        units = set(re.findall(r"\d(B|KiB|MiB|GiB|TiB)", done.stderr))
        self.assertEqual(len(units), 1, done.stderr)
        said = {name: bytes_of(text) for name, text in found.groupdict().items()
                if name not in ("outcome", "basis", "count", "model")}
        memory = document["memory"]
        self.assertEqual(said, {
            "requested": memory["requested_bytes"], "least": memory["available_bytes"],
            "most": memory["available_at_most_bytes"] if said["most"] is not None else None,
            "short": memory["shortfall_bytes"] or None, "memory": memory["basis_bytes"],
            "context": memory["context_bytes"], "headroom": memory["headroom"]["bytes"],
            "reserved": memory["reserved"]["bytes"], "live": memory["live_reservations"]["bytes"]})
        self.assertEqual(said["most"] is None,
                         memory["available_bytes"] == memory["available_at_most_bytes"])
        self.assertEqual(found["basis"] or "unknown", memory["basis"])
        self.assertEqual(int(found["count"]), memory["live_reservations"]["count"])
        self.compare_model(document["models"][0], found["model"])

    def compare_model(self, model, said):
        needs = NEEDS.search(said)
        self.assertEqual(needs is not None, model["outcome"] == "does not fit", said)
        if needs is not None:
            needed, limit, short, enough = map(bytes_of, needs.groups()[1:5])
            self.assertEqual((needed, limit, short), (
                model["needed_at_least_bytes"], model["budget"]["memory_bytes"],
                model["shortfall_bytes"]))
            known = model["needed_bytes"]
            self.assertEqual(enough, round_up(known or needed, MIB))
            self.assertEqual((needs[1], needs[6]), (None if known == needed else "at least ",
                                                    None if known else " or more"))

    def compare(self, seed, count, live_bytes):
        chance = random.Random(seed)
        met = set()
        for number in range(count):
            case = Case(chance, live_bytes)
            self.write("gpu.yaml", case.profile())
            self.write("fleet.yaml", case.manifest())
            with self.subTest(seed=seed, case=number, profile=case.profile(), fleet=case.manifest()):
                document = self.check(case)
                met.add((document["outcome"], document["memory"]["basis"]))
                for done in self.run_both_ways(case):
                    self.assertEqual(done.returncode, case.expected(), done.stderr)
                    compare = self.compare_granted if done.returncode == FITS else self.compare_refused
                    compare(document, done)
        return met

    def test_nothing_is_live(self):
        met = self.compare(20, 60, 0)
        self.assertGreaterEqual(met, {(outcome, basis)
                                      for outcome in ("fits", "does not fit", "cannot tell")
                                      for basis in ("free", "total")})

    def test_beside_a_live_reservation(self):
        self.write("gpu.yaml", "schema: 1\nsource: synthetic\nuuid: GPU-1\ntotal: 1GiB\n"
                               "context_overhead: 64MiB\ngranularity: 2MiB\n")
        self.start(*HOLD)
        live, = self.status()["reservations"]
        met = self.compare(44, 60, live["bytes"])
        self.assertGreaterEqual(met, {(outcome, basis)
                                      for outcome in ("fits", "does not fit", "cannot tell")
                                      for basis in ("free", "total")})

    def ask(self, code, profile, manifest, *options):
        """Returns the results of `rein check` and `rein run`, which must have the same exit code."""
        self.write("gpu.yaml", profile)
        self.write("fleet.yaml", manifest)
        checked = self.run_rein("check", "fleet.yaml", "--json", *options)
        ran = self.run_rein("run", "--manifest", "fleet.yaml", "--model", "one", *options, "--", "true")
        self.assertEqual((checked.returncode, ran.returncode), (code, code),
                         checked.stderr + ran.stderr)
        return checked, ran

    def test_a_sum_beyond_64_bits_is_bad_input(self):
        profile = ("schema: 1\nsource: synthetic\nuuid: GPU-1\ntotal: 1GiB\ncontext_overhead: {}\n"
                   "granularity: {}\n")
        manifest = ("schema: 1\ndevice: {{profile: gpu.yaml, headroom: {}, reserved: {}}}\nmodels:\n"
                    "  - id: one\n    budget: {{memory: {}, streams: 1, compute: 1ms}}\n")
        most = "16777215TiB"
        for sizes in ((("64MiB", "2MiB"), (most, "0B", most)), (("64MiB", "2MiB"), (most, most, "1B")),
                      ((most, "2MiB"), (most, "0B", "1B")),
                      (("64MiB", "16TiB"), ("0B", "0B", f"{2 ** 64 - 1}B"))):
            with self.subTest(sizes=sizes):
                checked, ran = self.ask(BAD_INPUT, profile.format(*sizes[0]),
                                        manifest.format(*sizes[1]))
                self.assertEqual(checked.stderr, ran.stderr)
                self.assertTrue(ran.stderr.startswith("fleet.yaml: "), ran.stderr)

    PLANNED = ("schema: 1\ndevice: {profile: gpu.yaml}\nmodels:\n  - id: one\n    lifetimes: in.csv\n"
               "    weights: 0B\n    budget: {memory: %s, streams: 1, compute: 1ms}\n")

    def test_an_inexact_plan_needs_at_least_its_bound(self):
        self.write("in.csv", re.sub(r"(?m),(\d+)$", lambda size: f",{int(size[1]) << 20}", HARD))
        profile = Case(random.Random(1), 0)
        profile.total, profile.free, profile.context = TOTAL, None, 0
        profile.granularity, profile.growth = 4096, None
        for options, at_least, enough in ((["--effort", "0"], "at least 16MiB", "18MiB"),
                                          ([], "17MiB", "17MiB")):
            checked, ran = self.ask(DOES_NOT_FIT, profile.profile(), self.PLANNED % "15MiB", *options)
            self.compare_refused(json.loads(checked.stdout), ran)
            self.expect_facts(ran.stderr, at_least, "15MiB", enough)
            done = self.run_rein("check", "fleet.yaml", "--format", "github", *options)
            self.expect_facts(done.stdout, "does not fit::", at_least, "15MiB", enough)

    def test_more_effort_decides_both(self):
        self.write("in.csv", re.sub(r"(?m),(\d+)$", lambda size: f",{int(size[1]) << 20}", HARD))
        profile = ("schema: 1\nsource: synthetic\nuuid: GPU-1\ntotal: 1GiB\ncontext_overhead: 0B\n"
                   "granularity: 4KiB\n")
        checked, ran = self.ask(CANNOT_TELL, profile, self.PLANNED % "17MiB", "--effort", "0")
        self.assertEqual(json.loads(checked.stdout)["models"][0]["missing"], ["exact_plan"])
        self.expect_facts(ran.stderr, "lower bound", "--effort")
        self.ask(FITS, profile, self.PLANNED % "17MiB")
        self.ask(FITS, profile, self.PLANNED % "17MiB", "--effort", "300000")
        self.ask(BAD_INPUT, profile, self.PLANNED % "17MiB", "--effort", "-1")

    def test_what_is_set_aside_is_at_least_the_size_that_is_named(self):
        """A budget of 1024001KiB sets 1024064KiB aside, which is less than the message's 1001MiB."""
        profile = ("schema: 1\nsource: synthetic\nuuid: GPU-1\ntotal: 8GiB\ncontext_overhead: 0B\n"
                   "granularity: 64KiB\n")
        manifest = ("schema: 1\ndevice: {profile: gpu.yaml}\nmodels:\n  - id: one\n    weights: 1024064KiB"
                    "\n    activations: 0B\n    budget: {memory: 1024001KiB, streams: 1, compute: 1ms}\n")
        checked, ran = self.ask(DOES_NOT_FIT, profile, manifest)
        enough = f"{1001 * 1024}KiB"
        self.expect_advice(json.loads(checked.stdout)["advice"], ("one", "1024001KiB", enough))
        self.expect_facts(ran.stderr, "1024064KiB", "1024001KiB", enough)


if __name__ == "__main__":
    rein_case.main()
