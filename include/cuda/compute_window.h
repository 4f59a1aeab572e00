/* Measures the device time of executions and compares it with a compute budget.
 *
 * A window records one event before the work that is submitted to a stream, and one event after it.
 * It measures the time between the two on the device, to about half a microsecond. That time
 * includes the execution and its waits on the device, such as time slices of other streams and
 * processes. A window cannot stop running work; it enforces the budget by refusing the next
 * submission. After an execution over the budget, begin refuses until
 * rein_cuda_compute_window_resume.
 *
 * A window measures one execution at a time: begin, submit, end, collect. Use one window per
 * stream.
 *
 * After the device is lost, a window refuses everything except reading and destruction.
 *
 * Threads: any function at any time, except destroy, which must be the last call. No call changes
 * the calling thread's current device.
 *
 * Fork: a child may only destroy the window. Every other call on it, and a creation with valid
 * options, fails with DeviceUnavailable without a CUDA call; read returns all
 * zeros and resume does nothing. See cuda/error.h. */
#ifndef REIN_CUDA_COMPUTE_WINDOW_H
#define REIN_CUDA_COMPUTE_WINDOW_H

#include "contract/api.h"
#include "contract/ledger.h"
#include "cuda/error.h"

struct CUstream_st;

REIN_API_BEGIN

/* A window on one stream; see above. */
typedef struct rein_cuda_compute_window rein_cuda_compute_window;

/* Options of a new compute window. */
typedef struct rein_cuda_compute_window_options {
    int32_t device;      /* of the measured streams; index among the visible devices */
    rein_ledger *ledger; /* borrowed; must outlive the window; accounts the time */
    /* Judges deadlines; NULL: the system's. Copied; its `self` is borrowed. Read while the window
     * is locked: it must not call the window. */
    const rein_clock *clock;
} rein_cuda_compute_window_options;

REIN_RESULT_DEFINE(rein_result_cuda_compute_window, rein_cuda_compute_window *)

/* Creates a window; the caller destroys it. Errors: InvalidArgument if the ledger is NULL;
 * NotFound, DeviceUnavailable, InvalidState if a CUDA error is pending; DeviceLost; OutOfMemory,
 * also if forks cannot be watched (see cuda/error.h). */
REIN_MUST_USE rein_result_cuda_compute_window
rein_cuda_compute_window_create(const rein_cuda_compute_window_options *options);

/* Starts to measure the work that is submitted to `stream` from now on. After an execution over the
 * budget, the verdict refuses: `requested` is the time of that execution, in ns. A refusal makes no
 * CUDA call. `stream` must belong to the window's device; NULL is the legacy default stream.
 * `deadline` is a time of the options' clock, rein_timestamp_never() for none (see
 * rein_execution_request_deadline). It is only compared; it stops nothing. Errors: InvalidState if
 * an execution is not collected yet, the stream is capturing a graph or a CUDA error is pending;
 * DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_ledger_verdict rein_cuda_compute_window_begin(
    rein_cuda_compute_window *window, struct CUstream_st *stream, rein_timestamp deadline);

/* Ends the measurement after all work was submitted. Errors: InvalidState if nothing was begun; as
 * above. */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_end(rein_cuda_compute_window *window);

/* The result of the execution that was ended last. */
typedef struct rein_cuda_execution_time {
    bool is_complete;           /* the device has finished; otherwise nothing below is set */
    rein_duration elapsed;      /* between the two events; at least 0 */
    rein_ledger_verdict budget; /* of the ledger; is_granted: within the compute budget */
    /* The execution was seen complete by the deadline. Collect promptly: a late call may report a
     * met deadline as missed. */
    bool deadline_met;
} rein_cuda_execution_time;

REIN_RESULT_DEFINE(rein_result_cuda_execution_time, rein_cuda_execution_time)

/* Returns the time of the execution that was ended last, and accounts it once the device has
 * finished. Errors: InvalidState if none was ended or a CUDA error is pending; InternalError if the
 * device reports an invalid time: the execution is then dropped; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_execution_time
rein_cuda_compute_window_collect(rein_cuda_compute_window *window);

/* Does the same as rein_cuda_compute_window_collect, but waits for the device. Other calls on this
 * window block meanwhile. */
REIN_MUST_USE rein_result_cuda_execution_time
rein_cuda_compute_window_wait(rein_cuda_compute_window *window);

/* Drops the execution that was begun or ended, without accounting it. Use it if the stream was
 * destroyed or nothing was submitted. Never waits and makes no CUDA call. Errors: InvalidState if
 * none was begun; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_abandon(rein_cuda_compute_window *window);

/* Permits submissions again after an execution over the budget. No effect in a forked child. */
void rein_cuda_compute_window_resume(rein_cuda_compute_window *window);

/* Number of most recent executions that the percentiles (nearest rank) cover. */
enum { REIN_CUDA_WINDOW_SAMPLE_COUNT = 1024 };

/* Statistics of a compute window since its creation. The durations cover the last
 * REIN_CUDA_WINDOW_SAMPLE_COUNT executions; they are 0 if there are none. */
typedef struct rein_cuda_compute_statistics {
    uint64_t execution_count;   /* collected and accounted */
    uint64_t over_budget_count; /* executions that took longer than the compute budget */
    uint64_t late_count;        /* executions that missed their deadline */
    uint64_t refused_count;     /* calls of begin that were refused after an overrun */
    uint64_t abandoned_count;   /* dropped by the caller; their time is unknown */
    uint64_t total_ns;          /* device time of all accounted executions; stops at UINT64_MAX */

    rein_duration p50;     /* median */
    rein_duration p90;     /* 90 % took at most this long */
    rein_duration p99;     /* 99 % took at most this long */
    rein_duration p999;    /* 99.9 % took at most this long */
    rein_duration longest; /* the maximum */
} rein_cuda_compute_statistics;

/* Returns the statistics so far; all 0 in a forked child. Makes no CUDA call. */
rein_cuda_compute_statistics rein_cuda_compute_window_read(rein_cuda_compute_window *window);

/* Destroys the window; NULL is allowed. An execution that was not collected is not accounted. If
 * CUDA refuses, the window still exists and can be destroyed again. On a lost device or in a forked
 * child, the call frees the host memory without a CUDA call and succeeds. */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_destroy(rein_cuda_compute_window *window);

REIN_API_END

#endif
