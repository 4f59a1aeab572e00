/* Operators and fields that several readers of graphs need. */
#ifndef REIN_HOST_MODELS_ONNX_OPERATOR_H
#define REIN_HOST_MODELS_ONNX_OPERATOR_H

#include "host/models/onnx_text.h"

/* Numbers of the fields of GraphProto. */
enum {
    GRAPH_NODE = 1,
    GRAPH_INITIALIZER = 5,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    GRAPH_VALUE = 13,
    GRAPH_SPARSE_INITIALIZER = 15
};

/* Numbers of fields of TensorProto and SparseTensorProto. */
enum { TENSOR_NAME = 8, SPARSE_VALUES = 1 };

/* Numbers of the fields of NodeProto. */
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_OP_TYPE = 4, NODE_ATTRIBUTE = 5, NODE_DOMAIN = 7 };

/* Returns in `out_is_constant` whether an operator is ONNX's Constant. Errors: those of read_at. */
rein_result_void rein_i_onnx_is_constant(byte_reader *reader, file_text op_type, file_text domain,
                                         bool *out_is_constant);

#endif
