"""Model files for tests: heads of GGUF files, and small safetensors and ONNX files byte by byte."""

import json
import os
import struct
import tarfile

import rein_case

HEADS = os.path.join(rein_case.ROOT, "tests", "models", "gguf", "heads.tar.xz")
ORACLE = os.path.join(rein_case.ROOT, "tests", "models", "gguf", "oracle.txt")


def gguf_sizes():
    """Returns the size of each file by its name."""
    with open(ORACLE, encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
    return {row[0]: int(row[1]) for row in rows}


def write_gguf(folder, *names):
    """Writes sparse files NAME.gguf of the whole size; only their heads have content."""
    sizes = gguf_sizes()
    with tarfile.open(HEADS) as heads:
        for name in names:
            path = os.path.join(folder, f"{name}.gguf")
            with open(path, "wb") as file:
                file.write(heads.extractfile(name).read())
            os.truncate(path, sizes[name])


def safetensors(tensors, data_bytes=None):
    """Returns a file with tensors {name: (dtype, shape, bytes)} that are zero."""
    header = {}
    end = 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(end if data_bytes is None else data_bytes)


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """A field of a protobuf message: a number, or bytes or text."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def gguf_value(value):
    """Returns a number of 32 bits or a text, after its type."""
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    return struct.pack("<IQ", 8, len(value.encode())) + value.encode()


def gguf(tensors=(), **metadata):
    """Returns a file with tensors of these names, each of one F32, and these metadata; "__" stands for a dot."""
    entries = b"".join(struct.pack("<Q", len(key)) + key + gguf_value(value) for key, value in
                       ((key.replace("__", ".").encode(), value) for key, value in metadata.items()))
    infos = b"".join(struct.pack("<Q", len(name)) + name.encode() + struct.pack("<IQIQ", 1, 1, 0, 32 * index)
                     for index, name in enumerate(tensors))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata)) + entries + infos
    return head + bytes(-len(head) % 32 + 32 * len(tensors)) if tensors else head


# A function whose constant takes its value from the call.
ONNX_FUNCTION = field(25, field(1, "f") + field(7, field(4, "Constant") +
                                                field(5, field(1, "value") + field(21, "v"))))


def onnx_value(name, shape, kind=1):
    """A float32 value; a text in the shape is a symbol. Kind 8: a sparse tensor."""
    dimensions = b"".join(field(1, field(1 if isinstance(extent, int) else 2, extent))
                          for extent in shape)
    return field(1, name) + field(2, field(kind, field(1, 1) + field(2, dimensions)))


def onnx(nodes, inputs, outputs, weights=(), values=(), external=None):
    """Returns a model: nodes are (operator, inputs, outputs), values (name, shape). With `external`,
    the weights are in a file of that name."""
    graph = b"".join(field(1, b"".join(field(1, name) for name in reads) +
                           b"".join(field(2, name) for name in writes) + field(4, operator))
                     for operator, reads, writes in nodes)
    for name, shape in weights:
        count = 1
        for extent in shape:
            count *= extent
        tensor = b"".join(field(1, extent) for extent in shape) + field(2, 1) + field(8, name)
        if external is None:
            tensor += field(9, bytes(4 * count))
        else:
            tensor += field(13, field(1, "location") + field(2, external)) + field(14, 1)
        graph += field(5, tensor)
    graph += b"".join(field(11, onnx_value(*value)) for value in inputs)
    graph += b"".join(field(12, onnx_value(*value)) for value in outputs)
    graph += b"".join(field(13, onnx_value(*value)) for value in values)
    return field(1, 8) + field(8, field(1, "") + field(2, 17)) + field(7, graph + field(2, "g"))
