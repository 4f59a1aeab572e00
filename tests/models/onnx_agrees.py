#!/usr/bin/env python3
"""onnx_agrees.py ONNX_FACTS [FOLDER...]

Compares the library with the ONNX project's Python package, on the project's own test models and the
models in folders that exist. It compares weights by type, parameters, inputs, outputs, and the
lifetimes after shape inference. Prints each disagreement, and exits with 1 if there is one. Exits
with 77 (skipped) if the package or its models are not installed.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import onnx
    import onnx.numpy_helper
    import onnx.shape_inference
except ImportError:
    print("skipped: the Python package onnx is not installed (python3-onnx)")
    sys.exit(77)

MODELS = pathlib.Path("/usr/share/libonnx-testdata")
GRANULARITY = 64
EXTENT = 3  # of every symbol
# By element type, from 0; strings have none.
BITS = [0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2]
FLOAT, INT64, STRING = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64, onnx.TensorProto.STRING
KNOWN, SHAPE, NOT_A_TENSOR, FUNCTION, SUBGRAPH = 1, 4, 5, 6, 7


def items_of(attribute):
    """The tensors, lists and texts of an attribute as pairs of the type, the elements and the bytes."""
    for tensor in [attribute.t] * attribute.HasField("t") + list(attribute.tensors):
        yield tensor_item(tensor)
    sparse = [attribute.sparse_tensor] * attribute.HasField("sparse_tensor") + list(attribute.sparse_tensors)
    for tensor in sparse:
        yield tensor_item(tensor.values)
        yield tensor_item(tensor.indices)
    yield FLOAT, len(attribute.floats), 4 * len(attribute.floats)
    yield INT64, len(attribute.ints), 8 * len(attribute.ints)
    for text in [attribute.s] * attribute.HasField("s") + list(attribute.strings):
        yield STRING, 1, len(text)


def numbers_of(attribute):
    yield FLOAT, int(attribute.HasField("f")), 4 * attribute.HasField("f")
    yield INT64, int(attribute.HasField("i")), 8 * attribute.HasField("i")


def packed_bytes(element_type, elements):
    return -(-BITS[element_type] * elements // 8)


def tensor_item(tensor):
    elements = onnx.numpy_helper.to_array(tensor).size
    if tensor.data_type == STRING:
        return STRING, elements, sum(map(len, tensor.string_data))
    return tensor.data_type, elements, packed_bytes(tensor.data_type, elements)


class Sums:
    """Weights by type, and the bytes of attributes."""

    def __init__(self, model):
        self.weights, self.attribute_bytes, self.inner_nodes = {}, 0, 0
        self.subgraphs, self.referenced = 0, False
        self.graph(model.graph, is_inner=False)
        for function in model.functions:
            self.nodes(function.node, is_inner=True)

    def graph(self, graph, is_inner):
        for tensor in graph.initializer:
            self.add(*tensor_item(tensor))
        for tensor in graph.sparse_initializer:
            self.add(*tensor_item(tensor.values))
            self.add(*tensor_item(tensor.indices))
        self.nodes(graph.node, is_inner)

    def nodes(self, nodes, is_inner):
        for node in nodes:
            self.inner_nodes += is_inner
            is_constant = node.op_type == "Constant" and node.domain in ("", "ai.onnx")
            for attribute in node.attribute:
                self.attribute(attribute, is_constant)

    def attribute(self, attribute, is_constant):
        if is_constant:
            self.referenced |= bool(attribute.ref_attr_name)
            for item in [*items_of(attribute), *numbers_of(attribute)]:
                self.add(*item)
        else:
            self.attribute_bytes += sum(size for _, _, size in items_of(attribute))
        for graph in [attribute.g] * attribute.HasField("g") + list(attribute.graphs):
            self.subgraphs += 1
            self.graph(graph, is_inner=True)

    def add(self, kind, elements, size):
        if elements:
            old = self.weights.get(str(kind), [0, 0])
            self.weights[str(kind)] = [old[0] + elements, old[1] + size]


def dimension_of(dimension):
    if dimension.HasField("dim_value") and dimension.dim_value >= 0:
        return dimension.dim_value
    return dimension.dim_param


def value_of(value):
    """A value as onnx_facts prints it: name, kind, type, dimensions."""
    kind = value.type.WhichOneof("value")
    number = {None: 1, "tensor_type": 2, "sparse_tensor_type": 3}.get(kind, 4)
    if number not in (2, 3):
        return [value.name, number, 0, None]
    tensor = getattr(value.type, kind)
    shape = [dimension_of(d) for d in tensor.shape.dim] if tensor.HasField("shape") else None
    return [value.name, number, tensor.elem_type, shape]


def bytes_of(value):
    """The bytes of a value, rounded up; a reason if they are unknown."""
    _, kind, element_type, shape = value
    if kind in (3, 4) or element_type == STRING:
        return None, NOT_A_TENSOR
    if element_type == 0 or shape is None or "" in shape:
        return None, SHAPE
    elements = 1
    for extent in shape:
        elements *= EXTENT if isinstance(extent, str) else extent
    size = packed_bytes(element_type, elements)
    return -(-size // GRANULARITY) * GRANULARITY, KNOWN


def lifetimes_of(model, inputs):
    """The lifetimes, and the reasons of those that are unknown."""
    graph = model.graph
    sizes = {}
    for value in [*graph.value_info, *graph.output, *graph.input]:
        found = bytes_of(value_of(value))
        if sizes.get(value.name, (None, 0))[1] != KNOWN:
            sizes[value.name] = found
    rows = {value[0]: [value[0], 0, 1] for value in inputs}
    for instant, node in enumerate(graph.node):
        for name in filter(None, node.input):
            if name in rows:
                rows[name][2] = instant + 1
        if node.op_type != "Constant" or node.domain not in ("", "ai.onnx"):
            rows |= {name: [name, instant, instant + 1] for name in node.output if name}
    for value in graph.output:
        if value.name in rows:
            row = rows[value.name]
            row[2] = max(len(graph.node), row[1] + 1)
    found = [[*row, sizes.get(name, (None, SHAPE))] for name, row in rows.items()]
    reasons = [row[3][1] for row in found if row[3][1] != KNOWN]
    return [[*row[:3], row[3][0]] for row in found], reasons


def expected_of(model):
    sums = Sums(model)
    initialized = {tensor.name for tensor in model.graph.initializer}
    initialized |= {tensor.values.name for tensor in model.graph.sparse_initializer}
    inputs = [value_of(value) for value in model.graph.input if value.name not in initialized]
    total = sum(size for _, size in sums.weights.values())
    expected = {
        "ir_version": model.ir_version, "node_count": len(model.graph.node), "inner_node_count": sums.inner_nodes,
        "function_count": len(model.functions), "weights": sums.weights, "attribute_bytes": sums.attribute_bytes,
        "parameter_count": sum(elements for elements, _ in sums.weights.values()),
        "weights_bytes": None if sums.referenced else total, "inputs": inputs,
        "outputs": [value_of(value) for value in model.graph.output]}
    rows, reasons = lifetimes_of(model, inputs)
    if sums.subgraphs or model.functions:
        reasons = [SUBGRAPH] * sums.subgraphs or [FUNCTION] * len(model.functions)
    expected["reason"] = max(reasons, default=KNOWN)
    expected["unknown_count"] = reasons.count(expected["reason"])
    expected["lifetimes"] = [] if reasons else rows
    return expected


def symbols_of(model):
    values = [*model.graph.input, *model.graph.output, *model.graph.value_info]
    shapes = [value_of(value)[3] or [] for value in values]
    return sorted({extent for shape in shapes for extent in shape if isinstance(extent, str) and extent})


def variants_of(model):
    """The model, and the model with inferred shapes."""
    yield "as it is", model
    try:
        yield "inferred", onnx.shape_inference.infer_shapes(model)
    except Exception as error:  # pylint: disable=broad-except
        # The package has many exceptions of its own for models that it cannot infer.
        print(f"shape inference fails: {type(error).__name__}")


def ask(program, cases):
    lines = []
    for path, model in cases:
        symbols = [text for symbol in symbols_of(model) for text in (symbol, str(EXTENT))]
        lines.append("\t".join([str(path), str(GRANULARITY), *symbols]))
    printed = subprocess.run([program], input="\n".join(lines) + "\n", text=True, check=True, stdout=subprocess.PIPE)
    return [json.loads(line) for line in printed.stdout.splitlines()]


def differences(told, expected):
    if "error" in told:
        yield told["error"]
        return
    for key, value in expected.items():
        if told.get(key) != value:
            yield f"{key}: the library says {told.get(key)}, expected {value}"


def main():
    paths = [path for folder in (MODELS, *map(pathlib.Path, sys.argv[2:])) for path in sorted(folder.rglob("*.onnx"))]
    if not MODELS.is_dir():
        print(f"skipped: there are no models in {MODELS} (libonnx-testdata)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        cases, names = [], []
        for path in paths:
            for variant, model in variants_of(onnx.load(path)):
                file = pathlib.Path(folder) / f"{len(cases)}.onnx"
                onnx.save(model, file)
                cases.append((file, model))
                names.append(f"{path}, {variant}")
        faults = known = 0
        for name, (_, model), told in zip(names, cases, ask(sys.argv[1], cases), strict=True):
            found = list(differences(told, expected_of(model)))
            known += told.get("reason") == KNOWN
            faults += len(found) > 0
            for line in found:
                print(f"{name}: {line}")
    print(f"{len(cases)} files of {len(paths)} models, {known} with lifetimes: {faults} differ")
    return 1 if faults or known == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
