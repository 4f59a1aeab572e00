/* What a rule works with: a backend under test and the finding so far. */
#ifndef REIN_TESTS_CONFORMANCE_PROBE_H
#define REIN_TESTS_CONFORMANCE_PROBE_H

#include "conformance/backend_conformance.h"

typedef struct conformance_probe {
    const conformance_subject *subject;
    rein_backend backend; /* without a model when the rule starts */
    conformance_finding finding;
} conformance_probe;

/* Breaks the rule, unless it is broken already. */
void probe_break(conformance_probe *probe, const char *expectation, rein_source_location where);

/* The expectations: true where they are met. The first that is not breaks the rule. */
static inline bool probe_expect(conformance_probe *probe, bool is_met, const char *expectation,
                                rein_source_location where) {
    if (!is_met) {
        probe_break(probe, expectation, where);
    }
    return is_met;
}

bool probe_expect_ok(conformance_probe *probe, rein_result_void result, const char *expectation,
                     rein_source_location where);
bool probe_expect_error(conformance_probe *probe, rein_result_void result, rein_error_code code,
                        const char *expectation, rein_source_location where);

/* Says that the rule cannot be shown; it must not be broken yet. */
void probe_waive(conformance_probe *probe, const char *reason);

/* Whether the subject names a path of no model; else waives the rule. */
bool probe_has_missing_path(conformance_probe *probe);

/* Whether the backend has the optional part at this offset of its table; else waives the rule. */
bool probe_has_part(conformance_probe *probe, size_t offset, const char *reason);

/* The id under which the suite loads the subject's model. */
rein_model_id probe_model_id(void);

/* Loads the subject's model into the probe's backend. */
bool probe_load(conformance_probe *probe, rein_source_location where);

/* The specs of the subject's model; breaks the rule if they are not known. */
bool probe_input_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs);
bool probe_output_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs);

/* The four questions of the static analysis, about the largest shapes if `shapes` is NULL. */
typedef rein_result_void (*probe_question)(const rein_backend *backend, const char *path,
                                           const rein_input_shapes *shapes);
enum { PROBE_QUESTION_COUNT = 4, PROBE_ESTIMATE_COUNT = 2 };

/* The estimates come first. */
extern const probe_question probe_questions[PROBE_QUESTION_COUNT];

/* The result of a call without its value. */
rein_result_void probe_drop_memory(rein_result_memory_estimate result);
rein_result_void probe_drop_lifetimes(rein_result_lifetime_view result);
rein_result_void probe_drop_specs(rein_result_tensor_spec_view result);

#endif
