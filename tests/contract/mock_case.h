/* A mock backend on a virtual clock, for the tests of the mock. */
#ifndef REIN_TESTS_CONTRACT_MOCK_CASE_H
#define REIN_TESTS_CONTRACT_MOCK_CASE_H

#include "expect.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "samples.h"

static virtual_clock time_source;
static mock_backend *mock;
static rein_backend backend;

static inline void bind_mock_on(const rein_clock *clock) {
    mock = REIN_UNWRAP(mock_backend_create(clock));
    backend = mock_backend_bind(mock);
}

static inline rein_result_void load_sample(const char *model_path) {
    rein_model_id model = sample_model_id();
    return rein_backend_load(&backend, model_path, &model);
}

/* A loaded mock on a virtual clock that starts at 0. Each test has a process of its own. */
static inline void set_up_mock(void) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time_source);
    bind_mock_on(&clock);
    cr_assert(load_sample("model").is_ok, "a new mock loads any path");
}

static inline void tear_down_mock(void) {
    rein_backend_destroy(&backend);
}

static inline int64_t now_ns(void) {
    rein_clock clock = virtual_clock_view(&time_source);
    return rein_clock_now(&clock).ns;
}

static inline void advance_ms(int64_t ms) {
    rein_duration span = rein_duration_from_ns(ms * REIN_NS_PER_MS);
    cr_assert(virtual_clock_advance(&time_source, span).is_ok, "the clock advances");
}

/* Executes a request without tensors. */
static inline rein_result_void execute_request(uint8_t number) {
    rein_execution_request request = sample_request(number);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    return rein_backend_execute(&backend, &request, &result);
}

static inline bool execute_succeeds(void) {
    return execute_request(1).is_ok;
}

static inline void set_specs(const rein_tensor_spec *inputs, size_t input_count,
                             const rein_tensor_spec *outputs, size_t output_count) {
    rein_tensor_spec_view input_view = {.specs = inputs, .count = input_count};
    rein_tensor_spec_view output_view = {.specs = outputs, .count = output_count};
    cr_assert(mock_backend_set_input_specs(mock, input_view).is_ok, "inputs are copied");
    cr_assert(mock_backend_set_output_specs(mock, output_view).is_ok, "outputs are copied");
}

static inline void expect_injected(rein_result_void result) {
    cr_assert(!result.is_ok, "the call fails");
    expect_error_facts(&REIN_ERROR(result), REIN_ERROR_BACKEND_ERROR, "mock");
}

#endif
