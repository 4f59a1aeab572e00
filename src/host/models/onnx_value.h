/* ValueInfoProto: the name, the type and the shape of an input, an output or a value between. */
#ifndef REIN_HOST_MODELS_ONNX_VALUE_H
#define REIN_HOST_MODELS_ONNX_VALUE_H

#include <stdbool.h>

#include "host/models/onnx_text.h"
#include "models/onnx.h"

typedef struct onnx_value {
    file_text name;
    rein_onnx_kind kind;
    uint32_t element_type; /* 0: not stated */
    bool has_shape;
    uint64_t rank;
} onnx_value;

/* A dimension. The symbol is in the file. */
typedef struct onnx_dimension {
    rein_fact_u64 extent;
    file_text symbol; /* length 0: none */
} onnx_dimension;

typedef rein_result_void (*onnx_dimension_sink)(void *self, byte_reader *reader,
                                                const onnx_dimension *dimension);

/* Reads the value that is the content of `field`, and calls `on_dimension` for each dimension of a
 * tensor, in their order. Errors: InvalidArgument if a type or a dimension is stated twice;
 * Unsupported if the element type is newer; those of read_at and of on_dimension. */
rein_result_void rein_i_onnx_value_read(byte_reader *reader, const protobuf_field *field,
                                        onnx_dimension_sink on_dimension, void *self,
                                        onnx_value *out_value);

#endif
