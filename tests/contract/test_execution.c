#include "contract/execution.h"

#include "expect.h"
#include "samples.h"

static rein_execution_request request_at(int64_t submission_ns, int64_t deadline_ns) {
    rein_execution_request request = sample_request(7);
    request.submission_time = rein_timestamp_from_ns(submission_ns);
    request.deadline = rein_timestamp_from_ns(deadline_ns);
    return request;
}

static rein_execution_result complete_at(const rein_execution_request *request,
                                         int64_t completion_ns) {
    rein_execution_result result = {0};
    rein_execution_result_complete(request, rein_timestamp_from_ns(completion_ns), &result);
    return result;
}

Test(execution, a_request_without_tensors_is_valid) {
    rein_execution_request request = sample_request(1);
    cr_assert(rein_execution_request_validate(&request).is_ok, "a NULL array of none");
    rein_tensor unused = {0};
    request.input_tensors = &unused;
    cr_assert(rein_execution_request_validate(&request).is_ok, "the count rules, not the array");
}

Test(execution, a_request_with_sound_tensors_is_valid) {
    float data[6] = {0};
    rein_tensor tensors[] = {sample_tensor("a", data, 4), sample_tensor("b", data + 4, 2),
                             sample_tensor("empty", NULL, 0)};
    rein_execution_request request = sample_request(1);
    request.input_tensors = tensors;
    request.input_tensor_count = 3;
    cr_assert(rein_execution_request_validate(&request).is_ok, "three sound tensors");
}

Test(execution, a_deadline_that_has_passed_is_valid) {
    rein_execution_request request = request_at(10, 9);
    cr_assert(rein_execution_request_validate(&request).is_ok, "the result will say so");
}

Test(execution, a_null_request_is_refused) {
    rein_result_void checked = rein_execution_request_validate(NULL);
    expect_invalid_argument(&REIN_ERROR(checked), "request is NULL, expected a request");
}

Test(execution, a_null_array_of_inputs_is_refused) {
    rein_execution_request request = sample_request(1);
    request.input_tensor_count = 2;
    rein_result_void checked = rein_execution_request_validate(&request);
    expect_invalid_argument(&REIN_ERROR(checked),
                            "input_tensors is NULL and input_tensor_count is 2, expected an array");
}

Test(execution, an_unsound_input_is_refused_with_its_index_and_its_fault) {
    float data[4] = {0};
    rein_tensor tensors[] = {sample_tensor("a", data, 4), sample_tensor("b", data, 4)};
    tensors[1].spec.descriptor.shape.dimensions[0] = -4;
    rein_execution_request request = sample_request(1);
    request.input_tensors = tensors;
    request.input_tensor_count = 2;
    rein_result_void checked = rein_execution_request_validate(&request);
    expect_invalid_argument(&REIN_ERROR(checked),
                            "input tensor 1: dimension 0 is -4, expected 0 or above");
}

Test(execution, an_input_without_data_is_refused) {
    float data[4] = {0};
    rein_tensor tensor = sample_tensor("a", data, 4);
    tensor.data = NULL;
    rein_execution_request request = sample_request(1);
    request.input_tensors = &tensor;
    request.input_tensor_count = 1;
    rein_result_void checked = rein_execution_request_validate(&request);
    cr_assert(REIN_ERROR(checked).code == REIN_ERROR_INVALID_ARGUMENT, "no data for 16 bytes");
}

Test(execution, a_null_result_is_refused) {
    rein_result_void checked = rein_execution_result_validate(NULL);
    expect_invalid_argument(&REIN_ERROR(checked), "result is NULL, expected a result");
}

Test(execution, outputs_keep_the_rules_of_inputs) {
    rein_execution_result result = {0};
    cr_assert(rein_execution_result_validate(&result).is_ok, "no outputs");
    result.output_tensor_count = 1;
    rein_result_void checked = rein_execution_result_validate(&result);
    expect_invalid_argument(
        &REIN_ERROR(checked),
        "output_tensors is NULL and output_tensor_count is 1, expected an array");
    float data[4] = {0};
    rein_tensor tensor = sample_tensor("a", data, 4);
    result.output_tensors = &tensor;
    cr_assert(rein_execution_result_validate(&result).is_ok, "a sound output");
    tensor.spec.descriptor.shape.dimensions[0] = -1;
    checked = rein_execution_result_validate(&result);
    expect_invalid_argument(&REIN_ERROR(checked),
                            "output tensor 0: dimension 0 is -1, expected 0 or above");
}

Test(execution, completion_copies_the_ids) {
    rein_execution_request request = request_at(0, INT64_MAX);
    rein_execution_result result = complete_at(&request, 1);
    cr_assert(rein_model_id_equal(&result.model_id, &request.model_id), "the model's");
    cr_assert(rein_request_id_equal(&result.request_id, &request.request_id), "the request's");
}

Test(execution, completion_leaves_the_outputs_alone) {
    float data[1] = {2.0F};
    rein_tensor tensor = sample_tensor("a", data, 1);
    rein_execution_result result = {.output_tensors = &tensor, .output_tensor_count = 1};
    rein_execution_request request = request_at(0, 1);
    rein_execution_result_complete(&request, rein_timestamp_from_ns(1), &result);
    cr_assert(result.output_tensors == &tensor && result.output_tensor_count == 1, "the array");
    cr_assert(tensor.data == data && data[0] == 2.0F, "the tensor and its data");
}

Test(execution, latency_runs_from_submission_to_completion) {
    rein_execution_request request = request_at(100, INT64_MAX);
    cr_assert(complete_at(&request, 130).actual_latency.ns == 30, "30 ns later");
    cr_assert(complete_at(&request, 90).actual_latency.ns == -10, "another clock: negative");
    request = request_at(INT64_MIN, INT64_MAX);
    cr_assert(complete_at(&request, INT64_MAX).actual_latency.ns == INT64_MAX, "never wraps");
}

Test(execution, a_deadline_is_met_up_to_its_very_instant) {
    rein_execution_request request = request_at(0, 50);
    cr_assert(complete_at(&request, 49).deadline_met, "before");
    cr_assert(complete_at(&request, 50).deadline_met, "at");
    cr_assert(!complete_at(&request, 51).deadline_met, "after");
    request = request_at(0, INT64_MAX);
    cr_assert(complete_at(&request, INT64_MAX).deadline_met, "never is never missed");
}

Test(execution, a_zeroed_request_has_no_deadline) {
    rein_execution_request request = {.deadline = {0}};
    cr_assert(rein_execution_request_deadline(&request).ns == INT64_MAX, "0 is never");
    cr_assert(complete_at(&request, 1).deadline_met, "just after the origin of the clock");
    cr_assert(complete_at(&request, INT64_MAX).deadline_met, "at the end of the range");
    request = request_at(-9, -1);
    cr_assert(rein_execution_request_deadline(&request).ns == -1, "any other instant is itself");
    cr_assert(!complete_at(&request, 0).deadline_met, "and can be missed");
}
