#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"
#include "conformance/shapes.h"
#include "conformance/trial.h"

/* Executes a trial and compares its inputs with those of another one that was filled equally. */
static void try_inputs(conformance_probe *probe, conformance_trial *trial) {
    conformance_trial same;
    bool is_ready = trial_init(probe, CONFORMANCE_TYPICAL, 1, 0, &same);
    if (is_ready &&
        probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        for (size_t index = 0; index < trial->request.input_tensor_count; index++) {
            const rein_tensor *used = &trial->inputs[index];
            size_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(used));
            probe_expect(probe,
                         bytes == 0 || memcmp(used->data, same.inputs[index].data, bytes) == 0,
                         "execute does not write to its inputs", REIN_HERE);
        }
    }
    trial_deinit(probe, &same);
}

void rule_leaves_the_inputs_alone(conformance_probe *probe) {
    probe_try_loaded(probe, try_inputs);
}

/* Whether all members are the same except the dimensions. */
static bool only_shape_differs(const rein_tensor *now, const rein_tensor *before) {
    return strcmp(now->descriptor.name, before->descriptor.name) == 0 &&
           now->descriptor.dtype == before->descriptor.dtype && now->layout == before->layout &&
           now->memory_kind == before->memory_kind && now->device_index == before->device_index &&
           now->data == before->data && now->capacity_bytes == before->capacity_bytes;
}

static void try_outputs(conformance_probe *probe, conformance_trial *trial) {
    probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE);
    for (size_t index = 0; index < trial->result.output_tensor_count; index++) {
        probe_expect(probe,
                     only_shape_differs(&trial->outputs[index], &trial->outputs_before[index]),
                     "execute changes only the shape and the bytes of an output", REIN_HERE);
    }
}

void rule_changes_only_shape_and_bytes_of_outputs(conformance_probe *probe) {
    probe_try_loaded(probe, try_outputs);
}

/* Tries one tensor too many, then one too few. */
static void try_counts(conformance_probe *probe, conformance_trial *trial, size_t *count) {
    size_t right = *count;
    *count = right + 1;
    trial->result_before = trial->result;
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                         "a tensor too many is InvalidArgument", REIN_HERE);
    if (right > 0) {
        *count = right - 1;
        trial->result_before = trial->result;
        trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                             "a tensor too few is InvalidArgument", REIN_HERE);
    }
    *count = right;
}

static void try_all_counts(conformance_probe *probe, conformance_trial *trial) {
    try_counts(probe, trial, &trial->request.input_tensor_count);
    try_counts(probe, trial, &trial->result.output_tensor_count);
    probe_expect_ok(probe, trial_execute(probe, trial), "the right ones succeed afterwards",
                    REIN_HERE);
}

void rule_refuses_other_numbers_of_tensors(conformance_probe *probe) {
    probe_try_loaded(probe, try_all_counts);
}

/* An element type of no more bits, so that the tensor's memory is enough. */
static rein_dtype other_dtype(rein_dtype dtype) {
    if (rein_dtype_bits(dtype) < 8) {
        return dtype == REIN_DTYPE_INT4 ? REIN_DTYPE_UINT4 : REIN_DTYPE_INT4;
    }
    return dtype == REIN_DTYPE_INT8 ? REIN_DTYPE_UINT8 : REIN_DTYPE_INT8;
}

static rein_layout other_layout(rein_layout layout) {
    switch (layout) {
    case REIN_LAYOUT_ROW_MAJOR:
        return REIN_LAYOUT_COLUMN_MAJOR;
    case REIN_LAYOUT_COLUMN_MAJOR:
        return REIN_LAYOUT_ROW_MAJOR;
    case REIN_LAYOUT_NCHW:
        return REIN_LAYOUT_NHWC;
    case REIN_LAYOUT_NHWC:
        break;
    }
    return REIN_LAYOUT_NCHW;
}

/* A shape of another rank, and of as many elements if possible. */
static rein_shape other_shape(rein_shape shape) {
    if (shape.rank < REIN_SHAPE_MAX_RANK) {
        shape.dimensions[shape.rank] = 1;
        shape.rank++;
    } else {
        shape.rank--;
        shape.dimensions[shape.rank] = 0;
    }
    return shape;
}

/* The kind of memory that the spec does not take; 0 if it takes all. */
static rein_memory_kind other_kind(const rein_tensor_spec *spec) {
    int kind = 1;
    while (kind <= (int)REIN_MEMORY_KIND_LAST &&
           rein_memory_kind_set_has(spec->memory_kinds, (rein_memory_kind)kind)) {
        kind++;
    }
    return kind <= (int)REIN_MEMORY_KIND_LAST ? (rein_memory_kind)kind : (rein_memory_kind)0;
}

/* Tries a tensor in the place of `*tensor`. */
static void try_tensor(conformance_probe *probe, conformance_trial *trial, rein_tensor *tensor,
                       rein_tensor other) {
    rein_tensor right = *tensor;
    *tensor = other;
    trial_note_state(trial);
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                         "a tensor that does not fit its spec is InvalidArgument", REIN_HERE);
    *tensor = right;
    trial_note_state(trial);
}

/* Tries each dimension just below and just above its range. */
static void try_extents(conformance_probe *probe, conformance_trial *trial, rein_tensor *tensor,
                        const rein_tensor_spec *spec) {
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        const rein_extent_range *extent = &spec->extents[dimension];
        rein_tensor other = *tensor;
        if (extent->min > 0) {
            other.descriptor.shape.dimensions[dimension] = extent->min - 1;
            try_tensor(probe, trial, tensor, other);
        }
        if (extent->max < REIN_EXTENT_UNBOUNDED) {
            other.descriptor.shape.dimensions[dimension] = extent->max + 1;
            try_tensor(probe, trial, tensor, other);
        }
    }
}

static void try_specs(conformance_probe *probe, conformance_trial *trial, rein_tensor *tensor,
                      const rein_tensor_spec *spec) {
    rein_tensor right = *tensor;
    rein_tensor others[] = {right, right, right, right, right};
    others[0].descriptor.name[0] = right.descriptor.name[0] == 'x' ? 'y' : 'x';
    others[1].descriptor.dtype = other_dtype(right.descriptor.dtype);
    others[2].layout = other_layout(right.layout);
    others[3].descriptor.shape = other_shape(right.descriptor.shape);
    others[4].memory_kind = other_kind(spec);
    for (size_t index = 0; index < sizeof others / sizeof others[0]; index++) {
        try_tensor(probe, trial, tensor, others[index]);
    }
    try_extents(probe, trial, tensor, spec);
}

/* An input that has bytes, without its data. */
static void try_missing_data(conformance_probe *probe, conformance_trial *trial,
                             rein_tensor *input) {
    rein_tensor other = *input;
    other.data = NULL;
    if (input->capacity_bytes > 0) {
        try_tensor(probe, trial, input, other);
    }
}

static void try_all_specs(conformance_probe *probe, conformance_trial *trial) {
    rein_tensor_spec_view inputs;
    rein_tensor_spec_view outputs;
    if (!probe_input_specs(probe, &inputs) || !probe_output_specs(probe, &outputs)) {
        return;
    }
    for (size_t index = 0; index < inputs.count; index++) {
        try_specs(probe, trial, &trial->inputs[index], &inputs.specs[index]);
        try_missing_data(probe, trial, &trial->inputs[index]);
    }
    for (size_t index = 0; index < outputs.count; index++) {
        try_specs(probe, trial, &trial->outputs[index], &outputs.specs[index]);
    }
    probe_expect_ok(probe, trial_execute(probe, trial), "the right ones succeed afterwards",
                    REIN_HERE);
}

void rule_refuses_tensors_of_other_specs(conformance_probe *probe) {
    probe_try_loaded(probe, try_all_specs);
}

/* Tries an output with less memory than it needs, then with exactly as much. */
static void try_capacity(conformance_probe *probe, conformance_trial *trial, size_t index,
                         uint64_t capacity_bytes, uint64_t needed_bytes) {
    rein_tensor right = trial->outputs[index];
    trial->outputs[index].capacity_bytes = capacity_bytes;
    trial->outputs[index].data = capacity_bytes == 0 ? NULL : right.data;
    trial_note_state(trial);
    rein_result_void refused =
        rein_backend_execute(&probe->backend, &trial->request, &trial->result);
    if (probe_expect_error(probe, refused, REIN_ERROR_BUFFER_TOO_SMALL,
                           "an output with too little memory is BufferTooSmall", REIN_HERE)) {
        const uint64_t *numbers = REIN_ERROR(refused).numbers;
        probe_expect(probe,
                     numbers[0] > capacity_bytes && numbers[0] <= needed_bytes &&
                         numbers[1] == capacity_bytes && numbers[2] == index,
                     "the error has the bytes needed, the capacity and the index", REIN_HERE);
        probe_expect(probe, trial_result_is_untouched(trial),
                     "a failed execute leaves the result untouched", REIN_HERE);
    }
    trial->outputs[index] = right;
    trial->outputs[index].capacity_bytes = needed_bytes;
    trial_note_state(trial);
    probe_expect_ok(probe, rein_backend_execute(&probe->backend, &trial->request, &trial->result),
                    "exactly as much memory as needed is enough", REIN_HERE);
    trial->outputs[index].capacity_bytes = right.capacity_bytes;
}

static void try_capacities(conformance_probe *probe, conformance_trial *trial) {
    if (!probe_expect_ok(probe, trial_execute(probe, trial), "execute succeeds", REIN_HERE)) {
        return;
    }
    for (size_t index = 0; index < trial->result.output_tensor_count; index++) {
        uint64_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(&trial->outputs[index]));
        if (bytes > 0) {
            try_capacity(probe, trial, index, bytes - 1, bytes);
            try_capacity(probe, trial, index, 0, bytes);
        }
    }
}

void rule_says_how_many_bytes_an_output_needs(conformance_probe *probe) {
    probe_try_loaded(probe, try_capacities);
}

static void expect_outputs_allowed(conformance_probe *probe, const conformance_trial *trial,
                                   rein_tensor_spec_view specs) {
    for (size_t index = 0; index < specs.count; index++) {
        const rein_tensor *output = &trial->outputs[index];
        probe_expect(probe, rein_tensor_spec_allows(&specs.specs[index], &output->descriptor.shape),
                     "each output has a shape that its spec allows", REIN_HERE);
        probe_expect_ok(probe, rein_tensor_validate(output), "each output is valid", REIN_HERE);
    }
}

static void try_size(conformance_probe *probe, conformance_size size,
                     rein_tensor_spec_view outputs) {
    conformance_trial trial;
    if (trial_init(probe, size, 1, 0, &trial) &&
        probe_expect_ok(probe, trial_execute(probe, &trial), "execute succeeds at every size",
                        REIN_HERE)) {
        expect_outputs_allowed(probe, &trial, outputs);
    }
    trial_deinit(probe, &trial);
}

void rule_executes_at_every_size(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    rein_tensor_spec_view outputs;
    if (!probe_load(probe, REIN_HERE) || !probe_input_specs(probe, &inputs) ||
        !probe_output_specs(probe, &outputs)) {
        return;
    }
    bool is_dynamic = probe_is_dynamic(probe, inputs);
    for (int size = 0; is_dynamic && size < CONFORMANCE_SIZE_COUNT; size++) {
        try_size(probe, (conformance_size)size, outputs);
    }
}
