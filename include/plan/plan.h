/* Exact placement plans: whether a set of lifetimes fits a capacity, the least height, and a
 * certificate for either answer.
 *
 * "Fits" comes with a placement, which rein_placement_check verifies. "Cannot" comes with an
 * instant whose live bytes exceed the capacity, or with a refutation: a log of the search that
 * rein_plan_check_refutation replays. Neither checker shares code with the search. If the effort
 * runs out first, the answer is an interval: the best height found, with its placement, and the
 * best proven lower bound.
 *
 * Effort is counted in steps of the search, so the same input, seed and effort give the same answer
 * on every machine. A deadline and a cancel flag can stop a call earlier.
 *
 * Nothing here allocates or recurses: the caller provides a workspace of the size that a function
 * below returns. All functions are reentrant. docs/planning.md explains the search. */
#ifndef REIN_PLAN_PLAN_H
#define REIN_PLAN_PLAN_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/lifetime.h"
#include "plan/placement.h"

REIN_API_BEGIN

/* In rein_plan_problem.fixed_offsets: the planner chooses this tensor's offset. */
#define REIN_PLAN_FREE UINT64_MAX

/* The tensors to place. No tensor may end above 2^63, so a larger capacity counts as 2^63. The
 * arrays are borrowed for the call. */
typedef struct rein_plan_problem {
    const rein_tensor_lifetime *lifetimes; /* may be NULL if the count is 0 */
    size_t count;                          /* below 2^31 - 1 */
    const uint64_t *fixed_offsets; /* per tensor: an offset, or REIN_PLAN_FREE; NULL: all free */
} rein_plan_problem;

/* Checks the problem against the rules of rein_plan_problem. Errors: as rein_lifetimes_validate;
 * InvalidArgument if the count is too large, or with the row if a fixed offset breaks its tensor's
 * alignment or the tensor ends above 2^63. Two fixed tensors that overlap are not an error: nothing
 * fits then. The live bytes are checked by rein_plan_decide and rein_plan_minimise, because that
 * needs a workspace. */
REIN_MUST_USE rein_result_void rein_plan_validate(const rein_plan_problem *problem);

/* Returns the workspace size for any function here that takes a problem of `count` tensors. It is
 * about 270 bytes per tensor, and a part for the exact search: at most about 40 MiB, from 4096
 * tensors on. Errors: InvalidArgument if the count is too large. */
REIN_MUST_USE rein_result_bytes rein_plan_workspace_bytes(size_t count);

/* Progress of a search. */
typedef struct rein_plan_progress {
    uint64_t steps;             /* effort spent so far */
    uint64_t height_bytes;      /* best so far; UINT64_MAX if there is no placement yet */
    uint64_t lower_bound_bytes; /* proven so far */
    uint64_t placed_count;      /* tensors placed by the running heuristic; 0 if none is running */
} rein_plan_progress;

/* Effort, stop conditions and progress callback. Zero-initialised: heuristics and bounds only, run
 * to completion. */
typedef struct rein_plan_options {
    /* Maximum number of search steps. If the problem is too large for the search, steps are also
     * spent on further repairs, some hundred comparisons each. */
    uint64_t effort_steps;
    uint64_t seed;           /* for tie-breaking in the search */
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of `clock`; ignored if `clock` is NULL */
    const bool *cancel;      /* NULL, or set by any thread with rein_cancel to stop */
    /* NULL, or called now and then by the searching thread. */
    void (*on_progress)(void *self, const rein_plan_progress *progress);
    void *self; /* passed to on_progress; may be NULL */
} rein_plan_options;

/* A refutation, written by a search and read by a replay: at most `capacity` words.
 *
 * The length is 0 if the proof is not REIN_PLAN_PROOF_REFUTATION. Then another proof suffices, the
 * effort did not suffice for the run that writes the log, or the problem is too large for a log. If
 * only the capacity is too small, `length` is the length that the log would have. */
typedef struct rein_plan_log {
    uint32_t *words; /* the caller's array; a replay does not write to it */
    size_t capacity; /* words that the array has room for */
    size_t length;   /* words in the log: written by a search, read by a replay */
} rein_plan_log;

/* The answer of a search. */
typedef enum rein_plan_answer {
    REIN_PLAN_FITS = 1,   /* the offsets are a placement within the capacity */
    REIN_PLAN_CANNOT = 2, /* no placement is that low */
    REIN_PLAN_UNKNOWN = 3 /* the effort is spent, or the call was stopped */
} rein_plan_answer;

/* Why a lower bound holds. */
typedef enum rein_plan_proof {
    REIN_PLAN_PROOF_PEAK = 1,       /* the live bytes at `instant` */
    REIN_PLAN_PROOF_SEARCH = 2,     /* the search found nothing lower */
    REIN_PLAN_PROOF_REFUTATION = 3, /* the same, and the log holds the complete refutation */
    /* Fixed tensors: the tensor in row `first_row` ends at the bound. If the bound is UINT64_MAX,
     * the tensors in `first_row` and `second_row` are both alive at `instant` and share a byte. */
    REIN_PLAN_PROOF_FIXED = 4
} rein_plan_proof;

/* Why a call ended.
 *
 * The deadline and the cancel flag are checked
 *  - by the search, before each step;
 *  - by the heuristics, before every 64 tensors that they place and every tensor that they move;
 *  - by passes that sort or list tensors, every 65536 tensors.
 * Two checks, or the last check and the return, are at most about 0.1 s apart for a million
 * tensors, 2 s for ten million. The longest passes without a check validate the input and write the
 * placement.
 *
 * If the heuristics are stopped before a placement is complete, the remaining tensors are stacked
 * on top. If a call is stopped before its tensors are sorted, there is no placement. This can
 * happen only above 65536 tensors. The height is then UINT64_MAX, and the lower bound is the live
 * bytes at `instant`, the start of the largest tensor. Otherwise there is a placement, unless none
 * is found that ends within 2^63 bytes. */
typedef enum rein_plan_stop {
    REIN_PLAN_STOP_DONE = 1,     /* the question is answered */
    REIN_PLAN_STOP_EFFORT = 2,   /* effort_steps are spent; more may bring an answer */
    REIN_PLAN_STOP_DEADLINE = 3, /* the clock has reached the deadline */
    REIN_PLAN_STOP_CANCEL = 4,   /* the cancel flag was set */
    REIN_PLAN_STOP_SIZE = 5      /* the open part is too large for the exact search */
} rein_plan_stop;

/* The outcome of a search. */
typedef struct rein_plan_outcome {
    rein_plan_answer answer;    /* to the question of the function that was called */
    uint64_t height_bytes;      /* of the placement in the offsets; UINT64_MAX: there is none */
    uint64_t lower_bound_bytes; /* no placement is lower */
    rein_plan_proof proof;      /* of the lower bound */
    /* Instant of the peak of the live bytes, or of the fixed tensors' overlap. If the call was
     * stopped before the peak was known, the instant that proves the lower bound. */
    int64_t instant;
    size_t first_row;    /* for PROOF_FIXED; otherwise 0 */
    size_t second_row;   /* equal to first_row if that tensor alone proves the bound */
    uint64_t steps;      /* effort spent */
    rein_plan_stop stop; /* Done if the answer is Fits or Cannot */
} rein_plan_outcome;

REIN_RESULT_DEFINE(rein_result_plan_outcome, rein_plan_outcome)

/* Returns whether the problem fits in `capacity_bytes`. Writes the offsets of the best placement
 * found, even if its height exceeds the capacity. `log` may be NULL. If the search answers Cannot
 * and steps are left for the run that writes the log, the log refutes the capacity.
 *
 * If tensors are fixed, there may be no placement at all: then the height is UINT64_MAX and the
 * offsets are unchanged. Errors: as rein_plan_validate; InvalidArgument if more than 2^63 bytes are
 * alive at once, the workspace is too small or the offsets are NULL. */
REIN_MUST_USE rein_result_plan_outcome rein_plan_decide(const rein_plan_problem *problem,
                                                        uint64_t capacity_bytes,
                                                        const rein_plan_options *options,
                                                        rein_workspace workspace,
                                                        uint64_t *out_offsets, rein_plan_log *log);

/* Returns the least height. The answer is Fits if the height is proven to be the least, Unknown if
 * only the interval from lower bound to height is known. If the bound is not the peak, the log
 * refutes the height less one byte. Otherwise as rein_plan_decide. */
REIN_MUST_USE rein_result_plan_outcome rein_plan_minimise(const rein_plan_problem *problem,
                                                          const rein_plan_options *options,
                                                          rein_workspace workspace,
                                                          uint64_t *out_offsets,
                                                          rein_plan_log *log);

/* Stop conditions and progress callback of a replay. Zero-initialised: run to completion, no
 * callback. */
typedef struct rein_plan_replay_options {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of `clock`; ignored if `clock` is NULL */
    const bool *cancel;      /* NULL, or set by any thread with rein_cancel to stop */
    /* NULL, or called by the replaying thread before each check of the stop conditions. `position`
     * is the index of the next word. */
    void (*on_progress)(void *self, size_t position);
    void *self; /* passed to on_progress; may be NULL */
} rein_plan_replay_options;

/* The verdict on a refutation. */
typedef struct rein_plan_refutation_verdict {
    bool is_valid;       /* the log proves that nothing fits in the capacity */
    size_t position;     /* the word at which the log failed; its length if it ends too early */
    rein_plan_stop stop; /* Done; or Deadline or Cancel: validity is unknown */
} rein_plan_refutation_verdict;

REIN_RESULT_DEFINE(rein_result_plan_refutation_verdict, rein_plan_refutation_verdict)

/* Returns the workspace size to replay `log` on `count` tensors. Errors: InvalidArgument if it does
 * not fit in a size_t, the log is NULL, or its words are NULL with a length above zero. */
REIN_MUST_USE rein_result_bytes rein_plan_refutation_workspace_bytes(size_t count,
                                                                     const rein_plan_log *log);

/* Replays a refutation and returns whether it is valid. An invalid log is a verdict, not an error.
 * Each word takes O(count^3) at worst. `options` may be NULL; they are checked after at most
 * O(count^2). Errors: as rein_plan_validate; those of rein_plan_refutation_workspace_bytes;
 * InvalidArgument if the workspace is too small. */
REIN_MUST_USE rein_result_plan_refutation_verdict rein_plan_check_refutation(
    const rein_plan_problem *problem, uint64_t capacity_bytes, const rein_plan_log *log,
    const rein_plan_replay_options *options, rein_workspace workspace);

REIN_API_END

#endif
