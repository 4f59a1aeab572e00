/* AttributeProto: values of Constant nodes, and parameters of others. */
#ifndef REIN_HOST_MODELS_ONNX_ATTRIBUTE_H
#define REIN_HOST_MODELS_ONNX_ATTRIBUTE_H

#include "host/models/onnx_weights.h"

/* Numbers of the fields of AttributeProto. */
enum {
    ATTRIBUTE_FLOAT = 2,
    ATTRIBUTE_INT = 3,
    ATTRIBUTE_STRING = 4,
    ATTRIBUTE_TENSOR = 5,
    ATTRIBUTE_GRAPH = 6,
    ATTRIBUTE_FLOATS = 7,
    ATTRIBUTE_INTS = 8,
    ATTRIBUTE_STRINGS = 9,
    ATTRIBUTE_TENSORS = 10,
    ATTRIBUTE_GRAPHS = 11,
    ATTRIBUTE_REFERENCE = 21,
    ATTRIBUTE_SPARSE_TENSOR = 22,
    ATTRIBUTE_SPARSE_TENSORS = 23
};

/* Adds the content of a field of an attribute, which is not a graph. Errors: as
 * rein_i_onnx_weights_add_tensor and rein_i_onnx_weights_add_sparse. */
rein_result_void rein_i_onnx_attribute_add(onnx_reading *reading, onnx_use use,
                                           const protobuf_field *field);

#endif
