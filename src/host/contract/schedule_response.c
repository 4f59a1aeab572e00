/* The longest response of a model. */
#include <stddef.h>

#include "host/contract/schedule_check.h"
#include "host/contract/schedule_demand.h"
#include "host/contract/schedule_judge.h"
#include "host/contract/schedule_priority.h"

/* Returns whether each request ends within `limit` if the first that came is the first that runs.
 */
static rein_schedule_outcome outcome_within(schedule_run *run, uint64_t limit) {
    rein_schedule_verdict verdict = {.outcome = REIN_SCHEDULE_HOLDS};
    run->common_deadline = limit;
    rein_i_schedule_judge(run, &verdict);
    return verdict.outcome;
}

/* Any request can be the last that arrives, so all models have the same longest response: the least
 * common deadline that holds. */
static rein_fact_u64 first_come_response(schedule_run *run) {
    uint64_t enough = run->common_deadline;
    uint64_t too_little = 0;
    while (enough - too_little > 1) {
        uint64_t middle = too_little + (enough - too_little) / 2;
        rein_schedule_outcome outcome = outcome_within(run, middle);
        if (outcome == REIN_SCHEDULE_CANNOT_TELL) {
            return rein_fact_u64_unknown();
        }
        enough = outcome == REIN_SCHEDULE_HOLDS ? middle : enough;
        too_little = outcome == REIN_SCHEDULE_HOLDS ? too_little : middle;
    }
    return rein_fact_u64_known(enough);
}

/* A request whose end is computed. The other models request at 0 and as often as they may. */
typedef struct judged_request {
    size_t index;
    uint64_t arrival;
    uint64_t due;
} judged_request;

/* Returns the work that runs before the request if it has not started before `start`. That is the
 * execution that blocks, and each request that arrives by then and is due no later. */
static uint64_t work_before(const schedule_run *run, const judged_request *judged, uint64_t start) {
    uint64_t sum = rein_i_schedule_blocking(run, judged->due);
    for (size_t index = 0; index < run->request->model_count; index++) {
        uint64_t period = schedule_period(run, index);
        uint64_t deadline = schedule_deadline(run, index);
        uint64_t count = judged->arrival / period;
        if (index != judged->index) {
            uint64_t arrived = start / period + 1;
            uint64_t due = deadline > judged->due ? 0 : (judged->due - deadline) / period + 1;
            count = arrived < due ? arrived : due;
        }
        sum = add_saturating(sum, schedule_work(run, index, count));
    }
    return sum;
}

/* Computes the time from the arrival of the request to its end. Returns false if the effort is
 * spent. */
static bool response_of(schedule_run *run, const judged_request *judged, uint64_t *out_response) {
    uint64_t start = 0;
    for (uint64_t later = work_before(run, judged, start); later != start;
         later = work_before(run, judged, start)) {
        if (!schedule_spend(run, schedule_multiply(2, run->request->model_count))) {
            return false;
        }
        start = later;
    }
    uint64_t wait = start > judged->arrival ? start - judged->arrival : 0;
    *out_response = wait + schedule_compute(run, judged->index);
    return true;
}

/* The worst request is due at the same instant as one of a model that requests at 0. */
static rein_fact_u64 deadline_response(schedule_run *run, size_t index) {
    uint64_t deadline = schedule_deadline(run, index);
    uint64_t busy = 0;
    uint64_t longest = 0;
    uint64_t response = 0;
    if (rein_i_schedule_busy_period(run, rein_i_schedule_blocking(run, 0), &busy) != BUSY_ENDS) {
        return rein_fact_u64_unknown();
    }
    for (uint64_t due = rein_i_schedule_next_due(run, deadline - 1); due - deadline < busy;
         due = rein_i_schedule_next_due(run, due)) {
        const judged_request judged = {.index = index, .arrival = due - deadline, .due = due};
        if (!response_of(run, &judged, &response)) {
            return rein_fact_u64_unknown();
        }
        longest = response > longest ? response : longest;
    }
    return rein_fact_u64_known(longest);
}

rein_result_schedule_time rein_schedule_response(const rein_schedule_request *request,
                                                 size_t index) {
    REIN_TRY(rein_result_schedule_time, rein_i_schedule_check_index(request, index));
    schedule_run run = rein_i_schedule_run(request);
    rein_schedule_verdict verdict = {.outcome = REIN_SCHEDULE_HOLDS};
    rein_i_schedule_judge(&run, &verdict);
    rein_fact_u64 response = rein_fact_u64_unknown();
    if (verdict.outcome == REIN_SCHEDULE_HOLDS) {
        response = request->policy == REIN_SCHEDULE_FIXED_PRIORITY
                       ? rein_i_schedule_priority_response(&run, index)
                   : request->policy == REIN_SCHEDULE_FIRST_COME ? first_come_response(&run)
                                                                 : deadline_response(&run, index);
    }
    return rein_result_schedule_time_ok(response);
}
