/* Step sizes in which a device allocates memory. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_STEPS_H
#define REIN_HOST_CONTRACT_ADMISSION_STEPS_H

#include "contract/device.h"

typedef struct memory_steps {
    rein_fact_u64 granularity; /* of an allocation */
    rein_fact_u64 growth;      /* of a memory pool; 1 without pools */
} memory_steps;

static inline memory_steps memory_steps_of(const rein_device_profile *device) {
    return (memory_steps){.granularity = device->allocation_granularity_bytes,
                          .growth = rein_device_profile_counts_growth(device)
                                        ? device->pool_growth_bytes
                                        : rein_fact_u64_known(1)};
}

static inline bool memory_steps_are_known(memory_steps steps) {
    return steps.granularity.is_known && steps.growth.is_known;
}

#endif
