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

/* Takes a deadline of 0 for an instant. */
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

static rein_result_void execute_scribbling(void *self, const rein_execution_request *request,
                                           rein_execution_result *out_result) {
    if (mock_backend_interface()->is_loaded(self)) {
        ((char *)request->input_tensors[0].data)[0] ^= 1;
    }
    return mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void execute_renaming(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->output_tensors[0].descriptor.name[0] = '#';
    }
    return executed;
}

/* Passes the mock what it expects, whatever came. */
static rein_result_void execute_any_count(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    rein_execution_request cut = *request;
    cut.input_tensor_count = cut.input_tensor_count > 2 ? 2 : cut.input_tensor_count;
    return mock_backend_interface()->execute(self, &cut, out_result);
}

static rein_result_void execute_any_spec(void *self, const rein_execution_request *request,
                                         rein_execution_result *out_result) {
    rein_tensor inputs[3] = {0};
    rein_execution_request changed = *request;
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        inputs[index] = request->input_tensors[index];
        inputs[index].layout = REIN_LAYOUT_ROW_MAJOR;
    }
    changed.input_tensors = inputs;
    return mock_backend_interface()->execute(self, &changed, out_result);
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

/* Too little memory is another error, or comes with other numbers, or leaves a shape behind. */
static rein_result_void execute_without_numbers(void *self, const rein_execution_request *request,
                                                rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok && REIN_ERROR(executed).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        REIN_ERROR(executed).numbers[0] = 0;
    }
    return executed;
}

static rein_result_void execute_shaping_early(void *self, const rein_execution_request *request,
                                              rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (!executed.is_ok && REIN_ERROR(executed).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        out_result->output_tensors[0].descriptor.shape.dimensions[0] = 8;
    }
    return executed;
}

static rein_result_void execute_out_of_range(void *self, const rein_execution_request *request,
                                             rein_execution_result *out_result) {
    rein_result_void executed = mock_backend_interface()->execute(self, request, out_result);
    if (executed.is_ok) {
        out_result->output_tensors[0].descriptor.shape.dimensions[0] = 0;
    }
    return executed;
}

static rein_result_void execute_small_alone(void *self, const rein_execution_request *request,
                                            rein_execution_result *out_result) {
    bool is_large = request->input_tensor_count > 0 &&
                    request->input_tensors[0].descriptor.shape.dimensions[0] > 7;
    return is_large ? rein_result_void_fail(
                          rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, "too large"))
                    : mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void execute_without_data(void *self, const rein_execution_request *request,
                                             rein_execution_result *out_result) {
    static char spare[64];
    rein_tensor inputs[3] = {0};
    rein_execution_request changed = *request;
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        inputs[index] = request->input_tensors[index];
        inputs[index].data = inputs[index].data == NULL ? spare : inputs[index].data;
    }
    changed.input_tensors = inputs;
    return mock_backend_interface()->execute(self, &changed, out_result);
}

Test(backend_conformance_faults, of_requests_are_found, .init = set_up) {
    table.execute = execute_any_model;
    expect_broken("refuses requests for another model");
    table.execute = execute_cancelled;
    expect_broken("refuses a cancelled request");
    table.execute = execute_forgetting_device_time;
    expect_broken("completes the result");
}

Test(backend_conformance_faults, of_dynamic_tensors_are_found, .init = set_up) {
    table.execute = execute_without_numbers;
    expect_broken("says how many bytes an output needs");
    table.execute = execute_shaping_early;
    expect_broken("says how many bytes an output needs");
    table.execute = execute_out_of_range;
    expect_broken("executes at every size");
    table.execute = execute_small_alone;
    expect_broken("executes at every size");
    table.execute = execute_without_data;
    expect_broken("refuses tensors of other specs");
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

Test(backend_conformance_faults, of_execute_and_its_tensors_are_found, .init = set_up) {
    table.execute = execute_scribbling;
    expect_broken("leaves the inputs alone");
    table.execute = execute_renaming;
    expect_broken("changes only shape and bytes of outputs");
    table.execute = execute_any_count;
    expect_broken("refuses other numbers of tensors");
    table.execute = execute_any_spec;
    expect_broken("refuses tensors of other specs");
    table.execute = execute_touching;
    expect_broken("refuses tensors of other specs");
    table.execute = execute_counting;
    expect_broken("equal inputs give equal outputs");
    table.execute = execute_for_two;
    expect_broken("executes from several threads");
    table.execute = execute_changing;
    expect_broken("executes from several threads");
    table.execute = execute_with_wrong_id;
    expect_broken("executes from several threads");
}
