/* The suite finds every rule of the optional parts that is broken. The broken backends are mocks
 * with a slot of a part replaced. */
#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_subject.h"

static rein_sequences_interface sequences;
static rein_submission_interface submission;
static rein_buffers_interface buffers;

static const rein_sequences_interface *mock_sequences(void) {
    return mock_backend_interface()->sequences;
}

static const rein_submission_interface *mock_submission(void) {
    return mock_backend_interface()->submission;
}

static const rein_buffers_interface *mock_buffers(void) {
    return mock_backend_interface()->buffers;
}

/* Puts parts into the table that a test may tamper with. */
static void set_up_parts(void) {
    set_up();
    sequences = *mock_sequences();
    submission = *mock_submission();
    buffers = *mock_buffers();
    table.sequences = &sequences;
    table.submission = &submission;
    table.buffers = &buffers;
}

static void expect_broken_by_a_part(const char *rule) {
    expect_broken(rule);
    set_up_parts();
}

static rein_result_sequence_id open_anything(void *self, uint64_t max_tokens) {
    rein_sequence_id unknown = {.value = 99};
    return mock_backend_interface()->is_loaded(self) ? mock_sequences()->open(self, max_tokens)
                                                     : rein_result_sequence_id_ok(unknown);
}

static rein_result_sequence_id open_nothing(void *self, uint64_t max_tokens) {
    rein_sequence_id none = {.value = 0};
    REIN_TRY(rein_result_sequence_id, mock_sequences()->open(self, max_tokens));
    return rein_result_sequence_id_ok(none);
}

static rein_result_void close_anything(void *self, rein_sequence_id sequence) {
    REIN_IGNORE(mock_sequences()->close(self, sequence));
    return rein_done();
}

static rein_result_void close_nothing(void *self, rein_sequence_id sequence) {
    (void)self;
    (void)sequence;
    return rein_done();
}

/* Every sequence is the first one. */
static rein_sequence_id the_first;

static rein_result_sequence_id open_again(void *self, uint64_t max_tokens) {
    rein_sequence_id opened =
        REIN_TRY(rein_result_sequence_id, mock_sequences()->open(self, max_tokens));
    the_first = the_first.value == 0 ? opened : the_first;
    return rein_result_sequence_id_ok(the_first);
}

static rein_result_void execute_without_sequence(void *self, const rein_execution_request *request,
                                                 rein_execution_result *out_result) {
    rein_execution_request changed = *request;
    changed.sequence.value = 0;
    return mock_backend_interface()->execute(self, &changed, out_result);
}

static rein_result_void execute_in_no_sequence(void *self, const rein_execution_request *request,
                                               rein_execution_result *out_result) {
    return request->sequence.value != 0
               ? rein_result_void_fail(
                     rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "no sequences"))
               : mock_backend_interface()->execute(self, request, out_result);
}

Test(backend_conformance_faults, of_sequences_are_found, .init = set_up_parts) {
    sequences.open = open_anything;
    expect_broken_by_a_part("opens and closes sequences");
    sequences.open = open_nothing;
    expect_broken_by_a_part("opens and closes sequences");
    sequences.open = open_again;
    sequences.close = close_anything;
    expect_broken_by_a_part("opens and closes sequences");
    sequences.close = close_nothing;
    expect_broken_by_a_part("opens and closes sequences");
    table.execute = execute_without_sequence;
    expect_broken_by_a_part("executes in open sequences only");
    table.execute = execute_in_no_sequence;
    expect_broken_by_a_part("executes in open sequences only");
    sequences.close = close_anything;
    expect_broken_by_a_part("unload closes sequences");
}

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

Test(backend_conformance_faults, of_submission_are_found, .init = set_up_parts) {
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

static rein_result_buffer allocate_nothing(void *self, uint64_t size_bytes, rein_memory_kind kind) {
    (void)self;
    (void)size_bytes;
    (void)kind;
    return rein_result_buffer_fail(
        rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory"));
}

static rein_result_buffer allocate_unaligned(void *self, uint64_t size_bytes,
                                             rein_memory_kind kind) {
    char *buffer =
        REIN_TRY(rein_result_buffer, mock_buffers()->allocate(self, size_bytes + 8, kind));
    return rein_result_buffer_ok(buffer + 1);
}

Test(backend_conformance_faults, of_buffers_are_found, .init = set_up_parts) {
    buffers.allocate = allocate_nothing;
    expect_broken_by_a_part("allocates buffers");
    buffers.allocate = allocate_unaligned;
    expect_broken_by_a_part("allocates buffers");
}
