/* The suite finds every rule of a backend's life that is broken. The broken backends are mocks with
 * a slot replaced. */
#include "mock_subject.h"

static rein_result_void load_anything(void *self, const char *path, const rein_model_id *id) {
    (void)path;
    return mock_backend_interface()->load(self, "model", id);
}

static rein_result_void load_broken(void *self, const char *path, const rein_model_id *id) {
    const char *loaded = is_same_text(path, "broken") ? "model" : path;
    return mock_backend_interface()->load(self, loaded, id);
}

static rein_result_tensor_spec_view specs_of_anything(void *self, const char *path) {
    (void)path;
    return mock_backend_interface()->input_specs(self, "model");
}

static rein_result_void load_twice(void *self, const char *path, const rein_model_id *id) {
    const rein_backend_interface *mock = mock_backend_interface();
    if (mock->is_loaded(self)) {
        return rein_done();
    }
    return mock->load(self, path, id);
}

static rein_result_void unload_on_second_load(void *self, const char *path,
                                              const rein_model_id *id) {
    const rein_backend_interface *mock = mock_backend_interface();
    if (mock->is_loaded(self)) {
        REIN_IGNORE(mock->unload(self));
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE, "a model was loaded"));
    }
    return mock->load(self, path, id);
}

static const char *kept_path;

static rein_result_void load_and_keep_path(void *self, const char *path, const rein_model_id *id) {
    kept_path = path;
    return mock_backend_interface()->load(self, path, id);
}

static rein_result_void execute_kept_path(void *self, const rein_execution_request *request,
                                          rein_execution_result *out_result) {
    if (mock_backend_interface()->is_loaded(self) && !is_same_text(kept_path, "model")) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, "the path is gone"));
    }
    return mock_backend_interface()->execute(self, request, out_result);
}

static rein_result_void unload_nothing(void *self) {
    REIN_IGNORE(mock_backend_interface()->unload(self));
    return rein_done();
}

static bool loaded_somewhere;

static rein_result_void load_everywhere(void *self, const char *path, const rein_model_id *id) {
    rein_result_void loaded = mock_backend_interface()->load(self, path, id);
    loaded_somewhere = loaded_somewhere || loaded.is_ok;
    return loaded;
}

static bool is_loaded_anywhere(void *self) {
    (void)self;
    return loaded_somewhere;
}

static rein_result_void unload_everywhere(void *self) {
    rein_result_void unloaded = mock_backend_interface()->unload(self);
    loaded_somewhere = loaded_somewhere && !unloaded.is_ok;
    return unloaded;
}

static void destroy_everywhere(void *self) {
    mock_backend_interface()->destroy(self);
    loaded_somewhere = false;
}

/* A resource that load takes and destroy does not release. */
static bool is_taken;

static rein_result_void load_taking(void *self, const char *path, const rein_model_id *id) {
    if (is_taken) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_DEVICE_UNAVAILABLE, REIN_HERE, "taken"));
    }
    rein_result_void loaded = mock_backend_interface()->load(self, path, id);
    is_taken = loaded.is_ok;
    return loaded;
}

static bool is_always_loaded(void *self) {
    (void)self;
    return true;
}

static bool is_never_loaded(void *self) {
    (void)self;
    return false;
}

/* The capabilities of the mock, to be changed. */
static rein_backend_capabilities changed;

static rein_backend_capabilities *copy_capabilities(void *self) {
    changed = *mock_backend_interface()->capabilities(self);
    return &changed;
}

static const rein_backend_capabilities *without_batch(void *self) {
    copy_capabilities(self)->max_batch_size = 0;
    return &changed;
}

static const rein_backend_capabilities *without_name(void *self) {
    copy_capabilities(self)->backend_name[0] = '\0';
    return &changed;
}

static const rein_backend_capabilities *with_unknown_dtype(void *self) {
    copy_capabilities(self)->supported_dtypes.bits |= UINT64_C(1) << 63;
    return &changed;
}

static const rein_backend_capabilities *with_unknown_memory(void *self) {
    copy_capabilities(self)->memory_kinds.bits |= UINT32_C(1) << 31;
    return &changed;
}

static const rein_backend_capabilities *pinned_and_pageable(void *self) {
    copy_capabilities(self)->requires_pinned_memory = true;
    return &changed;
}

static const rein_backend_capabilities *changed_by_load(void *self) {
    copy_capabilities(self)->max_batch_size = mock_backend_interface()->is_loaded(self) ? 1 : 2;
    return &changed;
}

static rein_result_void warm_up_anything(void *self, struct CUstream_st *stream) {
    (void)self;
    (void)stream;
    return rein_done();
}

static rein_result_void warm_up_nothing(void *self, struct CUstream_st *stream) {
    (void)self;
    (void)stream;
    return rein_result_void_fail(
        rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE, "never warm"));
}

Test(backend_conformance_faults, of_capabilities_are_found, .init = set_up) {
    table.capabilities = without_batch;
    expect_broken("capabilities are sound");
    table.capabilities = without_name;
    expect_broken("capabilities are sound");
    table.capabilities = with_unknown_dtype;
    expect_broken("capabilities are sound");
    table.capabilities = with_unknown_memory;
    expect_broken("capabilities are sound");
    table.capabilities = pinned_and_pageable;
    expect_broken("capabilities are sound");
    table.capabilities = changed_by_load;
    expect_broken("capabilities are sound");
}

Test(backend_conformance_faults, of_load_are_found, .init = set_up) {
    table.load = load_anything;
    expect_broken("does not load a missing model");
    table.load = load_broken;
    expect_broken("does not load a broken model");
    table.input_specs = specs_of_anything;
    expect_broken("does not load a broken model");
    table.load = load_twice;
    expect_broken("refuses a second load");
    table.load = unload_on_second_load;
    expect_broken("refuses a second load");
    table.load = load_and_keep_path;
    table.execute = execute_kept_path;
    expect_broken("keeps no path");
}

Test(backend_conformance_faults, of_unload_and_is_loaded_are_found, .init = set_up) {
    table.unload = unload_nothing;
    expect_broken("refuses to unload without a model");
    table.is_loaded = is_always_loaded;
    expect_broken("starts without a model");
    table.is_loaded = is_always_loaded;
    expect_broken("refuses NULL arguments");
    table.is_loaded = is_never_loaded;
    expect_broken("loads and unloads again and again");
}

Test(backend_conformance_faults, of_instances_are_found, .init = set_up) {
    table.load = load_everywhere;
    table.is_loaded = is_loaded_anywhere;
    expect_broken("instances are independent");
    loaded_somewhere = false;
    table.load = load_everywhere;
    table.unload = unload_everywhere;
    table.is_loaded = is_loaded_anywhere;
    table.destroy = destroy_everywhere;
    expect_broken("instances are independent");
    table.load = load_taking;
    expect_broken("destroy releases the model");
}

Test(backend_conformance_faults, of_warmup_are_found, .init = set_up) {
    table.warmup = warm_up_anything;
    expect_broken("warms up");
    table.warmup = warm_up_nothing;
    expect_broken("warms up");
    subject.has_warmup = false;
    expect_broken("warms up");
}
