/* The suite finds every rule of execute that is broken. The broken backends are mocks with a slot
 * replaced. */
#include <stdatomic.h>

#include "mock_subject.h"

static rein_result_void execute_unloaded(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    (void)self;
    rein_execution_result_complete(request, request->submission_time, out_result);
    return rein_done();
}

static rein_result_void execute_touching(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    out_result->model_id = request->model_id;
    return mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void execute_forgetting_tensors(void *self,
                                                   const rein_execution_request *request,
                                                   rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok) {
        out_result->output_tensors = NULL;
    }
    return executed;
}

static rein_result_void execute_always_in_time(void *self, const rein_execution_request *request,
                                               rein_execution_result *out_result) {
    out_result->deadline_met = true;
    return mock_backend_interface()->execute(self, request, out_result);
}

/* Changes one member of the first output if the execution fails. */
static void (*touch)(rein_tensor *output);

static rein_result_void execute_touching_output(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok) {
        touch(&out_result->output_tensors[0]);
    }
    return executed;
}

static void touch_name(rein_tensor *output) {
    output->descriptor.name[1] ^= 1;
}

static void touch_dtype(rein_tensor *output) {
    output->descriptor.dtype = REIN_DTYPE_INT8;
}

static void touch_shape(rein_tensor *output) {
    output->descriptor.shape.dimensions[0]++;
}

static void touch_layout(rein_tensor *output) {
    output->layout = REIN_LAYOUT_COLUMN_MAJOR;
}

static void touch_memory_kind(rein_tensor *output) {
    output->memory_kind = REIN_MEMORY_PINNED;
}

static void touch_device(rein_tensor *output) {
    output->device_index++;
}

static void touch_data(rein_tensor *output) {
    output->data = NULL;
}

static void touch_capacity(rein_tensor *output) {
    output->capacity_bytes--;
}

Test(backend_conformance_faults, of_outputs_after_a_failure_are_found, .init = set_up) {
    void (*const touches[])(rein_tensor * output) = {
        touch_name,        touch_dtype,  touch_shape, touch_layout,
        touch_memory_kind, touch_device, touch_data,  touch_capacity,
    };
    for (size_t index = 0; index < sizeof touches / sizeof touches[0]; index++) {
        touch = touches[index];
        table.execute = execute_touching_output;
        expect_broken_by("refuses to execute without a model",
                         "a failed execute leaves the result untouched");
    }
}

static rein_result_void execute_with_wrong_id(void *self, const rein_execution_request *request,
                                              rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->request_id.bytes[15] ^= 1;
    }
    return executed;
}

static rein_result_void execute_from_now(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_execution_request resubmitted = *request;
    resubmitted.submission_time = rein_clock_now(&mock_clock);
    return mock_backend_interface()->execute(self, &resubmitted, out_result);
}

static rein_result_void execute_overstating(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->actual_latency.ns *= 2;
    }
    return executed;
}

static rein_result_void execute_in_time(void *self, const rein_execution_request *request,
                                        rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    out_result->deadline_met = executed.is_ok || out_result->deadline_met;
    return executed;
}

/* Treats a deadline of 0 as a time instead of as none. */
static rein_result_void execute_without_no_deadline(void *self,
                                                    const rein_execution_request *request,
                                                    rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok && request->deadline.ns == 0) {
        out_result->deadline_met = false;
    }
    return executed;
}

static rein_result_void execute_late_as_failure(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    rein_timestamp now = rein_clock_now(&mock_clock);
    if (rein_timestamp_compare(rein_execution_request_deadline(request), now) < 0) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, "too late"));
    }
    return mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void execute_counting(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        ((char *)out_result->output_tensors[0].data)[0] = (char)request->request_id.bytes[0];
    }
    return executed;
}

/* Serves two of the workers alone. */
static rein_result_void execute_for_two(void *self, const rein_execution_request *request,
                                        rein_execution_result *out_result) {
    bool is_served = request->request_id.bytes[0] < 3;
    return is_served ? mock_backend_interface()->execute(self, request, out_result)
                     : rein_result_void_fail(rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                                                             "cannot do two things at once"));
}

/* Each execution gives another output than the one before. */
static rein_result_void execute_changing(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    static atomic_uint executions;
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        ((unsigned char *)out_result->output_tensors[0].data)[0] =
            (unsigned char)atomic_fetch_add(&executions, 1);
    }
    return executed;
}

static rein_result_void execute_any_model(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_execution_request renamed = *request;
    renamed.model_id = REIN_UNWRAP(rein_model_id_make("conformance"));
    return mock_backend_interface()->execute(self, &renamed, out_result);
}

static rein_result_void execute_cancelled(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_execution_request deaf = *request;
    deaf.cancel = NULL;
    return mock_backend_interface()->execute(self, &deaf, out_result);
}

static rein_result_void execute_forgetting_device_time(void *self,
                                                       const rein_execution_request *request,
                                                       rein_execution_result *out_result) {
    rein_fact_u64 before = out_result->device_time_ns;
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    out_result->device_time_ns = before;
    return executed;
}

Test(backend_conformance_faults, of_requests_are_found, .init = set_up) {
    table.execute = execute_any_model;
    expect_broken("refuses requests for another model");
    table.execute = execute_cancelled;
    expect_broken("refuses a cancelled request");
    table.execute = execute_forgetting_device_time;
    expect_broken("completes the result");
}

Test(backend_conformance_faults, of_execute_and_its_result_are_found, .init = set_up) {
    table.execute = execute_unloaded;
    expect_broken("refuses to execute without a model");
    table.execute = execute_touching;
    expect_broken("refuses to execute without a model");
    table.execute = execute_forgetting_tensors;
    expect_broken("refuses to execute without a model");
    table.execute = execute_always_in_time;
    expect_broken("refuses to execute without a model");
    table.execute = execute_with_wrong_id;
    expect_broken("completes the result");
    table.execute = execute_from_now;
    expect_broken("latency runs from submission");
    table.execute = execute_overstating;
    expect_broken("latency runs from submission");
    table.execute = execute_in_time;
    expect_broken("says whether the deadline was met");
    table.execute = execute_without_no_deadline;
    expect_broken("says whether the deadline was met");
    table.execute = execute_late_as_failure;
    expect_broken("says whether the deadline was met");
}

Test(backend_conformance_faults, of_repetition_are_found, .init = set_up) {
    table.execute = execute_counting;
    expect_broken("equal inputs give equal outputs");
    table.execute = execute_for_two;
    expect_broken("executes from several threads");
    table.execute = execute_changing;
    expect_broken("executes from several threads");
    table.execute = execute_with_wrong_id;
    expect_broken("executes from several threads");
}
