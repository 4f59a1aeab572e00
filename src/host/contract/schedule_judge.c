#include "host/contract/schedule_judge.h"

#include "host/contract/schedule_deadline.h"
#include "host/contract/schedule_priority.h"

void rein_i_schedule_judge(schedule_run *run, rein_schedule_verdict *target) {
    if (run->request->policy == REIN_SCHEDULE_FIXED_PRIORITY) {
        rein_i_schedule_by_priority(run, target);
    } else {
        rein_i_schedule_by_deadline(run, target);
    }
}
