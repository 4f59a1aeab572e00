/* The choice of the test by the policy. */
#ifndef REIN_HOST_CONTRACT_SCHEDULE_JUDGE_H
#define REIN_HOST_CONTRACT_SCHEDULE_JUDGE_H

#include "host/contract/schedule_run.h"

/* Decides by the policy of the request. Sets the outcome, the reason and the witness of `target`,
 * which is schedulable so far. */
void rein_i_schedule_judge(schedule_run *run, rein_schedule_verdict *target);

#endif
