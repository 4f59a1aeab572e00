/* The rules about tensors that execute must refuse. */
#include "conformance/rules.h"
#include "conformance/shapes.h"
#include "conformance/trial.h"

/* Tries one tensor too many, then one too few. */
static void try_counts(conformance_probe *probe, conformance_trial *trial, size_t *count) {
    size_t right = *count;
    *count = right + 1;
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                         "a tensor too many is InvalidArgument", REIN_HERE);
    if (right > 0) {
        *count = right - 1;
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

/* Returns an element type of no more bits, so that the tensor's memory is enough. */
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

/* Returns a shape of another rank, with as many elements if possible. */
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

/* Returns a kind of memory that the spec does not take; 0 if it takes all. */
static rein_memory_kind other_kind(const rein_tensor_spec *spec) {
    int kind = 1;
    while (kind <= (int)REIN_MEMORY_KIND_LAST &&
           rein_memory_kind_set_has(spec->memory_kinds, (rein_memory_kind)kind)) {
        kind++;
    }
    return kind <= (int)REIN_MEMORY_KIND_LAST ? (rein_memory_kind)kind : (rein_memory_kind)0;
}

/* Tries a tensor in the place of `*tensor`, unless the rule is broken. */
static void try_tensor(conformance_probe *probe, conformance_trial *trial, rein_tensor *tensor,
                       rein_tensor other) {
    if (probe_is_broken(probe)) {
        return;
    }
    rein_tensor right = *tensor;
    *tensor = other;
    trial_expect_refusal(probe, trial, REIN_ERROR_INVALID_ARGUMENT,
                         "a tensor that does not fit its spec is InvalidArgument", REIN_HERE);
    *tensor = right;
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

/* Tries an input without its data, and one whose capacity is a byte too small. */
static void try_memory(conformance_probe *probe, conformance_trial *trial, rein_tensor *input) {
    rein_tensor without_data = *input;
    rein_tensor too_small = *input;
    without_data.data = NULL;
    too_small.capacity_bytes--;
    if (input->capacity_bytes > 0) {
        try_tensor(probe, trial, input, without_data);
        try_tensor(probe, trial, input, too_small);
    }
}

/* Tries a dimension after the last that is not zero. */
static void try_unused_dimension(conformance_probe *probe, conformance_trial *trial,
                                 rein_tensor *input) {
    rein_tensor other = *input;
    if (input->descriptor.shape.rank < REIN_SHAPE_MAX_RANK) {
        other.descriptor.shape.dimensions[input->descriptor.shape.rank] = 1;
        try_tensor(probe, trial, input, other);
    }
}

/* Tries an input on another device than its spec, if that takes Device memory. */
static void try_device(conformance_probe *probe, conformance_trial *trial, rein_tensor *input,
                       const rein_tensor_spec *spec) {
    rein_tensor other = *input;
    other.memory_kind = REIN_MEMORY_DEVICE;
    other.device_index = spec->device_index == 0 ? 1 : 0;
    if (rein_memory_kind_set_has(spec->memory_kinds, REIN_MEMORY_DEVICE)) {
        try_tensor(probe, trial, input, other);
    }
}

/* Tries an extent that is allowed, but differs from an earlier one of the same symbol. */
static void try_disagreement(conformance_probe *probe, conformance_trial *trial, size_t index,
                             int32_t dimension) {
    const rein_extent_range *extent = &trial->input_specs.specs[index].extents[dimension];
    rein_tensor *input = &trial->inputs[index];
    rein_tensor other = *input;
    size_t first = index;
    int32_t first_dimension = dimension;
    rein_tensor_spec_view_find(trial->input_specs, extent->symbol, &first, &first_dimension);
    bool is_first = first == index && first_dimension == dimension;
    other.descriptor.shape.dimensions[dimension]--; /* still fits in its memory */
    if (!is_first && other.descriptor.shape.dimensions[dimension] >= extent->min) {
        try_tensor(probe, trial, input, other);
    }
}

static void try_input(conformance_probe *probe, conformance_trial *trial, size_t index) {
    const rein_tensor_spec *spec = &trial->input_specs.specs[index];
    rein_tensor *input = &trial->inputs[index];
    try_specs(probe, trial, input, spec);
    try_memory(probe, trial, input);
    try_unused_dimension(probe, trial, input);
    try_device(probe, trial, input, spec);
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        try_disagreement(probe, trial, index, dimension);
    }
}

static void try_all_specs(conformance_probe *probe, conformance_trial *trial) {
    for (size_t index = 0; index < trial->input_specs.count; index++) {
        try_input(probe, trial, index);
    }
    for (size_t index = 0; index < trial->output_specs.count; index++) {
        try_specs(probe, trial, &trial->outputs[index], &trial->output_specs.specs[index]);
    }
    probe_expect_ok(probe, trial_execute(probe, trial), "the right ones succeed afterwards",
                    REIN_HERE);
}

void rule_refuses_tensors_of_other_specs(conformance_probe *probe) {
    probe_try_loaded(probe, try_all_specs);
}
