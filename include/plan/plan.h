/* The exact placement plan: does a set of lifetimes fit a capacity, what is the least height, and a
 * certificate for either answer.
 *
 * "Fits" comes with a placement, which rein_placement_check verifies. "Cannot" comes with an
 * instant whose live bytes exceed the capacity, or with a refutation: a log of the search that
 * rein_plan_check_refutation replays. Both checkers share no code with the search. Where the effort
 * is spent first, the answer is an interval: the best height, with its plan, and the best proven
 * bound.
 *
 * Effort is counted in steps of the search, so an answer is the same on every machine for the same
 * input, seed and effort. A deadline and a cancel flag come on top.
 *
 * Nothing here allocates or recurses: the caller brings a workspace, whose size is asked
 * beforehand. Everything is reentrant. docs/planning.md explains the search. */
#ifndef REIN_PLAN_PLAN_H
#define REIN_PLAN_PLAN_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/lifetime.h"
#include "plan/placement.h"

REIN_API_BEGIN

/* In rein_plan_problem.fixed_offsets: this tensor's offset is for the plan to choose. */
#define REIN_PLAN_FREE UINT64_MAX

/* What to place: no tensor may end above 2^63, so a larger capacity is worth no more than that. The
 * arrays are borrowed for the call. */
typedef struct rein_plan_problem {
    const rein_tensor_lifetime *lifetimes; /* may be NULL if the count is 0 */
    size_t count;                          /* below 2^31 - 1 */
    const uint64_t *fixed_offsets; /* per tensor, an offset or REIN_PLAN_FREE; NULL: all are free */
} rein_plan_problem;

/* Whether the problem keeps the rules of rein_plan_problem. Errors: as rein_lifetimes_validate;
 * InvalidArgument with the row where a fixed offset breaks the tensor's alignment or its end is
 * above 2^63, or where the count is too large. Two fixed tensors that overlap are no error: nothing
 * fits then. The live bytes, which take a workspace to find, are looked at by rein_plan_decide and
 * rein_plan_minimise. */
REIN_MUST_USE rein_result_void rein_plan_validate(const rein_plan_problem *problem);

/* Bytes of workspace for any function here that takes a problem of `count` tensors: about 270 for
 * each, and a part for the exact search that stops growing at 4096 tensors, at about 40 MiB.
 * Errors: InvalidArgument if the count is too large. */
REIN_MUST_USE rein_result_bytes rein_plan_workspace_bytes(size_t count);

/* How far a search has come. */
typedef struct rein_plan_progress {
    uint64_t steps;             /* of the effort, spent so far */
    uint64_t height_bytes;      /* the best so far; UINT64_MAX where there is none yet */
    uint64_t lower_bound_bytes; /* proven so far */
    uint64_t placed_count;      /* tensors that the heuristic at work has placed; 0: none is */
} rein_plan_progress;

/* How hard to search, and when to stop. Zero-initialised options search with no effort: heuristics
 * and bounds alone. */
typedef struct rein_plan_options {
    /* The most steps of the search, and of further repairs where the problem is too large for it: a
     * step each for some hundred comparisons. */
    uint64_t effort_steps;
    uint64_t seed;           /* of the search's tie-breaking */
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock: stop then; not looked at without one */
    const bool *cancel;      /* NULL, or set to true by any thread, by an atomic store, to stop */
    /* NULL, or called now and then by the searching thread. */
    void (*on_progress)(void *self, const rein_plan_progress *progress);
    void *self; /* passed to on_progress; may be NULL */
} rein_plan_options;

/* A refutation as it is written and read: at most `capacity` words. Where the proof is not
 * REIN_PLAN_PROOF_REFUTATION, the length is 0: another proof does, or there was no effort, or too
 * little for the run that writes the log, or the problem is too large for a log. But where only the
 * capacity is too small, it is the length that the log would have. */
typedef struct rein_plan_log {
    uint32_t *words; /* the caller's array; not written where it is read */
    size_t capacity; /* words that the array has room for */
    size_t length;   /* words that the log has: written by a search, read by a replay */
} rein_plan_log;

/* What came of a search. */
typedef enum rein_plan_answer {
    REIN_PLAN_FITS = 1,   /* the offsets are a placement within the capacity */
    REIN_PLAN_CANNOT = 2, /* no placement is that low */
    REIN_PLAN_UNKNOWN = 3 /* the effort is spent, or the call was stopped */
} rein_plan_answer;

/* Why a bound holds. */
typedef enum rein_plan_proof {
    REIN_PLAN_PROOF_PEAK = 1,       /* the live bytes at `instant` */
    REIN_PLAN_PROOF_SEARCH = 2,     /* the search found nothing lower */
    REIN_PLAN_PROOF_REFUTATION = 3, /* the same, and the whole refutation is in the log */
    /* Fixed tensors: the end of the one in row `first_row`; or, where the bound is UINT64_MAX,
     * those in `first_row` and `second_row` are both alive at `instant` and share a byte. */
    REIN_PLAN_PROOF_FIXED = 4
} rein_plan_proof;

/* Why no more was done.
 *
 * Deadline and cancel flag are looked at before each step of the search; by the heuristics before
 * each 64 tensors that they place and each tensor that they move; and by passes that sort or list
 * tensors after each 65536. Between two looks, and from the last one to the return, are at most
 * about 0.1 s for a million tensors and 2 s for ten million: only the longest passes do not look,
 * those that validate the input and that write the placement.
 *
 * If the heuristics are stopped before a placement is complete, the tensors that are left are
 * stacked on top. If the call is stopped before its tensors are sorted, which takes problems of
 * more than 65536 tensors, there is no placement: the height is UINT64_MAX, and the lower bound is
 * what is alive at `instant`, where the largest tensor starts. Otherwise there is always a
 * placement, unless the heights do not fit. */
typedef enum rein_plan_stop {
    REIN_PLAN_STOP_DONE = 1,     /* the question is answered: nothing is left to do */
    REIN_PLAN_STOP_EFFORT = 2,   /* effort_steps are spent: more may bring an answer */
    REIN_PLAN_STOP_DEADLINE = 3, /* the clock has reached the deadline */
    REIN_PLAN_STOP_CANCEL = 4,   /* the cancel flag was set */
    REIN_PLAN_STOP_SIZE = 5      /* what is left open is too large for the exact search */
} rein_plan_stop;

/* What is known at the end of a search. */
typedef struct rein_plan_outcome {
    rein_plan_answer answer;    /* to the question of the function that was called */
    uint64_t height_bytes;      /* of the placement in the offsets; UINT64_MAX: there is none */
    uint64_t lower_bound_bytes; /* no placement is lower */
    rein_plan_proof proof;      /* of the lower bound */
    /* Instant of the peak of the live bytes, or of the fixed tensors' overlap; if the call was
     * stopped before the peak was known, that of the lower bound. */
    int64_t instant;
    size_t first_row;    /* of PROOF_FIXED, else 0 */
    size_t second_row;   /* the same as the first where that alone proves the bound */
    uint64_t steps;      /* of the effort that were spent */
    rein_plan_stop stop; /* Done if the answer is Fits or Cannot */
} rein_plan_outcome;

REIN_RESULT_DEFINE(rein_result_plan_outcome, rein_plan_outcome)

/* Does it fit in `capacity_bytes`? Writes the offsets of the best placement that was found, within
 * the capacity or not; its height says which. `log` may be NULL; where the answer is Cannot by
 * search, and steps are left for the run that writes it, the log is the refutation of the capacity.
 *
 * Where tensors are fixed, there may be no placement at all: then the height is UINT64_MAX and the
 * offsets are as they were. Errors: as rein_plan_validate; InvalidArgument if more than 2^63
 * bytes are alive at once, the workspace is too small or the offsets are missing. */
REIN_MUST_USE rein_result_plan_outcome rein_plan_decide(const rein_plan_problem *problem,
                                                        uint64_t capacity_bytes,
                                                        const rein_plan_options *options,
                                                        rein_workspace workspace,
                                                        uint64_t *out_offsets, rein_plan_log *log);

/* The least height: Fits if it is proven to be least, Unknown if only the interval from lower
 * bound to height is known. `log` becomes the refutation of the height less one byte where the
 * bound is not the peak. Otherwise as rein_plan_decide. */
REIN_MUST_USE rein_result_plan_outcome rein_plan_minimise(const rein_plan_problem *problem,
                                                          const rein_plan_options *options,
                                                          rein_workspace workspace,
                                                          uint64_t *out_offsets,
                                                          rein_plan_log *log);

/* What may stop a replay before its end, and who hears how far it is; zero-initialised, nothing and
 * nobody. */
typedef struct rein_plan_replay_options {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock: stop then; not looked at without one */
    const bool *cancel;      /* NULL, or set to true by any thread, by an atomic store, to stop */
    /* NULL, or called by the replaying thread whenever the above are looked at: `position` is of
     * the word that is read next. */
    void (*on_progress)(void *self, size_t position);
    void *self; /* handed to on_progress */
} rein_plan_replay_options;

/* What a refutation is worth. */
typedef struct rein_plan_refutation_verdict {
    bool is_valid;       /* it proves that nothing fits in the capacity */
    size_t position;     /* of the word at which it failed; its length where it ends too early */
    rein_plan_stop stop; /* Done; or Deadline or Cancel: it is not known whether it is valid */
} rein_plan_refutation_verdict;

REIN_RESULT_DEFINE(rein_result_plan_refutation_verdict, rein_plan_refutation_verdict)

/* Bytes of workspace to replay `log` on `count` tensors. Errors: InvalidArgument if that does
 * not fit in a size_t, or if the log is NULL, or its words are with a length above zero. */
REIN_MUST_USE rein_result_bytes rein_plan_refutation_workspace_bytes(size_t count,
                                                                     const rein_plan_log *log);

/* Replays a refutation. An invalid one is an answer, not an error. Time: the cube of the count for
 * each word, at worst; `options`, which may be NULL, are looked at after at most the square.
 * Errors: as rein_plan_validate; InvalidArgument if the workspace is too small. */
REIN_MUST_USE rein_result_plan_refutation_verdict rein_plan_check_refutation(
    const rein_plan_problem *problem, uint64_t capacity_bytes, const rein_plan_log *log,
    const rein_plan_replay_options *options, rein_workspace workspace);

REIN_API_END

#endif
