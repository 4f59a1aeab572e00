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

/* Loads the subject's model into the probe's backend. */
bool probe_load(conformance_probe *probe, rein_source_location where);

/* The result of a call without its value. */
rein_result_void probe_drop_memory(rein_result_memory_estimate result);
rein_result_void probe_drop_lifetimes(rein_result_lifetime_view result);
rein_result_void probe_drop_specs(rein_result_tensor_spec_view result);

#endif
