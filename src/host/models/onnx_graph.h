/* GraphProto, FunctionProto and what they contain. */
#ifndef REIN_HOST_MODELS_ONNX_GRAPH_H
#define REIN_HOST_MODELS_ONNX_GRAPH_H

#include "host/models/onnx_reading.h"

/* Reads the graph of the model. Graphs in attributes of nodes are read by recursion. Errors: as
 * rein_i_onnx_model_read; InvalidArgument if graphs are nested deeper than REIN_ONNX_DEPTH_MAX. */
rein_result_void rein_i_onnx_graph_read(onnx_reading *reading, const protobuf_field *field);

/* Reads a function. Errors: as before. */
rein_result_void rein_i_onnx_function_read(onnx_reading *reading, const protobuf_field *field);

#endif
