#include "host/contract/execution.h"

#include "host/contract/invalid.h"
#include "host/contract/shape.h"
#include "host/contract/stop.h"
#include "host/contract/tensor_spec.h"

static rein_result_void check_struct_size(size_t struct_size, size_t expected, const char *message,
                                          rein_source_location where) {
    return struct_size == expected ? rein_done()
                                   : rein_i_invalid(where, message, struct_size, expected, 0);
}

rein_result_void rein_i_request_check(const rein_execution_request *request) {
    if (request == NULL) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, check_struct_size(request->struct_size, sizeof *request,
                                                 "the request" MUST_HAVE_STRUCT_SIZE, REIN_HERE));
    if (request->input_tensors == NULL && request->input_tensor_count > 0) {
        return rein_i_invalid(REIN_HERE, "input_tensors" MUST_HOLD_ELEMENTS,
                              request->input_tensor_count, 0, 0);
    }
    return rein_done();
}

rein_result_void rein_i_result_check(const rein_execution_result *result) {
    if (result == NULL) {
        return rein_i_invalid(REIN_HERE, "the result" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, check_struct_size(result->struct_size, sizeof *result,
                                                 "the result" MUST_HAVE_STRUCT_SIZE, REIN_HERE));
    if (result->output_tensors == NULL && result->output_tensor_count > 0) {
        return rein_i_invalid(REIN_HERE, "output_tensors" MUST_HOLD_ELEMENTS,
                              result->output_tensor_count, 0, 0);
    }
    return rein_done();
}

/* Returns the error of one tensor, with the side and the index that `message` states. */
rein_result_void rein_execution_request_validate(const rein_execution_request *request) {
    REIN_TRY(rein_result_void, rein_i_request_check(request));
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        rein_result_void checked = rein_tensor_validate(&request->input_tensors[index]);
        if (!checked.is_ok) {
            return rein_result_void_fail(
                rein_i_error_within(&REIN_ERROR(checked), "input tensor {u}: {text}", index));
        }
    }
    return rein_done();
}

rein_result_void rein_execution_result_validate(const rein_execution_result *result) {
    REIN_TRY(rein_result_void, rein_i_result_check(result));
    for (size_t index = 0; index < result->output_tensor_count; index++) {
        rein_result_void checked = rein_i_tensor_validate_output(&result->output_tensors[index]);
        if (!checked.is_ok) {
            return rein_result_void_fail(
                rein_i_error_within(&REIN_ERROR(checked), "output tensor {u}: {text}", index));
        }
    }
    return rein_done();
}

rein_timestamp rein_execution_request_deadline(const rein_execution_request *request) {
    bool is_none = request == NULL || request->deadline.ns == 0;
    return is_none ? rein_timestamp_never() : request->deadline;
}

bool rein_execution_request_is_cancelled(const rein_execution_request *request) {
    return request != NULL && stop_is_cancelled(request->cancel);
}

rein_error rein_i_buffer_too_small(rein_source_location where, uint64_t needed_bytes,
                                   uint64_t capacity_bytes, size_t index) {
    rein_error error =
        rein_error_make(REIN_ERROR_BUFFER_TOO_SMALL, where,
                        "{bytes} do not fit in the capacity of {bytes} of output tensor {u}");
    return rein_error_with_numbers(error, needed_bytes, capacity_bytes, index);
}

static rein_result_void check_capacity(const rein_tensor *output, const rein_shape *shape,
                                       size_t index) {
    uint64_t bytes =
        REIN_TRY(rein_result_void, rein_i_shape_size_bytes(shape, output->descriptor.dtype));
    return bytes <= output->capacity_bytes ? rein_done()
                                           : rein_result_void_fail(rein_i_buffer_too_small(
                                                 REIN_HERE, bytes, output->capacity_bytes, index));
}

rein_result_void rein_execution_result_set_shapes(rein_execution_result *result,
                                                  const rein_shape *shapes, size_t shape_count) {
    REIN_TRY(rein_result_void, rein_i_result_check(result));
    if (shape_count != result->output_tensor_count) {
        return rein_i_invalid(REIN_HERE,
                              "{u} shapes were given for {u} output tensors; give one for each",
                              shape_count, result->output_tensor_count, 0);
    }
    if (shapes == NULL && shape_count > 0) {
        return rein_i_invalid(REIN_HERE, "shapes" MUST_HOLD_ELEMENTS, shape_count, 0, 0);
    }
    for (size_t index = 0; index < shape_count; index++) {
        REIN_TRY(rein_result_void,
                 check_capacity(&result->output_tensors[index], &shapes[index], index));
    }
    for (size_t index = 0; index < shape_count; index++) {
        result->output_tensors[index].descriptor.shape = shapes[index];
    }
    return rein_done();
}

void rein_execution_result_complete(const rein_execution_request *request,
                                    rein_timestamp completion_time,
                                    rein_execution_result *out_result) {
    if (request == NULL || out_result == NULL) {
        return;
    }
    out_result->model_id = request->model_id;
    out_result->request_id = request->request_id;
    out_result->actual_latency =
        rein_timestamp_since_saturating(completion_time, request->submission_time);
    out_result->deadline_met =
        rein_timestamp_compare(completion_time, rein_execution_request_deadline(request)) <= 0;
    out_result->device_time_ns = rein_fact_u64_unknown();
}
