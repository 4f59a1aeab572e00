/* Tensor lifetimes, the peak of the live bytes, and the check of a placement.
 *
 * A model's activations are alive for part of an execution only; tensors that are never alive
 * together can share bytes. A placement gives each tensor an offset so that no two tensors that are
 * alive at the same instant overlap. The peak of the live bytes is a lower bound of any placement's
 * height. contract/plan.h makes placements.
 *
 * Nothing here allocates: the caller brings a workspace. Everything is reentrant: calls with
 * different workspaces and outputs may run at the same time. */
#ifndef REIN_CONTRACT_LIFETIME_H
#define REIN_CONTRACT_LIFETIME_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/ids.h"
#include "contract/units.h"

REIN_API_BEGIN

/* One tensor's claim: alive in [from, until), in any unit of time that orders the execution. */
typedef struct rein_tensor_lifetime {
    rein_tensor_id tensor;    /* for the caller: functions name a tensor by its index */
    int64_t from;             /* the first instant at which it is alive; any number */
    int64_t until;            /* the first at which it is no more: above `from` */
    uint64_t size_bytes;      /* at most 2^63; 0 is allowed */
    uint64_t alignment_bytes; /* of the offset: a power of two, 1 for none */
} rein_tensor_lifetime;

/* Memory that a call may use while it runs; aligned as malloc aligns. Its contents are unspecified
 * before and after. */
typedef struct rein_workspace {
    void *memory;      /* the caller's; one call at a time uses it */
    size_t size_bytes; /* at least what the function that is asked beforehand says */
} rein_workspace;

/* Bytes of workspace that any function here needs for `count` lifetimes; linear in `count`. Errors:
 * InvalidArgument where that does not fit in a size_t. */
rein_result_bytes rein_lifetime_workspace_bytes(size_t count);

/* Whether every lifetime keeps the rules of rein_tensor_lifetime. Errors: InvalidArgument where
 * `lifetimes` is NULL with a count above zero; for the first lifetime that breaks a rule, with its
 * index: until not above from, alignment not a power of two, size above 2^63. */
rein_result_void rein_lifetimes_validate(const rein_tensor_lifetime *lifetimes, size_t count);

/* The most bytes alive at one time, and the first instant at which they are. */
typedef struct rein_live_peak {
    uint64_t bytes;  /* sum of the sizes; alignment costs nothing here */
    int64_t instant; /* 0 where there is no lifetime */
} rein_live_peak;

REIN_RESULT_DEFINE(rein_result_live_peak, rein_live_peak)

/* The peak of the live bytes, by a sweep over time; O(n log n). Errors: as rein_lifetimes_validate;
 * InvalidArgument where the workspace is too small, or the live bytes do not fit in 64 bits. */
rein_result_live_peak rein_lifetimes_peak(const rein_tensor_lifetime *lifetimes, size_t count,
                                          rein_workspace workspace);

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
    size_t first;               /* index into the lifetimes; 0 where it is sound */
    size_t second;              /* of an overlap, above `first`; else 0 */
    int64_t instant;            /* of an overlap: at which both are alive; else 0 */
    uint64_t height_bytes;      /* of a sound placement: where its highest byte ends; else 0 */
} rein_placement_verdict;

REIN_RESULT_DEFINE(rein_result_placement_verdict, rein_placement_verdict)

/* Checks any placement, whoever made it, by a sweep over time that shares no code with the planner;
 * O(n log n). A bad placement is an answer, not an error. Errors: as rein_lifetimes_validate;
 * InvalidArgument where the workspace is too small, or `offsets` is NULL with a count above
 * zero. */
rein_result_placement_verdict rein_placement_check(const rein_tensor_lifetime *lifetimes,
                                                   size_t count, const uint64_t *offsets,
                                                   rein_workspace workspace);

/* When to stop a check before its end. Zero-initialised: never. */
typedef struct rein_placement_check_options {
    const rein_clock *clock; /* NULL: no deadline */
    rein_timestamp deadline; /* of that clock: stop then; not looked at without one */
    const bool *cancel;      /* NULL, or set to true by any thread, by an atomic store, to stop */
} rein_placement_check_options;

/* The same, but stops where the options, which may be NULL, say so: then the fault is
 * REIN_PLACEMENT_UNCHECKED. They are looked at before each pass of a sort and of the sweep, of
 * which there are at most 30, and by the sweep after some thousand tensors: every 0.1 s for ten
 * million. The validation of the input is not stopped. */
rein_result_placement_verdict
rein_placement_check_until(const rein_tensor_lifetime *lifetimes, size_t count,
                           const uint64_t *offsets, const rein_placement_check_options *options,
                           rein_workspace workspace);

REIN_API_END

#endif
