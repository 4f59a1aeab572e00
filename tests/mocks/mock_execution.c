#include <stdlib.h>
#include <string.h>

#include "mocks/mock_backend_state.h"

/* Returns the end of an execution that begins now. Those that do not overlap run one after the
 * other. */
static rein_timestamp reserve_device_locked(mock_backend *mock, mock_backend_call call) {
    rein_timestamp start = rein_clock_now(&mock->clock);
    rein_duration latency = mock_latency_next(&mock->latency);
    if (call == MOCK_BACKEND_EXECUTE && mock->capabilities.supports_concurrent_execution) {
        return rein_timestamp_add_saturating(start, latency);
    }
    if (rein_timestamp_compare(start, mock->device_free) < 0) {
        start = mock->device_free;
    }
    mock->device_free = rein_timestamp_add_saturating(start, latency);
    return mock->device_free;
}

/* Returns the shapes that the outputs will get, then those that they have; on the heap. */
static rein_shape *copy_shapes_locked(const mock_backend *mock,
                                      const rein_execution_request *request,
                                      const rein_execution_result *result) {
    size_t count = result->output_tensor_count;
    rein_shape *shapes = calloc(2 * count + 1, sizeof *shapes);
    if (shapes == NULL) {
        return NULL;
    }
    mock_output_shapes_locked(mock, request, shapes);
    for (size_t index = 0; index < count; index++) {
        shapes[count + index] = result->output_tensors[index].descriptor.shape;
    }
    return shapes;
}

static rein_result_void check_locked(mock_backend *mock, mock_backend_call call,
                                     const rein_execution_request *request,
                                     const rein_execution_result *result) {
    REIN_TRY(rein_result_void, rein_execution_request_validate(request));
    REIN_TRY(rein_result_void, mock_history_append(&mock->history, request));
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, call));
    REIN_TRY(rein_result_void, mock_require_loaded_locked(mock, REIN_HERE));
    return rein_backend_check_execution(request, result, &mock->loaded_model, mock->input_specs,
                                        mock->output_specs);
}

mock_execution_result mock_execution_begin_locked(mock_backend *mock, mock_backend_call call,
                                                  const rein_execution_request *request,
                                                  rein_execution_result *out_result) {
    REIN_TRY(mock_execution_result, check_locked(mock, call, request, out_result));
    rein_shape *shapes = copy_shapes_locked(mock, request, out_result);
    if (shapes == NULL) {
        return mock_execution_result_fail(mock_out_of_memory(REIN_HERE));
    }
    rein_result_void begun = mock_sequence_begin_locked(mock, call, request->sequence);
    if (!begun.is_ok) {
        free(shapes);
        return mock_execution_result_fail(REIN_ERROR(begun));
    }
    mock->running_executions++;
    return mock_execution_result_ok(
        (mock_execution){.request = request,
                         .result = out_result,
                         .shapes = shapes,
                         .end = reserve_device_locked(mock, call),
                         .device_time_ns = mock->device_time_ns,
                         .partial_output_count = mock->partial_output_count});
}

static rein_result_void require_not_cancelled(const rein_execution_request *request) {
    if (rein_execution_request_is_cancelled(request)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE,
                                                     "the request was cancelled while it ran"));
    }
    return rein_done();
}

static void fill_outputs(const rein_execution_result *result) {
    for (size_t index = 0; index < result->output_tensor_count; index++) {
        const rein_tensor *tensor = &result->output_tensors[index];
        uint64_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(tensor));
        if (bytes > 0) {
            memset(tensor->data, MOCK_BACKEND_OUTPUT_BYTE, bytes);
        }
    }
}

static rein_result_void give_partial_outputs(const mock_execution *execution) {
    const rein_execution_request *request = execution->request;
    const rein_execution_result *result = execution->result;
    uint64_t count = request->on_output == NULL ? 0 : execution->partial_output_count;
    bool goes_on = true;
    for (uint64_t part = 0; goes_on && part < count; part++) {
        goes_on = request->on_output(request->on_output_context, result->output_tensors,
                                     result->output_tensor_count);
        REIN_TRY(rein_result_void, require_not_cancelled(request));
    }
    return rein_done();
}

static void restore_shapes(const mock_execution *execution) {
    size_t count = execution->result->output_tensor_count;
    for (size_t index = 0; index < count; index++) {
        execution->result->output_tensors[index].descriptor.shape =
            execution->shapes[count + index];
    }
}

static rein_result_void produce(const mock_execution *execution) {
    rein_execution_result *result = execution->result;
    REIN_TRY(rein_result_void, require_not_cancelled(execution->request));
    REIN_TRY(rein_result_void, rein_execution_result_set_shapes(result, execution->shapes,
                                                                result->output_tensor_count));
    fill_outputs(result);
    rein_result_void given = give_partial_outputs(execution);
    if (!given.is_ok) {
        restore_shapes(execution);
    }
    return given;
}

rein_result_void mock_execution_finish(mock_backend *mock, const mock_execution *execution,
                                       rein_result_void injected) {
    const rein_execution_request *request = execution->request;
    rein_result_void produced = injected.is_ok ? produce(execution) : injected;
    free(execution->shapes);
    if (produced.is_ok) {
        rein_execution_result_complete(request, rein_clock_now(&mock->clock), execution->result);
        execution->result->device_time_ns = execution->device_time_ns;
    }
    mock_lock(mock);
    mock->running_executions--;
    mock_sequence_end_locked(mock, request->sequence, produced.is_ok);
    mock_unlock(mock);
    return produced;
}

rein_result_void mock_execute(void *self, const rein_execution_request *request,
                              rein_execution_result *out_result) {
    mock_backend *mock = self;
    mock_lock(mock);
    mock_execution_result begun =
        mock_execution_begin_locked(mock, MOCK_BACKEND_EXECUTE, request, out_result);
    mock_unlock(mock);
    mock_execution execution = REIN_TRY(rein_result_void, begun);
    rein_clock_sleep_until(&mock->clock, execution.end);
    return mock_execution_finish(mock, &execution, rein_done());
}
