#include "conformance/trial.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/shapes.h"

/* The first capacity of an output whose largest size is not known, or is larger. */
enum { FIRST_CAPACITY_BYTES = 1 << 20 };

/* How often the outputs may be given more memory, on average. */
enum { ATTEMPTS_PER_OUTPUT = 4 };

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

/* Writes a tensor of the spec in this shape with `bytes` of memory, all zero. */
static bool tensor_init(conformance_probe *probe, const rein_tensor_spec *spec,
                        const rein_shape *shape, uint64_t bytes, rein_tensor *out_tensor) {
    const conformance_subject *subject = probe->subject;
    void *data = bytes == 0 ? NULL : allocate(subject, bytes);
    if (!probe_expect(probe, data != NULL || bytes == 0, "there is memory for a tensor",
                      REIN_HERE)) {
        return false;
    }
    *out_tensor = (rein_tensor){
        .descriptor = {.shape = *shape, .dtype = spec->dtype},
        .layout = spec->layout,
        .memory_kind = subject->memory_kind == 0 ? REIN_MEMORY_HOST : subject->memory_kind,
        .device_index = spec->device_index,
        .data = data,
        .capacity_bytes = bytes,
    };
    memcpy(out_tensor->descriptor.name, spec->name, sizeof spec->name);
    if (data != NULL) {
        memset(data, 0, bytes);
    }
    return true;
}

static bool input_init(conformance_probe *probe, const rein_tensor_spec *spec,
                       const rein_shape *shape, rein_tensor *out_tensor) {
    rein_result_bytes bytes = rein_tensor_spec_size_bytes(spec, shape);
    return probe_expect(probe, bytes.is_ok, "an input of the chosen shape has a size", REIN_HERE) &&
           tensor_init(probe, spec, shape, REIN_VALUE(bytes), out_tensor);
}

static bool output_init(conformance_probe *probe, const rein_tensor_spec *spec,
                        rein_tensor *out_tensor) {
    rein_shape smallest = rein_tensor_spec_min_shape(spec);
    rein_shape largest = rein_tensor_spec_max_shape(spec);
    rein_result_bytes least = rein_tensor_spec_size_bytes(spec, &smallest);
    rein_result_bytes most = rein_tensor_spec_size_bytes(spec, &largest);
    if (!probe_expect(probe, least.is_ok, "the smallest shape of an output has a size",
                      REIN_HERE)) {
        return false;
    }
    bool is_small = most.is_ok && REIN_VALUE(most) <= FIRST_CAPACITY_BYTES;
    uint64_t bytes = is_small ? REIN_VALUE(most) : FIRST_CAPACITY_BYTES;
    bytes = bytes < REIN_VALUE(least) ? REIN_VALUE(least) : bytes;
    return tensor_init(probe, spec, &smallest, bytes, out_tensor);
}

/* A tensor that no spec asks for. */
static bool surplus_init(conformance_probe *probe, rein_tensor *out_tensor) {
    rein_shape scalar = {.rank = 0};
    rein_tensor_spec spec = REIN_UNWRAP(
        rein_tensor_spec_make("surplus", &scalar, REIN_DTYPE_UINT8, REIN_LAYOUT_ROW_MAJOR));
    return input_init(probe, &spec, &scalar, out_tensor);
}

static rein_tensor *tensors_allocate(conformance_probe *probe, size_t count) {
    rein_tensor *tensors = calloc(count + 1, sizeof *tensors);
    probe_expect(probe, tensors != NULL, "there is memory for the tensors", REIN_HERE);
    return tensors;
}

/* Replaces a backend's view by a view of a copy, which a backend cannot change. */
static bool copy_specs(conformance_probe *probe, rein_tensor_spec_view *specs) {
    rein_tensor_spec *copy = calloc(specs->count + 1, sizeof *copy);
    if (copy != NULL && specs->count > 0) {
        memcpy(copy, specs->specs, specs->count * sizeof *copy);
    }
    specs->specs = copy;
    return probe_expect(probe, copy != NULL, "there is memory for the specs", REIN_HERE);
}

static bool inputs_init(conformance_probe *probe, conformance_size size, conformance_trial *trial) {
    rein_tensor_spec_view specs;
    if (!probe_input_specs(probe, &specs) || !copy_specs(probe, &specs)) {
        return false;
    }
    trial->input_specs = specs;
    trial->inputs = tensors_allocate(probe, specs.count);
    trial->request.input_tensor_count = specs.count;
    bool is_ready = trial->inputs != NULL;
    for (size_t index = 0; is_ready && index < specs.count; index++) {
        rein_shape shape = probe_shape(probe, size, specs, index);
        is_ready = input_init(probe, &specs.specs[index], &shape, &trial->inputs[index]);
    }
    return is_ready && surplus_init(probe, &trial->inputs[specs.count]);
}

static bool outputs_init(conformance_probe *probe, conformance_trial *trial) {
    rein_tensor_spec_view specs;
    if (!probe_output_specs(probe, &specs) || !copy_specs(probe, &specs)) {
        return false;
    }
    trial->output_specs = specs;
    trial->outputs = tensors_allocate(probe, specs.count);
    trial->outputs_before = tensors_allocate(probe, specs.count);
    trial->result.output_tensor_count = specs.count;
    if (trial->outputs == NULL || trial->outputs_before == NULL) {
        return false;
    }
    bool is_ready = surplus_init(probe, &trial->outputs[specs.count]);
    for (size_t index = 0; is_ready && index < specs.count; index++) {
        is_ready = output_init(probe, &specs.specs[index], &trial->outputs[index]);
    }
    trial_note_state(trial);
    return is_ready;
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
    for (size_t index = 0; index < trial->input_specs.count; index++) {
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
    trial->result.device_time_ns = rein_fact_u64_known(UINT64_MAX);
    trial_note_state(trial);
}

bool trial_init(conformance_probe *probe, conformance_size size, uint8_t number, uint32_t variant,
                conformance_trial *out_trial) {
    memset(out_trial, 0, sizeof *out_trial);
    rein_request_id request_id;
    memset(&request_id, number, sizeof request_id);
    out_trial->request = rein_execution_request_make(probe_model_id(), request_id, NULL, 0,
                                                     rein_clock_now(probe->subject->clock));
    out_trial->result = rein_execution_result_make(NULL, 0);
    if (!inputs_init(probe, size, out_trial) || !outputs_init(probe, out_trial)) {
        return false;
    }
    out_trial->request.input_tensors = out_trial->inputs;
    out_trial->result.output_tensors = out_trial->outputs;
    fill_inputs(probe, variant, out_trial);
    set_sentinels(out_trial);
    return true;
}

void trial_deinit(conformance_probe *probe, conformance_trial *trial) {
    tensors_deinit(probe, trial->inputs, trial->input_specs.count);
    tensors_deinit(probe, trial->outputs_before, trial->output_specs.count);
    free(trial->outputs);
    free((void *)trial->input_specs.specs);
    free((void *)trial->output_specs.specs);
}

/* Gives the output that the error names the memory that it needs. */
static bool grow(const conformance_probe *probe, conformance_trial *trial,
                 const rein_error *too_small) {
    uint64_t needed = too_small->numbers[0];
    uint64_t index = too_small->numbers[2];
    if (index >= trial->output_specs.count || needed <= trial->outputs[index].capacity_bytes) {
        return false;
    }
    void *data = allocate(probe->subject, needed);
    if (data == NULL) {
        return false;
    }
    release(probe->subject, trial->outputs[index].data);
    trial->outputs[index].data = data;
    trial->outputs[index].capacity_bytes = needed;
    return true;
}

rein_result_void trial_execute(const conformance_probe *probe, conformance_trial *trial) {
    size_t attempts_left = ATTEMPTS_PER_OUTPUT * trial->output_specs.count;
    while (true) {
        trial_note_state(trial);
        rein_result_void done = trial_judge(
            trial, rein_backend_execute(&probe->backend, &trial->request, &trial->result));
        if (done.is_ok || REIN_ERROR(done).code != REIN_ERROR_BUFFER_TOO_SMALL ||
            attempts_left == 0 || !grow(probe, trial, &REIN_ERROR(done))) {
            return done;
        }
        attempts_left--;
    }
}

void trial_note_state(conformance_trial *trial) {
    trial->result_before = trial->result;
    memcpy(trial->outputs_before, trial->outputs,
           (trial->output_specs.count + 1) * sizeof *trial->outputs);
}

void trial_restore(conformance_trial *trial) {
    trial->result = trial->result_before;
    memcpy(trial->outputs, trial->outputs_before,
           (trial->output_specs.count + 1) * sizeof *trial->outputs);
}

void probe_try_loaded(conformance_probe *probe, trial_rule rule) {
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    conformance_trial trial;
    if (trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &trial)) {
        rule(probe, &trial);
    }
    trial_deinit(probe, &trial);
}

bool probe_execute(conformance_probe *probe, rein_source_location where) {
    conformance_trial trial;
    bool is_met = trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &trial) &&
                  probe_expect_ok(probe, trial_execute(probe, &trial), "execute succeeds", where);
    trial_deinit(probe, &trial);
    return is_met;
}
