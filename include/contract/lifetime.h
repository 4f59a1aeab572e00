/* Tensor lifetimes and the peak of the live bytes.
 *
 * A model's activations are alive for part of an execution only; tensors that are never alive
 * together can share bytes. The peak of the live bytes is a lower bound of the memory that they
 * need; plan/plan.h finds out how close a placement can come to it.
 *
 * Nothing here allocates: the caller provides a workspace. Everything is reentrant: calls with
 * different workspaces and outputs may run at the same time. */
#ifndef REIN_CONTRACT_LIFETIME_H
#define REIN_CONTRACT_LIFETIME_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/ids.h"
#include "contract/units.h"

REIN_API_BEGIN

/* No tensor is larger, and no placement ends higher: 2^63 bytes. */
#define REIN_PLACEMENT_BYTES_MAX (UINT64_C(1) << 63)

/* The lifetime of one tensor: alive in [from, until), in any unit of time that orders the
 * execution. */
typedef struct rein_tensor_lifetime {
    rein_tensor_id tensor;    /* for the caller: functions name a tensor by its index */
    int64_t from;             /* the first instant at which it is alive; any number */
    int64_t until;            /* the first instant at which it is dead: above `from` */
    uint64_t size_bytes;      /* at most 2^63; 0 is allowed */
    uint64_t alignment_bytes; /* of the offset: a power of two, 1 for none */
} rein_tensor_lifetime;

/* Memory that a call may use while it runs; aligned as malloc aligns. Its contents are unspecified
 * before and after. */
typedef struct rein_workspace {
    void *memory;      /* the caller's; one call at a time uses it */
    size_t size_bytes; /* at least the size that the function's _workspace_bytes returns */
} rein_workspace;

/* Returns the bytes of workspace that any function here needs for `count` lifetimes; linear in
 * `count`. Errors: InvalidArgument if that does not fit in a size_t. */
REIN_MUST_USE rein_result_bytes rein_lifetime_workspace_bytes(size_t count);

/* Checks every lifetime against the rules of rein_tensor_lifetime. Errors: InvalidArgument if
 * `lifetimes` is NULL with a count above zero. InvalidArgument with its index for the first
 * lifetime whose `until` is not above `from`, alignment not a power of two, or size above 2^63. */
REIN_MUST_USE rein_result_void rein_lifetimes_validate(const rein_tensor_lifetime *lifetimes,
                                                       size_t count);

/* The most bytes alive at one instant, and the first such instant. */
typedef struct rein_live_peak {
    uint64_t bytes;  /* sum of the sizes; alignment costs nothing here */
    int64_t instant; /* 0 if there is no lifetime */
} rein_live_peak;

REIN_RESULT_DEFINE(rein_result_live_peak, rein_live_peak)

/* Returns the peak of the live bytes, by a sweep over time; O(n log n). Errors: as
 * rein_lifetimes_validate; InvalidArgument if the workspace is too small, or the live bytes do not
 * fit in 64 bits. */
REIN_MUST_USE rein_result_live_peak rein_lifetimes_peak(const rein_tensor_lifetime *lifetimes,
                                                        size_t count, rein_workspace workspace);

REIN_API_END

#endif
