/* The work that is due by an instant, and the longest time for which the device can be busy. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_DEMAND_H
#define REIN_HOST_CONTRACT_SCHEDULE_DEMAND_H

#include "host/contract/schedule_run.h"

/* Returns the work of all requests that arrive from 0 on and are due by `instant`. */
uint64_t rein_i_schedule_demand(const schedule_run *run, uint64_t instant);

/* Returns the model with the longest execution among those that are due after `instant` if they
 * request at 0: a request of it may have started 1 ns before 0. Returns the model count if there is
 * none. */
size_t rein_i_schedule_blocker(const schedule_run *run, uint64_t instant);

/* Returns the part of the blocking execution that is left at 0; 0 if there is none. */
uint64_t rein_i_schedule_blocking(const schedule_run *run, uint64_t instant);

/* Returns the latest instant before `end` at which a request is due; 0 if there is none. */
uint64_t rein_i_schedule_last_due(const schedule_run *run, uint64_t end);

/* Returns the earliest instant after `start` at which a request is due; UINT64_MAX if that cannot
 * be represented. */
uint64_t rein_i_schedule_next_due(const schedule_run *run, uint64_t start);

typedef enum busy_end {
    BUSY_ENDS,
    BUSY_BEYOND_RANGE, /* longer than SCHEDULE_TIME_MAX, or without end */
    BUSY_EFFORT_SPENT
} busy_end;

/* Computes how long the device is busy if `blocking` is left of an execution at 0, and each model
 * requests at 0 and as often as it may. That is the least solution above 0 of
 * L = blocking + sum of ceil(L / period) * compute. */
busy_end rein_i_schedule_busy_period(schedule_run *run, uint64_t blocking, uint64_t *out_busy);

#endif
