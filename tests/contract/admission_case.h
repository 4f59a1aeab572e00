/* Admission requests that the tests start from, and checks of the verdicts. */
#ifndef REIN_TESTS_CONTRACT_ADMISSION_CASE_H
#define REIN_TESTS_CONTRACT_ADMISSION_CASE_H

#include <criterion/criterion.h>

#include "contract/admission.h"
#include "expect.h"

static inline rein_fact_u64 known(uint64_t value) {
    return rein_fact_u64_known(value);
}

static inline rein_fact_u64 unknown(void) {
    return rein_fact_u64_unknown();
}

enum { MODEL_MAX = 5 };

static inline rein_model_demand model_of(uint64_t limit, uint64_t weights, uint64_t activations) {
    rein_resource_budget budget = {
        .memory_limit_bytes = limit, .stream_limit = 1, .compute_budget = {1}};
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("m")), budget);
    model.weights_bytes = rein_fact_u64_known(weights);
    model.activation_bytes = rein_fact_u64_known(activations);
    model.activation_lower_bound_bytes = rein_fact_u64_known(activations);
    return model;
}

/* A device of 1000 free bytes, with granularity 1 and no overhead. */
static inline rein_device_profile plain_device(void) {
    rein_device_profile device = rein_device_profile_unknown(REIN_PROFILE_SYNTHETIC);
    device.free_bytes = rein_fact_u64_known(1000);
    device.context_overhead_bytes = rein_fact_u64_known(0);
    device.allocation_granularity_bytes = rein_fact_u64_known(1);
    return device;
}

/* A request and its answer; `models` and `device` are filled by the test, then it is decided. */
typedef struct admission_case {
    rein_device_profile device;
    rein_model_demand models[MODEL_MAX];
    rein_admission_request request;
    rein_model_verdict verdicts[MODEL_MAX];
    rein_admission_verdict verdict;
} admission_case;

static inline admission_case case_of(size_t model_count) {
    admission_case trial = {.device = plain_device(),
                            .request = rein_admission_request_make(NULL, model_count, NULL)};
    for (size_t index = 0; index < model_count; index++) {
        trial.models[index] = model_of(100, 60, 40);
    }
    return trial;
}

static inline rein_result_admission_verdict attempt(admission_case *trial) {
    trial->request.models = trial->models;
    trial->request.device = &trial->device;
    return rein_admission_decide(&trial->request, trial->verdicts);
}

static inline void decide(admission_case *trial) {
    rein_result_admission_verdict decided = attempt(trial);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (rein_result_admission_verdict_is_error(decided)) {
        rein_error_to_string(&REIN_ERROR(decided), text, sizeof text);
    }
    cr_assert(rein_result_admission_verdict_is_ok(decided), "%s", text);
    trial->verdict = REIN_VALUE(decided);
}

static inline void expect_outcome(rein_admission_outcome outcome, rein_admission_outcome expected,
                                  const char *what) {
    cr_assert(outcome == expected, "%s: %s, expected %s", what,
              rein_admission_outcome_name(outcome), rein_admission_outcome_name(expected));
}

static inline void expect_known(rein_fact_u64 fact, uint64_t value, const char *what) {
    cr_assert(fact.is_known && fact.value == value, "%s: %s %llu, expected %llu", what,
              fact.is_known ? "known as" : "unknown", (unsigned long long)fact.value,
              (unsigned long long)value);
}

static inline void expect_unknown(rein_fact_u64 fact, const char *what) {
    cr_assert(!fact.is_known && fact.value == 0, "%s is unknown, not %llu", what,
              (unsigned long long)fact.value);
}

static inline void expect_number(uint64_t number, uint64_t expected, const char *what) {
    cr_assert(number == expected, "%s: %llu, expected %llu", what, (unsigned long long)number,
              (unsigned long long)expected);
}

#endif
