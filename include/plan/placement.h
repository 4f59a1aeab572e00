/* Checks a placement of tensors in memory.
 *
 * A placement gives each tensor an offset so that no two tensors that are alive at the same instant
 * overlap. plan/plan.h makes placements; the check shares with the planner only
 * the validation of the input, and the sort.
 *
 * Nothing here allocates: the caller provides a workspace. Everything is reentrant: calls with
 * different workspaces and outputs may run at the same time. */
#ifndef REIN_PLAN_PLACEMENT_H
#define REIN_PLAN_PLACEMENT_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/lifetime.h"

REIN_API_BEGIN

/* What is wrong with a placement. */
typedef enum rein_placement_fault {
    REIN_PLACEMENT_SOUND = 1,      /* nothing: it can be used as it is */
    REIN_PLACEMENT_OVERLAP = 2,    /* `first` and `second` share a byte at `instant` */
    REIN_PLACEMENT_MISALIGNED = 3, /* the offset of `first` breaks its alignment */
    REIN_PLACEMENT_OVERFLOW = 4,   /* offset plus size of `first` does not fit in 64 bits */
    REIN_PLACEMENT_UNCHECKED = 5   /* unknown: the check was stopped before its end */
} rein_placement_fault;

/* What the checker found: the first fault that it came upon, not all of them. */
typedef struct rein_placement_verdict {
    rein_placement_fault fault; /* decides which of the rest has a meaning */
    size_t first;               /* index into the lifetimes; 0 if it is sound */
    size_t second;              /* of an overlap, above `first`; else 0 */
    int64_t instant;            /* of an overlap: at which both are alive; else 0 */
    uint64_t height_bytes;      /* of a sound placement: where its highest byte ends; else 0 */
} rein_placement_verdict;

REIN_RESULT_DEFINE(rein_result_placement_verdict, rein_placement_verdict)

/* Checks any placement by a sweep over time; O(n log n). A bad placement is an answer, not an
 * error. The workspace is of rein_lifetime_workspace_bytes. Errors: as rein_lifetimes_validate;
 * InvalidArgument if the workspace is too small, or `offsets` is NULL with a count above zero. */
REIN_MUST_USE rein_result_placement_verdict
rein_placement_check(const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
                     rein_workspace workspace);

/* When to stop a check before its end. Zero-initialised: never. */
typedef struct rein_placement_check_options {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock: stop then; not looked at without one */
    const bool *cancel;      /* NULL, or set to true by any thread, by an atomic store, to stop */
} rein_placement_check_options;

/* The same, but stops where the options, which may be NULL, say so: then the fault is
 * REIN_PLACEMENT_UNCHECKED. They are looked at before each of three sorts, within
 * them after each 65536 tensors of a pass, and by the sweep after some thousand tensors: every 0.1
 * s for ten million. The validation of the input is not stopped. */
REIN_MUST_USE rein_result_placement_verdict rein_placement_check_until(
    const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
    const rein_placement_check_options *options, rein_workspace workspace);

REIN_API_END

#endif
