"""The part of Rein's contract that a caller of backends needs, for ctypes.

Types, members and functions have the names of the headers in include/contract, which say what each
does. The test python_matches_the_headers compares all of them with the headers. A callback of ctypes
cannot return a structure, so Python calls backends but cannot implement one.
"""
import ctypes
from ctypes import POINTER, c_bool, c_char, c_char_p, c_int32, c_int64, c_size_t, c_ubyte, c_uint32, \
    c_uint64, c_void_p

REIN_ERROR_BUFFER_TOO_SMALL = 14
REIN_NAME_MAX_BYTES = 127
REIN_SHAPE_MAX_RANK = 8
REIN_SYMBOL_CAPACITY = 32
REIN_DTYPE_FLOAT32 = 1

Name = c_char * (REIN_NAME_MAX_BYTES + 1)


def structure(name, *fields):
    return type(name, (ctypes.Structure,), {"_fields_": fields})


# contract/error.h
rein_source_location = structure("rein_source_location", ("function", c_char_p), ("file", c_char_p),
                                 ("line", c_int32))
rein_error = structure("rein_error", ("code", c_uint32), ("native_code", c_int32),
                       ("where", rein_source_location), ("message", c_char_p), ("numbers", c_uint64 * 3),
                       ("foreign_text", c_char * 128), ("context", c_char * 64))


# contract/result.h
def result_of(name, value_type):
    """The result that REIN_RESULT_DEFINE(name, value_type) defines."""
    value_or_error = type("as", (ctypes.Union,), {"_fields_": [("value", value_type), ("error", rein_error)]})
    return structure(name, ("is_ok", c_bool), ("as", value_or_error))


rein_unit = structure("rein_unit", ("unused", c_char))
rein_result_void = result_of("rein_result_void", rein_unit)
rein_result_bytes = result_of("rein_result_bytes", c_uint64)

# contract/clock.h
rein_duration = structure("rein_duration", ("ns", c_int64))
rein_timestamp = structure("rein_timestamp", ("ns", c_int64))
rein_clock = structure("rein_clock", ("now", ctypes.CFUNCTYPE(rein_timestamp, c_void_p)),
                       ("sleep_until", c_void_p), ("self", c_void_p))

# contract/ids.h
rein_model_id = structure("rein_model_id", ("text", Name))
rein_request_id = structure("rein_request_id", ("bytes", c_ubyte * 16))
rein_sequence_id = structure("rein_sequence_id", ("value", c_uint64))
rein_result_model_id = result_of("rein_result_model_id", rein_model_id)
rein_result_request_id = result_of("rein_result_request_id", rein_request_id)

# contract/device.h
rein_fact_u64 = structure("rein_fact_u64", ("is_known", c_bool), ("value", c_uint64))

# contract/tensor.h
rein_memory_kind_set = structure("rein_memory_kind_set", ("bits", c_uint32))
rein_shape = structure("rein_shape", ("dimensions", c_int64 * REIN_SHAPE_MAX_RANK), ("rank", c_int32))
rein_tensor_descriptor = structure("rein_tensor_descriptor", ("name", Name), ("shape", rein_shape),
                                   ("dtype", c_uint32))
rein_extent_range = structure("rein_extent_range", ("min", c_int64), ("max", c_int64),
                              ("symbol", c_char * REIN_SYMBOL_CAPACITY))
rein_tensor_spec = structure("rein_tensor_spec", ("name", Name), ("rank", c_int32), ("dtype", c_uint32),
                             ("layout", c_uint32), ("memory_kinds", rein_memory_kind_set),
                             ("device_index", c_int32),
                             ("extents", rein_extent_range * REIN_SHAPE_MAX_RANK))
rein_tensor = structure("rein_tensor", ("descriptor", rein_tensor_descriptor), ("layout", c_uint32),
                        ("memory_kind", c_uint32), ("device_index", c_int32), ("data", c_void_p),
                        ("capacity_bytes", c_uint64))
rein_result_shape = result_of("rein_result_shape", rein_shape)
rein_result_tensor = result_of("rein_result_tensor", rein_tensor)

# contract/execution.h
rein_execution_request = structure(
    "rein_execution_request", ("struct_size", c_size_t), ("model_id", rein_model_id),
    ("request_id", rein_request_id), ("input_tensors", POINTER(rein_tensor)), ("input_tensor_count", c_size_t),
    ("deadline", rein_timestamp), ("submission_time", rein_timestamp), ("sequence", rein_sequence_id),
    ("stream", c_void_p), ("cancel", POINTER(c_bool)), ("on_output", c_void_p), ("on_output_context", c_void_p))
rein_execution_result = structure(
    "rein_execution_result", ("struct_size", c_size_t), ("model_id", rein_model_id),
    ("request_id", rein_request_id), ("output_tensors", POINTER(rein_tensor)), ("output_tensor_count", c_size_t),
    ("actual_latency", rein_duration), ("deadline_met", c_bool), ("device_time_ns", rein_fact_u64))

# contract/demand.h
rein_memory_estimate = structure("rein_memory_estimate", ("weights_bytes", rein_fact_u64),
                                 ("load_peak_bytes", rein_fact_u64), ("activation_bytes", rein_fact_u64),
                                 ("activation_lower_bound_bytes", rein_fact_u64))

# contract/backend.h
rein_input_shapes = structure("rein_input_shapes", ("shapes", POINTER(rein_shape)), ("count", c_size_t))
rein_tensor_spec_view = structure("rein_tensor_spec_view", ("specs", POINTER(rein_tensor_spec)), ("count", c_size_t))
rein_backend = structure("rein_backend", ("table", c_void_p), ("self", c_void_p))
rein_result_memory_estimate = result_of("rein_result_memory_estimate", rein_memory_estimate)
rein_result_tensor_spec_view = result_of("rein_result_tensor_spec_view", rein_tensor_spec_view)
rein_result_backend = result_of("rein_result_backend", rein_backend)

# The return type of each function, and the types of its parameters.
FUNCTIONS = {
    "rein_error_to_string": (c_size_t, POINTER(rein_error), POINTER(c_char), c_size_t),
    "rein_clock_system": (POINTER(rein_clock),),
    "rein_model_id_make": (rein_result_model_id, c_char_p),
    "rein_request_id_generate": (rein_result_request_id,),
    "rein_shape_make": (rein_result_shape, POINTER(c_int64), c_int32),
    "rein_tensor_spec_size_bytes": (rein_result_bytes, POINTER(rein_tensor_spec), POINTER(rein_shape)),
    "rein_tensor_make_shaped": (rein_result_tensor, POINTER(rein_tensor_spec), POINTER(rein_shape), c_void_p),
    "rein_tensor_make_output": (rein_result_tensor, POINTER(rein_tensor_spec), c_void_p, c_uint64),
    "rein_backend_load": (rein_result_void, POINTER(rein_backend), c_char_p, POINTER(rein_model_id)),
    "rein_backend_execute": (rein_result_void, POINTER(rein_backend), POINTER(rein_execution_request),
                             POINTER(rein_execution_result)),
    "rein_backend_estimate_memory": (rein_result_memory_estimate, POINTER(rein_backend), c_char_p,
                                     POINTER(rein_input_shapes)),
    "rein_backend_input_specs": (rein_result_tensor_spec_view, POINTER(rein_backend), c_char_p),
    "rein_backend_output_specs": (rein_result_tensor_spec_view, POINTER(rein_backend), c_char_p),
    "rein_backend_destroy": (None, POINTER(rein_backend)),
}


class ReinError(Exception):
    """An error of a result. Programs decide by `code`; str() is what users read."""

    def __init__(self, text, error):
        super().__init__(text)
        self.code = error.code
        self.numbers = list(error.numbers)


class Library:
    """librein.so. Its functions return the value of their result, or raise its error."""

    def __init__(self, path):
        self.shared_object = ctypes.CDLL(path)
        for name, (returned, *parameters) in FUNCTIONS.items():
            setattr(self, name, self.declare(self.shared_object, name, returned, *parameters))

    def declare(self, shared_object, name, returned, *parameters):
        """The function `name` of a shared object."""
        function = getattr(shared_object, name)
        function.restype = returned
        function.argtypes = parameters
        if returned is not None and returned.__name__.startswith("rein_result_"):
            function.errcheck = self.value_of
        return function

    def value_of(self, result, _function, _arguments):
        value_or_error = getattr(result, "as")
        if result.is_ok:
            return value_or_error.value
        text = ctypes.create_string_buffer(512)
        self.rein_error_to_string(value_or_error.error, text, len(text))
        raise ReinError(text.value.decode(), value_or_error.error)
