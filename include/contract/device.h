/* The device profile: plain facts about a device, and where they come from.
 *
 * A fact is known or unknown; unknown is never 0, and the value of an unknown fact is not
 * looked at. A profile is a plain value: recorded on one machine, it can be judged on another. */
#ifndef REIN_CONTRACT_DEVICE_H
#define REIN_CONTRACT_DEVICE_H

#include "contract/api.h"
#include "contract/ids.h"

REIN_API_BEGIN

/* A size, a count or a version that may be unknown. */
typedef struct rein_fact_u64 {
    bool is_known;  /* false in a zeroed fact */
    uint64_t value; /* of no meaning where it is unknown */
} rein_fact_u64;

/* A number with a sign that may be unknown. */
typedef struct rein_fact_i64 {
    bool is_known; /* false in a zeroed fact */
    int64_t value; /* of no meaning where it is unknown */
} rein_fact_i64;

/* A yes or no that may be unknown. */
typedef struct rein_fact_bool {
    bool is_known; /* false in a zeroed fact */
    bool value;    /* of no meaning where it is unknown */
} rein_fact_bool;

/* A fact that is known. */
static inline rein_fact_u64 rein_fact_u64_known(uint64_t value) {
    rein_fact_u64 fact;
    fact.is_known = true;
    fact.value = value;
    return fact;
}

/* A fact that is not known; its value is 0. */
static inline rein_fact_u64 rein_fact_u64_unknown(void) {
    rein_fact_u64 fact;
    fact.is_known = false;
    fact.value = 0;
    return fact;
}

/* A fact that is known. */
static inline rein_fact_i64 rein_fact_i64_known(int64_t value) {
    rein_fact_i64 fact;
    fact.is_known = true;
    fact.value = value;
    return fact;
}

/* A fact that is not known; its value is 0. */
static inline rein_fact_i64 rein_fact_i64_unknown(void) {
    rein_fact_i64 fact;
    fact.is_known = false;
    fact.value = 0;
    return fact;
}

/* A fact that is known. */
static inline rein_fact_bool rein_fact_bool_known(bool value) {
    rein_fact_bool fact;
    fact.is_known = true;
    fact.value = value;
    return fact;
}

/* A fact that is not known; its value is false. */
static inline rein_fact_bool rein_fact_bool_unknown(void) {
    rein_fact_bool fact;
    fact.is_known = false;
    fact.value = false;
    return fact;
}

/* Where a profile comes from. Values are stable. */
typedef enum rein_profile_source {
    REIN_PROFILE_PROBED = 1,     /* read from a live device by this process */
    REIN_PROFILE_RECORDED = 2,   /* read from a live device earlier, or elsewhere */
    REIN_PROFILE_DOCUMENTED = 3, /* taken from a vendor's documents, or from reports */
    REIN_PROFILE_SYNTHETIC = 4   /* made up, for tests and what-if questions */
} rein_profile_source;

/* "probed", "recorded", "documented", "synthetic"; "unknown" for a value that is none. Static
 * storage. */
const char *rein_profile_source_name(rein_profile_source source);

/* Capacity of a device's UUID: "GPU-" or "MIG-" and 36 characters fit, with the terminating NUL. */
enum { REIN_DEVICE_UUID_CAPACITY = 64 };

/* Writes the one spelling under which reservations know the device `uuid` into `out_uuid`: "GPU-"
 * or "MIG-" in capitals, as NVML prints them, and every other letter in lower case. Two texts that
 * differ in case alone name one device. Errors: InvalidArgument unless `uuid` has 1 to
 * REIN_DEVICE_UUID_CAPACITY - 1 letters, digits, '-', '_' and '.', the first of which is not '.';
 * `out_uuid` is then unchanged. Thread-safe. */
rein_result_void rein_device_uuid_normalize(const char *uuid,
                                            char out_uuid[REIN_DEVICE_UUID_CAPACITY]);

/* What is known of a device. Texts are UTF-8 and empty where unknown; rein-profile(5) has the keys
 * under which a file states each fact. */
typedef struct rein_device_profile {
    char name[REIN_NAME_MAX_BYTES + 1];   /* the vendor's name of the product */
    char uuid[REIN_DEVICE_UUID_CAPACITY]; /* "GPU-" or "MIG-" and a UUID, as nvidia-smi -L has it;
                                             names the device to reservations,
                                             whatever the case of its letters */

    rein_fact_u64 total_bytes;            /* what contexts may use altogether: cudaMemGetInfo's */
    rein_fact_u64 free_bytes;             /* at `recorded_at`; counts every process, no promise */
    rein_fact_u64 context_overhead_bytes; /* what one process's context takes by itself */
    rein_fact_u64 allocation_granularity_bytes; /* sizes are rounded up to a multiple of this */
    rein_fact_u64 pool_growth_bytes; /* what a memory pool takes from the device at a time: a
                                        model's memory counts on the device in multiples of this */

    rein_fact_i64 compute_capability_major; /* the 8 of 8.7 */
    rein_fact_i64 compute_capability_minor; /* the 7 of 8.7 */
    rein_fact_u64 multiprocessor_count;     /* streaming multiprocessors */
    rein_fact_u64 connection_count;         /* hardware queues that streams are spread over */
    rein_fact_i64 least_stream_priority;    /* as CUDA numbers them: the lower goes first */
    rein_fact_i64 greatest_stream_priority; /* numerically at most the least */
    rein_fact_bool supports_memory_pools;   /* allocation in the order of a stream */
    rein_fact_bool is_integrated;           /* device memory is the system's memory */
    rein_fact_u64 driver_version; /* the newest CUDA that the driver supports, as CUDA counts: 13000
 is 13.0 */
    rein_fact_u64 runtime_version; /* the CUDA runtime that read the facts, counted alike */

    rein_profile_source source;                /* who says so; it decides nothing */
    char source_note[REIN_NAME_MAX_BYTES + 1]; /* a document, a tool, a host */
    rein_fact_i64 recorded_at_unix_s;          /* seconds since 1970-01-01 UTC */
} rein_device_profile;

/* Whether a model's memory counts on the device in multiples of `pool_growth_bytes`: where that is
 * known, and where there are memory pools and it is not. Elsewhere it counts in multiples of the
 * granularity. The profile must not be NULL. */
static inline bool rein_device_profile_counts_growth(const rein_device_profile *profile) {
    return profile->pool_growth_bytes.is_known ||
           (profile->supports_memory_pools.is_known && profile->supports_memory_pools.value);
}

/* A profile of which nothing is known but its source. */
rein_device_profile rein_device_profile_unknown(rein_profile_source source);

/* Whether the facts can be true together. Errors: InvalidArgument if the profile is NULL; for the
 * first contradiction: a source that is none, total, granularity or pool growth known to be 0, free
 * above total, greatest priority numerically above the least. */
rein_result_void rein_device_profile_validate(const rein_device_profile *profile);

REIN_API_END

#endif
