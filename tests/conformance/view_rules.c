/* The rules about answers of the static analysis that must stay the same. */
#include <stdlib.h>
#include <string.h>

#include "conformance/rules.h"

/* The answers of the analysis: the views, and copies of their elements. */
typedef struct analysis {
    bool is_memory_known;
    bool are_lifetimes_known;
    rein_memory_estimate memory;
    rein_lifetime_view lifetime_view;
    rein_tensor_spec_view input_view;
    rein_tensor_spec_view output_view;
    rein_tensor_lifetime *lifetimes;
    rein_tensor_spec *inputs;
    rein_tensor_spec *outputs;
} analysis;

static void analysis_deinit(analysis *answers) {
    free(answers->lifetimes);
    free(answers->inputs);
    free(answers->outputs);
}

/* A copy of an array; breaks the rule if there is no memory. */
static void *copy_array(conformance_probe *probe, const void *elements, size_t count,
                        size_t element_bytes) {
    void *copy = calloc(count + 1, element_bytes);
    if (probe_expect(probe, copy != NULL, "there is memory for a copy", REIN_HERE) && count > 0) {
        memcpy(copy, elements, count * element_bytes);
    }
    return copy;
}

/* Each asks one question and copies the answer; returns false if the rule is broken. */
static bool call_estimate_memory(conformance_probe *probe, analysis *out_answers) {
    rein_result_memory_estimate memory =
        rein_backend_estimate_memory(&probe->backend, probe->subject->model_path, NULL);
    out_answers->is_memory_known = probe_is_known(probe, probe_drop_memory(memory));
    if (out_answers->is_memory_known) {
        out_answers->memory = REIN_VALUE(memory);
    }
    return !probe_is_broken(probe);
}

static bool call_estimate_lifetimes(conformance_probe *probe, analysis *out_answers) {
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&probe->backend, probe->subject->model_path, NULL);
    out_answers->are_lifetimes_known = probe_is_known(probe, probe_drop_lifetimes(lifetimes));
    if (out_answers->are_lifetimes_known) {
        rein_lifetime_view view = REIN_VALUE(lifetimes);
        out_answers->lifetime_view = view;
        out_answers->lifetimes =
            copy_array(probe, view.lifetimes, view.count, sizeof *view.lifetimes);
    }
    return !probe_is_broken(probe);
}

static bool call_specs(conformance_probe *probe, analysis *out_answers) {
    rein_tensor_spec_view inputs;
    rein_tensor_spec_view outputs;
    if (!probe_input_specs(probe, &inputs) || !probe_output_specs(probe, &outputs)) {
        return false;
    }
    out_answers->input_view = inputs;
    out_answers->output_view = outputs;
    out_answers->inputs = copy_array(probe, inputs.specs, inputs.count, sizeof *inputs.specs);
    out_answers->outputs = copy_array(probe, outputs.specs, outputs.count, sizeof *outputs.specs);
    return !probe_is_broken(probe);
}

/* Asks all questions; call analysis_deinit in either case. Answers that are not known are zero. */
static bool analysis_init(conformance_probe *probe, analysis *out_answers) {
    memset(out_answers, 0, sizeof *out_answers);
    return call_estimate_memory(probe, out_answers) &&
           call_estimate_lifetimes(probe, out_answers) && call_specs(probe, out_answers);
}

static bool lifetimes_equal(const rein_tensor_lifetime *left, const rein_tensor_lifetime *right,
                            size_t count) {
    bool are_equal = true;
    for (size_t index = 0; index < count; index++) {
        are_equal = are_equal && rein_tensor_id_equal(left[index].tensor, right[index].tensor) &&
                    left[index].from == right[index].from &&
                    left[index].until == right[index].until &&
                    left[index].size_bytes == right[index].size_bytes &&
                    left[index].alignment_bytes == right[index].alignment_bytes;
    }
    return are_equal;
}

static bool specs_equal(const rein_tensor_spec *left, const rein_tensor_spec *right, size_t count) {
    bool are_equal = true;
    for (size_t index = 0; index < count; index++) {
        are_equal = are_equal && rein_tensor_spec_equal(&left[index], &right[index]);
    }
    return are_equal;
}

static bool facts_equal(rein_fact_u64 left, rein_fact_u64 right) {
    return left.is_known == right.is_known && (!left.is_known || left.value == right.value);
}

static bool estimates_equal(const rein_memory_estimate *left, const rein_memory_estimate *right) {
    return facts_equal(left->weights_bytes, right->weights_bytes) &&
           facts_equal(left->load_peak_bytes, right->load_peak_bytes) &&
           facts_equal(left->activation_bytes, right->activation_bytes) &&
           facts_equal(left->activation_lower_bound_bytes, right->activation_lower_bound_bytes);
}

static bool counts_equal(const analysis *left, const analysis *right) {
    return left->is_memory_known == right->is_memory_known &&
           left->are_lifetimes_known == right->are_lifetimes_known &&
           left->lifetime_view.count == right->lifetime_view.count &&
           left->input_view.count == right->input_view.count &&
           left->output_view.count == right->output_view.count;
}

static bool analyses_equal(const analysis *left, const analysis *right) {
    return counts_equal(left, right) && estimates_equal(&left->memory, &right->memory) &&
           lifetimes_equal(left->lifetimes, right->lifetimes, left->lifetime_view.count) &&
           specs_equal(left->inputs, right->inputs, left->input_view.count) &&
           specs_equal(left->outputs, right->outputs, left->output_view.count);
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

static void expect_views_unchanged(conformance_probe *probe, const analysis *answers) {
    const rein_lifetime_view *lifetimes = &answers->lifetime_view;
    bool are_unchanged =
        lifetimes_equal(lifetimes->lifetimes, answers->lifetimes, lifetimes->count) &&
        specs_equal(answers->input_view.specs, answers->inputs, answers->input_view.count) &&
        specs_equal(answers->output_view.specs, answers->outputs, answers->output_view.count);
    probe_expect(probe, are_unchanged, "views keep their contents over load and unload", REIN_HERE);
}

void rule_views_outlive_load_and_unload(conformance_probe *probe) {
    analysis answers;
    if (analysis_init(probe, &answers) && probe_load(probe, REIN_HERE)) {
        expect_views_unchanged(probe, &answers);
        probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
        expect_views_unchanged(probe, &answers);
    }
    analysis_deinit(&answers);
}
