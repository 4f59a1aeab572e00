#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "admission_case.h"

/* Asserts that a wrong request is refused and that no verdict is written. */
static void expect_refused(admission_case *trial, const char *facts) {
    memset(trial->verdicts, 0xA5, sizeof trial->verdicts);
    rein_model_verdict before[MODEL_MAX];
    memcpy(before, trial->verdicts, sizeof before);
    rein_result_admission_verdict decided = attempt(trial);
    cr_assert(rein_result_admission_verdict_is_error(decided), "refused: %s", facts);
    expect_invalid(&REIN_ERROR(decided), facts);
    cr_assert(memcmp(before, trial->verdicts, sizeof before) == 0, "outputs unchanged: %s", facts);
}

Test(admission_error, null_is_refused) {
    admission_case trial = case_of(2);
    rein_result_admission_verdict decided = rein_admission_decide(NULL, trial.verdicts);
    expect_invalid(&REIN_ERROR(decided), "request NULL");
    trial.request.models = trial.models;
    decided = rein_admission_decide(&trial.request, trial.verdicts);
    expect_invalid(&REIN_ERROR(decided), "request device NULL");
    trial.request.device = &trial.device;
    decided = rein_admission_decide(&trial.request, NULL);
    expect_invalid(&REIN_ERROR(decided), "models out_models NULL 2");
    trial.request.models = NULL;
    trial.request.model_count = 1;
    decided = rein_admission_decide(&trial.request, trial.verdicts);
    expect_invalid(&REIN_ERROR(decided), "models out_models NULL 1");
}

Test(admission_error, request_that_breaks_a_rule_is_refused) {
    admission_case trial = case_of(2);
    trial.request.process_count = 0;
    expect_refused(&trial, "process_count 0");
    trial = case_of(2);
    trial.request.reserved_bytes = 2048;
    trial.request.reserved_in_use_bytes = 2049;
    expect_refused(&trial, "reserved_in_use_bytes 2049B reserved_bytes 2048B");
    trial.request.reserved_in_use_bytes = 2048;
    decide(&trial);
    trial = case_of(2);
    trial.device.total_bytes = known(999);
    expect_refused(&trial, "free_bytes 1000B total_bytes 999B");
    trial.device.source = (rein_profile_source)0;
    expect_refused(&trial, "rein_profile_source 0 1 4");
}

Test(admission_error, size_of_another_header_is_refused) {
    static const size_t sizes[] = {0, 1, sizeof(rein_admission_request) + sizeof(void *)};
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        char expected[EXPECT_TEXT_CAPACITY];
        admission_case trial = case_of(2);
        trial.request.struct_size = sizes[index];
        snprintf(expected, sizeof expected, "request struct_size %zu %zu", sizes[index],
                 sizeof trial.request);
        expect_refused(&trial, expected);
        trial = case_of(2);
        trial.models[1].struct_size = sizes[index];
        snprintf(expected, sizeof expected, "model 1 struct_size %zu %zu", sizes[index],
                 sizeof trial.models[1]);
        expect_refused(&trial, expected);
    }
}

Test(admission_error, model_that_breaks_a_rule_is_named_by_its_index) {
    for (size_t bad = 0; bad < MODEL_MAX; bad++) {
        char expected[EXPECT_TEXT_CAPACITY];
        admission_case trial = case_of(MODEL_MAX);
        trial.models[bad].budget.memory_limit_bytes = 0;
        snprintf(expected, sizeof expected, "budget model %zu memory_limit_bytes 0", bad);
        expect_refused(&trial, expected);
        trial = case_of(MODEL_MAX);
        trial.models[bad].budget.stream_limit = -7;
        snprintf(expected, sizeof expected, "budget model %zu stream_limit -7", bad);
        expect_refused(&trial, expected);
        trial = case_of(MODEL_MAX);
        trial.models[bad].budget.compute_budget.ns = 0;
        snprintf(expected, sizeof expected, "budget model %zu compute_budget 0ns", bad);
        expect_refused(&trial, expected);
        trial = case_of(MODEL_MAX);
        trial.models[bad].activation_lower_bound_bytes = known(41);
        snprintf(expected, sizeof expected,
                 "model %zu activation_lower_bound_bytes 41B activation_bytes 40B", bad);
        expect_refused(&trial, expected);
    }
}

static void expect_overflow_at(admission_case trial, size_t model) {
    char expected[EXPECT_TEXT_CAPACITY];
    snprintf(expected, sizeof expected, "model %zu 64 bits", model);
    expect_refused(&trial, expected);
}

Test(admission_error, sum_beyond_64_bits_names_the_model) {
    admission_case trial = case_of(3);
    trial.models[2] = model_of(UINT64_MAX - 199, 1, 1);
    expect_overflow_at(trial, 2);
    trial = case_of(3);
    trial.models[1] = model_of(100, UINT64_MAX, 1);
    expect_overflow_at(trial, 1);
    trial = case_of(3);
    trial.models[1] = model_of(100, 1, UINT64_MAX);
    trial.models[1].activation_lower_bound_bytes = known(0);
    expect_overflow_at(trial, 1);
    trial = case_of(2);
    trial.models[0].weights_bytes = known(UINT64_MAX - 100);
    trial.models[1].weights_bytes = known(UINT64_MAX - 100);
    expect_overflow_at(trial, 1);
    trial = case_of(1);
    trial.device.allocation_granularity_bytes = known(512);
    trial.models[0] = model_of(UINT64_MAX - 510, 1, 1);
    expect_overflow_at(trial, 0);
    trial.device.pool_growth_bytes = known(4096);
    trial.models[0] = model_of(UINT64_MAX - 4094, 1, 1);
    expect_overflow_at(trial, 0);
    trial.models[0] = model_of(1, UINT64_MAX - 4094, 0);
    expect_overflow_at(trial, 0);
    trial.device.pool_growth_bytes = unknown();
    trial.models[0] = model_of(1, UINT64_MAX, 0);
    expect_overflow_at(trial, 0);
    trial.models[0] = model_of(1, 0, UINT64_MAX);
    expect_overflow_at(trial, 0);
    trial.models[0].activation_lower_bound_bytes = unknown();
    expect_overflow_at(trial, 0);
}

Test(admission_error, product_beyond_64_bits_names_the_model) {
    admission_case trial = case_of(2);
    trial.models[1].concurrent_executions = UINT64_MAX / 40 + 1;
    expect_overflow_at(trial, 1);
    trial.models[1].activation_lower_bound_bytes = unknown();
    expect_overflow_at(trial, 1);
    trial = case_of(2);
    trial.models[1].sequence_count = 2;
    trial.models[1].state_bytes_per_sequence = known(UINT64_C(1) << 63);
    expect_overflow_at(trial, 1);
    trial = case_of(2);
    trial.device.allocation_granularity_bytes = known(512);
    trial.models[1].load_peak_bytes = known(UINT64_MAX);
    expect_overflow_at(trial, 1);
    trial = case_of(2);
    trial.device.context_overhead_bytes = known(2);
    trial.models[1].limit_includes_context = true;
    trial.models[1].process_count = UINT64_C(1) << 63;
    expect_overflow_at(trial, 1);
    trial.models[1].process_count = UINT64_MAX / 2;
    trial.models[1].load_peak_bytes = known(UINT64_MAX);
    expect_overflow_at(trial, 1);
    trial = case_of(2);
    trial.models[1].process_count = UINT64_MAX;
    expect_overflow_at(trial, 1);
}

Test(admission_error, sum_beyond_64_bits_of_the_device_is_refused) {
    admission_case trial = case_of(1);
    trial.device.context_overhead_bytes = known(UINT64_C(1) << 32);
    trial.request.process_count = UINT64_C(1) << 32;
    expect_refused(&trial, "4294967296 contexts headroom 0B reservations 0B 64 bits");
    trial = case_of(1);
    trial.device.context_overhead_bytes = known(1);
    trial.request.headroom_bytes = UINT64_MAX;
    expect_refused(&trial, "1 contexts headroom 18446744073709551615B reservations 0B 64 bits");
    trial = case_of(1);
    trial.request.headroom_bytes = UINT64_MAX - 1024;
    trial.request.reserved_bytes = 2048;
    expect_refused(&trial, "1 contexts headroom 18446744073709550591B reservations 2048B 64 bits");
    trial = case_of(1);
    trial.request.headroom_bytes = UINT64_MAX - 99;
    expect_refused(&trial, "limits 100B 18446744073709551516B 64 bits");
    trial.request.headroom_bytes = UINT64_MAX - 100;
    decide(&trial);
    expect_number(trial.verdict.device.shortfall_bytes, UINT64_MAX - 1000, "the largest sum");
}
