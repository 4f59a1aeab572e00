#include "contract/submission.h"

#include "stub_backend.h"

static void never_called(void *context, rein_result_void outcome, rein_execution_result *result) {
    (void)context;
    (void)outcome;
    (void)result;
    cr_assert_fail("only a slot may call the completion");
}

static void expect_both_refuse(const rein_backend *backend, rein_error_code code) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = never_called};
    rein_result_void submitted = rein_backend_submit(backend, &request, &result, completion);
    expect_code(&REIN_ERROR(submitted), code);
    rein_result_void drained = rein_backend_drain(backend);
    expect_code(&REIN_ERROR(drained), code);
}

static void refuse_calls(const rein_backend *backend) {
    expect_both_refuse(backend, REIN_ERROR_INVALID_ARGUMENT);
}

Test(submission, calls_refuse_a_backend_that_is_not_bound) {
    for_each_unbound(refuse_calls);
}

Test(submission, is_unsupported_by_a_backend_without_the_part) {
    stub_backend stub;
    stub_init(&stub);
    stub.table.submission = NULL;
    stub.capabilities.supports_async_execution = false;
    rein_backend backend = stub_bind(&stub);
    expect_both_refuse(&backend, REIN_ERROR_UNSUPPORTED);
}

Test(submission, submit_and_drain_call_their_slots) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = never_called, .context = &stub};
    cr_assert(rein_backend_submit(&backend, &request, &result, completion).is_ok, "submitted");
    expect_called(&stub, "submit");
    cr_assert(stub.arguments.request == &request && stub.arguments.result == &result, "both");
    cr_assert(stub.arguments.completion.function == never_called &&
                  stub.arguments.completion.context == &stub,
              "the completion");
    cr_assert(rein_backend_drain(&backend).is_ok, "drained");
    expect_called(&stub, "drain");
    stub.fails = true;
    rein_result_void failed = rein_backend_submit(&backend, &request, &result, completion);
    expect_passed_on(&REIN_ERROR(failed));
    failed = rein_backend_drain(&backend);
    expect_passed_on(&REIN_ERROR(failed));
}

static void expect_not_submitted(const rein_execution_request *request,
                                 rein_execution_result *result, rein_completion completion) {
    stub_backend stub;
    stub_init(&stub);
    rein_backend backend = stub_bind(&stub);
    rein_result_void submitted = rein_backend_submit(&backend, request, result, completion);
    expect_code(&REIN_ERROR(submitted), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(stub.call_count == 0, "the slot was not called");
}

Test(submission, requests_that_execute_refuses_are_not_submitted) {
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_completion completion = {.function = never_called};
    expect_not_submitted(&request, &result, (rein_completion){.context = &request});
    expect_not_submitted(NULL, &result, completion);
    expect_not_submitted(&request, NULL, completion);
    request.input_tensor_count = 1;
    expect_not_submitted(&request, &result, completion);
    request.input_tensor_count = 0;
    result.struct_size = 0;
    expect_not_submitted(&request, &result, completion);
}
