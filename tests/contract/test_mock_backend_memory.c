/* Every allocation of the mock fails once: nothing leaks, nothing changes, the error says so. */
#include "expect.h"
#include "failing_allocator.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "samples.h"

static rein_result_void execute(const rein_backend *backend, const rein_tensor *input) {
    rein_execution_request request = sample_request(1);
    request.input_tensors = input;
    request.input_tensor_count = 1;
    rein_execution_result result = {0};
    return rein_backend_execute(backend, &request, &result);
}

/* Everything that allocates; the first error. */
static rein_result_void use_mock(mock_backend *mock, const rein_backend *backend) {
    float data[] = {1.0F, 2.0F};
    rein_tensor input = sample_tensor("in", data, 2);
    rein_tensor_spec_view specs = {.specs = &input.spec, .count = 1};
    rein_tensor_lifetime lifetime = {.until = 1, .alignment_bytes = 1};
    rein_result_void done[] = {
        mock_backend_set_input_specs(mock, specs),
        mock_backend_set_lifetimes(mock, (rein_lifetime_view){&lifetime, 1}),
        mock_backend_set_model_path(mock, "model"),
        rein_backend_load(backend, "model"),
        execute(backend, &input),
    };
    for (size_t index = 0; index < sizeof done / sizeof done[0]; index++) {
        REIN_TRY(rein_result_void, done[index]);
    }
    return rein_done();
}

/* Creates, uses and destroys a mock while the allocation numbered `failing` fails. */
static rein_result_void live_with_failure(size_t failing) {
    virtual_clock time;
    virtual_clock_init(&time, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time);
    failing_allocation = failing;
    mock_backend *created = REIN_TRY(rein_result_void, mock_backend_create(&clock));
    rein_backend backend = mock_backend_bind(created);
    rein_result_void used = use_mock(created, &backend);
    failing_allocation = 0;
    rein_backend_destroy(&backend);
    return used;
}

Test(mock_backend_memory, every_allocation_fails_once_cleanly) {
    size_t failed = fail_each_allocation(live_with_failure);
    cr_assert(failed == 6, "the mock, specs, lifetimes, path, history and request: %zu", failed);
}

static mock_backend *new_mock(virtual_clock *time) {
    virtual_clock_init(time, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(time);
    return REIN_UNWRAP(mock_backend_create(&clock));
}

Test(mock_backend_memory, a_request_that_cannot_be_recorded_changes_nothing) {
    virtual_clock time;
    mock_backend *mock = new_mock(&time);
    rein_backend backend = mock_backend_bind(mock);
    REIN_IGNORE(rein_backend_load(&backend, "model"));
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    rein_execution_request request = sample_request(1);
    rein_execution_result result = {0};
    for (size_t allocation = 1; allocation <= 2; allocation++) {
        failing_allocation = allocation;
        rein_result_void executed = rein_backend_execute(&backend, &request, &result);
        cr_assert(REIN_ERROR(executed).code == REIN_ERROR_OUT_OF_MEMORY, "%zu", allocation);
        cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "does not count");
        cr_assert(mock_backend_last_request(mock) == NULL, "is not in the history");
    }
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    cr_assert(REIN_ERROR(executed).code == REIN_ERROR_BACKEND_ERROR, "the injection still stands");
    rein_backend_destroy(&backend);
}

Test(mock_backend_memory, a_configuration_that_cannot_be_copied_keeps_the_old_one) {
    virtual_clock time;
    mock_backend *mock = new_mock(&time);
    rein_backend backend = mock_backend_bind(mock);
    rein_tensor_spec spec = sample_spec("old", REIN_DTYPE_INT8, 1);
    rein_tensor_spec_view view = {.specs = &spec, .count = 1};
    cr_assert(mock_backend_set_output_specs(mock, view).is_ok, "the old one");
    spec = sample_spec("new", REIN_DTYPE_INT8, 1);
    failing_allocation = 1;
    rein_result_void set = mock_backend_set_output_specs(mock, view);
    expect_error(&REIN_ERROR(set), REIN_ERROR_OUT_OF_MEMORY,
                 "no memory for the mock's configuration");
    rein_result_tensor_spec_view kept = rein_backend_output_specs(&backend, "model");
    cr_assert(REIN_VALUE(kept).count == 1, "one spec");
    cr_assert(is_same_text(REIN_VALUE(kept).specs[0].descriptor.name, "old"), "the old one");
    rein_backend_destroy(&backend);
}
