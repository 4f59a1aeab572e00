/* Decisions for earliest deadline first, and for first come, first served: the latter is the former
 * with one deadline for all requests. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_DEADLINE_H
#define REIN_HOST_CONTRACT_SCHEDULE_DEADLINE_H

#include "host/contract/schedule_run.h"

/* Decides. Sets the outcome, the reason and the witness of `target`, unless it is schedulable. */
void rein_i_schedule_by_deadline(schedule_run *run, rein_schedule_verdict *target);

#endif
