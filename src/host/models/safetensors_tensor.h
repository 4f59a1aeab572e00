/* One tensor in the header of a safetensors file. */
#ifndef REIN_HOST_MODELS_SAFETENSORS_TENSOR_H
#define REIN_HOST_MODELS_SAFETENSORS_TENSOR_H

#include "host/models/json_reader.h"

/* Reads the object that follows the tensor's name, and checks it. `tensor` has its name and is
 * otherwise zero; `data_bytes` are the bytes of all data. Errors: those of rein_safetensors_read.
 */
rein_result_void rein_i_safetensors_tensor_read(json_reader *reader, uint64_t data_bytes,
                                                rein_safetensors_tensor *tensor);

#endif
