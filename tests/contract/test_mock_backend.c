#include "mocks/mock_backend.h"

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_case.h"

/* How long the next execution takes by the mock's clock. */
static int64_t execute_for_ns(void) {
    int64_t start_ns = now_ns();
    cr_assert(execute_succeeds(), "an execution without tensors succeeds");
    return now_ns() - start_ns;
}

TestSuite(mock_backend, .init = set_up_mock, .fini = tear_down_mock);

Test(mock_backend, takes_ten_milliseconds_by_default) {
    cr_assert(execute_for_ns() == 10 * REIN_NS_PER_MS, "the first execution");
    cr_assert(execute_for_ns() == 10 * REIN_NS_PER_MS, "and every other");
}

Test(mock_backend, fills_the_result) {
    rein_execution_request request = sample_request(9);
    request.submission_time = rein_timestamp_from_ns(-5);
    request.deadline = rein_timestamp_from_ns(10 * REIN_NS_PER_MS);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "succeeds");
    cr_assert(rein_model_id_equal(&result.model_id, &request.model_id), "the model's id");
    cr_assert(rein_request_id_equal(&result.request_id, &request.request_id), "the request's id");
    cr_assert(result.actual_latency.ns == 10 * REIN_NS_PER_MS + 5, "from submission on");
    cr_assert(result.deadline_met, "completed at its deadline");
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "late, and no error");
    cr_assert(!result.deadline_met, "completed after its deadline");
}

Test(mock_backend, treats_a_zeroed_deadline_as_none) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    request.deadline = rein_timestamp_from_ns(0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "succeeds");
    cr_assert(result.deadline_met, "10 ms after the origin");
}

Test(mock_backend, reports_the_device_time_that_is_set) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "succeeds");
    cr_assert(!result.device_time_ns.is_known, "unknown at first");
    mock_backend_set_device_time(mock, rein_fact_u64_known(7));
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "succeeds");
    cr_assert(result.device_time_ns.is_known && result.device_time_ns.value == 7, "as it was set");
}

Test(mock_backend, refuses_a_request_for_another_model) {
    rein_execution_request request = sample_request(1);
    request.model_id = REIN_UNWRAP(rein_model_id_make("another"));
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(result.request_id.bytes[0] == 0 && now_ns() == 0, "nothing happens");
}

Test(mock_backend, has_the_latency_that_is_set) {
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(3)).is_ok, "3 ns");
    cr_assert(execute_for_ns() == 3, "as it was set");
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(0)).is_ok, "none");
    cr_assert(execute_for_ns() == 0, "no wait");
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(INT64_MAX)).is_ok, "for ever");
    cr_assert(execute_succeeds() && now_ns() == INT64_MAX, "to the end of time, without a wait");
}

Test(mock_backend, refuses_a_negative_latency_and_keeps_the_old_one) {
    rein_result_void set = mock_backend_set_latency(mock, rein_duration_from_ns(-1));
    expect_invalid(&REIN_ERROR(set), "latency -1ns");
    cr_assert(execute_for_ns() == 10 * REIN_NS_PER_MS, "unchanged");
}

static void set_random_latency(uint64_t seed) {
    rein_duration mean = rein_duration_from_ns(10 * REIN_NS_PER_MS);
    rein_duration deviation = rein_duration_from_ns(REIN_NS_PER_MS);
    cr_assert(mock_backend_set_random_latency(mock, mean, deviation, seed).is_ok, "is accepted");
}

Test(mock_backend, draws_random_latencies_that_a_seed_repeats) {
    int64_t first_ns[20];
    set_random_latency(42);
    for (int draw = 0; draw < 20; draw++) {
        first_ns[draw] = execute_for_ns();
    }
    cr_assert(first_ns[0] == 9621460, "the sequence of mock_latency.h, not %lld",
              (long long)first_ns[0]);
    cr_assert(first_ns[0] != first_ns[1], "one latency is not like the next");
    set_random_latency(42);
    for (int draw = 0; draw < 20; draw++) {
        cr_assert(execute_for_ns() == first_ns[draw], "draw %d of the same seed", draw);
    }
}

Test(mock_backend, refuses_parameters_that_are_not_a_distribution) {
    rein_duration second = rein_duration_from_ns(REIN_NS_PER_S);
    rein_duration negative = rein_duration_from_ns(-1);
    cr_assert(!mock_backend_set_random_latency(mock, second, negative, 1).is_ok, "deviation");
    cr_assert(!mock_backend_set_random_latency(mock, negative, second, 1).is_ok, "mean");
    cr_assert(execute_for_ns() == 10 * REIN_NS_PER_MS, "unchanged");
}

Test(mock_backend, a_failed_execution_takes_no_latency_from_the_sequence) {
    set_random_latency(42);
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    int64_t start_ns = now_ns();
    cr_assert(!execute_succeeds(), "the injected error");
    cr_assert(now_ns() == start_ns, "comes at once");
    cr_assert(execute_for_ns() == 9621460, "the first of the sequence");
}

Test(mock_backend, counts_every_call_whatever_its_result) {
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "none at first");
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));
    execute_request(1);
    execute_request(2);
    REIN_IGNORE(rein_backend_unload(&backend));
    REIN_IGNORE(rein_backend_unload(&backend));
    execute_request(3);
    REIN_IGNORE(rein_backend_warmup(&backend, NULL));
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 3,
              "one succeeded, one was injected, one had no model");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_LOAD) == 1, "the fixture's");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_UNLOAD) == 2, "one was refused");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_WARMUP) == 1, "refused");
}

Test(mock_backend, remembers_the_requests_in_their_order) {
    cr_assert(mock_backend_last_request(mock) == NULL, "none at first");
    cr_assert(mock_backend_execution_history(mock, 0) == NULL, "nor in the history");
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));
    for (uint8_t number = 1; number <= 40; number++) {
        execute_request(number);
    }
    for (uint8_t index = 0; index < 40; index++) {
        const rein_execution_request *kept = mock_backend_execution_history(mock, index);
        cr_assert(kept != NULL && kept->request_id.bytes[0] == index + 1, "request %d", index + 1);
    }
    cr_assert(mock_backend_execution_history(mock, 40) == NULL, "no more than there were");
    cr_assert(mock_backend_last_request(mock) == mock_backend_execution_history(mock, 39),
              "the last is the latest");
}

/* Two inputs of different types and an empty one; the mock is set to take them. */
static rein_execution_request request_with_tensors(rein_tensor tensors[3], float *first,
                                                   int8_t *second) {
    rein_tensor_spec specs[] = {sample_spec("first", REIN_DTYPE_FLOAT32, 3),
                                sample_spec("second", REIN_DTYPE_INT8, 5),
                                sample_spec("empty", REIN_DTYPE_FLOAT32, 0)};
    set_specs(specs, 3, NULL, 0);
    tensors[0] = REIN_UNWRAP(rein_tensor_make(&specs[0], first));
    tensors[1] = REIN_UNWRAP(rein_tensor_make(&specs[1], second));
    tensors[2] = REIN_UNWRAP(rein_tensor_make(&specs[2], NULL));
    rein_execution_request request = sample_request(1);
    request.input_tensors = tensors;
    request.input_tensor_count = 3;
    return request;
}

Test(mock_backend, keeps_copies_of_tensors_and_data) {
    float first[] = {1.0F, 2.0F, 3.0F};
    int8_t second[] = {4, 5, 6, 7, 8};
    rein_tensor tensors[3];
    rein_execution_request request = request_with_tensors(tensors, first, second);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "the tensors fit");
    memset(first, 0, sizeof first);
    memset(second, 0, sizeof second);
    memset(tensors, 0, sizeof tensors);
    const rein_execution_request *kept = mock_backend_last_request(mock);
    cr_assert(kept->input_tensor_count == 3 && kept->input_tensors != tensors, "its own tensors");
    const float *kept_first = kept->input_tensors[0].data;
    const int8_t *kept_second = kept->input_tensors[1].data;
    cr_assert(kept_first[0] == 1.0F && kept_first[2] == 3.0F, "the data of the first");
    cr_assert(kept_second[0] == 4 && kept_second[4] == 8, "the data of the second");
    cr_assert(is_same_text(kept->input_tensors[2].descriptor.name, "empty"), "the third");
}

Test(mock_backend, kept_requests_stay_where_they_are) {
    execute_request(1);
    const rein_execution_request *first = mock_backend_last_request(mock);
    for (int turn = 0; turn < 100; turn++) {
        execute_request(2);
    }
    cr_assert(mock_backend_execution_history(mock, 0) == first, "the same address");
    cr_assert(first->request_id.bytes[15] == 1, "the same content");
}

Test(mock_backend, reset_forgets_counts_history_and_injections) {
    set_random_latency(42);
    mock_backend_inject_error_always(mock, MOCK_BACKEND_WARMUP);
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));
    execute_request(1);
    mock_backend_reset(mock);
    for (int call = 0; call < MOCK_BACKEND_CALL_COUNT; call++) {
        cr_assert(mock_backend_call_count(mock, (mock_backend_call)call) == 0, "count %d", call);
    }
    cr_assert(mock_backend_last_request(mock) == NULL, "no last request");
    cr_assert(mock_backend_execution_history(mock, 0) == NULL, "no history");
    cr_assert(rein_backend_is_loaded(&backend), "the model stays loaded");
    cr_assert(execute_for_ns() == 8992478, "the sequence of latencies continues with its second");
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "nothing is injected");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 1, "counts from 0 again");
}

Test(mock_backend, sets_every_output_byte_on_success_and_none_on_failure) {
    float data[2] = {7.0F, 7.0F};
    rein_tensor_spec specs[] = {sample_spec("out", REIN_DTYPE_FLOAT32, 2),
                                sample_spec("empty", REIN_DTYPE_FLOAT32, 0)};
    set_specs(NULL, 0, specs, 2);
    rein_tensor outputs[] = {REIN_UNWRAP(rein_tensor_make(&specs[0], data)),
                             REIN_UNWRAP(rein_tensor_make(&specs[1], NULL))};
    rein_execution_result result = rein_execution_result_make(outputs, 2);
    rein_execution_request request = sample_request(1);
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    cr_assert(!rein_backend_execute(&backend, &request, &result).is_ok, "injected");
    cr_assert(data[0] == 7.0F && data[1] == 7.0F, "untouched");
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "succeeds");
    for (size_t index = 0; index < sizeof data; index++) {
        unsigned char byte = ((const unsigned char *)data)[index];
        cr_assert(byte == MOCK_BACKEND_OUTPUT_BYTE, "byte %zu is %d", index, (int)byte);
    }
}

Test(mock_backend, refuses_tensors_that_are_not_those_of_its_specs) {
    float data[1] = {0};
    rein_tensor tensor = sample_tensor("surplus", data, 1);
    rein_execution_request request = sample_request(1);
    request.input_tensors = &tensor;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_invalid(&REIN_ERROR(executed), "1 input tensors 0");
    cr_assert(mock_backend_last_request(mock)->input_tensor_count == 1, "recorded all the same");
}

Test(mock_backend, neither_counts_nor_records_a_tensor_that_is_not_valid) {
    float data[1] = {0};
    rein_tensor tensor = sample_tensor("small", data, 1);
    tensor.capacity_bytes = 3;
    rein_execution_request request = sample_request(1);
    request.input_tensors = &tensor;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "is not counted");
    cr_assert(mock_backend_last_request(mock) == NULL, "is not recorded");
}

Test(mock_backend, has_the_capabilities_that_it_is_given) {
    rein_backend_capabilities capabilities = *rein_backend_get_capabilities(&backend);
    cr_assert(is_same_text(capabilities.backend_name, "mock"), "its name at first");
    cr_assert(rein_dtype_set_has(capabilities.supported_dtypes, REIN_DTYPE_COMPLEX128),
              "all types");
    cr_assert(rein_memory_kind_set_has(capabilities.memory_kinds, REIN_MEMORY_MANAGED),
              "all kinds of memory");
    capabilities.max_batch_size = 3;
    capabilities.requires_pinned_memory = true;
    mock_backend_set_capabilities(mock, &capabilities);
    capabilities = *rein_backend_get_capabilities(&backend);
    cr_assert(capabilities.max_batch_size == 3 && capabilities.requires_pinned_memory, "as given");
}

Test(mock_backend_waiting, parts_can_be_left_out) {
    mock = REIN_UNWRAP(mock_backend_create(rein_clock_system()));
    rein_backend_interface table = *mock_backend_interface();
    table.sequences = NULL;
    table.submission = NULL;
    table.buffers = NULL;
    rein_backend_capabilities capabilities = *table.capabilities(mock);
    capabilities.supports_async_execution = false;
    mock_backend_set_capabilities(mock, &capabilities);
    backend = REIN_UNWRAP(rein_backend_bind(&table, mock));
    rein_result_void drained = rein_backend_drain(&backend);
    expect_code(&REIN_ERROR(drained), REIN_ERROR_UNSUPPORTED);
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 1);
    expect_code(&REIN_ERROR(opened), REIN_ERROR_UNSUPPORTED);
    rein_result_buffer allocated = rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_HOST);
    expect_code(&REIN_ERROR(allocated), REIN_ERROR_UNSUPPORTED);
    rein_backend_destroy(&backend);
}

Test(mock_backend, gives_the_estimates_that_it_is_given) {
    rein_memory_estimate memory =
        REIN_UNWRAP(rein_backend_estimate_memory(&backend, "model", NULL));
    cr_assert(memory.weights_bytes.is_known && memory.weights_bytes.value == 0, "0 at first");
    cr_assert(memory.activation_lower_bound_bytes.is_known, "known at first");
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(5)});
    memory = REIN_UNWRAP(rein_backend_estimate_memory(&backend, "model", NULL));
    cr_assert(memory.weights_bytes.value == 5 && !memory.load_peak_bytes.is_known, "as given");
}

Test(mock_backend, gives_the_lifetimes_that_it_is_given) {
    rein_tensor_lifetime lifetimes[] = {{.until = 1}, {.until = 2, .size_bytes = 3}};
    rein_lifetime_view view = {.lifetimes = lifetimes, .count = 2};
    cr_assert(mock_backend_set_lifetimes(mock, view).is_ok, "are copied");
    memset(lifetimes, 0, sizeof lifetimes);
    rein_lifetime_view kept = REIN_UNWRAP(rein_backend_estimate_lifetimes(&backend, "model", NULL));
    cr_assert(kept.count == 2 && kept.lifetimes[1].until == 2, "as given");
    view.count = 0;
    cr_assert(mock_backend_set_lifetimes(mock, view).is_ok, "none again");
    kept = REIN_UNWRAP(rein_backend_estimate_lifetimes(&backend, "model", NULL));
    cr_assert(kept.count == 0 && kept.lifetimes == NULL, "none");
}

Test(mock_backend, gives_the_specs_that_it_is_given) {
    rein_tensor_spec spec = sample_spec("in", REIN_DTYPE_BOOL, 4);
    rein_tensor_spec_view view = {.specs = &spec, .count = 1};
    cr_assert(mock_backend_set_input_specs(mock, view).is_ok, "are copied");
    spec = sample_spec("out", REIN_DTYPE_INT64, 2);
    cr_assert(mock_backend_set_output_specs(mock, view).is_ok, "are copied");
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, "model");
    cr_assert(is_same_text(REIN_VALUE(inputs).specs[0].name, "in"), "as given");
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(&backend, "model");
    cr_assert(is_same_text(REIN_VALUE(outputs).specs[0].name, "out"), "as given");
    spec = sample_spec("new", REIN_DTYPE_INT64, 2);
    cr_assert(mock_backend_set_output_specs(mock, view).is_ok, "take the place of the old ones");
    outputs = rein_backend_output_specs(&backend, "model");
    cr_assert(is_same_text(REIN_VALUE(outputs).specs[0].name, "new"), "as given last");
}

Test(mock_backend, finds_no_model_but_the_one_at_its_path) {
    REIN_IGNORE(rein_backend_unload(&backend));
    cr_assert(mock_backend_set_model_path(mock, "model").is_ok, "is copied");
    rein_result_void loaded = load_sample("other");
    expect_error_facts(&REIN_ERROR(loaded), REIN_ERROR_NOT_FOUND, "'other'");
    cr_assert(!rein_backend_estimate_memory(&backend, "other", NULL).is_ok, "memory");
    cr_assert(!rein_backend_estimate_lifetimes(&backend, "other", NULL).is_ok, "lifetimes");
    cr_assert(!rein_backend_input_specs(&backend, "other").is_ok, "input specs");
    cr_assert(!rein_backend_output_specs(&backend, "other").is_ok, "output specs");
    cr_assert(load_sample("model").is_ok, "the one that it has");
    cr_assert(mock_backend_set_model_path(mock, NULL).is_ok, "any path again");
    cr_assert(rein_backend_estimate_memory(&backend, "other", NULL).is_ok, "any path is found");
}

Test(mock_backend, refuses_the_broken_model_at_its_path) {
    REIN_IGNORE(rein_backend_unload(&backend));
    cr_assert(mock_backend_set_broken_path(mock, "broken").is_ok, "is copied");
    rein_result_void loaded = load_sample("broken");
    expect_error_facts(&REIN_ERROR(loaded), REIN_ERROR_BACKEND_ERROR, "'broken'");
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, "broken");
    expect_code(&REIN_ERROR(inputs), REIN_ERROR_BACKEND_ERROR);
    cr_assert(load_sample("other").is_ok, "any other path names a model");
    cr_assert(mock_backend_set_broken_path(mock, NULL).is_ok, "none again");
    cr_assert(rein_backend_input_specs(&backend, "broken").is_ok, "any path names a model");
}
