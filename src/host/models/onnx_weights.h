/* Adds up tensors: weights by element type, or the bytes of attributes. */
#ifndef REIN_HOST_MODELS_ONNX_WEIGHTS_H
#define REIN_HOST_MODELS_ONNX_WEIGHTS_H

#include "host/models/onnx_reading.h"
#include "host/models/onnx_tensor.h"

/* How a tensor counts. */
typedef enum onnx_use { ONNX_USE_WEIGHT, ONNX_USE_ATTRIBUTE } onnx_use;

/* Adds elements of one type. Errors: InvalidArgument with the offset if a sum does not fit in 64
 * bits. */
rein_result_void rein_i_onnx_weights_add(onnx_reading *reading, onnx_use use, uint32_t element_type,
                                         uint64_t element_count, uint64_t size_bytes,
                                         uint64_t offset);

/* Reads a TensorProto and adds it. Errors: as rein_i_onnx_tensor_read; those of
 * rein_i_onnx_weights_add. */
rein_result_void rein_i_onnx_weights_add_tensor(onnx_reading *reading, onnx_use use,
                                                const protobuf_field *field,
                                                onnx_tensor *out_tensor);

/* Reads a SparseTensorProto and adds its values and indices. Returns its values, which have its
 * name. Errors: as before; InvalidArgument if it has no values, or its dense size does not fit in
 * 64 bits. */
rein_result_void rein_i_onnx_weights_add_sparse(onnx_reading *reading, onnx_use use,
                                                const protobuf_field *field,
                                                onnx_tensor *out_values);

#endif
