/* Judges the result that an execution leaves in a trial. */
#include <string.h>

#include "conformance/shapes.h"
#include "conformance/trial.h"

static bool has_the_callers_tensors(const conformance_trial *trial) {
    return trial->result.output_tensors == trial->result_before.output_tensors &&
           trial->result.output_tensor_count == trial->result_before.output_tensor_count;
}

/* Returns whether all members are the same except the shape. */
static bool only_shape_differs(const rein_tensor *now, const rein_tensor *before) {
    return memcmp(now->descriptor.name, before->descriptor.name, sizeof now->descriptor.name) ==
               0 &&
           now->descriptor.dtype == before->descriptor.dtype && now->layout == before->layout &&
           now->memory_kind == before->memory_kind && now->device_index == before->device_index &&
           now->data == before->data && now->capacity_bytes == before->capacity_bytes;
}

bool trial_only_shapes_differ(const conformance_trial *trial) {
    bool is_met = true;
    for (size_t index = 0; index <= trial->output_specs.count; index++) {
        is_met =
            is_met && only_shape_differs(&trial->outputs[index], &trial->outputs_before[index]);
    }
    return is_met;
}

static bool shapes_are_untouched(const conformance_trial *trial) {
    bool are_untouched = true;
    for (size_t index = 0; index <= trial->output_specs.count; index++) {
        are_untouched =
            are_untouched && rein_shape_equal(&trial->outputs[index].descriptor.shape,
                                              &trial->outputs_before[index].descriptor.shape);
    }
    return are_untouched;
}

bool trial_result_is_untouched(const conformance_trial *trial) {
    const rein_execution_result *now = &trial->result;
    const rein_execution_result *before = &trial->result_before;
    return has_the_callers_tensors(trial) && trial_only_shapes_differ(trial) &&
           shapes_are_untouched(trial) && rein_model_id_equal(&now->model_id, &before->model_id) &&
           rein_request_id_equal(&now->request_id, &before->request_id) &&
           rein_duration_compare(now->actual_latency, before->actual_latency) == 0 &&
           now->deadline_met == before->deadline_met &&
           now->device_time_ns.is_known == before->device_time_ns.is_known &&
           now->device_time_ns.value == before->device_time_ns.value;
}

bool trial_result_is_complete(const conformance_trial *trial) {
    const rein_execution_result *result = &trial->result;
    bool is_timed = !result->device_time_ns.is_known || result->device_time_ns.value < UINT64_MAX;
    return rein_model_id_equal(&result->model_id, &trial->request.model_id) &&
           rein_request_id_equal(&result->request_id, &trial->request.request_id) &&
           result->actual_latency.ns >= 0 && is_timed && has_the_callers_tensors(trial);
}

/* Returns whether each dimension with a symbol that an input has has the input's extent. */
static bool symbols_agree(const conformance_trial *trial, size_t output) {
    const rein_tensor_spec *spec = &trial->output_specs.specs[output];
    const rein_shape *shape = &trial->outputs[output].descriptor.shape;
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        size_t input = 0;
        int32_t input_dimension = 0;
        if (rein_tensor_spec_view_find(trial->input_specs, spec->extents[dimension].symbol, &input,
                                       &input_dimension) &&
            trial->inputs[input].descriptor.shape.dimensions[input_dimension] !=
                shape->dimensions[dimension]) {
            return false;
        }
    }
    return true;
}

/* Returns what is wrong with an output after a success; NULL if nothing is. */
static const char *find_breach(const conformance_trial *trial, size_t index) {
    const rein_tensor *output = &trial->outputs[index];
    const rein_tensor *before = &trial->outputs_before[index];
    if (output->data != before->data || output->capacity_bytes != before->capacity_bytes) {
        return "the memory of an output is not the caller's";
    }
    if (!rein_tensor_spec_allows(&trial->output_specs.specs[index], &output->descriptor.shape)) {
        return "an output has a shape that its spec does not allow";
    }
    if (!symbols_agree(trial, index)) {
        return "a dimension of an output has another extent than the input's of the same symbol";
    }
    rein_result_bytes bytes = rein_tensor_size_bytes(output);
    return bytes.is_ok && REIN_VALUE(bytes) <= output->capacity_bytes
               ? NULL
               : "an output is not valid or larger than its capacity";
}

static const char *find_breach_of_success(const conformance_trial *trial) {
    if (!has_the_callers_tensors(trial)) {
        return "the output tensors of the result are not the caller's";
    }
    const char *breach = NULL;
    for (size_t index = 0; breach == NULL && index < trial->output_specs.count; index++) {
        breach = find_breach(trial, index);
    }
    return breach;
}

static const char *find_breach_of_failure(const conformance_trial *trial) {
    return trial_result_is_untouched(trial) ? NULL : "a failed execution touched the result";
}

rein_result_void trial_judge(conformance_trial *trial, rein_result_void outcome) {
    const char *breach =
        outcome.is_ok ? find_breach_of_success(trial) : find_breach_of_failure(trial);
    if (breach == NULL) {
        return outcome;
    }
    trial_restore(trial);
    return rein_result_void_fail(rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, breach));
}

static bool outputs_equal(const rein_tensor *left, const rein_tensor *right) {
    rein_result_bytes bytes = rein_tensor_size_bytes(left);
    return rein_shape_equal(&left->descriptor.shape, &right->descriptor.shape) && bytes.is_ok &&
           (REIN_VALUE(bytes) == 0 || memcmp(left->data, right->data, REIN_VALUE(bytes)) == 0);
}

bool trial_outputs_equal(const conformance_trial *left, const conformance_trial *right) {
    bool are_equal = true;
    for (size_t index = 0; index < left->output_specs.count; index++) {
        are_equal = are_equal && outputs_equal(&left->outputs[index], &right->outputs[index]);
    }
    return are_equal;
}

bool trial_expect_refusal(conformance_probe *probe, conformance_trial *trial, rein_error_code code,
                          const char *expectation, rein_source_location where) {
    trial_note_state(trial);
    rein_result_void refused =
        rein_backend_execute(&probe->backend, &trial->request, &trial->result);
    bool is_met = probe_expect_error(probe, refused, code, expectation, where) &&
                  probe_expect(probe, trial_result_is_untouched(trial),
                               "a failed execute leaves the result untouched", where);
    trial_restore(trial);
    return is_met;
}
