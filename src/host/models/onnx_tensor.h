/* TensorProto: a tensor with its data, in the file or outside. */
#ifndef REIN_HOST_MODELS_ONNX_TENSOR_H
#define REIN_HOST_MODELS_ONNX_TENSOR_H

#include <stdbool.h>

#include "host/models/onnx_text.h"

typedef struct onnx_tensor {
    file_text name;
    uint32_t element_type;
    uint64_t element_count;
    uint64_t size_bytes; /* of strings, their text */
    bool is_external;
    file_text location;    /* of external data: a plain relative path */
    uint64_t external_end; /* least size of that file */
} onnx_tensor;

/* Reads the tensor that is the content of `field`, and checks its data. Errors: InvalidArgument if
 * they break a rule of models/onnx.h; Unsupported if the type is newer, or the tensor is stored in
 * segments; those of read_at. */
rein_result_void rein_i_onnx_tensor_read(byte_reader *reader, const protobuf_field *field,
                                         onnx_tensor *out_tensor);

#endif
