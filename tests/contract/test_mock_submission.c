#include "mocks/mock_submission.h"

#include <pthread.h>
#include <sched.h>

#include "mock_case.h"

TestSuite(mock_submission, .init = set_up_mock, .fini = tear_down_mock);

enum { SUBMISSION_MOST = 200, LATENCY_MS = 10 };

/* A submitted execution and what its completion received. */
typedef struct submission {
    rein_execution_request request;
    rein_execution_result result;
    rein_result_void outcome;
    int completions;
    size_t rank; /* its place in the order of completion */
} submission;

static submission submissions[SUBMISSION_MOST];
static size_t completed;

static void complete(void *context, rein_result_void outcome, rein_execution_result *result) {
    submission *self = context;
    cr_assert(result == &self->result, "the result that was submitted");
    self->outcome = outcome;
    self->completions++;
    self->rank = completed++;
}

static rein_result_void submit(submission *self) {
    self->request = sample_request(1);
    self->request.submission_time = rein_timestamp_from_ns(now_ns());
    self->result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = complete, .context = self};
    return rein_backend_submit(&backend, &self->request, &self->result, completion);
}

static void submit_some(size_t count) {
    for (size_t index = 0; index < count; index++) {
        cr_assert(submit(&submissions[index]).is_ok, "submission %zu", index);
    }
}

static void expect_completed(size_t count) {
    for (size_t index = 0; index < SUBMISSION_MOST; index++) {
        int expected = index < count ? 1 : 0;
        cr_assert(submissions[index].completions == expected, "submission %zu: %d completions",
                  index, submissions[index].completions);
        cr_assert(expected == 0 || submissions[index].rank == index,
                  "submission %zu is completed "
                  "as number %zu",
                  index, submissions[index].rank);
    }
}

Test(mock_submission, is_not_complete_before_its_time) {
    submit_some(1);
    cr_assert(mock_backend_complete_due(mock) == 0, "not at once");
    advance_ms(LATENCY_MS - 1);
    cr_assert(mock_backend_complete_due(mock) == 0, "not before its end");
    cr_assert(mock_backend_pending_count(mock) == 1, "it is pending");
    expect_completed(0);
    advance_ms(1);
    cr_assert(mock_backend_complete_due(mock) == 1, "at its end");
    cr_assert(mock_backend_pending_count(mock) == 0, "nothing is pending");
    expect_completed(1);
    cr_assert(mock_backend_complete_due(mock) == 0, "only once");
}

Test(mock_submission, fills_the_result) {
    mock_backend_set_device_time(mock, rein_fact_u64_known(7));
    submit_some(1);
    cr_assert(submissions[0].result.request_id.bytes[0] == 0, "not before its end");
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    const rein_execution_result *result = &submissions[0].result;
    cr_assert(submissions[0].outcome.is_ok, "it succeeds");
    cr_assert(rein_request_id_equal(&result->request_id, &submissions[0].request.request_id),
              "its request");
    cr_assert(result->actual_latency.ns == LATENCY_MS * REIN_NS_PER_MS, "its latency");
    cr_assert(result->device_time_ns.is_known && result->device_time_ns.value == 7, "device time");
}

Test(mock_submission, runs_one_after_the_other) {
    submit_some(3);
    advance_ms(25);
    cr_assert(mock_backend_complete_due(mock) == 2, "they end at 10 and 20 ms");
    expect_completed(2);
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    expect_completed(3);
    cr_assert(now_ns() == 30 * REIN_NS_PER_MS, "the third ends at 30 ms");
}

Test(mock_submission, begins_at_once_if_the_device_is_idle) {
    submit_some(1);
    advance_ms(100);
    cr_assert(submit(&submissions[1]).is_ok, "at 100 ms");
    cr_assert(mock_backend_complete_due(mock) == 1, "the first has ended");
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    cr_assert(now_ns() == 110 * REIN_NS_PER_MS, "the second ends at 110 ms");
}

Test(mock_submission, takes_submissions_after_all_have_completed) {
    for (size_t index = 0; index < 3; index++) {
        cr_assert(submit(&submissions[index]).is_ok, "submission %zu", index);
        cr_assert(rein_backend_drain(&backend).is_ok, "drains");
        expect_completed(index + 1);
    }
}

Test(mock_submission, counts_and_records_requests) {
    submit_some(2);
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_SUBMIT) == 2, "two are submitted");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_COMPLETE) == 2, "two are completed");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 0, "none is executed");
    cr_assert(mock_backend_execution_history(mock, 1) != NULL, "both are recorded");
}

Test(mock_submission, drain_without_submissions_returns_at_once) {
    cr_assert(rein_backend_drain(&backend).is_ok && now_ns() == 0, "it does not wait");
}

Test(mock_submission, unload_drains) {
    submit_some(2);
    cr_assert(rein_backend_unload(&backend).is_ok, "unloads");
    expect_completed(2);
    cr_assert(submissions[1].outcome.is_ok, "both ran with the model");
}

Test(mock_submission_end, destroy_drains) {
    set_up_mock();
    submit_some(2);
    rein_backend_destroy(&backend);
    expect_completed(2);
    cr_assert(submissions[1].outcome.is_ok, "both succeeded");
}

Test(mock_submission, a_refused_submission_has_no_completion) {
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_SUBMIT, 1));
    expect_injected(submit(&submissions[0]));
    cr_assert(rein_backend_unload(&backend).is_ok, "unloads");
    rein_result_void submitted = submit(&submissions[0]);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_INVALID_STATE);
    rein_tensor_spec spec = sample_spec("in", REIN_DTYPE_INT8, 1);
    set_specs(&spec, 1, NULL, 0);
    cr_assert(load_sample("model").is_ok, "loads");
    submitted = submit(&submissions[0]);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(mock_backend_pending_count(mock) == 0, "nothing is pending");
    cr_assert(rein_backend_drain(&backend).is_ok && now_ns() == 0, "nothing runs");
    expect_completed(0);
}

Test(mock_submission, a_submission_of_no_open_sequence_is_refused) {
    submission *self = &submissions[0];
    self->request = sample_request(1);
    self->request.sequence.value = 1;
    self->result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = complete, .context = self};
    rein_result_void submitted =
        rein_backend_submit(&backend, &self->request, &self->result, completion);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_NOT_FOUND);
    cr_assert(rein_backend_unload(&backend).is_ok, "nothing runs");
}

Test(mock_submission, an_error_can_be_injected_into_the_outcome) {
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_COMPLETE, 2));
    submit_some(3);
    cr_assert(rein_backend_drain(&backend).is_ok, "drain succeeds");
    expect_completed(3);
    cr_assert(submissions[0].outcome.is_ok && submissions[2].outcome.is_ok, "the others succeed");
    expect_injected(submissions[1].outcome);
    cr_assert(submissions[1].result.request_id.bytes[0] == 0, "its result is as before");
    cr_assert(now_ns() == 30 * REIN_NS_PER_MS, "it takes its time");
}

Test(mock_submission, a_small_buffer_is_the_outcome) {
    rein_tensor_spec spec = sample_spec("out", REIN_DTYPE_INT8, 1);
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, NULL));
    set_specs(NULL, 0, &spec, 1);
    int8_t data = 0;
    rein_tensor output = REIN_UNWRAP(rein_tensor_make_output(&spec, &data, 1));
    submission *self = &submissions[0];
    self->request = sample_request(1);
    self->result = rein_execution_result_make(&output, 1);
    rein_completion completion = {.function = complete, .context = self};
    cr_assert(rein_backend_submit(&backend, &self->request, &self->result, completion).is_ok,
              "is submitted");
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    expect_code(&REIN_ERROR(self->outcome), REIN_ERROR_BUFFER_TOO_SMALL);
    cr_assert(data == 0 && output.descriptor.shape.dimensions[0] == 1, "as before");
}

Test(mock_submission, is_cancelled_while_it_is_pending) {
    bool is_cancelled = false;
    submission *self = &submissions[0];
    self->request = sample_request(1);
    self->request.cancel = &is_cancelled;
    self->result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = complete, .context = self};
    cr_assert(rein_backend_submit(&backend, &self->request, &self->result, completion).is_ok,
              "is submitted");
    is_cancelled = true;
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    expect_code(&REIN_ERROR(self->outcome), REIN_ERROR_CANCELLED);
    rein_result_void submitted =
        rein_backend_submit(&backend, &self->request, &self->result, completion);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_CANCELLED);
    expect_completed(1);
}

Test(mock_submission, a_drain_that_fails_completes_nothing) {
    submit_some(1);
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_DRAIN, 1));
    expect_injected(rein_backend_drain(&backend));
    cr_assert(now_ns() == 0 && mock_backend_pending_count(mock) == 1, "it is still pending");
    cr_assert(rein_backend_drain(&backend).is_ok, "the next drain");
    expect_completed(1);
}

Test(mock_submission, executions_overlap_submissions) {
    submit_some(2);
    cr_assert(execute_request(1).is_ok && now_ns() == LATENCY_MS * REIN_NS_PER_MS, "at once");
    cr_assert(mock_backend_complete_due(mock) == 1, "the first ended meanwhile");
}

static bool was_pending;

static void record_pending(void *context, rein_result_void outcome, rein_execution_result *result) {
    (void)result;
    was_pending = mock_backend_pending_count(mock) == 1 && outcome.is_ok;
    *(int *)context += 1;
}

Test(mock_submission, is_pending_until_its_completion_has_returned) {
    int completions = 0;
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = record_pending, .context = &completions};
    cr_assert(rein_backend_submit(&backend, &request, &result, completion).is_ok, "submitted");
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    cr_assert(was_pending && completions == 1, "the completion holds no lock");
}

/* A view of the virtual clock whose first sleeper submits another execution. */
static rein_timestamp read_clock(void *self) {
    (void)self;
    return rein_timestamp_from_ns(now_ns());
}

static void submit_and_sleep(void *self, rein_timestamp wake) {
    (void)self;
    if (mock_backend_call_count(mock, MOCK_BACKEND_SUBMIT) == 1) {
        cr_assert(submit(&submissions[1]).is_ok, "while another thread drains");
    }
    rein_clock clock = virtual_clock_view(&time_source);
    rein_clock_sleep_until(&clock, wake);
}

Test(mock_submission_end, drain_waits_for_what_was_submitted_before) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    rein_clock clock = {.now = read_clock, .sleep_until = submit_and_sleep};
    bind_mock_on(&clock);
    cr_assert(load_sample("model").is_ok, "loads");
    submit_some(1);
    cr_assert(rein_backend_drain(&backend).is_ok, "drains");
    cr_assert(mock_backend_pending_count(mock) == 1, "the later one is pending");
    expect_completed(1);
    rein_backend_destroy(&backend);
    expect_completed(2);
}

static void *drain(void *argument) {
    bool *out_is_drained = argument;
    *out_is_drained = rein_backend_drain(&backend).is_ok && mock_backend_pending_count(mock) == 0;
    return NULL;
}

Test(mock_submission, several_threads_drain_at_once) {
    submit_some(SUBMISSION_MOST);
    pthread_t threads[4];
    bool is_drained[4];
    for (size_t index = 0; index < 4; index++) {
        cr_assert(pthread_create(&threads[index], NULL, drain, &is_drained[index]) == 0, "starts");
    }
    for (size_t index = 0; index < 4; index++) {
        cr_assert(pthread_join(threads[index], NULL) == 0 && is_drained[index], "drains all");
    }
    expect_completed(SUBMISSION_MOST);
    cr_assert(now_ns() == SUBMISSION_MOST * LATENCY_MS * REIN_NS_PER_MS, "one after the other");
}

static bool has_begun;
static bool has_ended;

static void take_long(void *context, rein_result_void outcome, rein_execution_result *result) {
    (void)context;
    (void)outcome;
    (void)result;
    __atomic_store_n(&has_begun, true, __ATOMIC_SEQ_CST);
    for (int turn = 0; turn < 10000; turn++) {
        sched_yield();
    }
    __atomic_store_n(&has_ended, true, __ATOMIC_SEQ_CST);
}

static bool is_in_order;

static void expect_other_thread_ended(void *context, rein_result_void outcome,
                                      rein_execution_result *result) {
    (void)context;
    (void)outcome;
    (void)result;
    is_in_order = __atomic_load_n(&has_ended, __ATOMIC_SEQ_CST);
}

/* A thread calls the first completion, which takes long; another wants to call the second. */
Test(mock_submission, completions_of_several_threads_are_called_one_after_the_other) {
    rein_execution_request request = sample_request(1);
    rein_execution_result results[2];
    rein_completion completions[] = {{.function = take_long},
                                     {.function = expect_other_thread_ended}};
    for (size_t index = 0; index < 2; index++) {
        results[index] = rein_execution_result_make(NULL, 0);
        REIN_UNWRAP(rein_backend_submit(&backend, &request, &results[index], completions[index]));
    }
    advance_ms(2 * LATENCY_MS);
    pthread_t thread;
    bool is_drained;
    cr_assert(pthread_create(&thread, NULL, drain, &is_drained) == 0, "the other drains");
    while (!__atomic_load_n(&has_begun, __ATOMIC_SEQ_CST)) {
        sched_yield();
    }
    mock_backend_complete_due(mock);
    cr_assert(__atomic_load_n(&has_ended, __ATOMIC_SEQ_CST), "waits for the first");
    cr_assert(pthread_join(thread, NULL) == 0 && is_drained, "joins");
    cr_assert(is_in_order, "the second is called after the first has returned");
}

Test(mock_submission, drain_waits_for_the_completion_that_another_thread_calls) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = take_long};
    cr_assert(rein_backend_submit(&backend, &request, &result, completion).is_ok, "submitted");
    pthread_t thread;
    bool is_drained;
    cr_assert(pthread_create(&thread, NULL, drain, &is_drained) == 0, "the other drains");
    while (!__atomic_load_n(&has_begun, __ATOMIC_SEQ_CST)) {
        sched_yield();
    }
    cr_assert(rein_backend_drain(&backend).is_ok, "this one has nothing to complete");
    cr_assert(__atomic_load_n(&has_ended, __ATOMIC_SEQ_CST), "and waits for the other");
    cr_assert(pthread_join(thread, NULL) == 0 && is_drained, "joins");
}
