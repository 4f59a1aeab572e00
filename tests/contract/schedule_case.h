/* Requests and random models for the tests of schedules. */
#ifndef REIN_TESTS_SCHEDULE_CASE_H
#define REIN_TESTS_SCHEDULE_CASE_H

#include <criterion/criterion.h>

#include "contract/schedule.h"

static const rein_schedule_policy schedule_policies[] = {
    REIN_SCHEDULE_EARLIEST_DEADLINE, REIN_SCHEDULE_FIXED_PRIORITY, REIN_SCHEDULE_FIRST_COME};
enum { SCHEDULE_POLICY_COUNT = sizeof schedule_policies / sizeof schedule_policies[0] };

static inline rein_schedule_model schedule_model_of(int64_t compute_ns, int64_t period_ns,
                                                    int64_t deadline_ns, int32_t priority) {
    rein_schedule_model model = rein_schedule_model_make(rein_duration_from_ns(compute_ns),
                                                         rein_duration_from_ns(period_ns));
    model.deadline = rein_duration_from_ns(deadline_ns);
    model.priority = priority;
    return model;
}

static inline rein_schedule_verdict decided(const rein_schedule_request *request) {
    rein_result_schedule_verdict result = rein_schedule_decide(request);
    cr_assert(rein_result_schedule_verdict_is_ok(result));
    return REIN_VALUE(result);
}

static inline rein_fact_u64 time_of(rein_result_schedule_time result) {
    cr_assert(rein_result_schedule_time_is_ok(result));
    return REIN_VALUE(result);
}

/* Xorshift: returns a number below `bound`. */
static inline int64_t draw(uint64_t *state, int64_t bound) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (int64_t)(*state >> 2) % bound;
}

#endif
