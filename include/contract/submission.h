/* Asynchronous execution: a request is enqueued, and a callback receives the result. An optional
 * part of a backend (backend.h). */
#ifndef REIN_CONTRACT_SUBMISSION_H
#define REIN_CONTRACT_SUBMISSION_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

/* Receives the outcome of one submitted execution. The function is called exactly once, by any
 * thread, perhaps before submit returns. It must return soon and must not call the backend or CUDA:
 * it may run on a thread of the driver. `result` is the one that was submitted; after a failure its
 * outputs are as before. */
typedef struct rein_completion {
    /* Required: NULL is refused. */
    void (*function)(void *context, rein_result_void outcome, rein_execution_result *result);
    void *context; /* passed to the function; may be NULL */
} rein_completion;

/* The slots of a backend that executes asynchronously. Both are required. Any thread may call them
 * at any time at which it may call execute. An execution runs from submit until its completion has
 * returned. */
typedef struct rein_submission_interface {
    size_t struct_size; /* sizeof(rein_submission_interface) where the table was compiled */

    /* Enqueues the execution, on the request's stream if the engine uses streams, and returns.
     * Request, result and everything that they point to stay borrowed until the completion is
     * called. Executions on one stream run and complete in the order of their submission. Errors:
     * those of execute that are detected at once; the completion is then not called. */
    rein_result_void (*submit)(void *self, const rein_execution_request *request,
                               rein_execution_result *out_result, rein_completion completion);

    /* Waits until the completion of every execution submitted before has returned. The slots unload
     * and destroy drain first. A completion must not drain. */
    rein_result_void (*drain)(void *self);
} rein_submission_interface;

/* Checks the arguments and calls the slot of the same name. Errors besides the slot's:
 *  - InvalidArgument if the backend is NULL or not bound, the completion has no function, or the
 *    request or result does not pass the checks of rein_backend_execute;
 *  - Unsupported if the backend has no submission. */
REIN_MUST_USE rein_result_void rein_backend_submit(const rein_backend *backend,
                                                   const rein_execution_request *request,
                                                   rein_execution_result *out_result,
                                                   rein_completion completion);
REIN_MUST_USE rein_result_void rein_backend_drain(const rein_backend *backend);

REIN_API_END

#endif
