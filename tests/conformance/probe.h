/* A backend under test, the finding of its rule so far, and the expectations of rules. */
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

static inline bool probe_is_broken(const conformance_probe *probe) {
    return probe->finding.outcome == CONFORMANCE_BROKEN;
}

/* Each breaks the rule if its expectation is not met, unless the rule is broken already. Returns
 * true if met. */
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

/* Waives the rule, unless it is broken. */
void probe_waive(conformance_probe *probe, const char *reason);

/* Returns whether the subject names a path that does not exist. Waives the rule if not. */
bool probe_has_missing_path(conformance_probe *probe);

/* Returns whether the backend has the optional part at this offset of its table. Waives the rule if
 * not. */
bool probe_has_part(conformance_probe *probe, size_t offset, const char *reason);

/* Returns the id under which the suite loads the subject's model. */
rein_model_id probe_model_id(void);

/* Loads the subject's model into the probe's backend. Breaks the rule and returns false if that
 * fails. */
bool probe_load(conformance_probe *probe, rein_source_location where);

/* Write the specs of the subject's model. Break the rule and return false if they are not known
 * or not valid. */
bool probe_input_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs);
bool probe_output_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs);

/* Returns whether the answer is Unsupported: the engine cannot know. */
bool probe_is_unsupported(rein_result_void answer);

/* Returns whether an estimate is known: false if it is Unsupported. Breaks the rule if it failed
 * otherwise. */
bool probe_is_known(conformance_probe *probe, rein_result_void answer);

/* The four questions of the static analysis, about the largest shapes if `shapes` is NULL. */
typedef rein_result_void (*probe_question)(const rein_backend *backend, const char *path,
                                           const rein_input_shapes *shapes);
enum { PROBE_QUESTION_COUNT = 4, PROBE_ESTIMATE_COUNT = 2 };

/* The estimates come first. */
extern const probe_question probe_questions[PROBE_QUESTION_COUNT];

/* Asks the first `question_count` questions and expects `code` of each (0: success), or
 * Unsupported. Returns false after the first other answer. */
bool probe_expect_answers(conformance_probe *probe, const char *path,
                          const rein_input_shapes *shapes, size_t question_count,
                          rein_error_code code, const char *expectation,
                          rein_source_location where);

/* Return the result of a call without its value. */
rein_result_void probe_drop_memory(rein_result_memory_estimate result);
rein_result_void probe_drop_lifetimes(rein_result_lifetime_view result);
rein_result_void probe_drop_specs(rein_result_tensor_spec_view result);

#endif
