/* The device profile: plain facts about a device, and where they come from.
 *
 * A fact is known or unknown. Unknown is not 0: the value of an unknown fact is never read. A
 * profile is a plain value: recorded on one machine, it can be judged on another. */
#ifndef REIN_CONTRACT_DEVICE_H
#define REIN_CONTRACT_DEVICE_H

#include "contract/api.h"
#include "contract/ids.h"

REIN_API_BEGIN

/* Defines the type `Fact`: a value that may be unknown. Its fields are `is_known`, false in a
 * zeroed fact, and `value`, which has no meaning if it is unknown. Fact_known(value) returns a
 * known fact, Fact_unknown() an unknown one, with the value 0. */
#define REIN_FACT_DEFINE(Fact, Value)              \
    typedef struct Fact {                          \
        bool is_known;                             \
        Value value;                               \
    } Fact;                                        \
    static inline Fact Fact##_known(Value value) { \
        Fact fact;                                 \
        fact.is_known = true;                      \
        fact.value = value;                        \
        return fact;                               \
    }                                              \
    static inline Fact Fact##_unknown(void) {      \
        Fact fact;                                 \
        fact.is_known = false;                     \
        fact.value = 0;                            \
        return fact;                               \
    }

/* A size, a count or a version that may be unknown. */
REIN_FACT_DEFINE(rein_fact_u64, uint64_t)

/* A number with a sign that may be unknown. */
REIN_FACT_DEFINE(rein_fact_i64, int64_t)

/* A yes or no that may be unknown. */
REIN_FACT_DEFINE(rein_fact_bool, bool)

/* Where a profile comes from. Values are stable. */
typedef enum rein_profile_source {
    REIN_PROFILE_PROBED = 1,     /* read from a live device by this process */
    REIN_PROFILE_RECORDED = 2,   /* read from a live device earlier, or elsewhere */
    REIN_PROFILE_DOCUMENTED = 3, /* taken from a vendor's documents, or from reports */
    REIN_PROFILE_SYNTHETIC = 4   /* made up, for tests and what-if questions */
} rein_profile_source;

/* Returns "probed", "recorded", "documented" or "synthetic"; "unknown" for any other value. Static
 * storage. */
const char *rein_profile_source_name(rein_profile_source source);

/* Capacity of a device's UUID: "GPU-" or "MIG-" and 36 characters fit, with the terminating NUL. */
enum { REIN_DEVICE_UUID_CAPACITY = 64 };

/* Writes the normalised form of `uuid` to `out_uuid`: "GPU-" or "MIG-" in capitals, as NVML prints
 * them, and every other letter in lower case. Two texts that differ only in case name one device.
 * Errors: InvalidArgument if a pointer is NULL or `uuid` is not valid; `out_uuid` is then
 * unchanged. A valid one has 1 to 63 letters, digits, '-', '_' and '.', and does not begin with
 * '.'. Thread-safe. */
REIN_MUST_USE rein_result_void rein_device_uuid_normalize(const char *uuid,
                                                          char out_uuid[REIN_DEVICE_UUID_CAPACITY]);

/* The known facts about a device. Texts are UTF-8 and empty if unknown; rein-profile(5) has the
 * keys under which a file states each fact. */
typedef struct rein_device_profile {
    char name[REIN_NAME_MAX_BYTES + 1]; /* the vendor's name of the product */
    /* "GPU-" or "MIG-" and a UUID, as `nvidia-smi -L` prints it. Names the device to reservations;
     * the case of its letters does not matter. */
    char uuid[REIN_DEVICE_UUID_CAPACITY];

    rein_fact_u64 total_bytes;            /* usable by all contexts together, from cudaMemGetInfo */
    rein_fact_u64 free_bytes;             /* at recorded_at_unix_s; may change at any time */
    rein_fact_u64 context_overhead_bytes; /* what one process's context takes by itself */
    rein_fact_u64 allocation_granularity_bytes; /* sizes are rounded up to a multiple of this */
    /* Bytes that a memory pool takes from the device at a time. A model's memory counts on the
     * device in multiples of this. */
    rein_fact_u64 pool_growth_bytes;

    rein_fact_i64 compute_capability_major; /* the 8 of 8.7 */
    rein_fact_i64 compute_capability_minor; /* the 7 of 8.7 */
    rein_fact_u64 multiprocessor_count;     /* streaming multiprocessors */
    rein_fact_u64 connection_count;         /* hardware queues that streams are spread over */
    rein_fact_i64 least_stream_priority;    /* in CUDA's numbering: lower runs first */
    rein_fact_i64 greatest_stream_priority; /* numerically at most the least */
    rein_fact_bool supports_memory_pools;   /* stream-ordered allocation */
    rein_fact_bool is_integrated;           /* device memory is the system's memory */
    /* The newest CUDA that the driver supports, in CUDA's encoding: 13000 is 13.0. */
    rein_fact_u64 driver_version;
    rein_fact_u64 runtime_version; /* of the CUDA runtime that read the facts; same encoding */

    rein_profile_source source;                /* does not affect verdicts */
    char source_note[REIN_NAME_MAX_BYTES + 1]; /* a document, a tool, a host */
    rein_fact_i64 recorded_at_unix_s;          /* seconds since 1970-01-01 UTC */
} rein_device_profile;

/* Returns whether a model's memory counts on the device in multiples of `pool_growth_bytes`: if
 * that is known, or if the device has memory pools. Otherwise it counts in multiples of the
 * granularity. Returns false if the profile is NULL. */
static inline bool rein_device_profile_counts_growth(const rein_device_profile *profile) {
    return profile != NULL &&
           (profile->pool_growth_bytes.is_known ||
            (profile->supports_memory_pools.is_known && profile->supports_memory_pools.value));
}

/* Returns a profile in which only the source is known. */
rein_device_profile rein_device_profile_unknown(rein_profile_source source);

/* Checks that the facts can be true together. Errors: InvalidArgument if the profile is NULL, or
 * for the first contradiction:
 *  - a source that is not valid;
 *  - a total, a granularity or a pool growth known to be 0;
 *  - free bytes above the total, or a greatest priority numerically above the least. */
REIN_MUST_USE rein_result_void rein_device_profile_validate(const rein_device_profile *profile);

REIN_API_END

#endif
