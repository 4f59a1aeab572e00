/* Element types of ONNX, and the sizes of tensors. */
#ifndef REIN_HOST_MODELS_ONNX_TYPE_H
#define REIN_HOST_MODELS_ONNX_TYPE_H

#include <stdbool.h>

#include "host/models/extent_product.h"
#include "models/onnx.h"

/* Numbers of element types that need special treatment. */
enum { ONNX_FLOAT = 1, ONNX_INT64 = 7, ONNX_STRING = 8, ONNX_COMPLEX64 = 14, ONNX_COMPLEX128 = 15 };

/* Fields of TensorProto that hold its data as numbers or texts. */
enum {
    ONNX_FLOAT_DATA = 4,
    ONNX_INT32_DATA = 5,
    ONNX_STRING_DATA = 6,
    ONNX_INT64_DATA = 7,
    ONNX_DOUBLE_DATA = 10,
    ONNX_UINT64_DATA = 11
};

/* Returns the field for a type, which is valid. */
uint32_t rein_i_onnx_data_field(uint32_t type);

/* Returns the entries of that field for a number of elements whose bytes fit in 64 bits. */
uint64_t rein_i_onnx_data_entries(uint32_t type, uint64_t element_count);

/* Computes the bytes of the elements: 0 for strings. Returns false if they do not fit in 64 bits.
 */
bool rein_i_onnx_size_bytes(uint32_t type, uint64_t element_count, uint64_t *out_bytes);

#endif
