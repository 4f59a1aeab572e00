/* The part of the device's time that the models are promised. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_UTILIZATION_H
#define REIN_HOST_CONTRACT_SCHEDULE_UTILIZATION_H

#include "host/contract/schedule_run.h"

/* Bounds in units of 2^-52 of the device's time, each at most UINT64_MAX. */
typedef struct schedule_utilization {
    uint64_t at_least;
    uint64_t at_most;
} schedule_utilization;

enum { SCHEDULE_UTILIZATION_BITS = 52 };

schedule_utilization rein_i_schedule_utilization(const schedule_run *run);

/* Returns the lower bound in units of 10^-9, rounded down. */
uint64_t rein_i_schedule_utilization_ppb(schedule_utilization bounds);

/* Returns whether more than the whole time is promised; false if the bounds do not tell. */
static inline bool schedule_is_overload(schedule_utilization bounds) {
    uint64_t whole = UINT64_C(1) << SCHEDULE_UTILIZATION_BITS;
    return bounds.at_least > whole || (bounds.at_least == whole && bounds.at_most > whole);
}

#endif
