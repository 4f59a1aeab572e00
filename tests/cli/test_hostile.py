"""Hostile input is rejected in little time and memory, with exit code 2.

REIN_HOSTILE_SIZES=full uses the sizes of a real attack. By default, sizes are smaller if the answer is
the same."""

import json
import os
import re
import threading

import rein_case
from hostile_case import IS_FULL, MIB, HostileCase
from rein_case import BAD_INPUT, DEVICE, DOES_NOT_FIT, FITS, ReinCase

MANIFEST_BYTES_MAX = 16 * MIB
PROFILE_BYTES_MAX = MIB
VALUES_MAX = 2 ** 20
LARGER_THAN_16_MIB = ("large", "manifest", "16MiB")
LARGER_THAN_1_MIB = ("large", "device profile", "1MiB")

UNITS = {"B": 1, "KiB": 2 ** 10, "MiB": 2 ** 20, "GiB": 2 ** 30, "TiB": 2 ** 40}
HEAD = "schema: 1\ndevice: {profile: device.yaml}\nmodels: ["


def models(count):
    return HEAD + ",".join(f"{{id: {index:x},budget: {{memory: 1B,streams: 1,compute: 1s}}}}"
                           for index in range(count)) + "]\n"


class Hostile(HostileCase):
    def refuse_manifest(self, content, *said):
        self.write("m.yaml", content)
        self.refuse(said, "check", "m.yaml")

    def refuse_profile(self, content, *said):
        self.write("d.yaml", content)
        self.refuse(said, "check", "fleet.yaml", "--device", "d.yaml")

    def test_files_of_100_megabytes(self):
        self.write_holes("large", 10 ** 8)
        self.refuse(("large", *LARGER_THAN_16_MIB), "check", "large")
        self.refuse(("large", *LARGER_THAN_1_MIB), "check", "fleet.yaml", "--device", "large")
        self.write_holes("huge.csv", 2 ** 40)
        self.refuse(("huge.csv", "large"), "plan", "huge.csv")
        self.refuse(("huge.csv", "large"), "verify", "small.csv", "huge.csv")

    def test_files_of_just_the_largest_size(self):
        start = "schema: 1\n#"
        for excess in (0, 1):
            self.write("m.yaml", start + "x" * (MANIFEST_BYTES_MAX - len(start) + excess))
            self.refuse(("m.yaml", *LARGER_THAN_16_MIB) if excess else ("m.yaml:1:1", "'models'"), "check",
                        "m.yaml")
            self.write("d.yaml", DEVICE + "#" + "x" * (PROFILE_BYTES_MAX - len(DEVICE) - 1 + excess))
            code, _, messages = self.run_measured("check", "fleet.yaml", "--device", "d.yaml")
            self.assertEqual(code, BAD_INPUT if excess else FITS, messages)

    def test_a_million_models(self):
        # Above the limit of the file's size, then above the limit of values.
        self.refuse_manifest(models(10 ** 6 if IS_FULL else 310000), "m.yaml", *LARGER_THAN_16_MIB)
        self.refuse_manifest(models(120000), "m.yaml:", str(VALUES_MAX))

    def test_as_many_models_as_are_read(self):
        count = (VALUES_MAX - 8) // 11 if IS_FULL else 3000
        self.write("m.yaml", models(count))
        for form in ([], ["--json"], ["--format", "junit"], ["--svg", "out.svg"]):
            code, output, messages = self.run_measured("check", "m.yaml", *form)
            self.assertEqual((code, messages), (DOES_NOT_FIT, ""))
            self.assertNotEqual(output, "")

    def test_as_many_values_as_there_is_room_for(self):
        for content in ("[" + "[]," * (MANIFEST_BYTES_MAX // 3 - 2) + "]",
                        "{" + "x," * (MANIFEST_BYTES_MAX // 2 - 2) + "}",
                        "[" + "a: b," * (MANIFEST_BYTES_MAX // 5 - 2) + "]"):
            self.refuse_manifest(content, "m.yaml:", str(VALUES_MAX))

    def test_nesting_without_end(self):
        for opening in ("[", '{"a":', "- ", "? ", "[? ", "{a: [", "[{"):
            for start in ("", "schema: 1\nmodels: " if opening[0] in "[{" else ""):
                self.refuse_manifest(start + opening * 100000, "m.yaml:", "nested", "16")
                self.refuse_profile(start + opening * 100000, "d.yaml:", "nested", "16")
        self.refuse_manifest("[" * (MANIFEST_BYTES_MAX // 2) + "]" * (MANIFEST_BYTES_MAX // 2),
                             "m.yaml:", "nested", "16")

    def test_billion_laughs(self):
        laughs = "a0: &a0 [lol]\n" + "".join(
            f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n"
            for level in range(1, 10))
        self.refuse_manifest(laughs, "m.yaml:1:5", "anchors")
        self.refuse_profile(laughs, "d.yaml:1:5", "anchors")
        self.refuse_manifest("a: *b\n" * 100000, "m.yaml:1:4", "aliases")

    def test_directives_without_end(self):
        # libyaml compares each directive with all previous ones.
        many = "".join(f"%TAG !{index}! a\n" for index in range(100000))
        self.refuse_manifest(many + "---\na: 1\n", "m.yaml:1:1", "%TAG")
        self.refuse_manifest("a: 1\n...\n" + many + "---\n", "m.yaml:3:1", "%TAG")
        for line_end in ("\r", "\u2028", "\u2029", "\r\n"):
            self.refuse_manifest("#" + line_end + many + "---\n", "m.yaml:", "%TAG")
        self.refuse_profile(many[:PROFILE_BYTES_MAX], "d.yaml:1:1", "%TAG")
        self.refuse_manifest("%YAML 1.1\n" * 100000, "m.yaml:", "found duplicate %YAML directive")
        self.write("d.yaml", DEVICE + "note: from 100 %TAG ! on\n")
        self.expect_result(FITS, "check", "fleet.yaml", "--device", "d.yaml")

    def test_texts_without_end(self):
        room = MANIFEST_BYTES_MAX - 100
        for content, said in (
                ("schema: 1\nx: " + "a" * room, ("m.yaml:2:1", "'x'", "manifest")),
                ("x" * room + ": 1", ("m.yaml:", "YAML", "':'", "quotes")),
                ("'" + "x" * room, ("m.yaml:", "YAML", "quote")),
                ('"' + "\\x41" * (room // 4) + '"', ("m.yaml:1:1", "manifest", "schema")),
                ("#" + "x" * room, ("m.yaml:", "document")),
                ("\n" * room, ("m.yaml:", "document")),
                ("a: |\n" + " x\n" * (room // 3), ("m.yaml:1:4", "control character"))):
            self.refuse_manifest(content, *said)
        self.write("m.yaml", "schema: 1\n" + "".join(f"k{index}: 1\n" for index in range(100000)))
        self.refuse([*(("m.yaml:", f"'k{index}'") for index in range(20)), ("rein", "more errors")], "check",
                    "m.yaml")

    def test_bytes_that_are_no_text(self):
        for row in (b"\0", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82",
                    b"\xf8\x88\x80\x80\x80", b"\x80", b"\x1b[2J", b"\x7f", b"\xc2\x85",
                    b"\xef\xbf\xbe"):
            for name, content, command in (
                    ("m.yaml", b"schema: 1 #" + row, ("check", "m.yaml")),
                    ("d.yaml", DEVICE.encode() + b"#" + row,
                     ("check", "fleet.yaml", "--device", "d.yaml")),
                    ("l.csv", b"id,lower,upper,size\n" + row + b",0,1,1\n", ("plan", "l.csv")),
                    ("proof", row, ("verify", "small.csv", "proof"))):
                with self.subTest(row=row, name=name):
                    self.write(name, content)
                    code, output, messages = self.run_measured(*command)
                    self.assertEqual((code, output), (BAD_INPUT, ""), messages)
                    self.assertRegex(messages, rf"\A{name}:\d+:\d+: [^\x00-\x09\x0b-\x1f\x7f]+\n\Z")

    def test_what_a_file_may_be_instead(self):
        os.symlink("fleet.yaml", self.path("link"))
        self.expect_result(FITS, "check", "link")
        os.symlink("/dev/zero", self.path("zero"))
        self.refuse(("zero", *LARGER_THAN_16_MIB), "check", "zero")
        self.refuse(("zero", *LARGER_THAN_1_MIB), "check", "fleet.yaml", "--device", "zero")
        if IS_FULL:
            self.refuse(("zero", "large"), "plan", "zero")
            self.refuse(("zero", "large"), "verify", "small.csv", "zero")
        self.refuse(("zero", *LARGER_THAN_16_MIB), "run", "--manifest", "zero", "--model", "a", "--", "true")
        self.refuse(("/dev/null", "empty", "manifest"), "check", "/dev/null")
        self.refuse(("/proc/self/mem", "Input/output error"), "check", "/proc/self/mem")

    def write_to_fifo(self, content):
        def write():
            try:
                with open(self.path("fifo"), "wb") as file:
                    for part in content:
                        file.write(part)
            except BrokenPipeError:
                pass
        os.mkfifo(self.path("fifo"))
        writer = threading.Thread(target=write)
        writer.start()
        self.addCleanup(os.remove, self.path("fifo"))
        self.addCleanup(writer.join)

    def test_a_fifo(self):
        self.write_to_fifo([rein_case.MANIFEST.encode()])
        self.expect_result(FITS, "check", "fifo")

    def test_a_fifo_without_end(self):
        self.write_to_fifo(iter(lambda: b"#" * 65536, None))
        self.refuse(("fifo", *LARGER_THAN_16_MIB), "check", "fifo")


class Boundaries(ReinCase):
    def numbers(self):
        """Yields each power of two up to 2^65 and its neighbours."""
        for bits in range(66):
            yield from sorted({2 ** bits - 1, 2 ** bits, 2 ** bits + 1})

    def sizes(self):
        for unit, factor in UNITS.items():
            for number in self.numbers():
                yield f"{number}{unit}", number * factor

    def read_back(self, sizes):
        """Returns the values of `weights` as read from one manifest with each of the sizes."""
        self.write("exact.yaml", "schema: 1\nsource: synthetic\ntotal: 1B\n"
                   "context_overhead: 0B\ngranularity: 1B\n")
        self.write("m.yaml", HEAD.replace("device.yaml", "exact.yaml") + ",".join(
            f"{{id: m{index},budget: {{memory: 1B,streams: 1,compute: 1s}},weights: {text}}}"
            for index, (text, _) in enumerate(sizes)) + "]\n")
        done = self.run_rein("check", "m.yaml", "--json")
        self.assertEqual((done.returncode, done.stderr), (DOES_NOT_FIT, ""))
        return [model["weights_bytes"] for model in json.loads(done.stdout)["models"]]

    def test_each_size_that_there_is(self):
        # Each group has a sum below 2^64.
        groups, total = [[]], 0
        for text, size in sorted(self.sizes(), key=lambda row: row[1]):
            if not 2 <= size < 2 ** 64 - 2 ** 20:
                continue
            if total + size >= 2 ** 64 - 2 ** 20:
                groups.append([])
                total = 0
            groups[-1].append((text, size))
            total += size
        self.assertGreater(sum(len(group) for group in groups), 600)
        for group in groups:
            self.assertEqual(self.read_back(group), [size for _, size in group])

    def test_each_size_that_there_is_not(self):
        beyond = [text for text, size in self.sizes() if size >= 2 ** 64]
        self.assertGreater(len(beyond), 100)
        # The command shows at most 20 errors per file.
        for start in range(0, len(beyond), 20):
            texts = beyond[start:start + 20]
            self.write("m.yaml", HEAD + "\n" + ",\n".join(
                f"{{id: m{index},budget: {{memory: {text},streams: 1,compute: 1s}}}}"
                for index, text in enumerate(texts)) + "]\n")
            done = self.run_rein("check", "m.yaml")
            self.assertEqual((done.returncode, done.stdout), (BAD_INPUT, ""))
            facts = [re.search(r": ('.*?').*\b(\d+B)\b", line).groups()
                     for line in done.stderr.splitlines()]
            self.assertEqual(facts, [(f"'{text}'", f"{2 ** 64 - 1}B") for text in texts])

    def test_the_largest_sizes(self):
        for text, size, code in ((f"{2 ** 64 - 1}B", 2 ** 64 - 1, FITS),
                                 (f"{2 ** 54 - 1}KiB", 2 ** 64 - 2 ** 10, FITS),
                                 (f"{2 ** 24 - 1}TiB", 2 ** 64 - 2 ** 40, FITS), ("1B", 1, DOES_NOT_FIT)):
            self.assertRegex(self.expect_result(code, "plan", "small.csv", "--capacity", text),
                             rf"(?m)^  capacity .* {size} B  ")

    def test_sizes_of_tensors(self):
        numbers = sorted(set(self.numbers()))
        good = [number for number in numbers if number <= 2 ** 63]
        self.write("l.csv", "id,lower,upper,size\n" + "".join(
            f"t{index},{index},{index + 1},{number}\n" for index, number in enumerate(good)))
        self.expect_result(FITS, "plan", "l.csv", "--csv", "out.csv")
        self.assertEqual([line.split(",")[3:] for line in self.read("out.csv").splitlines()[1:]],
                         [[str(number), "0"] for number in good])
        for number in numbers[len(good):]:
            self.write("l.csv", f"id,lower,upper,size\na,0,1,{number}\n")
            self.expect_refusal(("l.csv:2:7", f"'{number}'", "0", "2^63"), "plan", "l.csv")


if __name__ == "__main__":
    rein_case.main()
