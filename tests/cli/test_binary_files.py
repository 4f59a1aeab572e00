"""Binary files in place of a text: the message names the kind of file and says what to do."""

import gzip
import os
import pickle
import struct

import model_files
import rein_case
from rein_case import ReinCase

INSPECT = "inspect"
GGUF = struct.pack("<4sIQQ", b"GGUF", 3, 0, 0)
ONNX = model_files.field(1, 8) + model_files.field(2, "maker") + model_files.field(7, b"")

# By the name of a file: its content and the facts that the message names.
KINDS = {
    "q.gguf": (GGUF, ("GGUF", INSPECT)),
    "w.safetensors": (model_files.safetensors({"a": ("F32", [4], 16)}), ("safetensors", INSPECT)),
    "g.onnx": (ONNX, ("ONNX", INSPECT)),
    "t.yaml.gz": (gzip.compress(b"schema: 1\n"), ("gzip", ("gunzip",))),
    "c.pt": (b"PK\x03\x04" + bytes(60), ("zip", ("safetensors",))),
    **{f"p{protocol}.pickle": (pickle.dumps({"a": 1}, protocol), ("pickle", ("convert",)))
       for protocol in range(2, 6)},
    "server": (b"\x7fELF\x02\x01\x01" + bytes(60), ("program", ("text",))),
    "wide.yaml": ("\ufeffschema: 1\n".encode("utf-16-le"), ("UTF-16", ("UTF-8",))),
    "wider.yaml": ("\ufeffschema: 1\n".encode("utf-16-be"), ("UTF-16", ("UTF-8",))),
}
READERS = (("manifest", ("check", "FILE")),
           ("profile", ("check", "fleet.yaml", "--device", "FILE")),
           ("lifetimes", ("plan", "FILE")),
           ("certificate", ("verify", "small.csv", "FILE")))


class BinaryFiles(ReinCase):
    def advice(self, name, facts):
        return (f"'rein inspect {name}'",) if facts is INSPECT else facts

    def test_each_kind_where_each_text_is_expected(self):
        for name, (content, (kind, facts)) in KINDS.items():
            self.write(name, content)
            for noun, call in READERS:
                if name.endswith(".gz") and noun == "lifetimes":
                    continue
                with self.subTest(name, noun=noun):
                    self.expect_refusal((name, kind, noun, *self.advice(name, facts)),
                                        *(name if word == "FILE" else word for word in call))

    def test_files_larger_than_any_text(self):
        for name in ("q.gguf", "w.safetensors"):
            content, (kind, facts) = KINDS[name]
            self.write(name, content)
            os.truncate(self.path(name), 1 << 40)
            for noun, call in READERS:
                with self.subTest(name, noun=noun):
                    self.expect_refusal((name, kind, noun, *self.advice(name, facts)),
                                        *(name if word == "FILE" else word for word in call))

    def test_a_large_file_of_no_known_kind(self):
        self.write("large", b"schema: 1\n")
        os.truncate(self.path("large"), 1 << 40)
        self.expect_refusal(("large", "large", "manifest", "16MiB"), "check", "large")

    def test_standard_input(self):
        self.write("q.gguf", GGUF)
        with open(self.path("q.gguf"), "rb") as file:
            self.expect_refusal(("standard input", "GGUF", "manifest", "'rein inspect FILE'"), "check", "-", stdin=file)

    def test_other_bytes_keep_their_position(self):
        for content, place in ((b"ab\x00cd", "x:1:3"), (b"\xc3\xa9 \x01", "x:1:3"), (b"\x80\x09", "x:1:1"),
                               (b"\x08", "x:1:1"), (b"PK", "x:1:1"), (b"GGUF: 1\n", "x:1:1")):
            with self.subTest(content):
                self.write("x", content)
                self.expect_refusal((place,), "check", "x")


if __name__ == "__main__":
    rein_case.main()
