/* The names of the element types of safetensors. */
#ifndef REIN_HOST_MODELS_SAFETENSORS_DTYPE_H
#define REIN_HOST_MODELS_SAFETENSORS_DTYPE_H

#include "models/safetensors.h"

/* Sets the dtype whose name is `name` and has `size_bytes`. Returns false if there is none. */
bool rein_i_safetensors_dtype_parse(const char *name, uint64_t size_bytes,
                                    rein_safetensors_dtype *out_dtype);

#endif
