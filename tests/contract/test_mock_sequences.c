#include "mocks/mock_sequences.h"

#include "contract/submission.h"
#include "mock_case.h"

static rein_sequence_id open_sequence(uint64_t max_tokens) {
    return REIN_UNWRAP(rein_backend_open_sequence(&backend, max_tokens));
}

static rein_result_void execute_in(rein_sequence_id sequence) {
    rein_execution_request request = sample_request(1);
    request.sequence = sequence;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    return rein_backend_execute(&backend, &request, &result);
}

static void expect_tokens(rein_sequence_id sequence, uint64_t expected) {
    rein_fact_u64 left = mock_backend_tokens_left(mock, sequence);
    cr_assert(left.is_known && left.value == expected, "%llu tokens are left, expected %llu",
              (unsigned long long)left.value, (unsigned long long)expected);
}

TestSuite(mock_sequences, .init = set_up_mock, .fini = tear_down_mock);

Test(mock_sequences, opens_sequences_with_ids_of_their_own) {
    cr_assert(mock_backend_open_sequence_count(mock) == 0, "none at first");
    rein_sequence_id first = open_sequence(1);
    rein_sequence_id second = open_sequence(UINT64_MAX);
    cr_assert(first.value != 0 && second.value != 0, "0 stands for none");
    cr_assert(!rein_sequence_id_equal(first, second), "another id");
    cr_assert(mock_backend_open_sequence_count(mock) == 2, "two");
    expect_tokens(first, 1);
    expect_tokens(second, UINT64_MAX);
}

Test(mock_sequences, estimates_the_state_of_so_many_tokens) {
    cr_assert(REIN_UNWRAP(rein_backend_estimate_state(&backend, "model", 7)) == 0, "none at first");
    mock_backend_set_state_bytes_per_token(mock, rein_fact_u64_known(3));
    cr_assert(REIN_UNWRAP(rein_backend_estimate_state(&backend, "model", 7)) == 21, "3 each");
    rein_result_bytes state = rein_backend_estimate_state(&backend, "model", UINT64_MAX);
    expect_code(&REIN_ERROR(state), REIN_ERROR_INVALID_ARGUMENT);
    mock_backend_set_state_bytes_per_token(mock, rein_fact_u64_unknown());
    state = rein_backend_estimate_state(&backend, "model", 7);
    expect_code(&REIN_ERROR(state), REIN_ERROR_UNSUPPORTED);
    mock_backend_inject_error_always(mock, MOCK_BACKEND_ESTIMATE_STATE);
    state = rein_backend_estimate_state(&backend, "model", 7);
    expect_code(&REIN_ERROR(state), REIN_ERROR_BACKEND_ERROR);
}

Test(mock_sequences, needs_a_model) {
    cr_assert(rein_backend_unload(&backend).is_ok, "unloads");
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 1);
    expect_code(&REIN_ERROR(opened), REIN_ERROR_INVALID_STATE);
}

Test(mock_sequences, an_execution_takes_a_token) {
    rein_sequence_id sequence = open_sequence(2);
    cr_assert(execute_in(sequence).is_ok, "the first");
    expect_tokens(sequence, 1);
    cr_assert(execute_in(sequence).is_ok, "the second");
    rein_result_void executed = execute_in(sequence);
    expect_error_facts(&REIN_ERROR(executed), REIN_ERROR_BUDGET_EXCEEDED, "sequence 1 tokens");
    cr_assert(now_ns() == 20 * REIN_NS_PER_MS, "is refused at once");
    cr_assert(execute_request(1).is_ok, "an execution without a sequence needs none");
}

Test(mock_sequences, sequences_do_not_share_their_tokens) {
    rein_sequence_id first = open_sequence(1);
    rein_sequence_id second = open_sequence(1);
    cr_assert(execute_in(first).is_ok, "the first");
    expect_tokens(second, 1);
    cr_assert(execute_in(second).is_ok, "the second");
}

Test(mock_sequences, does_not_find_a_sequence_that_is_not_open) {
    rein_sequence_id unknown = {.value = 77};
    rein_result_void executed = execute_in(unknown);
    expect_error_facts(&REIN_ERROR(executed), REIN_ERROR_NOT_FOUND, "sequence 77");
    rein_result_void closed = rein_backend_close_sequence(&backend, unknown);
    expect_error_facts(&REIN_ERROR(closed), REIN_ERROR_NOT_FOUND, "sequence 77");
    cr_assert(!mock_backend_tokens_left(mock, unknown).is_known, "its tokens are unknown");
}

Test(mock_sequences, closes_one_and_keeps_the_others) {
    rein_sequence_id sequences[20];
    for (size_t index = 0; index < 20; index++) {
        sequences[index] = open_sequence(index + 1);
    }
    for (size_t index = 0; index < 20; index += 2) {
        cr_assert(rein_backend_close_sequence(&backend, sequences[index]).is_ok, "%zu", index);
    }
    cr_assert(mock_backend_open_sequence_count(mock) == 10, "half of them");
    for (size_t index = 1; index < 20; index += 2) {
        expect_tokens(sequences[index], index + 1);
    }
    rein_result_void closed = rein_backend_close_sequence(&backend, sequences[0]);
    expect_code(&REIN_ERROR(closed), REIN_ERROR_NOT_FOUND);
    cr_assert(open_sequence(1).value > sequences[19].value, "no id is used twice");
}

Test(mock_sequences, opens_no_more_than_the_limit) {
    mock_backend_set_sequence_limit(mock, 2);
    rein_sequence_id first = open_sequence(1);
    open_sequence(1);
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 1);
    expect_error_facts(&REIN_ERROR(opened), REIN_ERROR_BUDGET_EXCEEDED, "2 sequences");
    mock_backend_set_sequence_limit(mock, 1);
    cr_assert(mock_backend_open_sequence_count(mock) == 2, "the open ones stay open");
    cr_assert(rein_backend_close_sequence(&backend, first).is_ok, "closes one");
    cr_assert(!rein_backend_open_sequence(&backend, 1).is_ok, "still at the limit");
    mock_backend_set_sequence_limit(mock, 2);
    open_sequence(1);
}

Test(mock_sequences, unload_closes_all) {
    rein_sequence_id sequence = open_sequence(1);
    cr_assert(rein_backend_unload(&backend).is_ok, "unloads");
    cr_assert(mock_backend_open_sequence_count(mock) == 0, "none is left");
    cr_assert(load_sample("model").is_ok, "loads again");
    rein_result_void executed = execute_in(sequence);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_NOT_FOUND);
    cr_assert(!rein_sequence_id_equal(open_sequence(1), sequence), "no id is used twice");
}

Test(mock_sequences, a_reset_keeps_them) {
    rein_sequence_id sequence = open_sequence(1);
    mock_backend_reset(mock);
    cr_assert(execute_in(sequence).is_ok, "it is open");
}

Test(mock_sequences, a_refused_execution_takes_no_token) {
    rein_sequence_id sequence = open_sequence(1);
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1));
    expect_injected(execute_in(sequence));
    expect_tokens(sequence, 1);
}

Test(mock_sequences, an_execution_that_fails_at_its_end_returns_its_token) {
    rein_tensor_spec spec = sample_spec("out", REIN_DTYPE_INT8, 1);
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, NULL));
    set_specs(NULL, 0, &spec, 1);
    int8_t data = 0;
    rein_tensor output = REIN_UNWRAP(rein_tensor_make_output(&spec, &data, 1));
    rein_execution_request request = sample_request(1);
    request.sequence = open_sequence(1);
    rein_execution_result result = rein_execution_result_make(&output, 1);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_BUFFER_TOO_SMALL);
    expect_tokens(request.sequence, 1);
}

static void keep_outcome(void *context, rein_result_void outcome, rein_execution_result *result) {
    (void)result;
    *(rein_result_void *)context = outcome;
}

static rein_execution_result submitted_results[2];

static rein_result_void submit_in(rein_execution_request *request, size_t index,
                                  rein_result_void *out_outcome) {
    submitted_results[index] = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = keep_outcome, .context = out_outcome};
    return rein_backend_submit(&backend, request, &submitted_results[index], completion);
}

Test(mock_sequences, submissions_take_their_tokens_at_once) {
    rein_execution_request request = sample_request(1);
    request.sequence = open_sequence(2);
    rein_result_void outcomes[2];
    cr_assert(submit_in(&request, 0, &outcomes[0]).is_ok, "the first");
    cr_assert(submit_in(&request, 1, &outcomes[1]).is_ok, "the second");
    expect_tokens(request.sequence, 0);
    rein_result_void submitted = submit_in(&request, 0, &outcomes[0]);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_BUDGET_EXCEEDED);
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_COMPLETE, 2));
    cr_assert(rein_backend_drain(&backend).is_ok, "both complete");
    cr_assert(outcomes[0].is_ok, "the first succeeds");
    expect_injected(outcomes[1]);
    expect_tokens(request.sequence, 1);
}

Test(mock_sequences, a_sequence_with_a_submission_is_busy) {
    rein_execution_request request = sample_request(1);
    request.sequence = open_sequence(5);
    rein_result_void outcome;
    cr_assert(submit_in(&request, 0, &outcome).is_ok, "is submitted");
    const char *busy = "execution sequence 1";
    rein_result_void refused = rein_backend_close_sequence(&backend, request.sequence);
    expect_error_facts(&REIN_ERROR(refused), REIN_ERROR_INVALID_STATE, busy);
    refused = execute_in(request.sequence);
    expect_error_facts(&REIN_ERROR(refused), REIN_ERROR_INVALID_STATE, busy);
    cr_assert(execute_in(open_sequence(1)).is_ok, "others are not");
    cr_assert(rein_backend_drain(&backend).is_ok && outcome.is_ok, "completes");
    cr_assert(execute_in(request.sequence).is_ok, "no longer busy");
    cr_assert(rein_backend_close_sequence(&backend, request.sequence).is_ok, "closes");
}

/* A clock that stands at 0; while an execution of `waiting` waits, others are tried. */
static rein_sequence_id waiting;
static rein_sequence_id idle;
static rein_result_void tried[2];

static rein_timestamp stand_still(void *self) {
    (void)self;
    return rein_timestamp_from_ns(0);
}

static void try_both(void *self, rein_timestamp wake) {
    (void)self;
    (void)wake;
    rein_sequence_id own = waiting;
    if (own.value != 0) {
        waiting.value = 0; /* the execution of the other does not try again */
        tried[0] = execute_in(own);
        tried[1] = execute_in(idle);
    }
}

Test(mock_sequences_waiting, executions_of_one_sequence_do_not_overlap) {
    rein_clock clock = {.now = stand_still, .sleep_until = try_both};
    bind_mock_on(&clock);
    REIN_UNWRAP(load_sample("model"));
    waiting = open_sequence(2);
    idle = open_sequence(2);
    cr_assert(execute_in(waiting).is_ok, "the one that waits");
    expect_code(&REIN_ERROR(tried[0]), REIN_ERROR_INVALID_STATE);
    cr_assert(tried[1].is_ok, "an execution of another sequence overlaps it");
    rein_backend_destroy(&backend);
}
