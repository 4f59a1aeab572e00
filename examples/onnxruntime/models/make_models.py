#!/usr/bin/env python3
"""make_models.py FOLDER

Writes the ONNX models of this example into FOLDER, without a library for ONNX or protobuf:

      fixed.onnx      output[2, 3] = relu(input[2, 4] x hidden) x last       fixed shapes
      dynamic.onnx    sum = left + right, all [batch, length]                ranges tied by symbols
      variable.onnx   positive[count] = the values of input[length] above 0  an output of variable size
      columns.onnx    scaled = columns x factor[], [length, batch]           a batch of columns; a scalar
      reshaped.onnx   output[rows, width] = input[length] of the shape shape[rank]
                                                                             more dimensions than stated
      text.onnx       output = input, both strings                           not a model for Rein
      unranked_input.onnx, unranked_output.onnx                              the same: no shape is stated
"""
import pathlib
import struct
import sys

FLOAT, INT64, STRING = 1, 7, 8
IR_VERSION, OPSET = 7, 13


def varint(value):
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def dimension(extent):
    return block(1, block(2, extent) if isinstance(extent, str) else number(1, extent))


def value(name, element_type, extents):
    shape = b"" if extents is None else block(2, b"".join(dimension(extent) for extent in extents))
    return block(1, name) + block(2, block(1, number(1, element_type) + shape))


def node(operator, inputs, outputs, **integers):
    attributes = [block(5, block(1, name) + number(3, integer) + number(20, 2)) for name, integer in integers.items()]
    return b"".join([*(block(1, name) for name in inputs), *(block(2, name) for name in outputs), block(4, operator),
                     *attributes])


def weights(name, extents, floats):
    return b"".join([*(number(1, extent) for extent in extents), number(2, FLOAT), block(8, name),
                     block(9, struct.pack(f"<{len(floats)}f", *floats))])


def model(name, nodes, inputs, outputs, initializers=()):
    graph = b"".join([*(block(1, each) for each in nodes), block(2, name), *(block(5, each) for each in initializers),
                      *(block(11, each) for each in inputs), *(block(12, each) for each in outputs)])
    return number(1, IR_VERSION) + block(7, graph) + block(8, number(2, OPSET))


def fixed():
    hidden = weights("hidden", [4, 8], [(index % 7 - 3) / 4 for index in range(32)])
    last = weights("last", [8, 3], [(index % 5 - 2) / 2 for index in range(24)])
    nodes = [node("MatMul", ["input", "hidden"], ["a"]), node("Relu", ["a"], ["b"]),
             node("MatMul", ["b", "last"], ["output"])]
    return model("fixed", nodes, [value("input", FLOAT, [2, 4])], [value("output", FLOAT, [2, 3])], [hidden, last])


def dynamic():
    extents = ["batch", "length"]
    return model("dynamic", [node("Add", ["left", "right"], ["sum"])],
                 [value("left", FLOAT, extents), value("right", FLOAT, extents)], [value("sum", FLOAT, extents)])


def variable():
    nodes = [node("Greater", ["input", "zero"], ["is_positive"]),
             node("Compress", ["input", "is_positive"], ["positive"], axis=0)]
    return model("variable", nodes, [value("input", FLOAT, ["length"])], [value("positive", FLOAT, ["count"])],
                 [weights("zero", [1], [0.0])])


def columns():
    extents = ["length", "batch"]
    return model("columns", [node("Mul", ["columns", "factor"], ["scaled"])],
                 [value("columns", FLOAT, extents), value("factor", FLOAT, [])], [value("scaled", FLOAT, extents)])


def reshape(name, extents):
    return model(name, [node("Reshape", ["input", "shape"], ["output"])],
                 [value("input", FLOAT, ["length"]), value("shape", INT64, ["rank"])],
                 [value("output", FLOAT, extents)])


def reshaped():
    return reshape("reshaped", ["rows", "width"])


def unranked_output():
    return reshape("unranked_output", None)


def unranked_input():
    return model("unranked_input", [node("Identity", ["input"], ["output"])], [value("input", FLOAT, None)],
                 [value("output", FLOAT, ["rows"])])


def text():
    return model("text", [node("Identity", ["input"], ["output"])], [value("input", STRING, [2])],
                 [value("output", STRING, [2])])


def main():
    folder = pathlib.Path(sys.argv[1])
    for make in (fixed, dynamic, variable, columns, reshaped, text, unranked_input, unranked_output):
        (folder / f"{make.__name__}.onnx").write_bytes(make())


if __name__ == "__main__":
    main()
