/* Errors that are injected into the calls of the mock. */
#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_case.h"
#include "mocks/mock_backend.h"

TestSuite(mock_backend, .init = set_up_mock, .fini = tear_down_mock);

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
    expect_invalid(&REIN_ERROR(injected), "n 0 1");
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
    expect_error_facts(&REIN_ERROR(executed), REIN_ERROR_DEVICE_LOST, "the device fell off");
    mock_backend_reset(mock);
    mock_backend_inject_error_always(mock, MOCK_BACKEND_EXECUTE);
    expect_injected(execute_request(1));
}
