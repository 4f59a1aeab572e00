/* Device time of executions, measured and held against a compute budget.
 *
 * A window puts an event before and one after what is submitted to a stream. What it measures is
 * the span between the two on the device, to about half a microsecond: the execution itself and
 * whatever made it wait there, other streams' and other processes' slices included. It cannot stop
 * work that runs: to enforce is to refuse the next submission. After an execution over the budget,
 * begin refuses until rein_cuda_compute_window_resume.
 *
 * One execution at a time: begin, submit, end, collect. Use a window for each stream.
 *
 * A window on which the device was lost refuses everything but reading and destruction.
 *
 * Threads: any function at any time, but for destroy, which must be the last. The calling thread's
 * current device is as before after every call.
 *
 * Fork: a child may only destroy the window; every other call on it and a creation with valid
 * options fail with DeviceUnavailable, without a CUDA call, what is read is 0 and resume does
 * nothing. See cuda/error.h. */
#ifndef REIN_CUDA_COMPUTE_WINDOW_H
#define REIN_CUDA_COMPUTE_WINDOW_H

#include "contract/api.h"
#include "contract/ledger.h"
#include "cuda/error.h"

struct CUstream_st;

REIN_API_BEGIN

/* Measures one stream; see above. */
typedef struct rein_cuda_compute_window rein_cuda_compute_window;

/* What a compute window is made with. */
typedef struct rein_cuda_compute_window_options {
    int32_t device;          /* number among the visible ones, of the streams to be measured */
    rein_ledger *ledger;     /* borrowed; outlives the window; accounts the time */
    const rein_clock *clock; /* copied, its self borrowed; judges deadlines; NULL: the system's. It
                                is read with the window locked: it must not call the window */
} rein_cuda_compute_window_options;

REIN_RESULT_DEFINE(rein_result_cuda_compute_window, rein_cuda_compute_window *)

/* Owned by the caller until destroyed. Errors: InvalidArgument if the ledger is NULL; NotFound,
 * DeviceUnavailable, InvalidState if a CUDA error is pending; DeviceLost; OutOfMemory, also if
 * forks cannot be watched (see cuda/error.h). */
REIN_MUST_USE rein_result_cuda_compute_window
rein_cuda_compute_window_create(const rein_cuda_compute_window_options *options);

/* Starts to measure what is submitted to `stream` from now on. The verdict refuses after an
 * execution over the budget: `requested` is its time, in ns. A refusal costs no CUDA call. `stream`
 * is of the window's device; NULL is the legacy default stream. `deadline` is an instant of the
 * options' clock, rein_timestamp_never() for none (see rein_execution_request_deadline), and only
 * judged: nothing is stopped by it. Errors: InvalidState if an execution is not collected yet,
 * the stream is capturing a graph or a CUDA error is pending; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_ledger_verdict rein_cuda_compute_window_begin(
    rein_cuda_compute_window *window, struct CUstream_st *stream, rein_timestamp deadline);

/* Everything to be measured is submitted. Errors: InvalidState if nothing was begun; as above.
 */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_end(rein_cuda_compute_window *window);

/* What is known of the execution that was ended last. */
typedef struct rein_cuda_execution_time {
    bool is_complete;           /* the device has finished; else nothing below is set */
    rein_duration elapsed;      /* between the two events; 0 or above */
    rein_ledger_verdict budget; /* of the ledger: is_granted where within the compute budget */
    bool deadline_met; /* seen complete by the deadline: collect at once, or a met one may look
                          missed */
} rein_cuda_execution_time;

REIN_RESULT_DEFINE(rein_result_cuda_execution_time, rein_cuda_execution_time)

/* The time of the execution that was ended last, accounted once, when the device has finished.
 * Errors: InvalidState if none was ended or a CUDA error is pending; InternalError if the
 * device reports no valid span: the execution is then dropped; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_cuda_execution_time
rein_cuda_compute_window_collect(rein_cuda_compute_window *window);

/* As rein_cuda_compute_window_collect, but waits for the device; other calls on this window wait
 * meanwhile. */
REIN_MUST_USE rein_result_cuda_execution_time
rein_cuda_compute_window_wait(rein_cuda_compute_window *window);

/* Drops the execution that was begun or ended, without accounting it: the way out where its stream
 * is gone, or nothing was submitted. Waits for nothing and makes no CUDA call. Errors: InvalidState
 * if none was begun; DeviceLost, DeviceUnavailable. */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_abandon(rein_cuda_compute_window *window);

/* Lets submissions pass again after an execution over the budget. No effect in a forked child. */
void rein_cuda_compute_window_resume(rein_cuda_compute_window *window);

/* The last executions of which percentiles (by nearest rank) are told. */
enum { REIN_CUDA_WINDOW_SAMPLE_COUNT = 1024 };

/* What a compute window has seen since it was created; the spans are of its last
 * REIN_CUDA_WINDOW_SAMPLE_COUNT executions, and 0 if there is none. */
typedef struct rein_cuda_compute_statistics {
    uint64_t execution_count;   /* collected and accounted */
    uint64_t over_budget_count; /* of them, those that took longer than the compute budget */
    uint64_t late_count;        /* of them, those that missed their deadline */
    uint64_t refused_count;     /* calls of begin that were refused after an overrun */
    uint64_t abandoned_count;   /* dropped by the caller; their time is unknown */
    uint64_t total_ns;          /* device time of all that was accounted; stops at UINT64_MAX */

    rein_duration p50;     /* the median: half of them took no longer */
    rein_duration p90;     /* 90 % took no longer */
    rein_duration p99;     /* 99 % took no longer */
    rein_duration p999;    /* 99.9 % took no longer */
    rein_duration longest; /* none of them took longer */
} rein_cuda_compute_statistics;

/* What was seen so far; all 0 in a forked child. Makes no CUDA call. */
rein_cuda_compute_statistics rein_cuda_compute_window_read(rein_cuda_compute_window *window);

/* Destroys the window; NULL is allowed. An execution that was not collected is not accounted. Where
 * CUDA refuses, the window is still there and can be destroyed again. On a lost device, or in a
 * forked child, the host memory is freed without a CUDA call and the call succeeds. */
REIN_MUST_USE rein_result_void rein_cuda_compute_window_destroy(rein_cuda_compute_window *window);

REIN_API_END

#endif
