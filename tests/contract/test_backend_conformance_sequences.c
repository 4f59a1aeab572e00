/* The suite finds every rule of sequences that is broken, and refuses no sound backend. The broken
 * backends are mocks with a slot replaced. */
#include "conformance/backend_conformance_criterion.h"
#include "mocks/mock_sequences.h"
#include "part_subject.h"

TestSuite(backend_conformance_sequences, .init = set_up_parts);

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

Test(backend_conformance_sequences, faults_are_found) {
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
    table.execute = execute_without_sequence;
    expect_broken_by_a_part("refuses sequences it does not have");
}

/* One state for all executions, each of which gives the next number. */
static int shared_state;

static rein_result_void execute_numbering(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        *(char *)out_result->output_tensors[0].data = (char)++shared_state;
    }
    return executed;
}

/* As execute_numbering, but executions without a sequence do not see the state that they change. */
static rein_result_void execute_leaving_state(void *self, const rein_execution_request *request,
                                              rein_execution_result *out_result) {
    rein_result_void executed = execute_numbering(self, request, out_result);
    if (executed.is_ok && request->sequence.value == 0) {
        *(char *)out_result->output_tensors[0].data = 0;
    }
    return executed;
}

Test(backend_conformance_sequences, state_that_is_shared_is_found) {
    static const char rule[] = "keeps no state without a sequence";
    table.execute = execute_numbering;
    expect_broken_by(rule, "an execution without a sequence starts from an empty state");
    table.execute = execute_leaving_state;
    expect_broken_by(rule, "an execution without a sequence leaves no state");
}

static rein_result_bytes state_of_loaded(void *self, const char *path, uint64_t max_tokens) {
    REIN_TRY(rein_result_bytes, mock_sequences()->estimate_state(self, path, max_tokens));
    return rein_result_bytes_ok(mock_backend_interface()->is_loaded(self) ? 1 : 2);
}

static rein_result_bytes shrinking_state(void *self, const char *path, uint64_t max_tokens) {
    REIN_TRY(rein_result_bytes, mock_sequences()->estimate_state(self, path, max_tokens));
    return rein_result_bytes_ok(UINT64_MAX - max_tokens);
}

static rein_result_bytes state_of_anything(void *self, const char *path, uint64_t max_tokens) {
    (void)path;
    return mock_sequences()->estimate_state(self, "model", max_tokens);
}

static rein_result_bytes state_by_loading(void *self, const char *path, uint64_t max_tokens) {
    rein_model_id id = REIN_UNWRAP(rein_model_id_make("estimate"));
    REIN_IGNORE(mock_backend_interface()->load(self, path, &id));
    return mock_sequences()->estimate_state(self, path, max_tokens);
}

Test(backend_conformance_sequences, faults_of_estimates_are_found) {
    sequences.estimate_state = state_of_loaded;
    expect_broken_by_a_part("state estimates are sound");
    sequences.estimate_state = shrinking_state;
    expect_broken_by_a_part("state estimates are sound");
    sequences.estimate_state = state_of_anything;
    expect_broken_by_a_part("state estimates are sound");
    sequences.estimate_state = state_by_loading;
    expect_broken_by_a_part("state estimates are sound");
}

static rein_result_bytes no_state(void *self, const char *path, uint64_t max_tokens) {
    (void)self;
    (void)path;
    (void)max_tokens;
    return rein_result_bytes_fail(rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "unknown"));
}

Test(backend_conformance_sequences, a_state_that_is_not_known_is_waived) {
    sequences.estimate_state = no_state;
    expect_backend_conforms(&subject, 1);
}

/* Serves one short sequence. */
enum { SHORT_TOKENS = 3 };

static rein_result_sequence_id open_one_short(void *self, uint64_t max_tokens) {
    if (max_tokens > SHORT_TOKENS) {
        return rein_result_sequence_id_fail(
            rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "too many tokens"));
    }
    mock_backend_set_sequence_limit(self, 1);
    return mock_sequences()->open(self, max_tokens);
}

Test(backend_conformance_sequences, a_subject_may_serve_one_short_sequence) {
    sequences.open = open_one_short;
    subject.max_tokens = SHORT_TOKENS;
    expect_backend_conforms(&subject, 0);
    subject.max_tokens = 0;
    expect_broken_by_a_part("opens and closes sequences");
}
