#include "contract/execution.h"

#include "expect.h"
#include "samples.h"

static rein_execution_request request_at(int64_t submission_ns, int64_t deadline_ns) {
    rein_execution_request request = sample_request(7);
    request.submission_time = rein_timestamp_from_ns(submission_ns);
    request.deadline = rein_timestamp_from_ns(deadline_ns);
    return request;
}

static rein_execution_request request_of(const rein_tensor *inputs, size_t count) {
    rein_execution_request request = sample_request(1);
    request.input_tensors = inputs;
    request.input_tensor_count = count;
    return request;
}

static rein_execution_result complete_at(const rein_execution_request *request,
                                         int64_t completion_ns) {
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_execution_result_complete(request, rein_timestamp_from_ns(completion_ns), &result);
    return result;
}

static void expect_refused(rein_result_void checked, uint64_t first, uint64_t second) {
    cr_assert(!checked.is_ok, "numbers %llu, %llu", (unsigned long long)first,
              (unsigned long long)second);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(checked), first, second, 0);
}

Test(request_make, sets_only_its_arguments) {
    rein_tensor tensor = {0};
    rein_model_id model = sample_model_id();
    rein_request_id id = {.bytes = {1, 2, 3}};
    rein_execution_request request =
        rein_execution_request_make(model, id, &tensor, 1, rein_timestamp_from_ns(9));
    cr_assert(request.struct_size == sizeof request, "the size");
    cr_assert(rein_model_id_equal(&request.model_id, &model), "the model");
    cr_assert(rein_request_id_equal(&request.request_id, &id), "the request");
    cr_assert(request.input_tensors == &tensor && request.input_tensor_count == 1, "the inputs");
    cr_assert(request.submission_time.ns == 9 && request.deadline.ns == 0, "the times");
    cr_assert(request.sequence.value == 0 && request.stream == NULL, "no sequence, no stream");
    cr_assert(request.cancel == NULL && request.on_output == NULL &&
                  request.on_output_context == NULL,
              "no flag, no callback");
}

Test(result_make, sets_only_the_outputs) {
    rein_tensor tensor = {0};
    rein_execution_result result = rein_execution_result_make(&tensor, 1);
    cr_assert(result.struct_size == sizeof result, "the size");
    cr_assert(result.output_tensors == &tensor && result.output_tensor_count == 1, "the outputs");
    cr_assert(result.model_id.text[0] == '\0' && result.actual_latency.ns == 0, "no answer");
    cr_assert(!result.deadline_met && !result.device_time_ns.is_known, "no answer");
}

Test(request_validate, accepts_no_tensors) {
    rein_tensor unused = {0};
    rein_execution_request request = request_of(NULL, 0);
    cr_assert(rein_execution_request_validate(&request).is_ok, "a NULL array of none");
    request = request_of(&unused, 0);
    cr_assert(rein_execution_request_validate(&request).is_ok, "an array of none");
}

Test(request_validate, accepts_valid_tensors_and_a_deadline_that_has_passed) {
    float data[6] = {0};
    rein_tensor tensors[] = {sample_tensor("a", data, 4), sample_tensor("b", data + 4, 2),
                             sample_tensor("empty", NULL, 0)};
    rein_execution_request request = request_of(tensors, 3);
    cr_assert(rein_execution_request_validate(&request).is_ok, "three valid tensors");
    request = request_at(10, 9);
    cr_assert(rein_execution_request_validate(&request).is_ok, "deadline_met will be false");
}

Test(request_validate, refuses_null_other_sizes_and_a_null_array) {
    rein_execution_request request = sample_request(1);
    expect_refused(rein_execution_request_validate(NULL), 0, 0);
    request.struct_size = sizeof request - 1;
    expect_refused(rein_execution_request_validate(&request), sizeof request - 1, sizeof request);
    request.struct_size = sizeof request + 1;
    expect_refused(rein_execution_request_validate(&request), sizeof request + 1, sizeof request);
    request.struct_size = 0;
    expect_refused(rein_execution_request_validate(&request), 0, sizeof request);
    request = request_of(NULL, 2);
    expect_refused(rein_execution_request_validate(&request), 2, 0);
}

Test(request_validate, says_which_input_is_not_valid_and_why) {
    float data[4] = {0};
    rein_tensor tensors[] = {sample_tensor("a", data, 4), sample_tensor("b", data, 4)};
    tensors[1].descriptor.shape.dimensions[0] = -4;
    rein_execution_request request = request_of(tensors, 2);
    rein_result_void checked = rein_execution_request_validate(&request);
    expect_invalid(&REIN_ERROR(checked), "input tensor 1 dimension 0 -4");
}

Test(request_validate, refuses_an_input_without_its_data) {
    float data[4] = {0};
    rein_tensor tensor = sample_tensor("a", data, 4);
    rein_execution_request request = request_of(&tensor, 1);
    tensor.data = NULL;
    expect_refused(rein_execution_request_validate(&request), 0, 0);
    tensor = sample_tensor("a", data, 4);
    tensor.capacity_bytes = 15;
    expect_refused(rein_execution_request_validate(&request), 0, 0);
}

Test(result_validate, refuses_null_other_sizes_and_a_null_array) {
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(rein_execution_result_validate(&result).is_ok, "no outputs");
    expect_refused(rein_execution_result_validate(NULL), 0, 0);
    result.struct_size = sizeof result + 1;
    expect_refused(rein_execution_result_validate(&result), sizeof result + 1, sizeof result);
    result.struct_size = 0;
    expect_refused(rein_execution_result_validate(&result), 0, sizeof result);
    result = rein_execution_result_make(NULL, 3);
    expect_refused(rein_execution_result_validate(&result), 3, 0);
}

Test(result_validate, checks_outputs_but_not_their_size) {
    float data[4] = {0};
    rein_tensor tensors[] = {sample_tensor("a", data, 4), sample_tensor("b", data, 4)};
    rein_execution_result result = rein_execution_result_make(tensors, 2);
    cr_assert(rein_execution_result_validate(&result).is_ok, "two valid outputs");
    tensors[1].capacity_bytes = 3;
    cr_assert(rein_execution_result_validate(&result).is_ok, "the capacity may be too small");
    tensors[1].data = NULL;
    expect_refused(rein_execution_result_validate(&result), 1, 0);
    tensors[1].capacity_bytes = 0;
    cr_assert(rein_execution_result_validate(&result).is_ok, "no capacity, no data");
    tensors[0].memory_kind = (rein_memory_kind)0;
    expect_refused(rein_execution_result_validate(&result), 0, 0);
    tensors[0] = sample_tensor("a", data, 4);
    tensors[0].descriptor.dtype = (rein_dtype)0;
    expect_refused(rein_execution_result_validate(&result), 0, 0);
}

/* Two outputs of room for 4 floats each, and the shapes that they are given. */
typedef struct shape_case {
    float data[8];
    rein_tensor outputs[2];
    rein_execution_result result;
    rein_shape shapes[2];
} shape_case;

static void shape_case_init(shape_case *out_trial) {
    static const int64_t four[] = {4};
    static const int64_t two_by_two[] = {2, 2};
    out_trial->outputs[0] = sample_tensor("a", out_trial->data, 4);
    out_trial->outputs[1] = sample_tensor("b", out_trial->data + 4, 4);
    out_trial->result = rein_execution_result_make(out_trial->outputs, 2);
    out_trial->shapes[0] = sample_shape(two_by_two, 2);
    out_trial->shapes[1] = sample_shape(four, 1);
}

static rein_result_void set_shapes(shape_case *trial) {
    return rein_execution_result_set_shapes(&trial->result, trial->shapes, 2);
}

static void expect_shapes_kept(rein_result_void done, const shape_case *trial,
                               rein_error_code code) {
    rein_shape row = {.rank = 1, .dimensions = {4}};
    cr_assert(!done.is_ok, "expected %s", rein_error_code_name(code));
    expect_code(&REIN_ERROR(done), code);
    for (size_t index = 0; index < 2; index++) {
        cr_assert(rein_shape_equal(&trial->outputs[index].descriptor.shape, &row),
                  "output %zu is as before", index);
    }
}

Test(set_shapes, sets_the_shape_of_each_output) {
    shape_case trial;
    shape_case_init(&trial);
    trial.shapes[1].dimensions[0] = 0;
    cr_assert(set_shapes(&trial).is_ok, "both fit");
    for (size_t index = 0; index < 2; index++) {
        cr_assert(rein_shape_equal(&trial.outputs[index].descriptor.shape, &trial.shapes[index]),
                  "output %zu", index);
        cr_assert(trial.outputs[index].capacity_bytes == 16, "the capacity stays");
    }
    rein_execution_result none = rein_execution_result_make(NULL, 0);
    cr_assert(rein_execution_result_set_shapes(&none, NULL, 0).is_ok, "no outputs");
}

Test(set_shapes, says_how_many_bytes_the_first_small_output_needs) {
    shape_case trial;
    shape_case_init(&trial);
    trial.shapes[1].dimensions[0] = 5;
    rein_result_void done = set_shapes(&trial);
    expect_shapes_kept(done, &trial, REIN_ERROR_BUFFER_TOO_SMALL);
    expect_numbers(&REIN_ERROR(done), 20, 16, 1);
    trial.shapes[0].dimensions[1] = 3;
    done = set_shapes(&trial);
    expect_shapes_kept(done, &trial, REIN_ERROR_BUFFER_TOO_SMALL);
    expect_numbers(&REIN_ERROR(done), 24, 16, 0);
    trial.outputs[0].data = NULL;
    trial.outputs[0].capacity_bytes = 0;
    done = set_shapes(&trial);
    expect_shapes_kept(done, &trial, REIN_ERROR_BUFFER_TOO_SMALL);
    expect_numbers(&REIN_ERROR(done), 24, 0, 0);
}

Test(set_shapes, refuses_shapes_that_are_not_valid) {
    shape_case trial;
    shape_case_init(&trial);
    trial.shapes[1].dimensions[0] = -1;
    expect_shapes_kept(set_shapes(&trial), &trial, REIN_ERROR_INVALID_ARGUMENT);
    shape_case_init(&trial);
    trial.shapes[1].dimensions[1] = 1;
    expect_shapes_kept(set_shapes(&trial), &trial, REIN_ERROR_INVALID_ARGUMENT);
    shape_case_init(&trial);
    trial.shapes[1].dimensions[0] = INT64_MAX;
    trial.outputs[1].capacity_bytes = UINT64_MAX;
    expect_shapes_kept(set_shapes(&trial), &trial, REIN_ERROR_INVALID_ARGUMENT);
}

Test(set_shapes, refuses_null_and_another_count) {
    shape_case trial;
    shape_case_init(&trial);
    rein_execution_result *result = &trial.result;
    rein_error_code code = REIN_ERROR_INVALID_ARGUMENT;
    expect_shapes_kept(rein_execution_result_set_shapes(NULL, trial.shapes, 2), &trial, code);
    rein_result_void done = rein_execution_result_set_shapes(result, NULL, 2);
    expect_shapes_kept(done, &trial, code);
    expect_numbers(&REIN_ERROR(done), 2, 0, 0);
    expect_shapes_kept(rein_execution_result_set_shapes(result, NULL, 0), &trial, code);
    expect_shapes_kept(rein_execution_result_set_shapes(result, trial.shapes, 1), &trial, code);
    expect_shapes_kept(rein_execution_result_set_shapes(result, trial.shapes, 3), &trial, code);
    trial.result.struct_size = 0;
    expect_shapes_kept(set_shapes(&trial), &trial, code);
}

Test(cancel_flag, is_read_if_there_is_one) {
    bool flag = false;
    rein_execution_request request = sample_request(1);
    cr_assert(!rein_execution_request_is_cancelled(&request), "no flag");
    cr_assert(!rein_execution_request_is_cancelled(NULL), "no request");
    request.cancel = &flag;
    cr_assert(!rein_execution_request_is_cancelled(&request), "not set");
    rein_cancel(&flag);
    cr_assert(rein_execution_request_is_cancelled(&request), "set");
}

Test(complete, copies_the_ids) {
    rein_execution_request request = request_at(0, INT64_MAX);
    rein_execution_result result = complete_at(&request, 1);
    cr_assert(rein_model_id_equal(&result.model_id, &request.model_id), "the model's");
    cr_assert(rein_request_id_equal(&result.request_id, &request.request_id), "the request's");
}

Test(complete, leaves_the_outputs_alone) {
    float data[1] = {2.0F};
    rein_tensor tensor = sample_tensor("a", data, 1);
    rein_execution_result result = rein_execution_result_make(&tensor, 1);
    rein_execution_request request = request_at(0, 1);
    rein_execution_result_complete(&request, rein_timestamp_from_ns(1), &result);
    cr_assert(result.struct_size == sizeof result, "the size");
    cr_assert(result.output_tensors == &tensor && result.output_tensor_count == 1, "the array");
    cr_assert(tensor.data == data && data[0] == 2.0F, "the tensor and its data");
}

Test(complete, forgets_the_device_time_of_an_earlier_execution) {
    rein_execution_request request = request_at(0, 1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    result.device_time_ns = rein_fact_u64_known(5);
    rein_execution_result_complete(&request, rein_timestamp_from_ns(1), &result);
    cr_assert(!result.device_time_ns.is_known && result.device_time_ns.value == 0, "unknown");
}

Test(complete, does_nothing_with_null) {
    rein_execution_request request = request_at(0, 1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    result.device_time_ns = rein_fact_u64_known(5);
    rein_execution_result_complete(NULL, rein_timestamp_from_ns(1), &result);
    cr_assert(!result.deadline_met && result.device_time_ns.is_known, "no request");
    rein_execution_result_complete(&request, rein_timestamp_from_ns(1), NULL);
    cr_assert(request.deadline.ns == 1, "no result");
}

Test(complete, latency_runs_from_submission_to_completion) {
    rein_execution_request request = request_at(100, INT64_MAX);
    cr_assert(complete_at(&request, 130).actual_latency.ns == 30, "30 ns later");
    cr_assert(complete_at(&request, 90).actual_latency.ns == -10, "another clock: negative");
    request = request_at(INT64_MIN, INT64_MAX);
    cr_assert(complete_at(&request, INT64_MAX).actual_latency.ns == INT64_MAX, "never wraps");
}

Test(complete, a_deadline_is_met_at_its_exact_instant) {
    rein_execution_request request = request_at(0, 50);
    cr_assert(complete_at(&request, 49).deadline_met, "before");
    cr_assert(complete_at(&request, 50).deadline_met, "at");
    cr_assert(!complete_at(&request, 51).deadline_met, "after");
    request = request_at(0, INT64_MAX);
    cr_assert(complete_at(&request, INT64_MAX).deadline_met, "never is never missed");
}

Test(deadline, of_zero_is_none) {
    rein_execution_request request = request_at(0, 0);
    cr_assert(rein_execution_request_deadline(&request).ns == INT64_MAX, "0 is never");
    cr_assert(rein_execution_request_deadline(NULL).ns == INT64_MAX, "no request");
    cr_assert(complete_at(&request, 1).deadline_met, "just after the origin of the clock");
    cr_assert(complete_at(&request, INT64_MAX).deadline_met, "at the end of the range");
    request = request_at(-9, -1);
    cr_assert(rein_execution_request_deadline(&request).ns == -1, "any other instant is itself");
    cr_assert(!complete_at(&request, 0).deadline_met, "and can be missed");
}
