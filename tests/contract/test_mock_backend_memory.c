/* Every allocation of the mock fails once: nothing leaks, nothing changes, the error says so. */
#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "failing_allocator.h"
#include "mock_case.h"

/* A model with one input and one output, each of two elements. */
static float input_data[2];
static float output_data[2];

static rein_result_void configure(void) {
    rein_tensor_spec spec = sample_spec("both", REIN_DTYPE_FLOAT32, 2);
    rein_tensor_spec_view specs = {.specs = &spec, .count = 1};
    rein_tensor_lifetime lifetime = {.until = 1, .alignment_bytes = 1};
    rein_lifetime_view lifetimes = {.lifetimes = &lifetime, .count = 1};
    REIN_TRY(rein_result_void, mock_backend_set_input_specs(mock, specs));
    REIN_TRY(rein_result_void, mock_backend_set_output_specs(mock, specs));
    REIN_TRY(rein_result_void, mock_backend_set_lifetimes(mock, lifetimes));
    REIN_TRY(rein_result_void, mock_backend_set_broken_path(mock, "broken"));
    return mock_backend_set_model_path(mock, "model");
}

static rein_result_void execute(rein_sequence_id sequence) {
    rein_tensor input = sample_tensor("both", input_data, 2);
    rein_tensor output = sample_tensor("both", output_data, 2);
    rein_execution_request request = sample_request(1);
    request.input_tensors = &input;
    request.input_tensor_count = 1;
    request.sequence = sequence;
    rein_execution_result result = rein_execution_result_make(&output, 1);
    return rein_backend_execute(&backend, &request, &result);
}

static void count_completion(void *context, rein_result_void outcome,
                             rein_execution_result *result) {
    (void)outcome;
    (void)result;
    ++*(size_t *)context;
}

/* Submits an execution and drains. A submission that is refused has no completion. */
static rein_result_void submit(void) {
    rein_tensor input = sample_tensor("both", input_data, 2);
    rein_tensor output = sample_tensor("both", output_data, 2);
    rein_execution_request request = sample_request(1);
    request.input_tensors = &input;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(&output, 1);
    size_t completions = 0;
    rein_completion completion = {.function = count_completion, .context = &completions};
    rein_result_void submitted = rein_backend_submit(&backend, &request, &result, completion);
    REIN_UNWRAP(rein_backend_drain(&backend));
    cr_assert(completions == (submitted.is_ok ? 1 : 0), "%zu completions", completions);
    return submitted;
}

/* Makes every call that allocates, up to the first that fails. */
static rein_result_void use_mock(void) {
    REIN_TRY(rein_result_void, configure());
    REIN_TRY(rein_result_void, load_sample("model"));
    REIN_TRY(rein_result_void, execute((rein_sequence_id){.value = 0}));
    REIN_TRY(rein_result_void, rein_backend_open_sequence(&backend, 1));
    REIN_TRY(rein_result_void, submit());
    REIN_TRY(rein_result_void, rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_PINNED));
    return rein_done();
}

/* Creates, uses and destroys a mock while the allocation numbered `failing` fails. */
static rein_result_void run_with_failure(size_t failing) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time_source);
    failing_allocation = failing;
    mock = REIN_TRY(rein_result_void, mock_backend_create(&clock));
    backend = mock_backend_bind(mock);
    rein_result_void used = use_mock();
    failing_allocation = 0;
    rein_backend_destroy(&backend);
    return used;
}

Test(mock_backend_memory, every_allocation_fails_once_cleanly) {
    size_t failed = fail_each_allocation(run_with_failure);
    cr_assert(failed == 15,
              "1 for the mock, 6 to configure it, 3 to execute, 1 for the sequences, 3 to submit, "
              "1 for the buffer: %zu",
              failed);
}

TestSuite(mock_backend_use, .init = set_up_mock, .fini = tear_down_mock);

Test(mock_backend_use, a_request_that_cannot_be_recorded_changes_nothing) {
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    for (size_t allocation = 1; allocation <= 2; allocation++) {
        failing_allocation = allocation;
        rein_result_void executed = execute_request(1);
        expect_code(&REIN_ERROR(executed), REIN_ERROR_OUT_OF_MEMORY);
        cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "does not count");
        cr_assert(mock_backend_last_request(mock) == NULL, "is not in the history");
    }
    expect_injected(execute_request(1));
}

Test(mock_backend_use, an_execution_without_memory_for_its_shapes_takes_no_token) {
    cr_assert(configure().is_ok, "the configuration");
    rein_sequence_id sequence = REIN_UNWRAP(rein_backend_open_sequence(&backend, 1));
    failing_allocation = 3;
    rein_result_void executed = execute(sequence);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_OUT_OF_MEMORY);
    cr_assert(now_ns() == 0, "fails at once");
    cr_assert(execute(sequence).is_ok, "the token is left");
}

Test(mock_backend_use, a_refused_sequence_leaves_the_open_ones) {
    rein_sequence_id sequence = REIN_UNWRAP(rein_backend_open_sequence(&backend, 1));
    for (size_t index = 0; index < 3; index++) {
        REIN_UNWRAP(rein_backend_open_sequence(&backend, 1));
    }
    failing_allocation = 1;
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 1);
    expect_error_facts(&REIN_ERROR(opened), REIN_ERROR_OUT_OF_MEMORY, "memory mock");
    cr_assert(rein_backend_close_sequence(&backend, sequence).is_ok, "the first is open");
}

Test(mock_backend_use, a_configuration_that_cannot_be_copied_keeps_the_old_one) {
    rein_tensor_spec spec = sample_spec("old", REIN_DTYPE_INT8, 1);
    rein_tensor_spec_view view = {.specs = &spec, .count = 1};
    cr_assert(mock_backend_set_output_specs(mock, view).is_ok, "the old one");
    spec = sample_spec("new", REIN_DTYPE_INT8, 1);
    for (size_t allocation = 1; allocation <= 2; allocation++) {
        failing_allocation = allocation;
        rein_result_void set = mock_backend_set_output_specs(mock, view);
        expect_error_facts(&REIN_ERROR(set), REIN_ERROR_OUT_OF_MEMORY, "memory mock");
        rein_tensor_spec_view kept = REIN_UNWRAP(rein_backend_output_specs(&backend, "model"));
        cr_assert(kept.count == 1 && is_same_text(kept.specs[0].name, "old"), "the old one");
    }
}
