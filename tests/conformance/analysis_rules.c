#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"
#include "conformance/shapes.h"

static bool spec_is_sound(conformance_probe *probe, const rein_tensor_spec *spec) {
    const rein_backend_capabilities *capabilities = rein_backend_get_capabilities(&probe->backend);
    uint32_t kinds = spec->memory_kinds.bits;
    return probe_expect(probe, rein_dtype_set_has(capabilities->supported_dtypes, spec->dtype),
                        "each spec's element type is among the supported ones", REIN_HERE) &&
           probe_expect(probe, (kinds & ~capabilities->memory_kinds.bits) == 0,
                        "each spec's kinds of memory are among the backend's", REIN_HERE);
}

static bool specs_are_sound(conformance_probe *probe, rein_tensor_spec_view specs) {
    bool are_sound = true;
    for (size_t index = 0; are_sound && index < specs.count; index++) {
        are_sound = spec_is_sound(probe, &specs.specs[index]);
    }
    return are_sound;
}

static void expect_sound_extents(conformance_probe *probe, rein_tensor_spec_view inputs,
                                 const rein_tensor_spec *spec) {
    uint32_t max_batch_size = rein_backend_get_capabilities(&probe->backend)->max_batch_size;
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        const rein_extent_range *extent = &spec->extents[dimension];
        rein_extent_range common = probe_common_range(inputs, extent);
        probe_expect(probe, common.min <= common.max,
                     "the dimensions of the inputs with one symbol have an extent in common",
                     REIN_HERE);
        probe_expect(probe,
                     strcmp(extent->symbol, "batch") != 0 || extent->max <= (int64_t)max_batch_size,
                     "a dimension of an input named batch is at most max_batch_size", REIN_HERE);
    }
}

void rule_specs_are_sound(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    rein_tensor_spec_view outputs;
    if (!probe_input_specs(probe, &inputs) || !probe_output_specs(probe, &outputs) ||
        !specs_are_sound(probe, inputs) || !specs_are_sound(probe, outputs)) {
        return;
    }
    for (size_t index = 0; index < inputs.count; index++) {
        expect_sound_extents(probe, inputs, &inputs.specs[index]);
    }
}

void rule_analysis_loads_nothing(conformance_probe *probe) {
    for (size_t index = 0; index < PROBE_QUESTION_COUNT; index++) {
        REIN_IGNORE(probe_questions[index](&probe->backend, probe->subject->model_path, NULL));
    }
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend),
                 "no model is loaded by static analysis", REIN_HERE);
    probe_load(probe, REIN_HERE);
}

void rule_analysis_does_not_find_a_missing_model(conformance_probe *probe) {
    if (probe_has_missing_path(probe)) {
        probe_expect_answers(
            probe, probe->subject->missing_path, NULL, PROBE_QUESTION_COUNT, REIN_ERROR_NOT_FOUND,
            "static analysis answers NotFound if the path does not exist", REIN_HERE);
    }
}

static bool expect_shapes_refused(conformance_probe *probe, const rein_shape *shapes,
                                  size_t count) {
    rein_input_shapes asked = {.shapes = shapes, .count = count};
    return probe_expect_answers(probe, probe->subject->model_path, &asked, PROBE_ESTIMATE_COUNT,
                                REIN_ERROR_INVALID_ARGUMENT,
                                "shapes that the inputs do not have are InvalidArgument",
                                REIN_HERE);
}

void rule_analysis_refuses_other_shapes(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    if (!probe_input_specs(probe, &inputs)) {
        return;
    }
    rein_shape *shapes = probe_shapes(probe, CONFORMANCE_TYPICAL, inputs);
    bool goes_on = shapes != NULL && expect_shapes_refused(probe, shapes, inputs.count + 1);
    for (size_t index = 0; goes_on && index < inputs.count; index++) {
        rein_shape right = shapes[index];
        shapes[index].rank = right.rank == 0 ? 1 : right.rank - 1;
        goes_on = expect_shapes_refused(probe, shapes, inputs.count);
        shapes[index] = right;
    }
    free(shapes);
}
