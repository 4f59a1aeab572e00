/* A prepared execution: the engine's values for the tensors of a request.
 *
 * The engine wraps the memory of a tensor in a value. Making one costs about as much as running a
 * tiny model, so a call keeps its values and reuses them. It reuses a value if the tensor has the
 * same memory and shape as in the last execution. A value refers to its memory and does not read it
 * when idle. */
#ifndef REIN_EXAMPLES_ORT_CALL_H
#define REIN_EXAMPLES_ORT_CALL_H

#include "ort_model.h"

/* The memory of a value. */
typedef struct ort_binding {
    bool is_bound; /* it is a tensor's memory; else the engine makes a value for one execution */
    void *data;
    uint64_t size_bytes;
    rein_shape shape;
} ort_binding;

/* One execution at a time. */
typedef struct ort_call {
    struct ort_call *next; /* of a list; the owner's */
    const ort_engine *engine;
    ort_run_options *options;
    ort_account account; /* of one execution: activations and workspaces */
    size_t value_count;
    ort_value **values;    /* of the inputs, then of the outputs; NULL if not bound */
    ort_binding *bindings; /* of the values */
    rein_shape *shapes;    /* of the outputs */

    /* During an execution. */
    const rein_execution_request *request;
    uint64_t limit_bytes;
    bool is_stopped; /* the engine was told to stop before its next operator */
} ort_call;

REIN_RESULT_DEFINE(ort_result_call, ort_call *)

/* Returns a call for executions of the model. Errors: OutOfMemory; BackendError. */
REIN_MUST_USE ort_result_call ort_call_create(const ort_model *model);

/* The model may be closed before. NULL is allowed. */
void ort_call_destroy(ort_call *call);

/* Executes the model: rein_backend_check_execution has accepted request and result. Outputs whose
 * shape follows from the inputs' are written by the engine, others are copied. If the request is
 * cancelled, or the execution holds more than `limit_bytes`, the engine stops before its next
 * operator. account.peak_bytes says what the execution held. Errors: BufferTooSmall; Cancelled;
 * BudgetExceeded with the bytes held and the limit; BackendError. */
REIN_MUST_USE rein_result_void ort_call_execute(ort_call *call, const ort_model *model,
                                                const rein_execution_request *request,
                                                rein_execution_result *result,
                                                uint64_t limit_bytes);

#endif
