/* The ledger: the part of a budget that is in use now.
 *
 * Any number of threads may call any function here, except rein_ledger_init, on the same ledger at
 * the same time. Memory and streams in use never exceed their limit, not even for an instant. A
 * request is refused only if at some instant during the call it did not fit. Every operation is
 * lock-free, and O(1) unless another thread interferes. It allocates nothing and makes no system
 * call. Functions marked "hot" do not check for NULL. */
#ifndef REIN_CONTRACT_LEDGER_H
#define REIN_CONTRACT_LEDGER_H

#include "contract/api.h"
#include "contract/budget.h"

REIN_API_BEGIN

/* One counter of a ledger; for the ledger's own use. It has 128 bytes so that no two counters share
 * a cache line of 64 bytes, whatever the alignment. Threads that charge memory then do not slow
 * threads that acquire streams. */
typedef struct rein_ledger_counter {
    uint64_t limit; /* of the budget; constant after init */
    uint64_t used;  /* atomic */
    /* Atomic. High-water mark as of the last release; the true peak is max(peak, used). */
    uint64_t peak;
    uint64_t refused;     /* atomic */
    uint64_t padding[12]; /* up to 128 bytes */
} rein_ledger_counter;

/* A budget, and the part of it that is in use: the caller's storage. Read it only through
 * rein_ledger_read; do not copy or move it while another thread uses it. It owns nothing that must
 * be freed. */
typedef struct rein_ledger {
    rein_ledger_counter memory_bytes; /* charged and not released */
    rein_ledger_counter streams;      /* acquired and not released */
    rein_ledger_counter compute_ns;   /* used: sum over all executions; peak: the longest one */
    rein_resource_budget budget;      /* constant after init */
} rein_ledger;

/* The resources that a ledger counts, each with its unit. Values are stable. */
typedef enum rein_resource {
    REIN_RESOURCE_MEMORY = 1,  /* bytes */
    REIN_RESOURCE_STREAMS = 2, /* streams */
    REIN_RESOURCE_COMPUTE = 3  /* nanoseconds of one execution */
} rein_resource;

/* A ledger's answer to a request. Not an error: a refusal changes the count of refusals alone. */
typedef struct rein_ledger_verdict {
    /* Whether the request was charged; the caller must then release it. Compute time is always
     * accounted: for it, whether the time was within the budget. */
    bool is_granted;
    rein_resource resource; /* decides the unit of the numbers below */
    uint64_t requested;     /* by the caller, or by a pool on its behalf */
    uint64_t limit;         /* the most that may be in use at once */
    uint64_t used;          /* at the instant of the decision, without this request */
    uint64_t shortfall;     /* used + requested - limit; 0 if granted */
} rein_ledger_verdict;

REIN_RESULT_DEFINE(rein_result_ledger_verdict, rein_ledger_verdict)

/* The state of one counter of a ledger. `used`, `peak` and `refused` are each exact, read one after
 * another. */
typedef struct rein_resource_usage {
    uint64_t limit;   /* of the budget */
    uint64_t used;    /* at the time of the read */
    uint64_t peak;    /* the most in use at once since init */
    uint64_t refused; /* requests that did not fit since init */
} rein_resource_usage;

/* The state of all counters of a ledger. */
typedef struct rein_ledger_usage {
    rein_resource_usage memory_bytes; /* limit, used and peak: bytes */
    rein_resource_usage streams;      /* limit, used and peak: streams held at the same time */
    /* Limit: ns for one execution; used: the sum over all; peak: the longest; refused: executions
     * over the limit. */
    rein_resource_usage compute_ns;
} rein_ledger_usage;

/* Makes `ledger` empty, with the limits of `budget`. Errors: InvalidArgument if the ledger is
 * NULL, or the budget is not valid; the ledger is then unchanged. */
REIN_MUST_USE rein_result_void rein_ledger_init(rein_ledger *ledger,
                                                const rein_resource_budget *budget);

/* Returns the budget that the ledger was initialised with; all zero if the ledger is NULL. */
rein_resource_budget rein_ledger_budget(const rein_ledger *ledger);

/* Charges `bytes` if they fit; zero bytes always fit. Hot. */
REIN_MUST_USE rein_ledger_verdict rein_ledger_charge_memory(rein_ledger *ledger, uint64_t bytes);

/* Releases `bytes` that were charged. Errors: InvalidArgument if fewer are in use; nothing changes.
 * Hot. */
REIN_MUST_USE rein_result_void rein_ledger_release_memory(rein_ledger *ledger, uint64_t bytes);

/* Acquires one stream if one is left. Hot. */
REIN_MUST_USE rein_ledger_verdict rein_ledger_acquire_stream(rein_ledger *ledger);

/* Releases one stream. Errors: InvalidArgument if none is in use; nothing changes. Hot. */
REIN_MUST_USE rein_result_void rein_ledger_release_stream(rein_ledger *ledger);

/* Accounts the device time that one execution took, even if it is over the budget. The verdict says
 * whether it was within the compute budget (`used`: 0, `shortfall`: the excess, both in ns). The
 * sum stops at UINT64_MAX ns (584 years). Errors: InvalidArgument if `spent` is negative; nothing
 * changes. Hot. */
REIN_MUST_USE rein_result_ledger_verdict rein_ledger_account_compute(rein_ledger *ledger,
                                                                     rein_duration spent);

/* Returns the state of all counters. Each number is exact. If other threads use the ledger, the
 * numbers may be of different instants. All zero if the ledger is NULL. */
rein_ledger_usage rein_ledger_read(const rein_ledger *ledger);

/* Returns a refusal as an error, for callers that pass errors on: BudgetExceeded with the amounts
 * requested and in use and the limit, each in its unit. `where` is the caller's. Returns
 * InvalidArgument if the verdict is NULL. */
rein_error rein_ledger_verdict_error(const rein_ledger_verdict *verdict,
                                     rein_source_location where);

REIN_API_END

#endif
