/* The signature of a model: its inputs and outputs, as specs of the contract. */
#ifndef REIN_EXAMPLES_ORT_SIGNATURE_H
#define REIN_EXAMPLES_ORT_SIGNATURE_H

#include "ort_engine.h"

/* A zeroed one is empty. */
typedef struct ort_signature {
    rein_tensor_spec *specs; /* of the inputs, then of the outputs; owned */
    size_t input_count;
    size_t output_count;
} ort_signature;

REIN_RESULT_DEFINE(ort_result_signature, ort_signature)

/* Returns the signature of a session of the model at `path`; free it by ort_signature_deinit. A
 * dynamic dimension of an input goes from 1 to `max_batch_size` if it is dimension 0 or has the
 * symbol "batch", else from 1 without a limit. One of an output has the range of the input's
 * dimension of the same symbol, or any extent. Errors: BackendError if the contract cannot express
 * it, such as tensors of strings or of unknown rank; OutOfMemory. */
REIN_MUST_USE ort_result_signature ort_signature_read(const ort_engine *engine,
                                                      const ort_session *session, const char *path,
                                                      uint32_t max_batch_size);
void ort_signature_deinit(ort_signature *signature);

/* Return the specs in the form that the slots of a backend return. */
rein_tensor_spec_view ort_signature_inputs(const ort_signature *signature);
rein_tensor_spec_view ort_signature_outputs(const ort_signature *signature);

#endif
