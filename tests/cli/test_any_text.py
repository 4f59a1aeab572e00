"""With any texts as input, all outputs are well-formed and contain no characters that are invisible or
change the direction of a line. REIN_TEXT_ROUNDS sets the number of rounds of seeded texts."""

import csv
import io
import json
import os
import random
import re
import subprocess
import unicodedata
from xml.parsers import expat

import rein_case
from rein_case import BAD_INPUT, CANNOT_TELL, FITS
from reservations_case import GPU, ONE, ReservationsCase

ROUNDS = int(os.environ.get("REIN_TEXT_ROUNDS", "2"))

VISIBLE = [*"\"'&<>%,:;{}[]#|`$*?!=-+~@^()", "\\", "]]>", "-->", "\\x1b", "::error::", "%0A", "&amp;",
           "e\u0301", "\u6f22", "\U0001f469", "\ue000", "\u0378", "\u2800", "a", "B", "7", " z"]
# Not allowed in documents, even as escapes.
CONTROLS = [*map(chr, range(1, 0x20)), "\x7f", "\x80", "\x85", "\x9b", "\x9f"]
NONCHARACTERS = ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"]
# Allowed in free texts.
HIDDEN = ["\u00ad", "\u061c", "\u180e", "\u200b", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029",
          "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\ufff9", "\U000110bd",
          "\U0001d173", "\U000e0001", "\U000e007f"]
NOT_UTF8 = ["\udcff", "\udc80", "\udcc0\udc80", "\udced\udca0\udc80", "\udcf4\udc90\udc80\udc80",
            "\udce2\udc82"]

METRIC = re.compile(r'(# (HELP|TYPE) [a-z_]+ [^\n]+)|'
                    r'([a-z_]+(\{[a-z_]+="([^"\\\n]|\\[\\"n])*"(,[a-z_]+="([^"\\\n]|\\[\\"n])*")*\})? \d+)')
ANNOTATION = re.compile(r"::(error|warning|notice) file=([^,:%]|%[0-9A-F]{2})*(,line=\d+)?"
                        r",title=([^,:%]|%[0-9A-F]{2})*::([^%]|%[0-9A-F]{2})*")


def is_hidden(character):
    return (unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") or
            ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF)


def as_yaml(text):
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


class AnyText(ReservationsCase):
    def setUp(self):
        super().setUp()
        self.run_one("true")

    def text(self, source, *kinds):
        return "".join(source.choice(source.choice((VISIBLE, *kinds))) for _ in range(12))

    def file_name(self, source):
        return "f" + self.text(source, CONTROLS, NONCHARACTERS, HIDDEN, NOT_UTF8).replace("/", "_")

    def model_id(self, source):
        return self.text(source).strip() or "a"

    def write_at(self, name, content):
        with open(os.path.join(os.fsencode(self.folder), os.fsencode(name)), "wb") as file:
            file.write(content.encode())

    def expect_visible(self, output):
        """Expects visible text. Returns it, decoded strictly."""
        text = output.decode()
        self.assertEqual([hex(ord(character)) for character in text
                          if character != "\n" and is_hidden(character)], [], text)
        return text

    def call(self, codes, *arguments):
        done = subprocess.run([rein_case.REIN, *map(os.fsencode, arguments)], cwd=self.folder,
                              env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
        messages = self.expect_visible(done.stderr)
        self.assertIn(done.returncode, codes, messages)
        return self.expect_visible(done.stdout)

    def written(self, name):
        with open(os.path.join(os.fsencode(self.folder), os.fsencode(name)), "rb") as file:
            return self.expect_visible(file.read())

    def expect_xml(self, text):
        expat.ParserCreate().Parse(text.encode(), True)

    def check_each_form(self, manifest, note):
        self.call([FITS], "check", manifest, "--unicode", "always")
        self.call([FITS], "check", manifest, "--explain")
        self.expect_xml(self.call([FITS], "check", manifest, "--format", "junit", "--svg", "out.svg"))
        self.expect_xml(self.written("out.svg"))
        for line in self.call([FITS], "check", manifest, "--format", "github").splitlines():
            self.assertRegex(line, rf"\A{ANNOTATION.pattern}\Z")
        document = json.loads(self.call([FITS], "check", manifest, "--json"))
        self.assertEqual(document["device"]["note"], note)

    def plan_each_form(self, lifetimes, ids):
        outputs = ["--csv", "out.csv", "--svg", "plan.svg", "--certificate", "proof"]
        self.call([FITS], "plan", lifetimes, *outputs)
        self.expect_xml(self.written("plan.svg"))
        self.assertEqual([row[0] for row in csv.reader(io.StringIO(self.written("out.csv"), newline=""))],
                         ["id", *ids])
        self.written("proof")
        self.call([FITS], "verify", lifetimes, "proof")
        self.call([FITS], "plan", lifetimes, "small.csv")
        document = json.loads(self.call([FITS], "plan", lifetimes, "--json"))
        self.assertEqual([placement["id"] for placement in document["placements"]], ids)

    def test_texts_that_are_accepted(self):
        for seed in range(ROUNDS):
            source = random.Random(seed)
            with self.subTest(seed=seed):
                manifest, lifetimes = (self.file_name(source) + end for end in (".yaml", ".csv"))
                stated = "l" + self.text(source, HIDDEN).replace("/", "_")
                device = "d" + self.text(source, HIDDEN).replace("/", "_")
                note = "n" + self.text(source, HIDDEN)
                ids = sorted({self.text(source) for _ in range(3)})
                rows = "id,lower,upper,size\n" + "".join(
                    f'"{name}",0,1,4096\n' for name in (name.replace('"', '""') for name in ids))
                self.write_at(lifetimes, rows)
                self.write_at(stated, rows)
                self.write_at(device, GPU.replace("Test device", as_yaml(self.text(source, HIDDEN)))
                              + f"note: {as_yaml(note)}\n")
                self.write_at(manifest, "schema: 1\n"
                              f"device: {{profile: {as_yaml(device)}}}\nmodels:\n"
                              f"  - id: {as_yaml(self.model_id(source))}\n"
                              "    budget: {memory: 100MiB, streams: 1, compute: 10ms}\n"
                              f"    weights: 50MiB\n    lifetimes: {as_yaml(stated)}\n")
                self.check_each_form(manifest, note)
                self.plan_each_form(lifetimes, ids)

    def test_texts_that_are_refused(self):
        for seed in range(ROUNDS):
            source = random.Random(seed)
            with self.subTest(seed=seed):
                odd = self.text(source, CONTROLS, NONCHARACTERS, HIDDEN, NOT_UTF8)
                hidden = "a" + source.choice([*HIDDEN, *NONCHARACTERS, *CONTROLS])
                self.write("m.yaml", rein_case.MANIFEST.replace("id: small", f"id: {as_yaml(hidden)}"))
                self.write("k.yaml", rein_case.MANIFEST.replace("weights", as_yaml(hidden)))
                self.write("l.csv", f"id,lower,upper,size\n{source.choice(HIDDEN)}a,0,1,4096\n")
                for call in (["check", odd + ".none"], ["check", "fleet.yaml", "--color", odd],
                             ["check", "fleet.yaml", "--device", "./" + odd], ["plan", odd], [odd],
                             ["check", "m.yaml"], ["check", "k.yaml"], ["plan", "l.csv"],
                             ["run", "--device", "gpu.yaml", "--model", hidden, "--memory", "1MiB",
                              "--streams", "1", "--compute", "1ms", "--", "true"],
                             ["plan", "small.csv", "--csv", odd + "/x"]):
                    self.assertEqual(self.call([BAD_INPUT], *call), "")

    def test_noncharacters_are_no_text(self):
        for character in NONCHARACTERS:
            for name, content, call in (
                    ("m.yaml", f"schema: 1 # {character}\n", ["check", "m.yaml"]),
                    ("d.yaml", GPU + f"note: {as_yaml('a' + character)}\n",
                     ["check", "fleet.yaml", "--device", "d.yaml"]),
                    ("l.csv", f"id,lower,upper,size\n{character},0,1,1\n", ["plan", "l.csv"])):
                self.write(name, content)
                self.assertEqual(self.call([BAD_INPUT], *call), "", ascii(character))

    def test_names_of_files_in_the_state_directory(self):
        for seed in range(ROUNDS):
            source = random.Random(seed)
            name = self.file_name(source)
            odd = os.path.join(os.fsencode(self.folder_of_device()), os.fsencode(name))
            with open(odd, "wb"):
                held = self.lock(odd)
            with held, self.subTest(seed=seed):
                self.assertIn("unknown", self.call([CANNOT_TELL], "status"))
                json.loads(self.call([CANNOT_TELL], "status", "--json"))
                for line in self.call([CANNOT_TELL], "status", "--prometheus").splitlines():
                    self.assertRegex(line, rf"\A({METRIC.pattern})\Z")
                self.call([CANNOT_TELL], "run", *ONE, "--", "true")
                os.unlink(odd)

    def test_labels_of_metrics(self):
        """Tests a holder with any name that a model may have."""
        source = random.Random(1)
        holder = self.path(self.model_id(source).replace("/", "_"))
        os.symlink("/bin/sh", holder)
        held = subprocess.Popen([rein_case.REIN, "run", *ONE, "--", holder, "-c", "echo; read x"],
                                cwd=self.folder, env=self.environment(), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
        self.addCleanup(held.communicate)
        held.stdout.readline()
        metrics = self.call([FITS], "status", "--prometheus")
        self.assertIn("rein_reservation_bytes{", metrics)
        for line in metrics.splitlines():
            self.assertRegex(line, rf"\A({METRIC.pattern})\Z")


if __name__ == "__main__":
    rein_case.main()
