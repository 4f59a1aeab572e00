/* One execution: what is asked, and what came of it. Plain values that borrow their tensors. */
#ifndef REIN_CONTRACT_EXECUTION_H
#define REIN_CONTRACT_EXECUTION_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/ids.h"
#include "contract/tensor.h"

REIN_API_BEGIN

/* The request of one execution. `input_tensors` and their data are borrowed: the caller keeps them
 * unchanged until execute returns. Both instants are of the clock that the backend was given. */
typedef struct rein_execution_request {
    rein_model_id model_id;           /* the loaded model; copied into the result */
    rein_request_id request_id;       /* tells this execution from others; copied into the result */
    const rein_tensor *input_tensors; /* may be NULL if the count is 0 */
    size_t input_tensor_count;        /* as many as the backend's input_specs */
    rein_timestamp deadline;          /* 0, or rein_timestamp_never(): none */
    rein_timestamp submission_time;   /* when the request was made: latency counts from here */
} rein_execution_request;

/* The result of one execution. `output_tensors` is the caller's array, set before the call with the
 * specs that are expected and the memory to write to; so an execution allocates nothing. The
 * backend fills the bytes and every other field. */
typedef struct rein_execution_result {
    rein_model_id model_id;       /* the request's */
    rein_request_id request_id;   /* the request's */
    rein_tensor *output_tensors;  /* may be NULL if the count is 0 */
    size_t output_tensor_count;   /* as many as the backend's output_specs; set by the caller too */
    rein_duration actual_latency; /* from submission to completion, within the range */
    bool deadline_met;            /* completed at or before the deadline */
} rein_execution_result;

/* Whether a backend may be given the request. Errors: InvalidArgument if the request is NULL, an
 * array is NULL with a count above zero, or a tensor breaks rein_tensor_make's rules. A deadline
 * that has passed is no error: deadline_met will say so. */
REIN_MUST_USE rein_result_void
rein_execution_request_validate(const rein_execution_request *request);

/* Returns the request's deadline; rein_timestamp_never() if it has none or is NULL. For schedulers
 * that order requests by deadline. */
rein_timestamp rein_execution_request_deadline(const rein_execution_request *request);

/* Whether a backend may be given the result to fill. Errors: InvalidArgument if the result is
 * NULL, or its output tensors break the same rules. */
REIN_MUST_USE rein_result_void rein_execution_result_validate(const rein_execution_result *result);

/* What a backend does last: copies the ids of `request` into `out_result` and computes latency and
 * deadline from `completion_time`. The output tensors stay as they are. Does nothing if a pointer
 * is NULL. */
void rein_execution_result_complete(const rein_execution_request *request,
                                    rein_timestamp completion_time,
                                    rein_execution_result *out_result);

REIN_API_END

#endif
