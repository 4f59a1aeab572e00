/* Names that occur twice: inputs with an initializer, and files with several tensors. */
#ifndef REIN_HOST_MODELS_ONNX_MATCH_H
#define REIN_HOST_MODELS_ONNX_MATCH_H

#include "host/models/onnx_store.h"

/* Takes the inputs that have an initializer out of the list of inputs. Errors: InvalidArgument if
 * two initializers have the same name. */
rein_result_void rein_i_onnx_inputs_match(onnx_store *store);

/* Merges the external tensors with the same location. */
void rein_i_onnx_external_merge(onnx_store *store);

#endif
