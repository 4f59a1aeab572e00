/* A backend that executes ONNX models by ONNX Runtime, on the CPU.
 *
 * The memory that it states and measures is the memory of tensors: weights, activations and
 * workspaces, as the engine takes them from its allocator. The engine's own objects, such as the
 * graph, are not counted, as they would not be on a device of its own. */
#ifndef REIN_EXAMPLES_ORT_BACKEND_H
#define REIN_EXAMPLES_ORT_BACKEND_H

#include "ort_engine.h"
#include "ort_signature.h"

typedef struct ort_backend_options {
    const rein_clock *clock; /* the functions are copied; its `self` outlives the backend */
    uint32_t max_batch_size; /* the largest extent of a dynamic dimension 0; at least 1 */
    /* The activations that one execution is promised to need at most; 0: not stated. The estimate
     * of the memory then has them, and an execution that holds more is stopped before its next
     * operator and fails with BudgetExceeded. ort_trial.h measures them. */
    uint64_t activation_limit_bytes;
    bool measures_device_time; /* CPU time of the executing thread; costs two system calls */
} ort_backend_options;

/* Returns a backend without a model; rein_backend_destroy destroys it. The engine outlives it.
 * Executions of several threads overlap; each computes on the thread that calls. A cancel flag is
 * looked at when an execution starts and whenever the engine allocates. Errors: InvalidArgument if
 * max_batch_size is 0; OutOfMemory. */
REIN_MUST_USE rein_result_backend ort_backend_create(const ort_engine *engine,
                                                     const ort_backend_options *options);

#endif
