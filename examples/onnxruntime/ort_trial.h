/* A trial execution: measures the memory that an execution of a model holds. */
#ifndef REIN_EXAMPLES_ORT_TRIAL_H
#define REIN_EXAMPLES_ORT_TRIAL_H

#include "ort_model.h"

/* Opens the model, executes it once on zeros in these shapes, and returns the most that the
 * execution held beside its inputs and outputs. NULL stands for the largest shapes. The same shapes
 * take the same memory unless a hidden tensor's shape depends on values. Takes about as long as
 * loading the model. Errors: as ort_model_open; InvalidArgument if the shapes are not allowed, or
 * a largest one is unbounded; OutOfMemory; BackendError if the engine cannot execute the shapes. */
REIN_MUST_USE rein_result_bytes ort_measure_activations(const ort_engine *engine, const char *path,
                                                        uint32_t max_batch_size,
                                                        const rein_input_shapes *shapes);

#endif
