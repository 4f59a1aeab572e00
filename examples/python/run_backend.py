#!/usr/bin/env python3
"""run_backend.py LIBREIN BACKEND CREATE MODEL VALUE...

Runs a model whose tensors are Float32 on one input of these values, and prints what the backend says
of the model and the outputs. BACKEND is a shared object whose function CREATE takes a clock and
returns a rein_result_backend. Exits with 1 if Rein or the backend returns an error, which it prints.
"""
import ctypes
import math
import sys

import rein


class Session:
    """A backend and its model."""

    def __init__(self, library, create, model):
        self.library = library
        self.model = model
        self.backend = create(library.rein_clock_system())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.library.rein_backend_destroy(self.backend)

    def estimate(self):
        return self.library.rein_backend_estimate_memory(self.backend, self.model, None)

    def specs(self):
        """The specs of the inputs and of the outputs, borrowed from the backend."""
        inputs = self.library.rein_backend_input_specs(self.backend, self.model)
        outputs = self.library.rein_backend_output_specs(self.backend, self.model)
        return inputs.specs[:inputs.count], outputs.specs[:outputs.count]

    def load(self):
        self.model_id = self.library.rein_model_id_make(b"model")
        self.library.rein_backend_load(self.backend, self.model, self.model_id)

    def execute(self, inputs, outputs):
        """Executes once. Each output tensor then has the shape of what it received."""
        clock = self.library.rein_clock_system().contents
        request = rein.rein_execution_request(
            struct_size=ctypes.sizeof(rein.rein_execution_request), model_id=self.model_id,
            request_id=self.library.rein_request_id_generate(), input_tensors=inputs,
            input_tensor_count=len(inputs), submission_time=clock.now(clock.self))
        result = rein.rein_execution_result(
            struct_size=ctypes.sizeof(rein.rein_execution_result), output_tensors=outputs,
            output_tensor_count=len(outputs))
        self.library.rein_backend_execute(self.backend, request, result)


def make_input(library, spec, data):
    """A tensor on the data. Dimension 0 is what the other dimensions leave of its length."""
    others = [extent.max for extent in spec.extents[1:spec.rank]]
    dimensions = [len(data) // max(1, math.prod(others)), *others]
    shape = library.rein_shape_make((ctypes.c_int64 * len(dimensions))(*dimensions), len(dimensions))
    return library.rein_tensor_make_shaped(spec, shape, data)


def values_of(tensor):
    """A copy of the values of an output tensor."""
    shape = tensor.descriptor.shape
    data = ctypes.cast(tensor.data, ctypes.POINTER(ctypes.c_float))
    return data[:math.prod(shape.dimensions[:shape.rank])]


def run(session, input_specs, output_specs, values):
    """The values of each output. Makes room for an output when an execution says what it needs."""
    data = (ctypes.c_float * len(values))(*values)
    inputs = (rein.rein_tensor * 1)(make_input(session.library, input_specs[0], data))
    rooms = [ctypes.create_string_buffer(0) for _ in output_specs]
    while True:
        outputs = (rein.rein_tensor * len(rooms))(
            *(session.library.rein_tensor_make_output(spec, room, len(room)) for spec, room in zip(output_specs, rooms)))
        try:
            session.execute(inputs, outputs)
            return [values_of(output) for output in outputs]
        except rein.ReinError as error:
            if error.code != rein.REIN_ERROR_BUFFER_TOO_SMALL:
                raise
            needed_bytes, _, index = error.numbers
            print(f"{output_specs[index].name.decode()} needs {needed_bytes}B")
            rooms[index] = ctypes.create_string_buffer(needed_bytes)


def text_of_fact(fact):
    return f"{fact.value}B" if fact.is_known else "unknown"


def text_of_spec(spec):
    extents = [str(extent.min) if extent.min == extent.max else f"{extent.min} to {extent.max}"
               for extent in spec.extents[:spec.rank]]
    return f"{spec.name.decode()} [{', '.join(extents)}]"


def main():
    if len(sys.argv) < 6:
        sys.exit("usage: " + __doc__.split("\n", 1)[0])
    librein, backend, create, model = sys.argv[1:5]
    library = rein.Library(librein)
    create = library.declare(ctypes.CDLL(backend), create, rein.rein_result_backend,
                             ctypes.POINTER(rein.rein_clock))
    with Session(library, create, model.encode()) as session:
        estimate = session.estimate()
        print(f"weights {text_of_fact(estimate.weights_bytes)}, activations {text_of_fact(estimate.activation_bytes)}")
        input_specs, output_specs = session.specs()
        print("takes", ", ".join(map(text_of_spec, input_specs)))
        print("gives", ", ".join(map(text_of_spec, output_specs)))
        if any(spec.dtype != rein.REIN_DTYPE_FLOAT32 for spec in input_specs + output_specs):
            sys.exit("only Float32 is supported here")
        session.load()
        for spec, values in zip(output_specs, run(session, input_specs, output_specs, [float(text) for text in sys.argv[5:]])):
            print(f"{spec.name.decode()}:", *(f"{value:g}" for value in values))


if __name__ == "__main__":
    try:
        main()
    except (rein.ReinError, OSError) as error:
        sys.exit(str(error))
