/* Decisions for fixed priorities. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_PRIORITY_H
#define REIN_HOST_CONTRACT_SCHEDULE_PRIORITY_H

#include "host/contract/schedule_run.h"

/* Decides. Sets the outcome, the reason and the witness of `target`, unless it is schedulable. */
void rein_i_schedule_by_priority(schedule_run *run, rein_schedule_verdict *target);

/* Returns the longest response of the model, which must be at most its deadline. Unknown if it is
 * later or could not be decided. */
rein_fact_u64 rein_i_schedule_priority_response(schedule_run *run, size_t index);

#endif
