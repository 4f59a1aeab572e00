#include "contract/execution.h"

#include "host/contract/invalid.h"

/* How the messages about one side of an execution read. */
typedef struct tensor_array_text {
    const char *array_is_null;
    const char *tensor_is_wrong;
} tensor_array_text;

static const tensor_array_text input_text = {
    .array_is_null = "input_tensors is NULL and input_tensor_count is {u}, expected an array",
    .tensor_is_wrong = "input tensor {u}: {text}",
};

static const tensor_array_text output_text = {
    .array_is_null = "output_tensors is NULL and output_tensor_count is {u}, expected an array",
    .tensor_is_wrong = "output tensor {u}: {text}",
};

static rein_error tensor_error(const rein_error *cause, size_t index, const char *message,
                               rein_source_location where) {
    char text[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    rein_error_message(cause, text, sizeof text);
    rein_error error = rein_error_make(cause->code, where, message);
    return rein_error_with_text(rein_error_with_numbers(error, index, 0, 0), text);
}

/* `function`: the one whose argument it is. */
static rein_result_void tensors_validate(const rein_tensor *tensors, size_t count,
                                         const tensor_array_text *text, const char *function) {
    if (tensors == NULL && count > 0) {
        return rein_i_invalid(rein_source_location_make(function, __FILE__, __LINE__),
                              text->array_is_null, count, 0, 0);
    }
    for (size_t index = 0; index < count; index++) {
        rein_result_void checked = rein_tensor_validate(&tensors[index]);
        if (!checked.is_ok) {
            return rein_result_void_fail(
                tensor_error(&REIN_ERROR(checked), index, text->tensor_is_wrong,
                             rein_source_location_make(function, __FILE__, __LINE__)));
        }
    }
    return rein_done();
}

rein_result_void rein_execution_request_validate(const rein_execution_request *request) {
    if (request == NULL) {
        return rein_i_invalid(REIN_HERE, "request is NULL, expected a request", 0, 0, 0);
    }
    return tensors_validate(request->input_tensors, request->input_tensor_count, &input_text,
                            __func__);
}

rein_result_void rein_execution_result_validate(const rein_execution_result *result) {
    if (result == NULL) {
        return rein_i_invalid(REIN_HERE, "result is NULL, expected a result", 0, 0, 0);
    }
    return tensors_validate(result->output_tensors, result->output_tensor_count, &output_text,
                            __func__);
}

rein_timestamp rein_execution_request_deadline(const rein_execution_request *request) {
    bool is_none = request == NULL || request->deadline.ns == 0;
    return is_none ? rein_timestamp_never() : request->deadline;
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
}
