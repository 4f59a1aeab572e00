#include "schedule_case.h"
#include "schedule_explorer.h"

enum { MODELS_MAX = EXPLORER_MODELS_MAX };

/* Models of small numbers, about half of them schedulable. */
static size_t draw_models(uint64_t *state, rein_schedule_model out_models[MODELS_MAX]) {
    size_t count = 1 + (size_t)draw(state, MODELS_MAX);
    for (size_t index = 0; index < count; index++) {
        int64_t period = 1 + draw(state, count == MODELS_MAX ? 7 : 10);
        int64_t compute = 1 + draw(state, period < 4 ? period : 4);
        int64_t deadline = compute + draw(state, 2 * period);
        out_models[index] = schedule_model_of(compute, period, deadline, (int32_t)index);
    }
    return count;
}

/* With the whole time promised, the busy period of a blocked model has no end. */
static bool is_whole_time_promised(const rein_schedule_verdict *verdict) {
    enum { BILLION = 1000000000 };
    return verdict->utilization_ppb >= BILLION - MODELS_MAX;
}

static void compare(const rein_schedule_request *request) {
    exploration explored = explore_schedule(request);
    rein_schedule_verdict verdict = decided(request);
    cr_assert(explored.is_complete || explored.is_late);
    cr_assert(verdict.outcome == (explored.is_late ? REIN_SCHEDULE_MISSES : REIN_SCHEDULE_HOLDS),
              "policy %d, %zu models: %s", (int)request->policy, request->model_count,
              rein_schedule_outcome_name(verdict.outcome));
    for (size_t index = 0; index < request->model_count; index++) {
        rein_fact_u64 response = time_of(rein_schedule_response(request, index));
        if (response.is_known) {
            cr_assert(!explored.is_late);
            cr_assert(response.value == explored.longest_response[index],
                      "policy %d, model %zu: %llu, explored %llu", (int)request->policy, index,
                      (unsigned long long)response.value,
                      (unsigned long long)explored.longest_response[index]);
        } else {
            cr_assert(explored.is_late || is_whole_time_promised(&verdict));
        }
    }
}

Test(schedule_oracle, agrees_with_every_pattern_of_arrivals) {
    enum { SETS = 150 };
    uint64_t state = 20261201;
    for (int set = 0; set < SETS; set++) {
        rein_schedule_model models[MODELS_MAX];
        size_t count = draw_models(&state, models);
        for (size_t policy = 0; policy < SCHEDULE_POLICY_COUNT; policy++) {
            rein_schedule_request request =
                rein_schedule_request_make(schedule_policies[policy], models, count);
            compare(&request);
        }
    }
}

/* Returns whether a request can be late. Models with too many waiting requests to explore are
 * overloaded. */
static bool can_be_late(const rein_schedule_request *request) {
    exploration explored = explore_schedule(request);
    return explored.is_late || !explored.is_complete;
}

/* Expects that the models hold with `good` in place of the number, and not with `bad`. */
static void expect_edge(const rein_schedule_request *request, int64_t *number, int64_t good,
                        int64_t bad) {
    int64_t before = *number;
    *number = good;
    cr_assert(!can_be_late(request));
    *number = bad;
    cr_assert(bad == 0 || can_be_late(request));
    *number = before;
}

Test(schedule_oracle, changes_are_as_large_as_they_can_be) {
    enum { SETS = 40 };
    uint64_t state = 20261202;
    for (int set = 0; set < SETS; set++) {
        rein_schedule_model models[MODELS_MAX];
        size_t count = draw_models(&state, models);
        rein_schedule_request request = rein_schedule_request_make(
            schedule_policies[set % SCHEDULE_POLICY_COUNT], models, count);
        size_t index = (size_t)draw(&state, (int64_t)count);
        rein_schedule_model *model = &models[index];
        rein_fact_u64 compute = time_of(rein_schedule_largest_compute(&request, index));
        rein_fact_u64 period = time_of(rein_schedule_least_period(&request, index));
        if (compute.is_known) {
            int64_t largest = (int64_t)compute.value;
            expect_edge(&request, &model->compute.ns, largest, largest + 1);
        }
        if (period.is_known && period.value <= EXPLORER_PERIOD_MAX) {
            int64_t least = (int64_t)period.value;
            expect_edge(&request, &model->period.ns, least, least - 1);
        }
    }
}
