"""`rein plan --certificate` and `rein verify`: what certificates prove, and how tampered ones fail."""

import json
import os
import random
import re

import rein_case
from rein_case import CANNOT_TELL, DOES_NOT_FIT, FITS, HARD, ROOT, ReinCase

LIFETIMES = os.path.join(ROOT, "examples", "fleet", "lifetimes")
PROVES, DOES_NOT_PROVE, NO_CERTIFICATE = range(3)
LEAST = 17  # the height that HARD needs

SMALL = """\
rein certificate 1
claim least 3145728
tensors 2
at 2097152 a
at 0 b
peak 1
end
"""


def is_true(claim):
    """Returns whether a claim about hard.csv is true."""
    numbers = [int(number) for number in re.findall(r"(\d+) B", claim)]
    if "cannot fit" in claim:
        return numbers[0] < LEAST
    if "fits" in claim:
        return numbers[0] >= LEAST
    return numbers[0] <= LEAST <= numbers[-1]


def tight_lifetimes(seed):
    """Returns tensors that use every byte at some instants, with alignments that prevent such a
    plan."""
    chance = random.Random(seed)
    room = [16] * 64
    rows = []
    for index in range(20):
        lower = chance.randrange(12)
        upper = lower + 1 + chance.randrange(6)
        size = min(1 + chance.randrange(9), min(room[lower:upper]))
        for instant in range(lower, upper):
            room[instant] -= size
        rows.append(f"t{index},{lower},{upper},{size},{2 ** chance.randrange(3)}\n")
    return "id,lower,upper,size,alignment\n" + "".join(rows)


class Certificate(ReinCase):
    def setUp(self):
        super().setUp()
        self.write("hard.csv", HARD)

    def certify(self, code, *arguments):
        self.expect_result(code, "plan", *arguments, "--certificate", "proof")
        return self.read("proof")

    def verify(self, code, lifetimes="hard.csv"):
        return self.expect_result(code, "verify", lifetimes, "proof")

    def test_the_whole_certificate(self):
        self.assertEqual(self.certify(FITS, "small.csv"), SMALL)
        self.assertEqual(self.verify(PROVES, "small.csv"),
                         "proof: proves that the least height of small.csv is 3145728 B\n")

    def test_each_claim(self):
        for code, arguments, line, claim in (
                (FITS, [], "claim least 17\n", "the least height of hard.csv is 17 B"),
                (FITS, ["--capacity", "20B"], "claim fits 20\n", "hard.csv fits in 20 B"),
                (DOES_NOT_FIT, ["--capacity", "16B"], "claim cannot 16\n",
                 "hard.csv cannot fit in 16 B"),
                (DOES_NOT_FIT, ["--capacity", "15B"], "claim cannot 15\n",
                 "hard.csv cannot fit in 15 B"),
                (CANNOT_TELL, ["--capacity", "17B", "--effort", "0"], "claim between 16 18\n",
                 "the least height of hard.csv is from 16 B to 18 B")):
            with self.subTest(claim):
                proof = self.certify(code, "hard.csv", *arguments)
                self.assertEqual(proof.splitlines(True)[1], line)
                self.assertEqual("refutation" in proof, line in ("claim least 17\n",
                                                                 "claim cannot 16\n"))
                self.assertEqual(self.verify(PROVES), f"proof: proves that {claim}\n")

    def test_every_network(self):
        for name in sorted(os.listdir(LIFETIMES)):
            path = os.path.join(LIFETIMES, name)
            self.certify(FITS, path)
            self.assertIn("proves that the least height", self.verify(PROVES, path))

    def test_no_bytes_at_all(self):
        self.write("none.csv", "id,lower,upper,size\na,0,1,0\n")
        self.assertIn("claim least 0\n", self.certify(FITS, "none.csv", "--capacity", "0B")
                      .replace("fits", "least"))
        self.verify(PROVES, "none.csv")
        self.certify(FITS, "none.csv")
        self.verify(PROVES, "none.csv")

    def test_what_is_wrong_is_said(self):
        proof = self.certify(FITS, "hard.csv")
        words = int(re.search(r"refutation (\d+)", proof)[1])
        peak = re.sub(r"(?s)refutation.*", "peak 4\nend\n", proof)
        first = re.search(r"at \d+ t0", proof)[0]
        for changed, reason in (
                (proof.replace("tensors 10", "tensors 9").replace(first + "\n", ""),
                 ("9", "10")),
                (proof.replace(" t3\n", " t4\n"), ("4", "'t4'", "'t3'")),
                (re.sub(r"at \d+ t1\n", "at 9 t1\n", re.sub(r"at \d+ t3\n", "at 9 t3\n", proof)),
                 ("'t1'", "'t3'", "5")),
                (proof.replace(first, "at 40 t0"), ("placement", "47 B")),
                (proof.replace(first, f"at {2 ** 64 - 1} t0"), ("'t0'", "2^64")),
                (peak, ("16 B", "4")),
                (peak.replace("least 17", "between 0 17").replace("peak 4", "peak 99"), None),
                (proof.replace("least 17", "least 18"), ("refutation fails",))):
            with self.subTest(reason):
                self.assertNotEqual(changed, proof)
                self.write("proof", changed)
                told = self.verify(PROVES if reason is None else DOES_NOT_PROVE)
                if reason is not None:
                    self.expect_messages(told, ("proof", "least height of hard.csv", *reason))
        self.assertGreater(words, 3)

    def test_alignment(self):
        self.write("small.csv", "id,lower,upper,size,alignment\na,0,2,8,8\nb,0,2,3,1\n")
        proof = self.certify(FITS, "small.csv")
        self.write("proof", re.sub(r"at \d+ a", "at 4 a", proof.replace("least 11", "least 20")))
        self.expect_messages(self.verify(DOES_NOT_PROVE, "small.csv"), ("proof", "20 B", "'a'", "alignment"))

    def expect_no_proof_of_what_is_false(self, proof):
        self.write("proof", proof)
        done = self.run_rein("verify", "hard.csv", "proof")
        self.assertIn(done.returncode, (PROVES, DOES_NOT_PROVE, NO_CERTIFICATE), done.stderr)
        self.assertEqual(done.returncode == NO_CERTIFICATE, done.stdout == "")
        if done.returncode == PROVES:
            self.assertTrue(is_true(done.stdout), done.stdout)
        return done.returncode

    def test_every_changed_byte(self):
        codes = []
        for arguments, distance in (([], 1), (["--capacity", "16B"], 4), (["--capacity", "17B"], 4)):
            self.run_rein("plan", "hard.csv", *arguments, "--certificate", "proof")
            proof = self.read("proof")
            for at, letter in list(enumerate(proof))[::distance]:
                other = str((int(letter) + 1) % 10) if letter.isdigit() else chr(ord(letter) ^ 1)
                codes.append(self.expect_no_proof_of_what_is_false(
                    proof[:at] + other + proof[at + 1:]))
        for code in (PROVES, DOES_NOT_PROVE, NO_CERTIFICATE):
            self.assertGreater(codes.count(code), 0)

    def test_every_cut(self):
        proof = self.certify(FITS, "hard.csv")
        for length in range(0, len(proof), 3):
            with self.subTest(length):
                self.assertEqual(self.expect_no_proof_of_what_is_false(proof[:length]),
                                 NO_CERTIFICATE)
        # The count agrees, but the log ends too early.
        count = int(re.search(r"refutation (\d+)", proof)[1])
        for kept in range(count):
            lines = proof.splitlines(True)
            shorter = "".join(lines[:len(lines) - 1 - count + kept] + ["end\n"])
            shorter = shorter.replace(f"refutation {count}", f"refutation {kept}")
            self.assertEqual(self.expect_no_proof_of_what_is_false(shorter), DOES_NOT_PROVE)

    def test_more_than_a_certificate(self):
        proof = self.certify(FITS, "hard.csv")
        for changed in ("\ufeff" + proof, "\n" + proof, proof + "\n", proof + "end\n",
                        proof.replace("\n", "\r\n"),
                        proof.replace("tensors 10", "tensors 010"), proof.replace("at 0", "at  0"),
                        proof.replace("tensors 10", f"tensors {2 ** 64 - 1}"),
                        re.sub("refutation .*", f"refutation {2 ** 64 - 1}", proof)):
            self.assertNotEqual(changed, proof)
            self.assertEqual(self.expect_no_proof_of_what_is_false(changed), NO_CERTIFICATE)

    def test_lines_that_are_none(self):
        claim = ["'claim fits BYTES'", "'claim cannot BYTES'", "'claim least BYTES'",
                 "'claim between BYTES BYTES'"]
        bound = ["'peak INSTANT'", "'refutation COUNT'"]
        for number, line, accepted in (
                (2, "claim between 5", claim), (2, "claim between x 5", claim),
                (2, "claim between 5 x", claim), (2, "claim most 5", claim),
                (3, "tensors two", ["'tensors"]), (4, "at 2097152", ["'at OFFSET ID'"]),
                (6, "peak x", bound), (6, "peak", bound), (6, "top 1", bound),
                (6, "refutation x", ["'refutation"]), (7, "ends", ["'end'"])):
            lines = SMALL.splitlines()
            lines[number - 1] = line
            self.write("proof", "\n".join(lines) + "\n")
            with self.subTest(line):
                self.expect_refusal((f"proof:{number}:1", f"'{line}'", *accepted), "verify", "small.csv",
                                    "proof")

    def test_a_wrong_capacity(self):
        proof = self.certify(DOES_NOT_FIT, "hard.csv", "--capacity", "16B")
        for capacity in (17, 18, 100, 2 ** 63, 2 ** 64 - 1):
            self.write("proof", proof.replace("cannot 16", f"cannot {capacity}"))
            self.expect_messages(self.verify(DOES_NOT_PROVE), ("proof", f"{capacity} B", "refutation fails"))
        proof = self.certify(FITS, "hard.csv", "--capacity", "17B")
        self.write("proof", proof.replace("fits 17", "fits 16"))
        self.expect_messages(self.verify(DOES_NOT_PROVE), ("proof", "16 B", "placement", "17 B"))

    def test_other_lifetimes(self):
        self.certify(FITS, "hard.csv")
        for old, new in (("t0,2,3,7", "t0,2,3,17"), ("t0,2,3,7", "t0,2,3,5"),
                         ("t4,3,8,5", "t4,3,4,5"), ("t9,4,6,3\n", ""), ("t9,4,6,3", "u9,4,6,3")):
            self.assertIn(old, HARD)
            self.write("other.csv", HARD.replace(old, new))
            self.assertIn("does not prove", self.verify(DOES_NOT_PROVE, "other.csv"))

    def test_a_refutation_that_was_not_recorded(self):
        self.expect_result(FITS, "plan", "hard.csv")
        for steps in range(200):
            done = self.run_rein("plan", "hard.csv", "--effort", str(steps), "--certificate", "out")
            if done.returncode != FITS:
                self.expect_messages(done.stderr, ("hard.csv", "'--certificate'", "4194304", "--effort"))
                self.assertFalse(os.path.exists(self.path("out")))
                return
            os.remove(self.path("out"))
        self.fail("every effort left steps to record the refutation")

    def test_a_deadline_of_the_replay(self):
        self.certify(FITS, "hard.csv")
        text = self.expect_result(CANNOT_TELL, "verify", "hard.csv", "proof", "--deadline", "0ns")
        self.expect_messages(text, ("proof", "cannot tell", "17 B", "word 1", "the deadline"))
        self.expect_result(PROVES, "verify", "hard.csv", "proof", "--deadline", "100s")
        # Without a replay, the deadline does not stop the check.
        self.certify(FITS, "small.csv")
        self.expect_result(PROVES, "verify", "small.csv", "proof", "--deadline", "0ns")

    def test_a_replay_that_would_take_the_memory(self):
        self.write("many.csv", "id,lower,upper,size\n" + "".join(f"t{i},0,1,1\n" for i in range(4096)))
        self.write("proof", "rein certificate 1\nclaim cannot 5000\ntensors 4096\n"
                   f"refutation {2 ** 17}\n" + "1\n" * 2 ** 17 + "end\n")
        self.expect_messages(self.verify(CANNOT_TELL, "many.csv"),
                             ("proof", "cannot tell", "5000 B", "8.0 GiB", "4.0 GiB"))

    def test_an_interval_with_a_bound_that_was_searched_for(self):
        searched = 0
        for seed in range(2, 60, 2):
            self.write("in.csv", tight_lifetimes(seed))
            for effort in ("30", "300"):
                done = self.run_rein("plan", "in.csv", "--effort", effort, "--json", "--certificate",
                                     "proof")
                if done.returncode != FITS:
                    continue
                found = json.loads(done.stdout)
                claim = re.search(r"claim between (\d+) (\d+)\n", self.read("proof"))
                self.assertEqual(claim is None, found["is_optimal"])
                if claim is None or found["bound_proof"] == "peak":
                    continue
                self.assertIn(int(claim[1]), (found["peak_bytes"], found["lower_bound_bytes"]))
                self.assertIn("proves that the least height", self.verify(PROVES, "in.csv"))
                if int(claim[1]) > found["peak_bytes"]:
                    searched += 1
                    proof = self.read("proof")
                    self.assertIn("\nrefutation ", proof)
                    self.write("proof", proof.replace(claim[0], f"claim between {claim[2]} {claim[2]}\n"))
                    self.verify(DOES_NOT_PROVE, "in.csv")
            if searched > 1:
                return
        self.fail("no interval had a bound above its peak, with a refutation")

    def test_many_changes_at_once(self):
        chance = random.Random(20261123)
        numbers = [str(2 ** bits + off) for bits in (31, 32, 63, 64, 70) for off in (-1, 0, 1)]
        for arguments in ([], ["--capacity", "16B"], ["--capacity", "17B", "--effort", "0"]):
            self.run_rein("plan", "hard.csv", *arguments, "--certificate", "proof")
            proof = self.read("proof").encode()
            for _ in range(25):
                changed = bytearray(proof)
                for _ in range(chance.randint(1, 4)):
                    at = chance.randrange(len(changed))
                    kind = chance.randrange(4)
                    if kind == 0:
                        changed[at] ^= 1 << chance.randrange(8)
                    elif kind == 1:
                        del changed[at:at + chance.randint(1, 20)]
                    elif kind == 2:
                        changed[at:at] = changed[:chance.randint(1, 60)]
                    else:
                        found = list(re.finditer(rb"\d+", changed))
                        if found:
                            number = chance.choice(found)
                            changed[number.start():number.end()] = chance.choice(numbers).encode()
                    if not changed:
                        break
                self.expect_no_proof_of_what_is_false(bytes(changed))

    def test_refusals(self):
        self.write("proof", "x\n")
        for said, arguments in (
                (("proof:1:1", "'x'", "'rein certificate 1'"), ["verify", "small.csv", "proof"]),
                (("none", "No such file or directory"), ["verify", "small.csv", "none"]),
                (("rein", "rein verify", "LIFETIMES.csv CERTIFICATE"), ["verify", "small.csv"]),
                (("rein", "--svg", "--certificate", "same file"),
                 ["plan", "small.csv", "--certificate", "out", "--svg", "out"]),
                (("rein", "'small.csv'", "another output"),
                 ["plan", "small.csv", "--certificate", "small.csv"]),
                (("/dev/full", "No space left on device"),
                 ["plan", "small.csv", "--certificate", "/dev/full"])):
            self.expect_refusal(said, *arguments)


if __name__ == "__main__":
    rein_case.main()
