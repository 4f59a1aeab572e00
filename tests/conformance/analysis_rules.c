#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"

/* One question of the static analysis; its answer without the value. */
typedef rein_result_void (*analysis_question)(const rein_backend *backend, const char *path);

static rein_result_void ask_memory(const rein_backend *backend, const char *path) {
    return probe_drop_memory(rein_backend_estimate_memory(backend, path));
}

static rein_result_void ask_lifetimes(const rein_backend *backend, const char *path) {
    return probe_drop_lifetimes(rein_backend_estimate_lifetimes(backend, path));
}

static rein_result_void ask_input_specs(const rein_backend *backend, const char *path) {
    return probe_drop_specs(rein_backend_input_specs(backend, path));
}

static rein_result_void ask_output_specs(const rein_backend *backend, const char *path) {
    return probe_drop_specs(rein_backend_output_specs(backend, path));
}

static const analysis_question questions[] = {
    ask_memory,
    ask_lifetimes,
    ask_input_specs,
    ask_output_specs,
};

enum { QUESTION_COUNT = sizeof questions / sizeof questions[0] };

/* Whether the engine knows the answer; where it says Unsupported, the rule is waived. */
static bool is_known(conformance_probe *probe, rein_result_void answer) {
    if (!answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_UNSUPPORTED) {
        probe_waive(probe, "the engine cannot know its estimates");
        return false;
    }
    return probe_expect_ok(probe, answer, "the estimate succeeds", REIN_HERE);
}

static bool specs_are_sound(conformance_probe *probe, rein_result_tensor_spec_view specs) {
    if (!probe_expect_ok(probe, probe_drop_specs(specs), "the specs are known", REIN_HERE)) {
        return false;
    }
    rein_tensor_spec_view view = REIN_VALUE(specs);
    rein_dtype_set supported = rein_backend_get_capabilities(&probe->backend).supported_dtypes;
    for (size_t index = 0; index < view.count; index++) {
        const rein_tensor_spec *spec = &view.specs[index];
        bool is_sound =
            probe_expect_ok(probe, rein_tensor_spec_validate(spec), "each spec is valid",
                            REIN_HERE) &&
            probe_expect(probe, rein_dtype_set_has(supported, spec->descriptor.dtype),
                         "each spec's element type is among the supported ones", REIN_HERE);
        if (!is_sound) {
            return false;
        }
    }
    return true;
}

void rule_specs_are_sound(conformance_probe *probe) {
    const char *path = probe->subject->model_path;
    if (specs_are_sound(probe, rein_backend_input_specs(&probe->backend, path))) {
        specs_are_sound(probe, rein_backend_output_specs(&probe->backend, path));
    }
}

void rule_lifetimes_are_sound(conformance_probe *probe) {
    rein_result_lifetime_view answer =
        rein_backend_estimate_lifetimes(&probe->backend, probe->subject->model_path);
    if (is_known(probe, probe_drop_lifetimes(answer))) {
        rein_lifetime_view view = REIN_VALUE(answer);
        probe_expect_ok(probe, rein_lifetimes_validate(view.lifetimes, view.count),
                        "each lifetime is valid", REIN_HERE);
    }
}

/* The peak of sound lifetimes; broken where there is no memory for a workspace. */
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
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(&probe->backend, path);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&probe->backend, path);
    uint64_t peak = 0;
    if (is_known(probe, probe_drop_lifetimes(lifetimes)) &&
        is_known(probe, probe_drop_memory(memory)) &&
        peak_bytes(probe, REIN_VALUE(lifetimes), &peak)) {
        probe_expect(probe, REIN_VALUE(memory).activation_bytes >= peak,
                     "activation_bytes are at least the peak of the lifetimes", REIN_HERE);
    }
}

void rule_analysis_loads_nothing(conformance_probe *probe) {
    for (size_t index = 0; index < QUESTION_COUNT; index++) {
        questions[index](&probe->backend, probe->subject->model_path);
    }
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend),
                 "no model is loaded by static analysis", REIN_HERE);
    probe_load(probe, REIN_HERE);
}

/* What the analysis answered. Copied: a later answer may take the place of the views. */
typedef struct analysis {
    bool is_memory_known;
    bool are_lifetimes_known;
    rein_memory_estimate memory;
    size_t lifetime_count;
    size_t spec_count;
    rein_tensor_lifetime *lifetimes;
    rein_tensor_spec *specs; /* of the inputs, then of the outputs */
} analysis;

static void analysis_deinit(analysis *answers) {
    free(answers->lifetimes);
    free(answers->specs);
}

static bool is_broken(const conformance_probe *probe) {
    return probe->finding.outcome == CONFORMANCE_BROKEN;
}

/* Each copies an answer that the engine knows; false if the rule is broken. */
static bool copy_memory(conformance_probe *probe, analysis *out_answers) {
    rein_result_memory_estimate memory =
        rein_backend_estimate_memory(&probe->backend, probe->subject->model_path);
    out_answers->is_memory_known = is_known(probe, probe_drop_memory(memory));
    if (out_answers->is_memory_known) {
        out_answers->memory = REIN_VALUE(memory);
    }
    return !is_broken(probe);
}

static bool copy_lifetimes(conformance_probe *probe, analysis *out_answers) {
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&probe->backend, probe->subject->model_path);
    out_answers->are_lifetimes_known = is_known(probe, probe_drop_lifetimes(lifetimes));
    if (!out_answers->are_lifetimes_known) {
        return !is_broken(probe);
    }
    rein_lifetime_view view = REIN_VALUE(lifetimes);
    out_answers->lifetime_count = view.count;
    out_answers->lifetimes = calloc(view.count + 1, sizeof *out_answers->lifetimes);
    if (!probe_expect(probe, out_answers->lifetimes != NULL, "there is memory for a copy",
                      REIN_HERE)) {
        return false;
    }
    for (size_t index = 0; index < view.count; index++) {
        out_answers->lifetimes[index] = view.lifetimes[index];
    }
    return true;
}

static bool copy_specs(conformance_probe *probe, analysis *out_answers) {
    const char *path = probe->subject->model_path;
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(&probe->backend, path);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(&probe->backend, path);
    if (!probe_expect(probe, inputs.is_ok && outputs.is_ok, "the specs are known", REIN_HERE)) {
        return false;
    }
    size_t input_count = REIN_VALUE(inputs).count;
    out_answers->spec_count = input_count + REIN_VALUE(outputs).count;
    out_answers->specs = calloc(out_answers->spec_count + 1, sizeof *out_answers->specs);
    if (!probe_expect(probe, out_answers->specs != NULL, "there is memory for a copy", REIN_HERE)) {
        return false;
    }
    for (size_t index = 0; index < out_answers->spec_count; index++) {
        out_answers->specs[index] = index < input_count
                                        ? REIN_VALUE(inputs).specs[index]
                                        : REIN_VALUE(outputs).specs[index - input_count];
    }
    return true;
}

/* What is to be freed by analysis_deinit, also where this fails halfway. */
static bool analysis_init(conformance_probe *probe, analysis *out_answers) {
    memset(out_answers, 0, sizeof *out_answers);
    return copy_memory(probe, out_answers) && copy_lifetimes(probe, out_answers) &&
           copy_specs(probe, out_answers);
}

static bool lifetimes_equal(const rein_tensor_lifetime *left, const rein_tensor_lifetime *right) {
    return rein_tensor_id_equal(left->tensor, right->tensor) && left->from == right->from &&
           left->until == right->until && left->size_bytes == right->size_bytes &&
           left->alignment_bytes == right->alignment_bytes;
}

/* What is not known is zero in both. */
static bool estimates_equal(const analysis *left, const analysis *right) {
    return left->is_memory_known == right->is_memory_known &&
           left->are_lifetimes_known == right->are_lifetimes_known &&
           left->memory.weights_bytes == right->memory.weights_bytes &&
           left->memory.activation_bytes == right->memory.activation_bytes &&
           left->lifetime_count == right->lifetime_count && left->spec_count == right->spec_count;
}

static bool analyses_equal(const analysis *left, const analysis *right) {
    if (!estimates_equal(left, right)) {
        return false;
    }
    for (size_t index = 0; index < left->lifetime_count; index++) {
        if (!lifetimes_equal(&left->lifetimes[index], &right->lifetimes[index])) {
            return false;
        }
    }
    for (size_t index = 0; index < left->spec_count; index++) {
        if (!rein_tensor_spec_equal(&left->specs[index], &right->specs[index])) {
            return false;
        }
    }
    return true;
}

void rule_analysis_is_the_same_when_loaded(conformance_probe *probe) {
    analysis before;
    analysis after = {.lifetimes = NULL};
    if (analysis_init(probe, &before) && probe_load(probe, REIN_HERE) &&
        analysis_init(probe, &after)) {
        probe_expect(probe, analyses_equal(&before, &after),
                     "static analysis answers the same before and after load", REIN_HERE);
    }
    analysis_deinit(&before);
    analysis_deinit(&after);
}

void rule_analysis_does_not_find_a_missing_model(conformance_probe *probe) {
    if (!probe_has_missing_path(probe)) {
        return;
    }
    for (size_t index = 0; index < QUESTION_COUNT; index++) {
        rein_result_void answer = questions[index](&probe->backend, probe->subject->missing_path);
        if (!answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_UNSUPPORTED) {
            continue;
        }
        probe_expect_error(probe, answer, REIN_ERROR_NOT_FOUND,
                           "static analysis answers NotFound where no model is", REIN_HERE);
    }
}
