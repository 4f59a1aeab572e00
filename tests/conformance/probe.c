#include "conformance/probe.h"

void probe_break(conformance_probe *probe, const char *expectation, rein_source_location where) {
    if (probe->finding.outcome != CONFORMANCE_BROKEN) {
        probe->finding.outcome = CONFORMANCE_BROKEN;
        probe->finding.expectation = expectation;
        probe->finding.where = where;
    }
}

/* Keeps the error that came, unless the rule is broken already by something else. */
static void note_error(conformance_probe *probe, rein_error error) {
    if (probe->finding.outcome != CONFORMANCE_BROKEN) {
        probe->finding.error = error;
    }
}

bool probe_expect_ok(conformance_probe *probe, rein_result_void result, const char *expectation,
                     rein_source_location where) {
    if (!result.is_ok) {
        note_error(probe, REIN_ERROR(result));
    }
    return probe_expect(probe, result.is_ok, expectation, where);
}

bool probe_expect_error(conformance_probe *probe, rein_result_void result, rein_error_code code,
                        const char *expectation, rein_source_location where) {
    bool is_expected = !result.is_ok && REIN_ERROR(result).code == code;
    if (!result.is_ok && !is_expected) {
        note_error(probe, REIN_ERROR(result));
    }
    return probe_expect(probe, is_expected, expectation, where);
}

void probe_waive(conformance_probe *probe, const char *reason) {
    probe->finding.outcome = CONFORMANCE_WAIVED;
    probe->finding.expectation = reason;
}

bool probe_has_missing_path(conformance_probe *probe) {
    if (probe->subject->missing_path == NULL) {
        probe_waive(probe, "the backend cannot tell a path that names no model");
    }
    return probe->subject->missing_path != NULL;
}

bool probe_load(conformance_probe *probe, rein_source_location where) {
    return probe_expect_ok(probe, rein_backend_load(&probe->backend, probe->subject->model_path),
                           "load succeeds", where);
}

rein_result_void probe_drop_memory(rein_result_memory_estimate result) {
    REIN_TRY(rein_result_void, result);
    return rein_done();
}

rein_result_void probe_drop_lifetimes(rein_result_lifetime_view result) {
    REIN_TRY(rein_result_void, result);
    return rein_done();
}

rein_result_void probe_drop_specs(rein_result_tensor_spec_view result) {
    REIN_TRY(rein_result_void, result);
    return rein_done();
}
