#include "contract/contract.h"
#include "expect.h"
#include "schedule_case.h"

static rein_schedule_request request_of(rein_schedule_policy policy,
                                        const rein_schedule_model *models, size_t count) {
    return rein_schedule_request_make(policy, models, count);
}

Test(schedule, names) {
    cr_assert_str_eq(rein_schedule_policy_name(REIN_SCHEDULE_EARLIEST_DEADLINE),
                     "earliest-deadline");
    cr_assert_str_eq(rein_schedule_policy_name(REIN_SCHEDULE_FIXED_PRIORITY), "fixed-priority");
    cr_assert_str_eq(rein_schedule_policy_name(REIN_SCHEDULE_FIRST_COME), "first-come");
    cr_assert_str_eq(rein_schedule_outcome_name(REIN_SCHEDULE_HOLDS), "schedulable");
    cr_assert_str_eq(rein_schedule_outcome_name(REIN_SCHEDULE_MISSES), "not schedulable");
    cr_assert_str_eq(rein_schedule_outcome_name(REIN_SCHEDULE_CANNOT_TELL), "cannot tell");
    cr_assert_str_eq(rein_schedule_reason_name(REIN_SCHEDULE_NO_REASON), "none");
    cr_assert_str_eq(rein_schedule_reason_name(REIN_SCHEDULE_OVERLOAD), "overload");
    cr_assert_str_eq(rein_schedule_reason_name(REIN_SCHEDULE_DEADLINE), "deadline");
    cr_assert_str_eq(rein_schedule_reason_name(REIN_SCHEDULE_EFFORT), "effort");
    cr_assert_str_eq(rein_schedule_reason_name(REIN_SCHEDULE_TIME_RANGE), "time-range");
    for (int value = -1; value < 9; value += 9) {
        cr_assert_str_eq(rein_schedule_policy_name((rein_schedule_policy)value), "unknown");
        cr_assert_str_eq(rein_schedule_outcome_name((rein_schedule_outcome)value), "unknown");
    }
    cr_assert_str_eq(rein_schedule_reason_name((rein_schedule_reason)-1), "unknown");
    cr_assert_str_eq(rein_schedule_policy_name((rein_schedule_policy)4), "unknown");
    cr_assert_str_eq(rein_schedule_outcome_name((rein_schedule_outcome)4), "unknown");
    cr_assert_str_eq(rein_schedule_reason_name((rein_schedule_reason)5), "unknown");
}

Test(schedule, nothing_to_execute_is_schedulable) {
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], NULL, 0);
        rein_schedule_verdict verdict = decided(&request);
        cr_assert(verdict.outcome == REIN_SCHEDULE_HOLDS);
        cr_assert(verdict.utilization_ppb == 0 && verdict.steps == 0);
    }
}

/* Feasible, although the work of the instant 1, at which nothing is due, exceeds it. */
Test(schedule, only_instants_at_which_something_is_due_count) {
    const rein_schedule_model models[] = {schedule_model_of(3, 9, 8, 2),
                                          schedule_model_of(1, 5, 3, 1)};
    rein_schedule_request request = request_of(REIN_SCHEDULE_EARLIEST_DEADLINE, models, 2);
    cr_assert(decided(&request).outcome == REIN_SCHEDULE_HOLDS);
    cr_assert(time_of(rein_schedule_response(&request, 1)).value == 3);
}

Test(schedule, utilization) {
    const struct {
        int64_t compute;
        int64_t period;
        uint64_t ppb;
    } rows[] = {{1, 4, 250000000},  {1, 3, 333333333},
                {7, 2, 3500000000}, {INT64_MAX, INT64_MAX, 1000000000},
                {1, INT64_MAX, 0},  {INT64_MAX, 1, 4095999999999}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        const rein_schedule_model model =
            schedule_model_of(rows[row].compute, rows[row].period, INT64_MAX, 0);
        rein_schedule_request request = request_of(REIN_SCHEDULE_FIRST_COME, &model, 1);
        cr_assert(decided(&request).utilization_ppb == rows[row].ppb, "row %zu: %llu", row,
                  (unsigned long long)decided(&request).utilization_ppb);
    }
}

Test(schedule, three_thirds_are_the_whole_time) {
    const rein_schedule_model models[] = {schedule_model_of(1, 3, 3, 1),
                                          schedule_model_of(1, 3, 3, 2),
                                          schedule_model_of(1, 3, 3, 3)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 3);
        cr_assert(decided(&request).outcome == REIN_SCHEDULE_HOLDS);
    }
}

Test(schedule, an_overload_is_refused_by_each_policy) {
    const rein_schedule_model models[] = {schedule_model_of(3, 4, 4000, 1),
                                          schedule_model_of(2, 7, 7000, 2)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 2);
        rein_schedule_verdict verdict = decided(&request);
        cr_assert(verdict.outcome == REIN_SCHEDULE_MISSES);
        cr_assert(verdict.reason == REIN_SCHEDULE_OVERLOAD);
        cr_assert(verdict.has_witness && verdict.witness.due_ns > 4000);
        cr_assert(!time_of(rein_schedule_response(&request, 0)).is_known);
    }
}

/* The first late request comes after all times that can be represented. */
Test(schedule, an_overload_without_a_witness) {
    const rein_schedule_model models[] = {
        schedule_model_of(INT64_MAX / 2 + 1, INT64_MAX, INT64_MAX, 1),
        schedule_model_of(INT64_MAX / 2 + 2, INT64_MAX, INT64_MAX, 2)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 2);
        rein_schedule_verdict verdict = decided(&request);
        cr_assert(verdict.outcome == REIN_SCHEDULE_MISSES, "policy %zu", policy);
        cr_assert(verdict.reason == REIN_SCHEDULE_OVERLOAD && !verdict.has_witness);
    }
}

/* The device is busy for longer than 2^63 ns. */
Test(schedule, times_beyond_the_range_are_not_guessed) {
    const int64_t part = INT64_MAX / 320;
    const rein_schedule_model models[] = {
        schedule_model_of(90 * part, 100 * part, INT64_MAX, 1),
        schedule_model_of(INT64_MAX / 1000 * 99, INT64_MAX, INT64_MAX, 2)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 2);
        rein_schedule_verdict verdict = decided(&request);
        bool is_exact = schedule_policies[policy] == REIN_SCHEDULE_FIXED_PRIORITY;
        cr_assert(verdict.outcome == (is_exact ? REIN_SCHEDULE_HOLDS : REIN_SCHEDULE_CANNOT_TELL),
                  "policy %zu: %d", policy, (int)verdict.outcome);
        cr_assert(verdict.reason ==
                  (is_exact ? REIN_SCHEDULE_NO_REASON : REIN_SCHEDULE_TIME_RANGE));
        cr_assert(!verdict.has_witness);
    }
}

Test(schedule, spent_effort_is_cannot_tell) {
    const rein_schedule_model models[] = {schedule_model_of(3, 10, 10, 1),
                                          schedule_model_of(3, 14, 14, 2),
                                          schedule_model_of(4, 23, 23, 3)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 3);
        rein_schedule_verdict whole = decided(&request);
        cr_assert(whole.outcome == REIN_SCHEDULE_HOLDS && whole.steps > 0);
        for (request.effort_steps = 0; request.effort_steps < whole.steps; request.effort_steps++) {
            rein_schedule_verdict verdict = decided(&request);
            cr_assert(verdict.outcome == REIN_SCHEDULE_CANNOT_TELL);
            cr_assert(verdict.reason == REIN_SCHEDULE_EFFORT);
            cr_assert(verdict.steps == request.effort_steps);
            cr_assert(!time_of(rein_schedule_response(&request, 2)).is_known);
        }
        cr_assert(decided(&request).outcome == REIN_SCHEDULE_HOLDS);
    }
}

/* The deadlines are within the busy period, so that each search has something to look at. */
Test(schedule, effort_that_is_spent_later_changes_no_answer) {
    const rein_schedule_model models[] = {schedule_model_of(2, 10, 9, 1),
                                          schedule_model_of(2, 14, 13, 2),
                                          schedule_model_of(4, 23, 21, 3)};
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        rein_schedule_request request = request_of(schedule_policies[policy], models, 3);
        uint64_t steps = decided(&request).steps;
        rein_fact_u64 whole = time_of(rein_schedule_response(&request, 1));
        rein_fact_u64 found = rein_fact_u64_unknown();
        cr_assert(whole.is_known, "policy %zu", policy);
        for (request.effort_steps = 0; !found.is_known; request.effort_steps++) {
            bool is_enough = request.effort_steps >= steps;
            cr_assert(decided(&request).outcome ==
                      (is_enough ? REIN_SCHEDULE_HOLDS : REIN_SCHEDULE_CANNOT_TELL));
            found = time_of(rein_schedule_response(&request, 1));
        }
        cr_assert(found.value == whole.value, "policy %zu", policy);
        cr_assert(request.effort_steps > steps + 1, "policy %zu: the response is free", policy);
    }
}

Test(schedule, changes) {
    const rein_schedule_model models[] = {schedule_model_of(3, 10, 10, 1),
                                          schedule_model_of(4, 20, 20, 2)};
    rein_schedule_request request = request_of(REIN_SCHEDULE_EARLIEST_DEADLINE, models, 2);
    cr_assert(time_of(rein_schedule_largest_compute(&request, 1)).value == 8);
    cr_assert(time_of(rein_schedule_least_period(&request, 1)).value == 6);
    cr_assert(models[1].compute.ns == 4 && models[1].period.ns == 20);
}

Test(schedule, changes_that_do_not_help) {
    const rein_schedule_model models[] = {schedule_model_of(8, 10, 5, 1),
                                          schedule_model_of(4, 20, 20, 2)};
    rein_schedule_request request = request_of(REIN_SCHEDULE_EARLIEST_DEADLINE, models, 2);
    cr_assert(!time_of(rein_schedule_largest_compute(&request, 1)).is_known);
    cr_assert(!time_of(rein_schedule_least_period(&request, 1)).is_known);
}

Test(schedule, deadlines_up_to_the_largest_time) {
    const rein_schedule_model model = schedule_model_of(1, INT64_MAX, INT64_MAX, 0);
    rein_schedule_request request = request_of(REIN_SCHEDULE_EARLIEST_DEADLINE, &model, 1);
    cr_assert(decided(&request).outcome == REIN_SCHEDULE_HOLDS);
    cr_assert(time_of(rein_schedule_response(&request, 0)).value == 1);
    cr_assert(time_of(rein_schedule_least_period(&request, 0)).value == 1);
    for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
        request.policy = schedule_policies[policy];
        rein_fact_u64 largest = time_of(rein_schedule_largest_compute(&request, 0));
        cr_assert(largest.value == INT64_MAX, "%llu", (unsigned long long)largest.value);
    }
}

static void expect_refusal(const rein_schedule_request *request, uint64_t first, uint64_t second,
                           uint64_t third) {
    rein_result_schedule_verdict result = rein_schedule_decide(request);
    cr_assert(rein_result_schedule_verdict_is_error(result));
    expect_code(&REIN_ERROR(result), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(result), first, second, third);
}

Test(schedule, each_rule_of_a_request) {
    rein_schedule_model models[] = {schedule_model_of(1, 10, 10, 1),
                                    schedule_model_of(2, 20, 20, 2)};
    rein_schedule_request sound = request_of(REIN_SCHEDULE_FIXED_PRIORITY, models, 2);
    expect_refusal(NULL, 0, 0, 0);
    rein_schedule_request request = sound;
    request.struct_size--;
    expect_refusal(&request, sizeof request - 1, sizeof request, 0);
    request = sound;
    request.policy = (rein_schedule_policy)0;
    expect_refusal(&request, 0, 0, 0);
    request.policy = (rein_schedule_policy)4;
    expect_refusal(&request, 4, 0, 0);
    request = sound;
    request.models = NULL;
    expect_refusal(&request, 2, 0, 0);
    cr_assert(rein_result_schedule_time_is_error(rein_schedule_response(&sound, 2)));
    cr_assert(rein_result_schedule_time_is_error(rein_schedule_largest_compute(&sound, 2)));
    cr_assert(rein_result_schedule_time_is_error(rein_schedule_least_period(NULL, 0)));
}

Test(schedule, each_rule_of_a_model) {
    rein_schedule_model models[] = {schedule_model_of(1, 10, 10, 1),
                                    schedule_model_of(2, 20, 20, 2)};
    rein_schedule_request request = request_of(REIN_SCHEDULE_FIXED_PRIORITY, models, 2);
    rein_schedule_model sound = models[1];
    models[1].struct_size++;
    expect_refusal(&request, 1, sizeof sound + 1, sizeof sound);
    models[1] = sound;
    models[1].compute.ns = 0;
    expect_refusal(&request, 1, 0, 0);
    models[1] = sound;
    models[1].period.ns = -3;
    expect_refusal(&request, 1, (uint64_t)-3, 0);
    models[1] = sound;
    models[1].deadline.ns = INT64_MIN;
    expect_refusal(&request, 1, (uint64_t)INT64_MIN, 0);
    models[1] = sound;
    models[1].priority = 1;
    expect_refusal(&request, 0, 1, 1);
    request.policy = REIN_SCHEDULE_FIRST_COME;
    cr_assert(decided(&request).outcome == REIN_SCHEDULE_HOLDS);
}
