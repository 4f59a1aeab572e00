#include "conformance/probe.h"

#include <string.h>

void probe_break(conformance_probe *probe, const char *expectation, rein_source_location where) {
    if (!probe_is_broken(probe)) {
        probe->finding.outcome = CONFORMANCE_BROKEN;
        probe->finding.expectation = expectation;
        probe->finding.where = where;
    }
}

/* Keeps the error that came, unless the rule is broken already. */
static void note_error(conformance_probe *probe, rein_error error) {
    if (!probe_is_broken(probe)) {
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
    if (!probe_is_broken(probe)) {
        probe->finding.outcome = CONFORMANCE_WAIVED;
        probe->finding.expectation = reason;
    }
}

bool probe_has_missing_path(conformance_probe *probe) {
    if (probe->subject->missing_path == NULL) {
        probe_waive(probe, "the backend cannot tell a path that names no model");
    }
    return probe->subject->missing_path != NULL;
}

bool probe_has_part(conformance_probe *probe, size_t offset, const char *reason) {
    const rein_backend_interface *table = probe->backend.table;
    const void *part = NULL;
    if (offset + sizeof part <= table->struct_size) {
        memcpy(&part, (const char *)table + offset, sizeof part);
    }
    if (part == NULL) {
        probe_waive(probe, reason);
    }
    return part != NULL;
}

rein_model_id probe_model_id(void) {
    return REIN_UNWRAP(rein_model_id_make("conformance"));
}

bool probe_load(conformance_probe *probe, rein_source_location where) {
    rein_model_id id = probe_model_id();
    return probe_expect_ok(probe,
                           rein_backend_load(&probe->backend, probe->subject->model_path, &id),
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

static bool take_specs(conformance_probe *probe, rein_result_tensor_spec_view specs,
                       rein_tensor_spec_view *out_specs) {
    if (!probe_expect_ok(probe, probe_drop_specs(specs), "the specs are known", REIN_HERE)) {
        return false;
    }
    *out_specs = REIN_VALUE(specs);
    bool are_valid = probe_expect(probe, out_specs->count == 0 || out_specs->specs != NULL,
                                  "a view with specs is not NULL", REIN_HERE);
    for (size_t index = 0; are_valid && index < out_specs->count; index++) {
        are_valid = probe_expect_ok(probe, rein_tensor_spec_validate(&out_specs->specs[index]),
                                    "each spec is valid", REIN_HERE);
    }
    return are_valid;
}

bool probe_input_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs) {
    return take_specs(probe, rein_backend_input_specs(&probe->backend, probe->subject->model_path),
                      out_specs);
}

bool probe_output_specs(conformance_probe *probe, rein_tensor_spec_view *out_specs) {
    return take_specs(probe, rein_backend_output_specs(&probe->backend, probe->subject->model_path),
                      out_specs);
}

static rein_result_void call_estimate_memory(const rein_backend *backend, const char *path,
                                             const rein_input_shapes *shapes) {
    return probe_drop_memory(rein_backend_estimate_memory(backend, path, shapes));
}

static rein_result_void call_estimate_lifetimes(const rein_backend *backend, const char *path,
                                                const rein_input_shapes *shapes) {
    return probe_drop_lifetimes(rein_backend_estimate_lifetimes(backend, path, shapes));
}

static rein_result_void call_input_specs(const rein_backend *backend, const char *path,
                                         const rein_input_shapes *shapes) {
    (void)shapes;
    return probe_drop_specs(rein_backend_input_specs(backend, path));
}

static rein_result_void call_output_specs(const rein_backend *backend, const char *path,
                                          const rein_input_shapes *shapes) {
    (void)shapes;
    return probe_drop_specs(rein_backend_output_specs(backend, path));
}

const probe_question probe_questions[PROBE_QUESTION_COUNT] = {
    call_estimate_memory,
    call_estimate_lifetimes,
    call_input_specs,
    call_output_specs,
};

bool probe_is_unsupported(rein_result_void answer) {
    return !answer.is_ok && REIN_ERROR(answer).code == REIN_ERROR_UNSUPPORTED;
}

bool probe_is_known(conformance_probe *probe, rein_result_void answer) {
    return !probe_is_unsupported(answer) &&
           probe_expect_ok(probe, answer, "the estimate succeeds or is Unsupported", REIN_HERE);
}

bool probe_expect_answers(conformance_probe *probe, const char *path,
                          const rein_input_shapes *shapes, size_t question_count,
                          rein_error_code code, const char *expectation,
                          rein_source_location where) {
    bool are_met = true;
    for (size_t index = 0; are_met && index < question_count; index++) {
        rein_result_void answer = probe_questions[index](&probe->backend, path, shapes);
        are_met = probe_is_unsupported(answer) ||
                  (code == 0 ? probe_expect_ok(probe, answer, expectation, where)
                             : probe_expect_error(probe, answer, code, expectation, where));
    }
    return are_met;
}
