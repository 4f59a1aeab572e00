#include "mocks/mock_backend.h"

#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_case.h"

static bool execute_succeeds(void) {
    return execute_request(1).is_ok;
}

/* How long the next execution takes by the mock's clock. */
static int64_t execute_for_ns(void) {
    int64_t start_ns = now_ns();
    cr_assert(execute_succeeds(), "an execution without tensors succeeds");
    return now_ns() - start_ns;
}

TestSuite(mock_backend, .init = set_up_mock, .fini = tear_down_mock);

Test(mock_backend, takes_ten_milliseconds_at_first) {
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

Test(mock_backend, takes_a_zeroed_deadline_for_none) {
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

Test(mock_backend, takes_the_latency_that_is_set) {
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(3)).is_ok, "3 ns");
    cr_assert(execute_for_ns() == 3, "as it was set");
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(0)).is_ok, "none");
    cr_assert(execute_for_ns() == 0, "no wait");
    cr_assert(mock_backend_set_latency(mock, rein_duration_from_ns(INT64_MAX)).is_ok, "for ever");
    cr_assert(execute_succeeds() && now_ns() == INT64_MAX, "to the end of time, without a wait");
}

Test(mock_backend, refuses_a_negative_latency_and_keeps_the_old_one) {
    rein_result_void set = mock_backend_set_latency(mock, rein_duration_from_ns(-1));
    expect_invalid_argument(&REIN_ERROR(set), "the latency is -1ns, expected zero or more");
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

Test(mock_backend, refuses_a_random_latency_that_is_no_distribution) {
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

/* Calls that succeed if nothing is injected; their outcome is that of the call they are named for.
 */
static rein_result_void call_execute(void) {
    return execute_request(1);
}

static rein_result_void call_load(void) {
    if (rein_backend_is_loaded(&backend)) {
        REIN_UNWRAP(rein_backend_unload(&backend));
    }
    return load_sample("model");
}

static rein_result_void call_unload(void) {
    if (!rein_backend_is_loaded(&backend)) {
        REIN_UNWRAP(load_sample("model"));
    }
    rein_result_void unloaded = rein_backend_unload(&backend);
    if (unloaded.is_ok) {
        REIN_UNWRAP(load_sample("model"));
    }
    return unloaded;
}

static rein_result_void call_warmup(void) {
    return rein_backend_warmup(&backend, NULL);
}

static rein_result_void call_estimate_memory(void) {
    REIN_TRY(rein_result_void, rein_backend_estimate_memory(&backend, "model", NULL));
    return rein_done();
}

static rein_result_void call_estimate_lifetimes(void) {
    REIN_TRY(rein_result_void, rein_backend_estimate_lifetimes(&backend, "model", NULL));
    return rein_done();
}

static rein_result_void call_input_specs(void) {
    REIN_TRY(rein_result_void, rein_backend_input_specs(&backend, "model"));
    return rein_done();
}

static rein_result_void call_output_specs(void) {
    REIN_TRY(rein_result_void, rein_backend_output_specs(&backend, "model"));
    return rein_done();
}

static rein_result_void call_estimate_state(void) {
    REIN_TRY(rein_result_void, rein_backend_estimate_state(&backend, "model", 1));
    return rein_done();
}

static rein_result_void call_open_sequence(void) {
    REIN_TRY(rein_result_void, rein_backend_open_sequence(&backend, 1));
    return rein_done();
}

static rein_result_void call_close_sequence(void) {
    rein_sequence_id sequence = REIN_UNWRAP(rein_backend_open_sequence(&backend, 1));
    return rein_backend_close_sequence(&backend, sequence);
}

static void keep_outcome(void *context, rein_result_void outcome, rein_execution_result *result) {
    (void)result;
    *(rein_result_void *)context = outcome;
}

/* Submits an execution and drains; writes the outcome of the execution. */
static rein_result_void submit_and_drain(rein_result_void *out_outcome) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = keep_outcome, .context = out_outcome};
    rein_result_void submitted = rein_backend_submit(&backend, &request, &result, completion);
    REIN_UNWRAP(rein_backend_drain(&backend));
    return submitted;
}

static rein_result_void call_submit(void) {
    rein_result_void outcome;
    return submit_and_drain(&outcome);
}

static rein_result_void call_complete(void) {
    rein_result_void outcome;
    REIN_UNWRAP(submit_and_drain(&outcome));
    return outcome;
}

static rein_result_void call_drain(void) {
    return rein_backend_drain(&backend);
}

static rein_result_void call_allocate(void) {
    void *buffer =
        REIN_TRY(rein_result_void, rein_backend_allocate_buffer(&backend, 1, REIN_MEMORY_HOST));
    rein_backend_release_buffer(&backend, buffer);
    return rein_done();
}

static rein_result_void make_call(mock_backend_call call) {
    static rein_result_void (*const calls[MOCK_BACKEND_CALL_COUNT])(void) = {
        [MOCK_BACKEND_EXECUTE] = call_execute,
        [MOCK_BACKEND_LOAD] = call_load,
        [MOCK_BACKEND_UNLOAD] = call_unload,
        [MOCK_BACKEND_WARMUP] = call_warmup,
        [MOCK_BACKEND_ESTIMATE_MEMORY] = call_estimate_memory,
        [MOCK_BACKEND_ESTIMATE_LIFETIMES] = call_estimate_lifetimes,
        [MOCK_BACKEND_INPUT_SPECS] = call_input_specs,
        [MOCK_BACKEND_OUTPUT_SPECS] = call_output_specs,
        [MOCK_BACKEND_ESTIMATE_STATE] = call_estimate_state,
        [MOCK_BACKEND_OPEN_SEQUENCE] = call_open_sequence,
        [MOCK_BACKEND_CLOSE_SEQUENCE] = call_close_sequence,
        [MOCK_BACKEND_SUBMIT] = call_submit,
        [MOCK_BACKEND_COMPLETE] = call_complete,
        [MOCK_BACKEND_DRAIN] = call_drain,
        [MOCK_BACKEND_ALLOCATE] = call_allocate,
    };
    return calls[call]();
}

static void expect_the_third_call_to_fail(mock_backend_call call) {
    cr_assert(mock_backend_inject_error_on_call(mock, call, 3).is_ok, "3 is a call from now");
    cr_assert(make_call(call).is_ok && make_call(call).is_ok, "call %d: two before it", (int)call);
    expect_injected(make_call(call));
    for (int later = 0; later < 5; later++) {
        cr_assert(make_call(call).is_ok, "call %d: only once", (int)call);
    }
}

Test(mock_backend, the_nth_call_from_now_fails_once) {
    for (int call = 0; call < MOCK_BACKEND_CALL_COUNT; call++) {
        expect_the_third_call_to_fail((mock_backend_call)call);
        expect_the_third_call_to_fail((mock_backend_call)call);
    }
}

Test(mock_backend, a_call_counts_for_itself_alone) {
    for (int index = 0; index < MOCK_BACKEND_CALL_COUNT; index++) {
        mock_backend_reset(mock);
        cr_assert(make_call((mock_backend_call)index).is_ok, "call %d", index);
        uint64_t count = mock_backend_call_count(mock, (mock_backend_call)index);
        cr_assert(count == 1, "call %d counts %llu", index, (unsigned long long)count);
    }
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "nothing else executes");
}

Test(mock_backend, call_zero_from_now_is_refused_and_changes_nothing) {
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    rein_result_void injected = mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 0);
    expect_invalid_argument(&REIN_ERROR(injected), "n is 0; the next call is 1");
    expect_injected(execute_request(1));
}

Test(mock_backend, every_call_fails_until_the_injection_is_cleared) {
    for (int index = 0; index < MOCK_BACKEND_CALL_COUNT; index++) {
        mock_backend_call call = (mock_backend_call)index;
        mock_backend_inject_error_always(mock, call);
        for (int turn = 0; turn < 3; turn++) {
            expect_injected(make_call(call));
        }
        mock_backend_clear_error_injection(mock, call);
        cr_assert(make_call(call).is_ok, "call %d after it was cleared", index);
    }
}

Test(mock_backend, clearing_disarms_a_call_that_has_not_failed_yet) {
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));
    cr_assert(execute_succeeds(), "the first");
    mock_backend_clear_error_injection(mock, MOCK_BACKEND_EXECUTE);
    cr_assert(execute_succeeds() && execute_succeeds(), "the second no longer fails");
}

Test(mock_backend, an_injection_takes_the_place_of_the_one_before) {
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 2));
    cr_assert(execute_succeeds(), "no longer always");
    cr_assert(!execute_succeeds(), "the second");
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    cr_assert(!execute_succeeds() && !execute_succeeds(), "no longer once");
}

Test(mock_backend, injections_into_one_call_leave_the_others_alone) {
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "warm-up");
    cr_assert(rein_backend_unload(&backend).is_ok, "unload");
    cr_assert(load_sample("model").is_ok, "load");
    expect_injected(execute_request(1));
}

Test(mock_backend, calls_that_fail_for_another_reason_count_for_the_injection) {
    REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_LOAD, 2));
    rein_result_void loaded = load_sample("model");
    cr_assert(REIN_ERROR(loaded).code == REIN_ERROR_INVALID_STATE, "a model is loaded");
    expect_injected(load_sample("model"));
    loaded = load_sample("model");
    cr_assert(REIN_ERROR(loaded).code == REIN_ERROR_INVALID_STATE, "once");
}

Test(mock_backend, an_injected_error_leaves_the_state_alone) {
    mock_backend_inject_error_always(mock, MOCK_BACKEND_UNLOAD);
    expect_injected(rein_backend_unload(&backend));
    cr_assert(rein_backend_is_loaded(&backend), "still loaded");
    mock_backend_clear_error_injection(mock, MOCK_BACKEND_UNLOAD);
    cr_assert(rein_backend_unload(&backend).is_ok, "can be unloaded");
    mock_backend_inject_error_always(mock, MOCK_BACKEND_LOAD);
    expect_injected(load_sample("model"));
    cr_assert(!rein_backend_is_loaded(&backend), "still not loaded");
}

Test(mock_backend, answers_the_error_that_it_was_given) {
    rein_error lost = rein_error_make(REIN_ERROR_DEVICE_LOST, REIN_HERE, "the device fell off");
    mock_backend_set_injected_error(mock, MOCK_BACKEND_EXECUTE, lost);
    cr_assert(execute_succeeds(), "the error alone injects nothing");
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    rein_result_void executed = execute_request(1);
    expect_error(&REIN_ERROR(executed), REIN_ERROR_DEVICE_LOST, "the device fell off");
    mock_backend_reset(mock);
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    expect_injected(execute_request(1));
}

Test(mock_backend, counts_every_call_whatever_comes_of_it) {
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
    cr_assert(execute_for_ns() == 8992478, "the latencies go on: the second of the sequence");
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
    expect_invalid_argument(&REIN_ERROR(executed), "1 input tensors; the model takes 0");
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
    expect_error(&REIN_ERROR(loaded), REIN_ERROR_NOT_FOUND,
                 "no model at 'other': the mock has another model path");
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
    expect_error(&REIN_ERROR(loaded), REIN_ERROR_BACKEND_ERROR, "the mock's broken model");
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&backend, "broken");
    expect_code(&REIN_ERROR(inputs), REIN_ERROR_BACKEND_ERROR);
    cr_assert(load_sample("other").is_ok, "any other path names a model");
    cr_assert(mock_backend_set_broken_path(mock, NULL).is_ok, "none again");
    cr_assert(rein_backend_input_specs(&backend, "broken").is_ok, "any path names a model");
}

/* A clock that stands at 0 and calls a function while an execution waits. */
static rein_timestamp stand_still(void *self) {
    (void)self;
    return rein_timestamp_from_ns(0);
}

static void bind_mock_that_calls(void (*while_waiting)(void *self, rein_timestamp wake)) {
    rein_clock clock = {.now = stand_still, .sleep_until = while_waiting};
    bind_mock_on(&clock);
    cr_assert(load_sample("model").is_ok, "loads");
}

static uint64_t seen_count;
static rein_error_code seen_code;

static void look_and_unload(void *self, rein_timestamp wake) {
    (void)self;
    (void)wake;
    seen_count = mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE);
    rein_result_void unloaded = rein_backend_unload(&backend);
    seen_code = REIN_ERROR(unloaded).code;
}

/* A lock held while the mock waits would stop this test for ever. */
Test(mock_backend_waiting, holds_no_lock_and_refuses_to_unload) {
    bind_mock_that_calls(look_and_unload);
    cr_assert(execute_succeeds(), "the execution");
    cr_assert(seen_count == 1, "is seen while it waits");
    cr_assert(seen_code == REIN_ERROR_INVALID_STATE, "keeps the model while it waits");
    cr_assert(rein_backend_unload(&backend).is_ok, "unload while idle");
    rein_backend_destroy(&backend);
}

static void change_configuration(void *self, rein_timestamp wake) {
    (void)self;
    (void)wake;
    rein_tensor_spec specs[] = {sample_spec("one", REIN_DTYPE_INT8, 3),
                                sample_spec("two", REIN_DTYPE_INT8, 3)};
    set_specs(specs, 2, specs, 2);
    mock_backend_set_device_time(mock, rein_fact_u64_known(7));
}

Test(mock_backend_waiting, an_execution_keeps_the_configuration_of_its_begin) {
    bind_mock_that_calls(change_configuration);
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_backend_execute(&backend, &request, &result).is_ok, "without tensors");
    cr_assert(!result.device_time_ns.is_known, "the device time of its begin");
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_INVALID_ARGUMENT);
    rein_backend_destroy(&backend);
}

static bool cancel_flag;

static void cancel(void *self, rein_timestamp wake) {
    (void)self;
    (void)wake;
    __atomic_store_n(&cancel_flag, true, __ATOMIC_RELAXED);
}

Test(mock_backend_waiting, an_execution_is_cancelled_before_it_begins_or_while_it_waits) {
    bind_mock_that_calls(cancel);
    rein_execution_request request = sample_request(1);
    request.cancel = &cancel_flag;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_error(&REIN_ERROR(executed), REIN_ERROR_CANCELLED, "cancelled while it ran");
    executed = rein_backend_execute(&backend, &request, &result);
    expect_error(&REIN_ERROR(executed), REIN_ERROR_CANCELLED,
                 "the request was cancelled before it began");
    cr_assert(result.request_id.bytes[0] == 0, "the result is as before");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 2, "both count");
    cr_assert(rein_backend_unload(&backend).is_ok, "neither runs any more");
    rein_backend_destroy(&backend);
}

/* A clock that stands at 0 and records the times that executions sleep until. */
static int64_t wake_ns[2];
static size_t wake_count;

static void record_wake(void *self, rein_timestamp wake) {
    (void)self;
    wake_ns[wake_count++] = wake.ns;
}

Test(mock_backend_waiting, executions_overlap_if_the_capabilities_say_so) {
    bind_mock_that_calls(record_wake);
    cr_assert(execute_succeeds() && execute_succeeds(), "both begin at 0");
    cr_assert(wake_ns[0] == 10 * REIN_NS_PER_MS && wake_ns[1] == wake_ns[0], "both end at once");
    rein_backend_capabilities capabilities = *rein_backend_get_capabilities(&backend);
    capabilities.supports_concurrent_execution = false;
    mock_backend_set_capabilities(mock, &capabilities);
    wake_count = 0;
    cr_assert(execute_succeeds() && execute_succeeds(), "both begin at 0");
    cr_assert(wake_ns[0] == 10 * REIN_NS_PER_MS, "the first ends");
    cr_assert(wake_ns[1] == 20 * REIN_NS_PER_MS, "before the second begins");
    rein_backend_destroy(&backend);
}

Test(mock_backend_waiting, a_mock_that_was_never_bound_is_destroyed_alone) {
    mock = REIN_UNWRAP(mock_backend_create(rein_clock_system()));
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_LOAD) == 0, "nothing was called");
    mock_backend_destroy(mock);
}

/* The tensors that a callback received, and whether it cancels. */
typedef struct receiver {
    size_t part_count;
    size_t cancel_after; /* this many parts; 0: never */
    size_t stop_after;   /* the same */
    float last;          /* the first element of the last part */
} receiver;

static bool receive_part(void *context, const rein_tensor *outputs, size_t count) {
    receiver *self = context;
    cr_assert(count == 1, "all outputs");
    self->part_count++;
    self->last = ((const float *)outputs[0].data)[0];
    cancel_flag = self->part_count == self->cancel_after;
    return self->part_count != self->stop_after;
}

/* Executes with one output of two elements whose callback is `self`. */
static rein_result_void execute_in_parts(receiver *self) {
    float data[2] = {7.0F, 7.0F};
    rein_tensor_spec spec = sample_spec("out", REIN_DTYPE_FLOAT32, 2);
    set_specs(NULL, 0, &spec, 1);
    rein_tensor output = REIN_UNWRAP(rein_tensor_make(&spec, data));
    rein_execution_request request = sample_request(1);
    request.cancel = &cancel_flag;
    request.on_output = receive_part;
    request.on_output_context = self;
    rein_execution_result result = rein_execution_result_make(&output, 1);
    return rein_backend_execute(&backend, &request, &result);
}

Test(mock_backend, gives_as_many_partial_outputs_as_are_set) {
    receiver self = {.part_count = 0};
    cr_assert(execute_in_parts(&self).is_ok && self.part_count == 0, "none at first");
    mock_backend_set_partial_outputs(mock, 3);
    cr_assert(execute_in_parts(&self).is_ok && self.part_count == 3, "three");
    cr_assert(self.last != 7.0F, "the outputs are written before");
    cr_assert(!execute_request(1).is_ok, "refused: it has no output");
}

Test(mock_backend, a_callback_may_end_the_execution) {
    receiver self = {.stop_after = 2};
    mock_backend_set_partial_outputs(mock, 3);
    cr_assert(execute_in_parts(&self).is_ok, "which succeeds");
    cr_assert(self.part_count == 2, "with the parts until then");
}

Test(mock_backend, an_execution_without_a_callback_has_no_partial_outputs) {
    mock_backend_set_partial_outputs(mock, 3);
    cr_assert(execute_succeeds(), "nobody receives them");
}

Test(mock_backend, a_callback_can_cancel_the_rest) {
    receiver self = {.cancel_after = 2};
    mock_backend_set_partial_outputs(mock, 3);
    rein_result_void executed = execute_in_parts(&self);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_CANCELLED);
    cr_assert(self.part_count == 2, "no part after the cancellation");
}
