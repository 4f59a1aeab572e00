#include "contract/sequences.h"

#include "stub_backend.h"

static void expect_all_refuse(const rein_backend *backend, rein_error_code code) {
    rein_result_bytes state = rein_backend_estimate_state(backend, "model", 1);
    expect_code(&REIN_ERROR(state), code);
    rein_result_sequence_id opened = rein_backend_open_sequence(backend, 1);
    expect_code(&REIN_ERROR(opened), code);
    rein_result_void closed = rein_backend_close_sequence(backend, (rein_sequence_id){1});
    expect_code(&REIN_ERROR(closed), code);
}

static void refuse_calls(const rein_backend *backend) {
    expect_all_refuse(backend, REIN_ERROR_INVALID_ARGUMENT);
}

Test(sequences, calls_refuse_a_backend_that_is_not_bound) {
    for_each_unbound(refuse_calls);
}

Test(sequences, are_unsupported_by_a_backend_without_the_part) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.sequences = NULL;
    rein_backend backend = stub_bind(&stub);
    expect_all_refuse(&backend, REIN_ERROR_UNSUPPORTED);
}

Test(sequences, estimate_state_calls_its_slot) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    cr_assert(REIN_UNWRAP(rein_backend_estimate_state(&backend, "model", 9)) == 64, "the answer");
    expect_called(&stub, "estimate_state");
    cr_assert(stub.arguments.number == 9 && is_same_text(stub.arguments.model_path, "model"),
              "as given");
    stub.fails = true;
    rein_result_bytes failed = rein_backend_estimate_state(&backend, "model", 1);
    expect_passed_on(&REIN_ERROR(failed));
}

Test(sequences, open_and_close_call_their_slots) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_sequence_id opened = REIN_UNWRAP(rein_backend_open_sequence(&backend, UINT64_MAX));
    expect_called(&stub, "open");
    cr_assert(opened.value == 5 && stub.arguments.number == UINT64_MAX, "answer and tokens");
    cr_assert(rein_backend_close_sequence(&backend, (rein_sequence_id){7}).is_ok, "closed");
    expect_called(&stub, "close");
    cr_assert(stub.arguments.number == 7, "the sequence");
    stub.fails = true;
    rein_result_sequence_id failed = rein_backend_open_sequence(&backend, 1);
    expect_passed_on(&REIN_ERROR(failed));
    rein_result_void closed = rein_backend_close_sequence(&backend, (rein_sequence_id){1});
    expect_passed_on(&REIN_ERROR(closed));
}

Test(sequences, zero_tokens_and_sequence_zero_are_refused) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_result_bytes state = rein_backend_estimate_state(&backend, "model", 0);
    expect_code(&REIN_ERROR(state), REIN_ERROR_INVALID_ARGUMENT);
    state = rein_backend_estimate_state(&backend, "", 1);
    expect_code(&REIN_ERROR(state), REIN_ERROR_INVALID_ARGUMENT);
    state = rein_backend_estimate_state(&backend, NULL, 1);
    expect_code(&REIN_ERROR(state), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_sequence_id opened = rein_backend_open_sequence(&backend, 0);
    expect_code(&REIN_ERROR(opened), REIN_ERROR_INVALID_ARGUMENT);
    rein_result_void closed = rein_backend_close_sequence(&backend, (rein_sequence_id){0});
    expect_code(&REIN_ERROR(closed), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(stub.call_count == 0, "no slot was called");
}
