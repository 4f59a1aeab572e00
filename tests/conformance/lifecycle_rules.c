#include <string.h>

#include "conformance/rules.h"
#include "conformance/trial.h"

/* Writes another backend beside the probe's. Breaks the rule if the subject makes none. */
static bool create_another(conformance_probe *probe, rein_backend *out_backend) {
    rein_result_backend created = probe->subject->create(probe->subject->context);
    if (!created.is_ok) {
        return probe_expect_ok(probe, rein_result_void_fail(REIN_ERROR(created)),
                               "the subject makes a backend", REIN_HERE);
    }
    *out_backend = REIN_VALUE(created);
    return true;
}

void rule_loads_its_model(conformance_probe *probe) {
    probe_load(probe, REIN_HERE);
}

static bool capabilities_equal(const rein_backend_capabilities *left,
                               const rein_backend_capabilities *right) {
    return strcmp(left->backend_name, right->backend_name) == 0 &&
           left->max_batch_size == right->max_batch_size &&
           left->supported_dtypes.bits == right->supported_dtypes.bits &&
           left->memory_kinds.bits == right->memory_kinds.bits &&
           left->requires_pinned_memory == right->requires_pinned_memory &&
           left->supports_async_execution == right->supports_async_execution &&
           left->supports_concurrent_execution == right->supports_concurrent_execution;
}

static bool dtypes_are_known(rein_dtype_set set) {
    rein_dtype_set known = {0};
    for (int dtype = 1; dtype <= (int)REIN_DTYPE_LAST; dtype++) {
        known = rein_dtype_set_with(known, (rein_dtype)dtype);
    }
    return (set.bits & ~known.bits) == 0;
}

static bool kinds_are_known(rein_memory_kind_set set) {
    rein_memory_kind_set known = {0};
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        known = rein_memory_kind_set_with(known, (rein_memory_kind)kind);
    }
    return (set.bits & ~known.bits) == 0;
}

static void expect_sound_capabilities(conformance_probe *probe,
                                      const rein_backend_capabilities *capabilities) {
    bool is_terminated =
        memchr(capabilities->backend_name, '\0', sizeof capabilities->backend_name) != NULL;
    probe_expect(probe, is_terminated && rein_model_id_make(capabilities->backend_name).is_ok,
                 "the name follows the rules of a model id", REIN_HERE);
    probe_expect(probe, capabilities->max_batch_size >= 1, "the batch size is at least 1",
                 REIN_HERE);
    probe_expect(probe,
                 capabilities->supported_dtypes.bits != 0 &&
                     dtypes_are_known(capabilities->supported_dtypes),
                 "there are element types, and all are known", REIN_HERE);
    probe_expect(
        probe, capabilities->memory_kinds.bits != 0 && kinds_are_known(capabilities->memory_kinds),
        "there are kinds of memory, and all are known", REIN_HERE);
    probe_expect(probe,
                 !capabilities->requires_pinned_memory ||
                     !rein_memory_kind_set_has(capabilities->memory_kinds, REIN_MEMORY_HOST),
                 "a backend that requires page-locked memory does not take Host memory", REIN_HERE);
}

void rule_capabilities_are_sound(conformance_probe *probe) {
    rein_backend_capabilities before = *rein_backend_get_capabilities(&probe->backend);
    expect_sound_capabilities(probe, &before);
    if (probe_load(probe, REIN_HERE)) {
        const rein_backend_capabilities *after = rein_backend_get_capabilities(&probe->backend);
        probe_expect(probe, capabilities_equal(&before, after),
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
    rein_model_id id = probe_model_id();
    probe_expect_error(probe, rein_backend_load(&probe->backend, probe->subject->model_path, &id),
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

/* Expects `code` from loading a path that cannot be loaded, then loads the model. */
static void expect_not_loaded(conformance_probe *probe, const char *path, rein_error_code code,
                              const char *expectation) {
    rein_model_id id = probe_model_id();
    probe_expect_error(probe, rein_backend_load(&probe->backend, path, &id), code, expectation,
                       REIN_HERE);
    probe_expect(probe, !rein_backend_is_loaded(&probe->backend), "no model is loaded then",
                 REIN_HERE);
    if (probe_load(probe, REIN_HERE)) {
        probe_execute(probe, REIN_HERE);
    }
}

void rule_does_not_load_a_missing_model(conformance_probe *probe) {
    if (probe_has_missing_path(probe)) {
        expect_not_loaded(probe, probe->subject->missing_path, REIN_ERROR_NOT_FOUND,
                          "load answers NotFound if the path does not exist");
    }
}

void rule_does_not_load_a_broken_model(conformance_probe *probe) {
    const char *path = probe->subject->broken_path;
    if (path == NULL) {
        probe_waive(probe, "there is no file that is not a model");
        return;
    }
    if (probe_expect_answers(probe, path, NULL, PROBE_QUESTION_COUNT, REIN_ERROR_BACKEND_ERROR,
                             "static analysis answers BackendError for a broken model",
                             REIN_HERE)) {
        expect_not_loaded(probe, path, REIN_ERROR_BACKEND_ERROR,
                          "load answers BackendError for a broken model");
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
    rein_model_id id = probe_model_id();
    probe_expect_ok(probe, rein_backend_load(&probe->backend, path, &id), "load succeeds",
                    REIN_HERE);
    memset(&id, '#', sizeof id - 1);
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

void rule_destroy_releases_the_model(conformance_probe *probe) {
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

/* Makes calls with one NULL each and expects InvalidArgument of all. */
static void expect_nulls_refused(conformance_probe *probe) {
    const rein_backend *backend = &probe->backend;
    rein_model_id id = probe_model_id();
    rein_execution_request request = {.struct_size = sizeof request};
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void answers[] = {
        rein_backend_load(backend, NULL, &id),
        rein_backend_load(backend, probe->subject->model_path, NULL),
        rein_backend_execute(backend, NULL, &result),
        rein_backend_execute(backend, &request, NULL),
        probe_drop_memory(rein_backend_estimate_memory(backend, NULL, NULL)),
        probe_drop_lifetimes(rein_backend_estimate_lifetimes(backend, NULL, NULL)),
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
