#include "conformance/trial.h"

#include <stdlib.h>
#include <string.h>

static void *allocate(const conformance_subject *subject, size_t bytes) {
    return subject->allocate == NULL ? malloc(bytes) : subject->allocate(subject->context, bytes);
}

static void release(const conformance_subject *subject, void *memory) {
    if (subject->release == NULL) {
        free(memory);
    } else if (memory != NULL) {
        subject->release(subject->context, memory);
    }
}

/* Gives a tensor of a sound spec its memory, set to zeros. */
static bool tensor_init(conformance_probe *probe, const rein_tensor_spec *spec,
                        rein_tensor *out_tensor) {
    out_tensor->spec = *spec;
    rein_result_bytes bytes = rein_tensor_descriptor_size_bytes(&spec->descriptor);
    if (!probe_expect(probe, bytes.is_ok, "a spec has a size", REIN_HERE)) {
        return false;
    }
    if (REIN_VALUE(bytes) == 0) {
        return true;
    }
    out_tensor->data = allocate(probe->subject, REIN_VALUE(bytes));
    if (!probe_expect(probe, out_tensor->data != NULL, "there is memory for a tensor", REIN_HERE)) {
        return false;
    }
    memset(out_tensor->data, 0, REIN_VALUE(bytes));
    return true;
}

static rein_tensor_spec surplus_spec(void) {
    rein_shape scalar = {.rank = 0};
    return REIN_UNWRAP(
        rein_tensor_spec_make("surplus", &scalar, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
}

/* The tensors of the specs and the surplus one behind them; `out_tensors` is freed by
 * tensors_deinit, also where this fails halfway. */
static bool tensors_init(conformance_probe *probe, rein_result_tensor_spec_view specs,
                         rein_tensor **out_tensors, size_t *out_count) {
    if (!probe_expect_ok(probe, probe_drop_specs(specs), "the specs are known", REIN_HERE)) {
        return false;
    }
    rein_tensor_spec_view view = REIN_VALUE(specs);
    *out_tensors = calloc(view.count + 1, sizeof **out_tensors);
    if (!probe_expect(probe, *out_tensors != NULL, "there is memory for the tensors", REIN_HERE)) {
        return false;
    }
    *out_count = view.count;
    for (size_t index = 0; index < view.count; index++) {
        if (!tensor_init(probe, &view.specs[index], &(*out_tensors)[index])) {
            return false;
        }
    }
    rein_tensor_spec surplus = surplus_spec();
    return tensor_init(probe, &surplus, &(*out_tensors)[view.count]);
}

static void tensors_deinit(const conformance_probe *probe, rein_tensor *tensors, size_t count) {
    for (size_t index = 0; tensors != NULL && index <= count; index++) {
        release(probe->subject, tensors[index].data);
    }
    free(tensors);
}

static void fill_inputs(const conformance_probe *probe, uint32_t variant,
                        const conformance_trial *trial) {
    const conformance_subject *subject = probe->subject;
    for (size_t index = 0; index < trial->request.input_tensor_count; index++) {
        if (subject->fill_input != NULL) {
            subject->fill_input(subject->context, variant, &trial->inputs[index]);
        }
    }
}

/* Values that no completed execution of the trial's request leaves behind. */
static void set_sentinels(conformance_trial *trial) {
    memset(&trial->result.model_id, 'x', sizeof trial->result.model_id - 1);
    memset(&trial->result.request_id, 0xA5, sizeof trial->result.request_id);
    trial->result.actual_latency = rein_duration_from_ns(-77);
    trial->result_before = trial->result;
}

bool trial_init(conformance_probe *probe, uint8_t number, uint32_t variant,
                conformance_trial *out_trial) {
    const conformance_subject *subject = probe->subject;
    memset(out_trial, 0, sizeof *out_trial);
    out_trial->request.model_id = REIN_UNWRAP(rein_model_id_make("conformance"));
    memset(&out_trial->request.request_id, number, sizeof out_trial->request.request_id);
    out_trial->request.deadline = rein_timestamp_never();
    out_trial->request.submission_time = rein_clock_now(subject->clock);
    if (!tensors_init(probe, rein_backend_input_specs(&probe->backend, subject->model_path),
                      &out_trial->inputs, &out_trial->request.input_tensor_count) ||
        !tensors_init(probe, rein_backend_output_specs(&probe->backend, subject->model_path),
                      &out_trial->outputs, &out_trial->result.output_tensor_count)) {
        return false;
    }
    out_trial->request.input_tensors = out_trial->inputs;
    out_trial->result.output_tensors = out_trial->outputs;
    fill_inputs(probe, variant, out_trial);
    set_sentinels(out_trial);
    return true;
}

void trial_deinit(conformance_probe *probe, conformance_trial *trial) {
    tensors_deinit(probe, trial->inputs, trial->request.input_tensor_count);
    tensors_deinit(probe, trial->outputs, trial->result.output_tensor_count);
}

rein_result_void trial_execute(const conformance_probe *probe, conformance_trial *trial) {
    return rein_backend_execute(&probe->backend, &trial->request, &trial->result);
}

static bool has_the_callers_tensors(const conformance_trial *trial) {
    return trial->result.output_tensors == trial->result_before.output_tensors &&
           trial->result.output_tensor_count == trial->result_before.output_tensor_count;
}

bool trial_result_is_untouched(const conformance_trial *trial) {
    const rein_execution_result *now = &trial->result;
    const rein_execution_result *before = &trial->result_before;
    return has_the_callers_tensors(trial) &&
           rein_model_id_equal(&now->model_id, &before->model_id) &&
           rein_request_id_equal(&now->request_id, &before->request_id) &&
           rein_duration_compare(now->actual_latency, before->actual_latency) == 0 &&
           now->deadline_met == before->deadline_met;
}

bool trial_result_is_complete(const conformance_trial *trial) {
    const rein_execution_result *result = &trial->result;
    return rein_model_id_equal(&result->model_id, &trial->request.model_id) &&
           rein_request_id_equal(&result->request_id, &trial->request.request_id) &&
           result->actual_latency.ns >= 0 && has_the_callers_tensors(trial);
}

bool trial_outputs_equal(const conformance_trial *left, const conformance_trial *right) {
    for (size_t index = 0; index < left->result.output_tensor_count; index++) {
        size_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(&left->outputs[index]));
        if (bytes > 0 &&
            memcmp(left->outputs[index].data, right->outputs[index].data, bytes) != 0) {
            return false;
        }
    }
    return true;
}

bool probe_execute(conformance_probe *probe, rein_source_location where) {
    conformance_trial trial;
    bool is_met = trial_init(probe, 1, 0, &trial) &&
                  probe_expect_ok(probe, trial_execute(probe, &trial), "execute succeeds", where);
    trial_deinit(probe, &trial);
    return is_met;
}
