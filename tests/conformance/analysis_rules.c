#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"
#include "conformance/shapes.h"

/* Whether the engine knows the answer; if it answers Unsupported, the rule is waived. */
static bool is_known(conformance_probe *probe, rein_result_void answer) {
    if (!answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_UNSUPPORTED) {
        probe_waive(probe, "the engine cannot know its estimates");
        return false;
    }
    return probe_expect_ok(probe, answer, "the estimate succeeds", REIN_HERE);
}

static bool spec_is_sound(conformance_probe *probe, const rein_tensor_spec *spec) {
    const rein_backend_capabilities *capabilities = rein_backend_get_capabilities(&probe->backend);
    uint32_t kinds = spec->memory_kinds.bits;
    return probe_expect_ok(probe, rein_tensor_spec_validate(spec), "each spec is valid",
                           REIN_HERE) &&
           probe_expect(probe, rein_dtype_set_has(capabilities->supported_dtypes, spec->dtype),
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

static void expect_batch_in_range(conformance_probe *probe, const rein_tensor_spec *spec) {
    uint32_t max_batch_size = rein_backend_get_capabilities(&probe->backend)->max_batch_size;
    for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
        const rein_extent_range *extent = &spec->extents[dimension];
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
        expect_batch_in_range(probe, &inputs.specs[index]);
    }
}

void rule_lifetimes_are_sound(conformance_probe *probe) {
    rein_result_lifetime_view answer =
        rein_backend_estimate_lifetimes(&probe->backend, probe->subject->model_path, NULL);
    if (is_known(probe, probe_drop_lifetimes(answer))) {
        rein_lifetime_view view = REIN_VALUE(answer);
        probe_expect_ok(probe, rein_lifetimes_validate(view.lifetimes, view.count),
                        "each lifetime is valid", REIN_HERE);
    }
}

/* The peak of sound lifetimes; broken if there is no memory for a workspace. */
static bool peak_bytes(conformance_probe *probe, rein_lifetime_view view, uint64_t *out_bytes) {
    size_t bytes = REIN_UNWRAP(rein_lifetime_workspace_bytes(view.count));
    rein_workspace workspace = {.memory = malloc(bytes), .size_bytes = bytes};
    bool has_memory = probe_expect(probe, workspace.memory != NULL || bytes == 0,
                                   "there is memory for a workspace", REIN_HERE);
    bool is_known = false;
    if (has_memory) {
        rein_result_live_peak peak = rein_lifetimes_peak(view.lifetimes, view.count, workspace);
        is_known = probe_expect(probe, peak.is_ok, "the lifetimes have a peak", REIN_HERE);
        *out_bytes = is_known ? REIN_VALUE(peak).bytes : 0;
    }
    free(workspace.memory);
    return is_known;
}

void rule_activations_cover_the_lifetimes(conformance_probe *probe) {
    const char *path = probe->subject->model_path;
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&probe->backend, path, NULL);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&probe->backend, path, NULL);
    uint64_t peak = 0;
    if (is_known(probe, probe_drop_lifetimes(lifetimes)) &&
        is_known(probe, probe_drop_memory(memory)) &&
        peak_bytes(probe, REIN_VALUE(lifetimes), &peak)) {
        rein_fact_u64 activation_bytes = REIN_VALUE(memory).activation_bytes;
        probe_expect(probe, !activation_bytes.is_known || activation_bytes.value >= peak,
                     "activation_bytes, if known, are at least the peak of the lifetimes",
                     REIN_HERE);
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
    if (!probe_has_missing_path(probe)) {
        return;
    }
    for (size_t index = 0; index < PROBE_QUESTION_COUNT; index++) {
        rein_result_void answer =
            probe_questions[index](&probe->backend, probe->subject->missing_path, NULL);
        if (!answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_UNSUPPORTED) {
            continue;
        }
        probe_expect_error(probe, answer, REIN_ERROR_NOT_FOUND,
                           "static analysis answers NotFound if the path does not exist",
                           REIN_HERE);
    }
}

/* The shapes of the inputs at one size; NULL, and broken, if there is no memory. */
static rein_shape *shapes_allocate(conformance_probe *probe, conformance_size size,
                                   rein_tensor_spec_view inputs) {
    rein_shape *shapes = calloc(inputs.count + 1, sizeof *shapes);
    if (probe_expect(probe, shapes != NULL, "there is memory for the shapes", REIN_HERE)) {
        for (size_t index = 0; index < inputs.count; index++) {
            shapes[index] = probe_shape(probe, size, inputs, index);
        }
    }
    return shapes;
}

/* The activations of one execution at a size; unknown if the engine does not know them. */
static rein_fact_u64 activations_at(conformance_probe *probe, conformance_size size,
                                    rein_tensor_spec_view inputs) {
    rein_fact_u64 activation_bytes = rein_fact_u64_unknown();
    rein_shape *shapes = shapes_allocate(probe, size, inputs);
    rein_input_shapes asked = {.shapes = shapes, .count = inputs.count};
    if (shapes != NULL) {
        rein_result_memory_estimate memory =
            rein_backend_estimate_memory(&probe->backend, probe->subject->model_path, &asked);
        if (is_known(probe, probe_drop_memory(memory))) {
            activation_bytes = REIN_VALUE(memory).activation_bytes;
        }
    }
    free(shapes);
    return activation_bytes;
}

void rule_estimates_depend_on_the_shapes(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    if (!probe_input_specs(probe, &inputs) || !probe_is_dynamic(probe, inputs)) {
        return;
    }
    rein_fact_u64 smallest = activations_at(probe, CONFORMANCE_SMALLEST, inputs);
    rein_fact_u64 typical = activations_at(probe, CONFORMANCE_TYPICAL, inputs);
    rein_fact_u64 largest = activations_at(probe, CONFORMANCE_LARGEST, inputs);
    probe_expect(probe, !smallest.is_known || !typical.is_known || smallest.value <= typical.value,
                 "the smallest shapes do not need more than typical ones", REIN_HERE);
    probe_expect(probe, !typical.is_known || !largest.is_known || typical.value <= largest.value,
                 "typical shapes do not need more than the largest ones", REIN_HERE);
}

static void expect_shapes_refused(conformance_probe *probe, const rein_shape *shapes,
                                  size_t count) {
    rein_input_shapes asked = {.shapes = shapes, .count = count};
    for (size_t index = 0; index < PROBE_ESTIMATE_COUNT; index++) {
        rein_result_void answer =
            probe_questions[index](&probe->backend, probe->subject->model_path, &asked);
        if (answer.is_ok || REIN_ERROR(answer).code != REIN_ERROR_UNSUPPORTED) {
            probe_expect_error(probe, answer, REIN_ERROR_INVALID_ARGUMENT,
                               "shapes that the inputs do not have are InvalidArgument", REIN_HERE);
        }
    }
}

void rule_analysis_refuses_other_shapes(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    if (!probe_input_specs(probe, &inputs)) {
        return;
    }
    rein_shape *shapes = shapes_allocate(probe, CONFORMANCE_TYPICAL, inputs);
    if (shapes != NULL) {
        expect_shapes_refused(probe, shapes, inputs.count + 1);
    }
    for (size_t index = 0; shapes != NULL && index < inputs.count; index++) {
        rein_shape right = shapes[index];
        shapes[index].rank = right.rank == 0 ? 1 : right.rank - 1;
        expect_shapes_refused(probe, shapes, inputs.count);
        shapes[index] = right;
    }
    free(shapes);
}
