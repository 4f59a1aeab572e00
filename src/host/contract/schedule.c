#include "contract/schedule.h"

#include <stddef.h>

#include "host/contract/invalid.h"
#include "host/contract/schedule_check.h"
#include "host/contract/schedule_judge.h"
#include "host/contract/schedule_utilization.h"

const char *rein_schedule_policy_name(rein_schedule_policy policy) {
    static const char *const names[] = {[REIN_SCHEDULE_EARLIEST_DEADLINE] = "earliest-deadline",
                                        [REIN_SCHEDULE_FIXED_PRIORITY] = "fixed-priority",
                                        [REIN_SCHEDULE_FIRST_COME] = "first-come"};
    int value = (int)policy;
    return value >= 1 && value <= (int)REIN_SCHEDULE_FIRST_COME ? names[value] : "unknown";
}

const char *rein_schedule_outcome_name(rein_schedule_outcome outcome) {
    static const char *const names[] = {[REIN_SCHEDULE_HOLDS] = "schedulable",
                                        [REIN_SCHEDULE_MISSES] = "not schedulable",
                                        [REIN_SCHEDULE_CANNOT_TELL] = "cannot tell"};
    int value = (int)outcome;
    return value >= 1 && value <= (int)REIN_SCHEDULE_CANNOT_TELL ? names[value] : "unknown";
}

const char *rein_schedule_reason_name(rein_schedule_reason reason) {
    static const char *const names[] = {[REIN_SCHEDULE_NO_REASON] = "none",
                                        [REIN_SCHEDULE_OVERLOAD] = "overload",
                                        [REIN_SCHEDULE_DEADLINE] = "deadline",
                                        [REIN_SCHEDULE_EFFORT] = "effort",
                                        [REIN_SCHEDULE_TIME_RANGE] = "time-range"};
    int value = (int)reason;
    return value >= 0 && value <= (int)REIN_SCHEDULE_TIME_RANGE ? names[value] : "unknown";
}

rein_result_schedule_verdict rein_schedule_decide(const rein_schedule_request *request) {
    REIN_TRY(rein_result_schedule_verdict, rein_i_schedule_check(request));
    schedule_run run = rein_i_schedule_run(request);
    rein_schedule_verdict verdict = {
        .outcome = REIN_SCHEDULE_HOLDS,
        .reason = REIN_SCHEDULE_NO_REASON,
        .utilization_ppb = rein_i_schedule_utilization_ppb(rein_i_schedule_utilization(&run))};
    rein_i_schedule_judge(&run, &verdict);
    verdict.steps = run.steps < run.steps_max ? run.steps : run.steps_max;
    return rein_result_schedule_verdict_ok(verdict);
}
