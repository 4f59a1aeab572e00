/* The growth of a model's own allocator: see rein_model_demand.growth_bytes. */
#ifndef REIN_HOST_CONTRACT_ADMISSION_GROWTH_H
#define REIN_HOST_CONTRACT_ADMISSION_GROWTH_H

#include "host/contract/admission_amount.h"

/* Rounds up to a power of two. Leaves 0. Returns false if the result does not fit in 64 bits. */
static inline bool round_up_to_power_of_two(uint64_t *bytes) {
    uint64_t power = *bytes == 0 ? 0 : 1;
    while (power < *bytes) {
        if (power > UINT64_MAX / 2) {
            return false;
        }
        power *= 2;
    }
    *bytes = power;
    return true;
}

/* Rounds both bounds up to what the model's allocator takes from the device to hold them. Returns
 * false if a bound does not fit in 64 bits. */
static inline bool amount_grow(amount *range, const rein_model_demand *model) {
    if (model->growth_doubles) {
        return round_up_to_power_of_two(&range->at_least) &&
               round_up_to_power_of_two(&range->at_most);
    }
    return model->growth_bytes == 0 ||
           amount_round_up(range, rein_fact_u64_known(model->growth_bytes));
}

#endif
