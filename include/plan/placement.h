/* Checks a placement of tensors in memory.
 *
 * A placement gives each tensor an offset. No two tensors that are alive at the same instant
 * overlap. plan/plan.h computes placements; the checker shares only the input validation and the
 * sort.
 *
 * Nothing here allocates: the caller provides a workspace. All functions are reentrant: calls with
 * different workspaces and outputs may run at the same time. */
#ifndef REIN_PLAN_PLACEMENT_H
#define REIN_PLAN_PLACEMENT_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/lifetime.h"

REIN_API_BEGIN

/* The kinds of fault that a check reports. */
typedef enum rein_placement_fault {
    REIN_PLACEMENT_SOUND = 1,      /* no fault: the placement is valid */
    REIN_PLACEMENT_OVERLAP = 2,    /* `first` and `second` share a byte at `instant` */
    REIN_PLACEMENT_MISALIGNED = 3, /* the offset of `first` breaks its alignment */
    REIN_PLACEMENT_OVERFLOW = 4,   /* offset plus size of `first` does not fit in 64 bits */
    REIN_PLACEMENT_UNCHECKED = 5   /* unknown: the check was stopped early */
} rein_placement_fault;

/* The result of a check: the first fault found. There may be others. */
typedef struct rein_placement_verdict {
    rein_placement_fault fault; /* decides which of the other members have a meaning */
    size_t first;               /* index into the lifetimes; 0 if the placement is sound */
    size_t second;              /* overlap: greater than `first`; otherwise 0 */
    int64_t instant;            /* overlap: an instant at which both are alive; otherwise 0 */
    uint64_t height_bytes;      /* sound: the end of the highest byte; otherwise 0 */
} rein_placement_verdict;

REIN_RESULT_DEFINE(rein_result_placement_verdict, rein_placement_verdict)

/* Returns the verdict on a placement, by a sweep over time. A bad placement is a verdict, not an
 * error. O(n log n). Needs a workspace of rein_lifetime_workspace_bytes. Errors: as
 * rein_lifetimes_validate; InvalidArgument if the workspace is too small, or if `offsets` is NULL
 * with a count above zero. */
REIN_MUST_USE rein_result_placement_verdict
rein_placement_check(const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
                     rein_workspace workspace);

/* Stop conditions of a check. Zero-initialised: run to completion. */
typedef struct rein_placement_check_options {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of `clock`; ignored if `clock` is NULL */
    const bool *cancel;      /* NULL, or set by any thread with rein_cancel to stop */
} rein_placement_check_options;

/* Returns what rein_placement_check returns, or REIN_PLACEMENT_UNCHECKED if the options stopped the
 * check early. `options` may be NULL. They are checked before each of the three sorts, every 65536
 * tensors within a sort pass, and every 4096 tensors of the sweep. For ten million tensors, that is
 * about every 0.1 s. Input validation cannot be stopped. */
REIN_MUST_USE rein_result_placement_verdict rein_placement_check_until(
    const rein_tensor_lifetime *lifetimes, size_t count, const uint64_t *offsets,
    const rein_placement_check_options *options, rein_workspace workspace);

REIN_API_END

#endif
