/* Admission: does this set of models fit this device?
 *
 * A pure function of plain data: the command, a scheduler, the CUDA module and the tests call the
 * same one. It allocates nothing, keeps nothing, and is linear in the models.
 *
 * Comparisons
 *  - Each model with its own budget: the model's need must be within the budget's memory limit.
 *    demand.h defines the need.
 *  - The set with the device. The device's memory must hold the sum of
 *     - the memory limits, each rounded up: limits are promised, not estimates;
 *     - one context's overhead for each process whose context no limit covers;
 *     - the headroom, and the bytes that others have reserved.
 *  - The streams with the hardware queues. More streams than queues is a warning, because streams
 *    that share a queue can wait for each other.
 *
 * Rounding: limits are rounded up as the model's own allocator grows (demand.h), to the
 * granularity, and to the bytes that a memory pool takes from the device at a time. If a profile
 * says that there are pools, it must say how they grow. If it states neither pools nor growth, only
 * the granularity counts.
 *
 * Unknown numbers: if the set does not fit for any value of the number, the verdict is "does not
 * fit". If it would fit for a small enough value, the verdict is "cannot tell". One exception: if
 * existing reservations state another total for the device, the device's verdict is "cannot tell",
 * even if its free memory alone is too small.
 *
 * Caps
 * A model that states a budget and nothing else is a cap: there is nothing to compare with its
 * budget. Only its promise is judged: it counts against the device like any other. The verdict
 * counts the caps, and a caller reports them: "fits" with a cap says that the budgets fit, not that
 * the model fits its budget. A model is not a cap if one fact is known and another is missing. Its
 * outcome is then "cannot tell", or "does not fit" if the known fact alone is above the budget. A
 * measured peak stands for missing facts (demand.h). A cap does not fit if its limit covers
 * contexts that are larger than the limit.
 *
 * Free memory beside reservations
 * The free memory of a device does not include the memory that holders of reservations already use.
 * How much of their reservations they use is unknown. If the set fits even if they use nothing yet,
 * it fits. If it does not fit even if they use everything, it does not fit. Otherwise the verdict
 * is "cannot tell". In any case the sum of all promises must be within the total memory, if that is
 * known. */
#ifndef REIN_CONTRACT_ADMISSION_H
#define REIN_CONTRACT_ADMISSION_H

#include <string.h>

#include "contract/api.h"
#include "contract/demand.h"
#include "contract/device.h"
#include "contract/result.h"

REIN_API_BEGIN

/* The answer to "does it fit?". Values are stable. The first three are outcomes of a set, of a
 * device and of a model; a cap is an outcome of a model alone. */
typedef enum rein_admission_outcome {
    REIN_ADMISSION_FITS = 1,         /* whatever the unknown numbers are */
    REIN_ADMISSION_DOES_NOT_FIT = 2, /* whatever the unknown numbers are; there is a shortfall */
    REIN_ADMISSION_CANNOT_TELL = 3,  /* depends on an unknown number: see `missing` */
    REIN_ADMISSION_CAP = 4           /* not judged: the model states a budget and nothing else */
} rein_admission_outcome;

/* Returns "fits", "does not fit", "cannot tell" or "cap"; "unknown" for any other value. Static
 * storage. */
const char *rein_admission_outcome_name(rein_admission_outcome outcome);

/* A request to judge these models on this device. */
typedef struct rein_admission_request {
    size_t struct_size;                /* sizeof(rein_admission_request), as the caller has it */
    const rein_model_demand *models;   /* borrowed; may be NULL if the count is 0 */
    size_t model_count;                /* if 0, only the device's own numbers are judged */
    const rein_device_profile *device; /* borrowed */
    uint64_t headroom_bytes;           /* to be left free */
    uint64_t reserved_bytes;           /* promised to others on this device */
    /* Lower bound of the part of reserved_bytes already missing from free_bytes. The upper bound is
     * reserved_bytes. */
    uint64_t reserved_in_use_bytes;
    /* An unknown amount is promised beyond reserved_bytes: the outcome is never "fits". */
    bool has_unknown_reservations;
    /* The device's total as those others state it. If the profile's total differs, one of the two
     * is wrong: the device's outcome is "cannot tell". */
    rein_fact_u64 others_total_bytes;
    /* Processes that run the models together, with a context each; at least 1. Counts only if no
     * model states process_count or has a limit that covers its contexts. If one does, each model
     * runs in its own processes instead: as many as it states, and 1 if it states none. */
    uint64_t process_count;
} rein_admission_request;

/* Returns a request to admit these models on an empty device, in one process. Borrows both. */
static inline rein_admission_request
rein_admission_request_make(const rein_model_demand *models, size_t model_count,
                            const rein_device_profile *device) {
    rein_admission_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.models = models;
    request.model_count = model_count;
    request.device = device;
    request.process_count = 1;
    return request;
}

/* Returns whether each model runs in its own processes: see rein_admission_request.process_count.
 * Returns false if the request or its models are NULL, or if rein_admission_decide refuses a
 * struct_size. */
bool rein_admission_has_own_processes(const rein_admission_request *request);

/* Returns the number of processes that run the models, at most UINT64_MAX. Returns 0 if the request
 * is NULL or rein_admission_decide refuses its struct_size. */
uint64_t rein_admission_process_count(const rein_admission_request *request);

/* The unknown facts that prevented a verdict; bits of `missing`. */
enum {
    REIN_MISSING_DEVICE_MEMORY = 1 << 0,    /* neither free nor total bytes */
    REIN_MISSING_CONTEXT_OVERHEAD = 1 << 1, /* of the device */
    REIN_MISSING_GRANULARITY = 1 << 2,      /* of the device */
    REIN_MISSING_WEIGHTS = 1 << 3,          /* of the model */
    REIN_MISSING_ACTIVATIONS = 1 << 4,      /* of the model */
    REIN_MISSING_EXACT_PLAN = 1 << 5,       /* the limit is between lower bound and plan */
    REIN_MISSING_POOL_GROWTH = 1 << 6,      /* of the device, which has memory pools */
    REIN_MISSING_RESERVED_IN_USE = 1 << 7,  /* how much of reserved_bytes is used already */
    REIN_MISSING_RESERVATIONS = 1 << 8, /* what others have reserved: has_unknown_reservations */
    REIN_MISSING_DEVICE_TOTAL = 1 << 9, /* which total is right: others_total_bytes differs */
    REIN_MISSING_STATE = 1 << 10        /* per sequence, of a model with sequences */
};

/* The verdict on one model, against its own budget. */
typedef struct rein_model_verdict {
    rein_admission_outcome outcome; /* fits: it needs at most its limit; or a cap */
    uint32_t missing;               /* REIN_MISSING_* if the outcome is "cannot tell", else 0 */
    uint64_t limit_bytes;           /* the budget's memory limit */
    uint64_t reserved_bytes;        /* set aside on the device: the limit rounded up */
    /* A limit sufficient for the model's need (demand.h). Unknown if a part of the need or the
     * granularity is unknown. */
    rein_fact_u64 needed_bytes;
    uint64_t needed_at_least_bytes; /* the part that is known: less cannot suffice */
    uint64_t shortfall_bytes;       /* needed_at_least - limit if it does not fit, else 0 */
    /* The verdict rests on the measured peak. If it fits: without that peak, needed_bytes would be
     * smaller or unknown. If it does not fit: needed_at_least_bytes would be smaller. Else false.
     */
    bool is_measured;
} rein_model_verdict;

/* Which size of the device's memory the promises are compared with. */
typedef enum rein_memory_basis {
    REIN_MEMORY_BASIS_UNKNOWN = 1, /* neither size is known: "cannot tell" */
    /* free_bytes, live or recorded: known, and the total is not the tighter limit */
    REIN_MEMORY_BASIS_FREE = 2,
    REIN_MEMORY_BASIS_TOTAL = 3 /* total_bytes: room for all promises together */
} rein_memory_basis;

/* Returns "unknown", "free" or "total"; "unknown" for any other value. Static storage. */
const char *rein_memory_basis_name(rein_memory_basis basis);

/* The verdict on all models together, against the device's memory. */
typedef struct rein_device_verdict {
    rein_admission_outcome outcome; /* fits: all promises together are at most the basis */
    /* REIN_MISSING_* of the device if the outcome is "cannot tell", else 0. */
    uint32_t missing;
    rein_memory_basis basis;     /* which of the profile's sizes was used */
    uint64_t basis_bytes;        /* that size; 0 if the basis is unknown */
    uint64_t context_count;      /* contexts that count on the device beside the limits */
    rein_fact_u64 context_bytes; /* the sum of their overheads */
    uint64_t headroom_bytes;     /* of the request */
    uint64_t others_bytes;       /* reserved by others, and not known to be used yet */

    /* Available to the models: the basis less the three above, at least 0, and at most what the
     * total memory leaves. Unknown if one of them is unknown. */
    rein_fact_u64 available_bytes;
    /* The same under the assumption that the holders already use their whole reservations. Above
     * available_bytes only if their use is unknown. */
    rein_fact_u64 available_at_most_bytes;
    uint64_t requested_bytes; /* sum of the models' reserved_bytes */
    uint64_t shortfall_bytes; /* if it does not fit, from the known numbers; else 0 */

    /* Changes that would make the set fit, if it does not. */
    /* Sum of the models' needed_bytes, each rounded up as a limit is: the request if each budget
     * were cut to what its model needs. Unknown if one of them is. */
    rein_fact_u64 needed_bytes;
    /* Index of the model with the smallest limit whose removal makes the others fit. model_count if
     * no single removal suffices or a part of the sum is unknown. If the model runs in its own
     * processes, their contexts are removed too. */
    size_t removable_model;
} rein_device_verdict;

/* The verdict on the streams, against the device's hardware queues. Does not affect the outcome. */
typedef struct rein_stream_verdict {
    uint64_t requested_streams;     /* sum of the stream limits */
    rein_fact_u64 connection_count; /* of the device */
    bool may_share_queues;          /* known to be more streams than queues: a warning */
} rein_stream_verdict;

/* The answer for the whole set. */
typedef struct rein_admission_verdict {
    /* "Does not fit" if the device or any model does not fit; else "cannot tell" if that is the
     * outcome of any; else "fits". */
    rein_admission_outcome outcome;
    size_t first_failing_model; /* the first that neither fits nor is a cap; else model_count */
    /* Number of caps. If it is above 0, "fits" means only that the budgets fit. */
    size_t cap_count;
    rein_device_verdict device;  /* the memory of all models together */
    rein_stream_verdict streams; /* never affects the outcome */
} rein_admission_verdict;

REIN_RESULT_DEFINE(rein_result_admission_verdict, rein_admission_verdict)

/* Returns the verdict on the set, as the top of this file describes. Writes `model_count` verdicts
 * into `out_models`, in the order of the models; on an error nothing is written. The caller must
 * ensure that ids are unique. O(models). Thread-safe.
 *
 * Errors: InvalidArgument, with the index of the model in the message, if
 *  - a pointer is NULL, or a struct_size is 0 or unknown to this library;
 *  - a budget is not valid, or the profile contradicts itself;
 *  - a lower bound is above its activations, or reserved_in_use_bytes above reserved_bytes;
 *  - a measured peak is known to be 0;
 *  - process_count is 0, or a sum does not fit in 64 bits. */
REIN_MUST_USE rein_result_admission_verdict
rein_admission_decide(const rein_admission_request *request, rein_model_verdict *out_models);

REIN_API_END

#endif
