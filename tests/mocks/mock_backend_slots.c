#include <string.h>

#include "mocks/mock_backend_state.h"

static bool is_injected_now(mock_injection *injection) {
    if (injection->mode != MOCK_INJECT_ONCE) {
        return injection->mode == MOCK_INJECT_ALWAYS;
    }
    injection->calls_left--;
    if (injection->calls_left > 0) {
        return false;
    }
    injection->mode = MOCK_INJECT_NOTHING;
    return true;
}

rein_result_void mock_begin_call_locked(mock_backend *mock, mock_backend_call call) {
    mock->call_counts[call]++;
    mock_injection *injection = &mock->injections[call];
    return is_injected_now(injection) ? rein_result_void_fail(injection->error) : rein_done();
}

static rein_result_void require_path_locked(const mock_backend *mock, const char *model_path,
                                            rein_source_location where) {
    rein_error error = {0};
    if (mock->broken_path != NULL && strcmp(mock->broken_path, model_path) == 0) {
        error =
            rein_error_make(REIN_ERROR_BACKEND_ERROR, where, "'{text}' is the mock's broken model");
    } else if (mock->model_path == NULL || strcmp(mock->model_path, model_path) == 0) {
        return rein_done();
    } else {
        error = rein_error_make(REIN_ERROR_NOT_FOUND, where,
                                "'{text}' is not the path of the mock's model");
    }
    return rein_result_void_fail(rein_error_with_text(error, model_path));
}

rein_result_void mock_require_loaded_locked(const mock_backend *mock, rein_source_location where) {
    if (mock->is_loaded) {
        return rein_done();
    }
    return rein_result_void_fail(
        rein_error_make(REIN_ERROR_INVALID_STATE, where, "no model is loaded; load one first"));
}

static rein_result_void load_locked(mock_backend *mock, const char *model_path,
                                    const rein_model_id *model_id) {
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, MOCK_BACKEND_LOAD));
    if (mock->is_loaded) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                                                     "a model is loaded; unload it first"));
    }
    REIN_TRY(rein_result_void, require_path_locked(mock, model_path, REIN_HERE));
    mock->is_loaded = true;
    mock->loaded_model = *model_id;
    return rein_done();
}

static rein_result_void slot_load(void *self, const char *model_path,
                                  const rein_model_id *model_id) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void result = load_locked(mock, model_path, model_id);
    mock_unlock(mock);
    return result;
}

static rein_result_void unload_locked(mock_backend *mock) {
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, MOCK_BACKEND_UNLOAD));
    REIN_TRY(rein_result_void, mock_require_loaded_locked(mock, REIN_HERE));
    if (mock->running_executions > 0) {
        rein_error error =
            rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                            "{u} executions are running; wait until they have completed");
        return rein_result_void_fail(
            rein_error_with_numbers(error, mock->running_executions, 0, 0));
    }
    mock->is_loaded = false;
    mock_sequences_close_all_locked(mock);
    return rein_done();
}

static rein_result_void slot_unload(void *self) {
    mock_backend *mock = self;
    mock_submissions_drain(mock);
    mock_lock(mock);
    rein_result_void result = unload_locked(mock);
    mock_unlock(mock);
    return result;
}

static const rein_backend_capabilities *slot_capabilities(void *self) {
    return &((mock_backend *)self)->capabilities;
}

static bool slot_is_loaded(void *self) {
    mock_backend *mock = self;
    mock_lock(mock);
    bool is_loaded = mock->is_loaded;
    mock_unlock(mock);
    return is_loaded;
}

static void slot_destroy(void *self) {
    mock_submissions_drain(self);
    mock_backend_destroy(self);
}

rein_result_void mock_begin_analysis_locked(mock_backend *mock, mock_backend_call call,
                                            const char *model_path,
                                            const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, call));
    REIN_TRY(rein_result_void, require_path_locked(mock, model_path, REIN_HERE));
    return rein_backend_check_shapes(shapes, mock->input_specs);
}

static rein_result_memory_estimate slot_estimate_memory(void *self, const char *model_path,
                                                        const rein_input_shapes *shapes) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void begun =
        mock_begin_analysis_locked(mock, MOCK_BACKEND_ESTIMATE_MEMORY, model_path, shapes);
    rein_memory_estimate estimate = mock->memory_estimate;
    mock_estimate_function function = mock->estimate_function;
    void *context = mock->estimate_context;
    mock_unlock(mock);
    REIN_TRY(rein_result_memory_estimate, begun);
    return rein_result_memory_estimate_ok(function == NULL ? estimate : function(context, shapes));
}

static bool has_unbounded_input_locked(const mock_backend *mock) {
    for (size_t index = 0; index < mock->input_specs.count; index++) {
        const rein_tensor_spec *spec = &mock->input_specs.specs[index];
        for (int32_t dimension = 0; dimension < spec->rank; dimension++) {
            if (spec->extents[dimension].max == REIN_EXTENT_UNBOUNDED) {
                return true;
            }
        }
    }
    return false;
}

static rein_result_void begin_lifetimes_locked(mock_backend *mock, const char *model_path,
                                               const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_void,
             mock_begin_analysis_locked(mock, MOCK_BACKEND_ESTIMATE_LIFETIMES, model_path, shapes));
    if (shapes == NULL && has_unbounded_input_locked(mock)) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                            "the largest shape of an input is unbounded; state the shapes"));
    }
    return rein_done();
}

static rein_result_lifetime_view slot_estimate_lifetimes(void *self, const char *model_path,
                                                         const rein_input_shapes *shapes) {
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void begun = begin_lifetimes_locked(mock, model_path, shapes);
    rein_lifetime_view lifetimes = mock->lifetimes;
    mock_unlock(mock);
    REIN_TRY(rein_result_lifetime_view, begun);
    return rein_result_lifetime_view_ok(lifetimes);
}

static rein_result_tensor_spec_view read_specs(mock_backend *mock, mock_backend_call call,
                                               const char *model_path,
                                               const rein_tensor_spec_view *kept) {
    mock_lock(mock);
    rein_result_void begun = mock_begin_analysis_locked(mock, call, model_path, NULL);
    rein_tensor_spec_view specs = *kept;
    mock_unlock(mock);
    REIN_TRY(rein_result_tensor_spec_view, begun);
    return rein_result_tensor_spec_view_ok(specs);
}

static rein_result_tensor_spec_view slot_input_specs(void *self, const char *model_path) {
    mock_backend *mock = self;
    return read_specs(mock, MOCK_BACKEND_INPUT_SPECS, model_path, &mock->input_specs);
}

static rein_result_tensor_spec_view slot_output_specs(void *self, const char *model_path) {
    mock_backend *mock = self;
    return read_specs(mock, MOCK_BACKEND_OUTPUT_SPECS, model_path, &mock->output_specs);
}

static rein_result_void warmup_locked(mock_backend *mock) {
    REIN_TRY(rein_result_void, mock_begin_call_locked(mock, MOCK_BACKEND_WARMUP));
    return mock_require_loaded_locked(mock, REIN_HERE);
}

static rein_result_void slot_warmup(void *self, struct CUstream_st *stream) {
    (void)stream;
    mock_backend *mock = self;
    mock_lock(mock);
    rein_result_void result = warmup_locked(mock);
    mock_unlock(mock);
    return result;
}

/* The assertion below fails if the interface gets a member that the mock does not set. */
static const rein_backend_interface interface = {
    .struct_size = sizeof(rein_backend_interface),
    .load = slot_load,
    .unload = slot_unload,
    .execute = mock_execute,
    .capabilities = slot_capabilities,
    .is_loaded = slot_is_loaded,
    .destroy = slot_destroy,
    .estimate_memory = slot_estimate_memory,
    .estimate_lifetimes = slot_estimate_lifetimes,
    .input_specs = slot_input_specs,
    .output_specs = slot_output_specs,
    .warmup = slot_warmup,
    .sequences = &mock_sequences_interface,
    .submission = &mock_submission_interface,
    .buffers = &mock_buffers_interface,
};

_Static_assert(sizeof(rein_backend_interface) ==
                   offsetof(rein_backend_interface, buffers) + sizeof interface.buffers,
               "buffers is no longer the last member: set the new ones in the mock too");

const rein_backend_interface *mock_backend_interface(void) {
    return &interface;
}
