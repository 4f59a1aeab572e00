/* The size of a shape. */
#ifndef REIN_HOST_CONTRACT_SHAPE_H
#define REIN_HOST_CONTRACT_SHAPE_H

#include "contract/tensor.h"

/* Returns the bytes of a tensor of this shape and element type, which may both be invalid. Errors:
 * InvalidArgument if they are, or if the size does not fit in 64 bits. */
rein_result_bytes rein_i_shape_size_bytes(const rein_shape *shape, rein_dtype dtype);

/* Writes the bytes of a valid shape and element type; returns false if they do not fit in 64 bits.
 */
bool rein_i_shape_bytes(const rein_shape *shape, rein_dtype dtype, uint64_t *out_bytes);

#endif
