#include "host/contract/schedule_utilization.h"

/* Returns compute / period in units of 2^-52, rounded down, by long division. Sets whether a
 * remainder is left. `period` is below 2^63, so a doubled remainder fits. */
static uint64_t scaled_quotient(uint64_t compute, uint64_t period, bool *out_has_rest) {
    uint64_t whole = compute / period;
    uint64_t rest = compute % period;
    uint64_t fraction = 0;
    for (int bit = 0; bit < SCHEDULE_UTILIZATION_BITS; bit++) {
        rest *= 2;
        fraction = fraction * 2 + (rest >= period);
        rest -= rest >= period ? period : 0;
    }
    *out_has_rest = rest > 0;
    return add_saturating(schedule_multiply(whole, UINT64_C(1) << SCHEDULE_UTILIZATION_BITS),
                          fraction);
}

schedule_utilization rein_i_schedule_utilization(const schedule_run *run) {
    schedule_utilization sum = {.at_least = 0};
    for (size_t index = 0; index < run->request->model_count; index++) {
        bool has_rest = false;
        uint64_t quotient =
            scaled_quotient(schedule_compute(run, index), schedule_period(run, index), &has_rest);
        sum.at_least = add_saturating(sum.at_least, quotient);
        sum.at_most = add_saturating(sum.at_most, add_saturating(quotient, has_rest));
    }
    return sum;
}

/* Multiplies whole and fraction apart, so that no product exceeds 64 bits. */
uint64_t rein_i_schedule_utilization_ppb(schedule_utilization bounds) {
    enum { BILLION = 1000000000, FRACTION_BITS = 34 };
    const unsigned cut = SCHEDULE_UTILIZATION_BITS - FRACTION_BITS;
    uint64_t whole = bounds.at_least >> SCHEDULE_UTILIZATION_BITS;
    uint64_t fraction = bounds.at_least & ((UINT64_C(1) << SCHEDULE_UTILIZATION_BITS) - 1);
    return whole * BILLION + (((fraction >> cut) * BILLION) >> FRACTION_BITS);
}
