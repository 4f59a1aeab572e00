/* The rules about the facts that the static analysis estimates. */
#include <stdlib.h>

#include "conformance/rules.h"
#include "conformance/shapes.h"

/* Returns whether an estimate is known. Waives the rule if it is Unsupported. */
static bool is_known_or_waived(conformance_probe *probe, rein_result_void answer) {
    if (probe_is_unsupported(answer)) {
        probe_waive(probe, "the engine cannot know its estimates");
    }
    return probe_is_known(probe, answer);
}

static bool fact_is_at_most(rein_fact_u64 lower, rein_fact_u64 upper) {
    return !lower.is_known || !upper.is_known || lower.value <= upper.value;
}

static bool memory_is_sound(conformance_probe *probe, const rein_memory_estimate *memory) {
    return probe_expect(probe, fact_is_at_most(memory->weights_bytes, memory->load_peak_bytes),
                        "the load peak is at least the weights", REIN_HERE) &&
           probe_expect(
               probe,
               fact_is_at_most(memory->activation_lower_bound_bytes, memory->activation_bytes),
               "the lower bound of the activations is at most the activations", REIN_HERE);
}

static bool lifetimes_are_sound(conformance_probe *probe, rein_lifetime_view view) {
    return probe_expect_ok(probe, rein_lifetimes_validate(view.lifetimes, view.count),
                           "each lifetime is valid", REIN_HERE);
}

/* Writes the peak of sound lifetimes. Breaks the rule if there is no memory for a workspace. */
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

static void expect_covered(conformance_probe *probe, const rein_memory_estimate *memory,
                           rein_lifetime_view lifetimes) {
    uint64_t peak = 0;
    if (lifetimes_are_sound(probe, lifetimes) && peak_bytes(probe, lifetimes, &peak)) {
        probe_expect(probe, fact_is_at_most(rein_fact_u64_known(peak), memory->activation_bytes),
                     "activation_bytes, if known, are at least the peak of the lifetimes",
                     REIN_HERE);
    }
}

void rule_memory_estimate_is_sound(conformance_probe *probe) {
    rein_result_memory_estimate answer =
        rein_backend_estimate_memory(&probe->backend, probe->subject->model_path, NULL);
    if (is_known_or_waived(probe, probe_drop_memory(answer))) {
        memory_is_sound(probe, &REIN_VALUE(answer));
    }
}

void rule_lifetimes_are_sound(conformance_probe *probe) {
    rein_result_lifetime_view answer =
        rein_backend_estimate_lifetimes(&probe->backend, probe->subject->model_path, NULL);
    if (is_known_or_waived(probe, probe_drop_lifetimes(answer))) {
        lifetimes_are_sound(probe, REIN_VALUE(answer));
    }
}

void rule_activations_cover_the_lifetimes(conformance_probe *probe) {
    const char *path = probe->subject->model_path;
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&probe->backend, path, NULL);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&probe->backend, path, NULL);
    if (is_known_or_waived(probe, probe_drop_lifetimes(lifetimes)) &&
        is_known_or_waived(probe, probe_drop_memory(memory))) {
        expect_covered(probe, &REIN_VALUE(memory), REIN_VALUE(lifetimes));
    }
}

/* Asks for the estimates of these shapes. Returns whether one of them is known. */
static bool try_estimates(conformance_probe *probe, const rein_input_shapes *shapes) {
    const char *path = probe->subject->model_path;
    rein_result_memory_estimate memory =
        rein_backend_estimate_memory(&probe->backend, path, shapes);
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&probe->backend, path, shapes);
    bool has_memory = probe_is_known(probe, probe_drop_memory(memory)) &&
                      memory_is_sound(probe, &REIN_VALUE(memory));
    bool has_lifetimes = probe_is_known(probe, probe_drop_lifetimes(lifetimes)) &&
                         lifetimes_are_sound(probe, REIN_VALUE(lifetimes));
    if (has_memory && has_lifetimes) {
        expect_covered(probe, &REIN_VALUE(memory), REIN_VALUE(lifetimes));
    }
    return has_memory || has_lifetimes;
}

void rule_estimates_are_sound_at_every_size(conformance_probe *probe) {
    rein_tensor_spec_view inputs;
    if (!probe_input_specs(probe, &inputs) || !probe_is_dynamic(probe, inputs)) {
        return;
    }
    bool is_known = false;
    for (int size = 0; !probe_is_broken(probe) && size < CONFORMANCE_SIZE_COUNT; size++) {
        rein_shape *shapes = probe_shapes(probe, (conformance_size)size, inputs);
        rein_input_shapes asked = {.shapes = shapes, .count = inputs.count};
        is_known = (shapes != NULL && try_estimates(probe, &asked)) || is_known;
        free(shapes);
    }
    if (!is_known) {
        probe_waive(probe, "the engine cannot know its estimates");
    }
}
