#include <stdlib.h>
#include <string.h>

#include "mocks/mock_backend_state.h"

rein_result_duration mock_execution_begin_locked(mock_backend *mock, mock_backend_call call,
                                                 const rein_execution_request *request,
                                                 const rein_execution_result *out_result) {
    REIN_TRY(rein_result_duration, rein_execution_request_validate(request));
    REIN_TRY(rein_result_duration, mock_history_append(&mock->history, request));
    REIN_TRY(rein_result_duration, mock_begin_call_locked(mock, call));
    REIN_TRY(rein_result_duration, mock_require_loaded_locked(mock, REIN_HERE));
    REIN_TRY(rein_result_duration,
             rein_backend_check_execution(request, out_result, &mock->loaded_model,
                                          mock->input_specs, mock->output_specs));
    REIN_TRY(rein_result_duration, mock_sequence_require_locked(mock, request->sequence));
    mock->running_executions++;
    return rein_result_duration_ok(mock_latency_next(&mock->latency));
}

/* Gives the outputs their shapes. Allocates: a mock is not measured. */
static rein_result_void set_shapes(mock_backend *mock, const rein_execution_request *request,
                                   rein_execution_result *out_result) {
    size_t count = out_result->output_tensor_count;
    rein_shape *shapes = calloc(count + 1, sizeof *shapes);
    if (shapes == NULL) {
        return rein_result_void_fail(mock_out_of_memory(REIN_HERE));
    }
    mock_lock(mock);
    mock_output_shapes_locked(mock, request, shapes);
    mock_unlock(mock);
    rein_result_void set = rein_execution_result_set_shapes(out_result, shapes, count);
    free(shapes);
    return set;
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

static rein_result_void produce(mock_backend *mock, const rein_execution_request *request,
                                rein_execution_result *out_result, uint64_t partial_count) {
    if (rein_execution_request_is_cancelled(request)) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE, "cancelled while it ran"));
    }
    REIN_TRY(rein_result_void, set_shapes(mock, request, out_result));
    fill_outputs(out_result);
    for (uint64_t part = 0; request->on_output != NULL && part < partial_count; part++) {
        request->on_output(request->on_output_context, out_result->output_tensors,
                           out_result->output_tensor_count);
    }
    return rein_done();
}

rein_result_void mock_execution_finish(mock_backend *mock, const rein_execution_request *request,
                                       rein_execution_result *out_result,
                                       rein_result_void injected) {
    mock_lock(mock);
    uint64_t partial_count = mock->partial_output_count;
    rein_fact_u64 device_time_ns = mock->device_time_ns;
    mock_unlock(mock);
    rein_result_void produced =
        injected.is_ok ? produce(mock, request, out_result, partial_count) : injected;
    if (produced.is_ok) {
        rein_execution_result_complete(request, rein_clock_now(&mock->clock), out_result);
        out_result->device_time_ns = device_time_ns;
    }
    mock_lock(mock);
    mock->running_executions--;
    if (produced.is_ok) {
        mock_sequence_take_token_locked(mock, request->sequence);
    }
    mock_unlock(mock);
    return produced;
}

rein_result_void mock_execute(void *self, const rein_execution_request *request,
                              rein_execution_result *out_result) {
    mock_backend *mock = self;
    rein_timestamp start = rein_clock_now(&mock->clock);
    mock_lock(mock);
    rein_result_duration latency =
        mock_execution_begin_locked(mock, MOCK_BACKEND_EXECUTE, request, out_result);
    mock_unlock(mock);
    REIN_TRY(rein_result_void, latency);
    rein_clock_sleep_until(&mock->clock, rein_timestamp_add_saturating(start, REIN_VALUE(latency)));
    return mock_execution_finish(mock, request, out_result, rein_done());
}
