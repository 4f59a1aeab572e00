/* One execution: the request, and its result. Plain values that borrow their tensors. */
#ifndef REIN_CONTRACT_EXECUTION_H
#define REIN_CONTRACT_EXECUTION_H

#include <string.h>

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/device.h"
#include "contract/ids.h"
#include "contract/tensor.h"

/* A CUDA stream (cudaStream_t). Passed through, never dereferenced. */
struct CUstream_st;

REIN_API_BEGIN

/* Receives a part of the outputs while an execution runs, such as the tokens of a text, one by one.
 * Called by the executing thread before the execution completes. The tensors, one for each output,
 * are borrowed for the call; their contents depend on the model. Must not call the backend. Returns
 * whether to continue: after false, the execution ends soon and succeeds with the outputs and the
 * state reached so far. */
typedef bool (*rein_output_callback)(void *context, const rein_tensor *outputs, size_t count);

/* The request of one execution. Everything it points to is borrowed: the caller keeps it unchanged,
 * except the cancel flag, until the execution has completed. Both timestamps are of the clock that
 * the backend was given.
 */
typedef struct rein_execution_request {
    size_t struct_size;               /* sizeof(rein_execution_request), as the caller has it */
    rein_model_id model_id;           /* the id that load was given; copied into the result */
    rein_request_id request_id;       /* identifies this execution; copied into the result */
    const rein_tensor *input_tensors; /* may be NULL if the count is 0 */
    size_t input_tensor_count;        /* as many as the backend's input_specs */
    rein_timestamp deadline;          /* 0, or rein_timestamp_never(): none */
    rein_timestamp submission_time;   /* when the request was made; latency counts from here */
    rein_sequence_id sequence;        /* the sequence that this continues; 0: none (sequences.h) */
    /* A stream of the backend's device to enqueue its work on; NULL: the default stream. Ignored by
     * engines that do not use streams. */
    struct CUstream_st *stream;
    /* NULL, or set by any thread with rein_cancel to stop the execution, which then fails. */
    const bool *cancel;
    rein_output_callback on_output; /* NULL: no partial results */
    void *on_output_context;        /* passed to on_output */
} rein_execution_request;

/* Returns a request without deadline, sequence, stream, cancel flag and callback. */
static inline rein_execution_request rein_execution_request_make(rein_model_id model_id,
                                                                 rein_request_id request_id,
                                                                 const rein_tensor *input_tensors,
                                                                 size_t input_tensor_count,
                                                                 rein_timestamp submission_time) {
    rein_execution_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.model_id = model_id;
    request.request_id = request_id;
    request.input_tensors = input_tensors;
    request.input_tensor_count = input_tensor_count;
    request.submission_time = submission_time;
    return request;
}

/* The result of one execution. `output_tensors` is the caller's array, set before the call to
 * tensors with memory to write to (rein_tensor_make, rein_tensor_make_output), so that an execution
 * does not allocate. The backend writes the bytes and the shape of each output, and every other
 * member of the result. */
typedef struct rein_execution_result {
    size_t struct_size;           /* sizeof(rein_execution_result), as the caller has it */
    rein_model_id model_id;       /* the request's */
    rein_request_id request_id;   /* the request's */
    rein_tensor *output_tensors;  /* set by the caller; may be NULL if the count is 0 */
    size_t output_tensor_count;   /* set by the caller: as many as the backend's output_specs */
    rein_duration actual_latency; /* from submission to completion; saturates */
    bool deadline_met;            /* completed at or before the deadline */
    /* Nanoseconds that the device computed for this execution alone. Unknown if the backend does
     * not measure it, or cannot divide it among executions that ran as one batch. A compute budget
     * counts this; actual_latency also counts waiting. */
    rein_fact_u64 device_time_ns;
} rein_execution_result;

/* Returns a result in which only the outputs are set. */
static inline rein_execution_result rein_execution_result_make(rein_tensor *output_tensors,
                                                               size_t output_tensor_count) {
    rein_execution_result result;
    memset(&result, 0, sizeof result);
    result.struct_size = sizeof result;
    result.output_tensors = output_tensors;
    result.output_tensor_count = output_tensor_count;
    return result;
}

/* Checks a request and each of its tensors. rein_backend_execute checks less, because a tensor that
 * fits a valid spec is valid. Errors: InvalidArgument if the request is NULL, its struct_size is
 * not known to this library, an array is NULL with a count above zero, or rein_tensor_validate
 * refuses a tensor. A deadline that has passed is not an error: deadline_met will be false. */
REIN_MUST_USE rein_result_void
rein_execution_request_validate(const rein_execution_request *request);

/* Checks a result before an execution, in the same way. The data of an output may be NULL if its
 * capacity is 0. */
REIN_MUST_USE rein_result_void rein_execution_result_validate(const rein_execution_result *result);

/* Returns the request's deadline; rein_timestamp_never() if it has none or is NULL. For schedulers
 * that order requests by deadline. */
rein_timestamp rein_execution_request_deadline(const rein_execution_request *request);

/* Sets a cancel flag; does nothing if it is NULL. Any thread. */
static inline void rein_cancel(bool *flag) {
    if (flag != NULL) {
        __atomic_store_n(flag, true, __ATOMIC_RELAXED);
    }
}

/* Returns whether the request's cancel flag is set; false if it has none or the request is NULL.
 * Any thread. */
bool rein_execution_request_is_cancelled(const rein_execution_request *request);

/* Sets the shape of each output to the shape of the same index. All outputs change, or none. Called
 * by backends. Errors:
 *  - BufferTooSmall for the first output whose capacity is too small. `numbers` of the error are
 *    the least capacity that it needs, its capacity, and its index. A caller enlarges the buffer
 *    and retries until the execution succeeds;
 *  - InvalidArgument if a pointer is NULL, the counts differ or a shape is not valid. */
REIN_MUST_USE rein_result_void rein_execution_result_set_shapes(rein_execution_result *result,
                                                                const rein_shape *shapes,
                                                                size_t shape_count);

/* Copies the ids of `request` into `out_result` and computes latency and deadline_met from
 * `completion_time`. Sets the device time to unknown; a backend that measures it sets it
 * afterwards. Does nothing if a pointer is NULL. Called by backends, as the last step of an
 * execution. */
void rein_execution_result_complete(const rein_execution_request *request,
                                    rein_timestamp completion_time,
                                    rein_execution_result *out_result);

REIN_API_END

#endif
