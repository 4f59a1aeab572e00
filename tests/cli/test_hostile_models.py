"""Hostile model files are answered in little time and memory.

REIN_HOSTILE_SIZES=full uses the sizes of a real attack."""

import json
import os
import struct

import rein_case
from hostile_case import IS_FULL, HostileCase
from model_files import onnx, write_gguf
from rein_case import FITS

COUNT = 10 ** 6 if IS_FULL else 10 ** 5
HUGE = 2 ** 60
FILE_BYTES = 400 * 2 ** 30


def text(value):
    return struct.pack("<Q", len(value)) + value


def gguf(tensor_count, key_count, rest=b""):
    return b"GGUF" + struct.pack("<IQQ", 3, tensor_count, key_count) + rest


class HostileModels(HostileCase):
    def write_long(self, name, content, size=FILE_BYTES):
        """Writes a sparse file that begins with the content."""
        self.write(name, content)
        os.truncate(self.path(name), size)

    def accept(self, *arguments):
        code, output, messages = self.run_measured("inspect", "--json", *arguments)
        self.assertEqual((code, messages), (FITS, ""))
        return json.loads(output)

    def test_the_size_of_a_file_does_not_matter(self):
        name = "llama-3.1-8b.Q4_K_M"
        write_gguf(self.folder, name)
        os.truncate(self.path(f"{name}.gguf"), FILE_BYTES)
        self.assertEqual(self.accept(f"{name}.gguf")["weights"]["file_bytes"], 4912898304)

    def test_counts_that_no_file_can_hold(self):
        array = text(b"a") + struct.pack("<IIQ", 9, 4, HUGE)
        word = text(b"a") + struct.pack("<IQ", 8, HUGE)
        for head in (gguf(HUGE, 0), gguf(0, HUGE), gguf(HUGE, HUGE), gguf(1, 1, array),
                     gguf(1, 1, word), gguf(1, 1, struct.pack("<Q", HUGE))):
            self.write("m.gguf", head + bytes(1000))
            self.refuse(("m.gguf", "byte", str(HUGE)), "inspect", "m.gguf")

    def test_counts_that_take_too_much_memory(self):
        for head in (gguf(2 ** 30, 0), gguf(0, 2 ** 30)):
            self.write_long("m.gguf", head)
            self.refuse(("m.gguf", "1.0 GiB"), "inspect", "m.gguf")

    def test_many_tensors(self):
        header = ",".join(f'"{index:x}":{{"dtype":"F32","shape":[1],"data_offsets":[{4 * index},'
                          f"{4 * index + 4}]}}" for index in range(COUNT))
        header = f"{{{header}}}".encode()
        self.write_long("m.safetensors", struct.pack("<Q", len(header)) + header,
                        8 + len(header) + 4 * COUNT)
        self.assertEqual(self.accept("m.safetensors")["parameters"], COUNT)

    def test_a_shape_of_a_high_rank(self):
        shape = [f"symbol{index}" for index in range(COUNT // 5)]
        self.write("m.onnx", onnx(nodes=[], inputs=[("x", shape)], outputs=[]))
        self.assertEqual(self.accept("m.onnx")["values"][0]["type"], f"float[{','.join(shape)}]")
        self.refuse(("m.onnx", "'zz'"), "inspect", "m.onnx", "--bind", "zz=1")


if __name__ == "__main__":
    rein_case.main()
