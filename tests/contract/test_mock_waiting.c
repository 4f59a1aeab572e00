/* Executions of the mock while they wait and while they give partial outputs. */
#include "contract/buffers.h"
#include "contract/sequences.h"
#include "contract/submission.h"
#include "mock_case.h"
#include "mocks/mock_backend.h"

TestSuite(mock_backend, .init = set_up_mock, .fini = tear_down_mock);

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
    rein_cancel(&cancel_flag);
}

Test(mock_backend_waiting, an_execution_is_cancelled_before_it_begins_or_while_it_waits) {
    bind_mock_that_calls(cancel);
    rein_execution_request request = sample_request(1);
    request.cancel = &cancel_flag;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    expect_error_facts(&REIN_ERROR(executed), REIN_ERROR_CANCELLED, "cancelled while");
    executed = rein_backend_execute(&backend, &request, &result);
    expect_error_facts(&REIN_ERROR(executed), REIN_ERROR_CANCELLED, "cancelled before");
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
    cr_assert(execute_succeeds(), "no callback receives them");
}

Test(mock_backend, a_callback_can_cancel_the_rest) {
    receiver self = {.cancel_after = 2};
    mock_backend_set_partial_outputs(mock, 3);
    rein_result_void executed = execute_in_parts(&self);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_CANCELLED);
    cr_assert(self.part_count == 2, "no part after the cancellation");
}
