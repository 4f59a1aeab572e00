/* The suite finds every rule of submission that is broken, and refuses no sound backend. The broken
 * backends are mocks with a slot replaced. */
#include "conformance/backend_conformance_criterion.h"
#include "part_subject.h"

TestSuite(backend_conformance_submission, .init = set_up_parts);

static rein_result_void submit_and_complete_twice(void *self, const rein_execution_request *request,
                                                  rein_execution_result *out_result,
                                                  rein_completion completion) {
    REIN_TRY(rein_result_void, mock_submission()->submit(self, request, out_result, completion));
    completion.function(completion.context, rein_done(), out_result);
    return rein_done();
}

static rein_result_void submit_and_complete_anyway(void *self,
                                                   const rein_execution_request *request,
                                                   rein_execution_result *out_result,
                                                   rein_completion completion) {
    rein_result_void submitted = mock_submission()->submit(self, request, out_result, completion);
    if (!submitted.is_ok) {
        completion.function(completion.context, submitted, out_result);
    }
    return submitted;
}

static rein_result_void submit_late_refusal(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result,
                                            rein_completion completion) {
    rein_result_void submitted = mock_submission()->submit(self, request, out_result, completion);
    if (!submitted.is_ok) {
        completion.function(completion.context, submitted, out_result);
    }
    return rein_done();
}

static rein_result_void submit_forgetting_result(void *self, const rein_execution_request *request,
                                                 rein_execution_result *out_result,
                                                 rein_completion completion) {
    static rein_execution_result own;
    own = *out_result;
    return mock_submission()->submit(self, request, &own, completion);
}

static rein_result_void drain_nothing(void *self) {
    (void)self;
    return rein_done();
}

static void ignore_completion(void *context, rein_result_void outcome,
                              rein_execution_result *result) {
    (void)context;
    (void)outcome;
    (void)result;
}

static rein_result_void submit_losing_completion(void *self, const rein_execution_request *request,
                                                 rein_execution_result *out_result,
                                                 rein_completion completion) {
    completion.function = ignore_completion;
    return mock_submission()->submit(self, request, out_result, completion);
}

Test(backend_conformance_submission, faults_are_found) {
    submission.submit = submit_and_complete_twice;
    expect_broken_by_a_part("completes each submission once");
    submission.submit = submit_forgetting_result;
    expect_broken_by_a_part("completes each submission once");
    submission.drain = drain_nothing;
    expect_broken_by_a_part("completes each submission once");
    submission.submit = submit_and_complete_anyway;
    expect_broken_by_a_part("refused submissions never complete");
    submission.submit = submit_late_refusal;
    expect_broken_by_a_part("refused submissions never complete");
    submission.submit = submit_losing_completion;
    expect_broken_by_a_part("unload waits for submissions");
}

/* The first submission of three is enqueued after the second. */
static rein_result_void submit_second_first(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result,
                                            rein_completion completion) {
    static const rein_execution_request *first_request;
    static rein_execution_result *first_result;
    static rein_completion first_completion;
    if (request->request_id.bytes[0] == 0) {
        first_request = request;
        first_result = out_result;
        first_completion = completion;
        return rein_done();
    }
    REIN_TRY(rein_result_void, mock_submission()->submit(self, request, out_result, completion));
    return request->request_id.bytes[0] == 1
               ? mock_submission()->submit(self, first_request, first_result, first_completion)
               : rein_done();
}

static rein_result_void submit_ignoring_cancel(void *self, const rein_execution_request *request,
                                               rein_execution_result *out_result,
                                               rein_completion completion) {
    static rein_execution_request deaf;
    deaf = *request;
    deaf.cancel = NULL;
    return mock_submission()->submit(self, &deaf, out_result, completion);
}

/* Neither executes nor completes a request that is cancelled. */
static rein_result_void submit_dropping_cancelled(void *self, const rein_execution_request *request,
                                                  rein_execution_result *out_result,
                                                  rein_completion completion) {
    return rein_execution_request_is_cancelled(request)
               ? rein_done()
               : mock_submission()->submit(self, request, out_result, completion);
}

Test(backend_conformance_submission, faults_of_order_and_cancellation_are_found) {
    submission.submit = submit_second_first;
    expect_broken_by_a_part("completes submissions in order");
    submission.submit = submit_ignoring_cancel;
    expect_broken_by_a_part("cancels submissions");
    submission.submit = submit_dropping_cancelled;
    expect_broken_by_a_part("cancels submissions");
}

static rein_result_void submit_cancelled(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result,
                                         rein_completion completion) {
    if (!rein_execution_request_is_cancelled(request)) {
        return mock_submission()->submit(self, request, out_result, completion);
    }
    completion.function(
        completion.context,
        rein_result_void_fail(rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE, "cancelled")),
        out_result);
    return rein_done();
}

Test(backend_conformance_submission, completing_with_cancelled_conforms) {
    submission.submit = submit_cancelled;
    expect_backend_conforms(&subject, 0);
}

/* The completion that the suite gave, called after the result was spoiled. */
static rein_completion given;

static void complete_spoiled(void *context, rein_result_void outcome,
                             rein_execution_result *result) {
    result->output_tensors[0].descriptor.shape.dimensions[0] = -1;
    given.function(context, outcome, result);
}

static rein_result_void submit_spoiling(void *self, const rein_execution_request *request,
                                        rein_execution_result *out_result,
                                        rein_completion completion) {
    given = completion;
    completion.function = complete_spoiled;
    return mock_submission()->submit(self, request, out_result, completion);
}

Test(backend_conformance_submission, wrong_outputs_are_found) {
    submission.submit = submit_spoiling;
    expect_broken_by("completes each submission once", "each submission succeeds");
}
