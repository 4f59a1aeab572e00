#include <string.h>

#include "conformance/rules.h"
#include "conformance/trial.h"

/* Another backend beside the probe's, for rules about instances; broken where there is none. */
static bool create_another(conformance_probe *probe, rein_backend *out_backend) {
    rein_result_backend created = probe->subject->create(probe->subject->context);
    if (!created.is_ok) {
        return probe_expect_ok(probe, rein_result_void_fail(REIN_ERROR(created)),
                               "the subject makes a backend", REIN_HERE);
    }
    *out_backend = REIN_VALUE(created);
    return true;
}

static bool capabilities_equal(const rein_backend_capabilities *left,
                               const rein_backend_capabilities *right) {
    return strcmp(left->backend_name, right->backend_name) == 0 &&
           left->max_batch_size == right->max_batch_size &&
           left->supported_dtypes.bits == right->supported_dtypes.bits &&
           left->requires_pinned_memory == right->requires_pinned_memory &&
           left->supports_async_execution == right->supports_async_execution;
}

static bool dtypes_are_known(rein_dtype_set set) {
    rein_dtype_set known = {0};
    for (int dtype = 1; dtype <= (int)REIN_DTYPE_LAST; dtype++) {
        known = rein_dtype_set_with(known, (rein_dtype)dtype);
    }
    return (set.bits & ~known.bits) == 0;
}

void rule_capabilities_are_sound(conformance_probe *probe) {
    rein_backend_capabilities before = rein_backend_get_capabilities(&probe->backend);
    bool is_terminated = memchr(before.backend_name, '\0', sizeof before.backend_name) != NULL;
    probe_expect(probe, is_terminated && rein_model_id_make(before.backend_name).is_ok,
                 "the name keeps the rules of a model id", REIN_HERE);
    probe_expect(probe, before.max_batch_size >= 1, "the batch size is at least 1", REIN_HERE);
    probe_expect(probe,
                 before.supported_dtypes.bits != 0 && dtypes_are_known(before.supported_dtypes),
                 "the element types are some, and all known", REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        rein_backend_capabilities after = rein_backend_get_capabilities(&probe->backend);
        probe_expect(probe, capabilities_equal(&before, &after),
                     "the capabilities are constant for the life of a backend", REIN_HERE);
    }
}

void rule_starts_without_a_model(conformance_probe *probe) {
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "no model is loaded at first",
                 REIN_HERE);
}

void rule_loads_and_unloads_again_and_again(conformance_probe *probe) {
    for (int turn = 0; turn < 3; turn++) {
        bool goes_on = probe_load(probe, REIN_HERE) &&
                       probe_expect(probe, rein_backend_is_loaded(&probe->backend),
                                    "is_loaded says yes after load", REIN_HERE) &&
                       probe_execute(probe, REIN_HERE) &&
                       probe_expect_ok(probe, rein_backend_unload(&probe->backend),
                                       "unload succeeds", REIN_HERE) &&
                       probe_expect(probe, !rein_backend_is_loaded(&probe->backend),
                                    "is_loaded says no after unload", REIN_HERE);
        if (!goes_on) {
            return;
        }
    }
}

void rule_refuses_a_second_load(conformance_probe *probe) {
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    probe_expect_error(probe, rein_backend_load(&probe->backend, probe->subject->model_path),
                       REIN_ERROR_INVALID_STATE, "load answers InvalidState while loaded",
                       REIN_HERE);
    probe_expect(probe, rein_backend_is_loaded(&probe->backend), "the first model stays loaded",
                 REIN_HERE);
    probe_execute(probe, REIN_HERE);
}

void rule_refuses_to_unload_without_a_model(conformance_probe *probe) {
    probe_expect_error(probe, rein_backend_unload(&probe->backend), REIN_ERROR_INVALID_STATE,
                       "unload answers InvalidState before load", REIN_HERE);
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    probe_expect_ok(probe, rein_backend_unload(&probe->backend), "unload succeeds", REIN_HERE);
    probe_expect_error(probe, rein_backend_unload(&probe->backend), REIN_ERROR_INVALID_STATE,
                       "a second unload answers InvalidState", REIN_HERE);
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "no model is loaded then",
                 REIN_HERE);
}

void rule_does_not_load_a_missing_model(conformance_probe *probe) {
    if (!probe_has_missing_path(probe)) {
        return;
    }
    probe_expect_error(probe, rein_backend_load(&probe->backend, probe->subject->missing_path),
                       REIN_ERROR_NOT_FOUND, "load answers NotFound where no model is", REIN_HERE);
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "no model is loaded then",
                 REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        probe_execute(probe, REIN_HERE);
    }
}

void rule_keeps_no_path(conformance_probe *probe) {
    char path[4096];
    size_t bytes = strlen(probe->subject->model_path) + 1;
    if (bytes > sizeof path) {
        probe_waive(probe, "the subject's path is longer than the suite can copy");
        return;
    }
    memcpy(path, probe->subject->model_path, bytes);
    probe_expect_ok(probe, rein_backend_load(&probe->backend, path), "load succeeds", REIN_HERE);
    memset(path, '#', bytes - 1);
    if (probe_execute(probe, REIN_HERE)) {
        probe_expect_ok(probe, rein_backend_unload(&probe->backend),
                        "unload succeeds after the path has changed", REIN_HERE);
    }
}

void rule_instances_are_independent(conformance_probe *probe) {
    rein_backend other;
    if (!create_another(probe, &other)) {
        return;
    }
    bool is_loaded = probe_load(probe, REIN_HERE);
    probe_expect(probe, !rein_backend_is_loaded(&other),
                 "loading one instance does not load another", REIN_HERE);
    rein_backend_destroy(&other);
    if (is_loaded) {
        probe_expect(probe, rein_backend_is_loaded(&probe->backend),
                     "destroying one instance does not unload another", REIN_HERE);
        probe_execute(probe, REIN_HERE);
    }
}

void rule_destroy_gives_back_the_model(conformance_probe *probe) {
    for (int turn = 0; turn < 3; turn++) {
        if (!probe_load(probe, REIN_HERE) || !probe_execute(probe, REIN_HERE)) {
            return;
        }
        rein_backend next;
        if (!create_another(probe, &next)) {
            return;
        }
        rein_backend_destroy(&probe->backend);
        probe->backend = next;
    }
}

void rule_warms_up(conformance_probe *probe) {
    rein_result_void unloaded = rein_backend_warmup(&probe->backend, NULL);
    if (probe->subject->has_warmup) {
        probe_expect_error(probe, unloaded, REIN_ERROR_INVALID_STATE,
                           "warmup answers InvalidState before load", REIN_HERE);
    } else {
        probe_expect_ok(probe, unloaded, "the no-op of warmup succeeds", REIN_HERE);
    }
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "warmup loads nothing",
                 REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        probe_expect_ok(probe, rein_backend_warmup(&probe->backend, NULL), "warmup succeeds",
                        REIN_HERE);
        probe_execute(probe, REIN_HERE);
    }
}

/* The calls with a NULL each; all are to answer InvalidArgument. */
static void expect_nulls_refused(conformance_probe *probe) {
    const rein_backend *backend = &probe->backend;
    rein_execution_request request = {0};
    rein_execution_result result = {0};
    rein_result_void answers[] = {
        rein_backend_load(backend, NULL),
        rein_backend_execute(backend, NULL, &result),
        rein_backend_execute(backend, &request, NULL),
        probe_drop_memory(rein_backend_estimate_memory(backend, NULL)),
        probe_drop_lifetimes(rein_backend_estimate_lifetimes(backend, NULL)),
        probe_drop_specs(rein_backend_input_specs(backend, NULL)),
        probe_drop_specs(rein_backend_output_specs(backend, NULL)),
    };
    for (size_t index = 0; index < sizeof answers / sizeof answers[0]; index++) {
        probe_expect_error(probe, answers[index], REIN_ERROR_INVALID_ARGUMENT,
                           "a NULL argument is InvalidArgument", REIN_HERE);
    }
}

void rule_refuses_null_arguments(conformance_probe *probe) {
    expect_nulls_refused(probe);
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "nothing is loaded by NULL",
                 REIN_HERE);
    if (!probe_load(probe, REIN_HERE)) {
        return;
    }
    expect_nulls_refused(probe);
    probe_expect(probe, rein_backend_is_loaded(&probe->backend), "nothing is unloaded by NULL",
                 REIN_HERE);
    probe_execute(probe, REIN_HERE);
}
