/* The suite finds every rule of a backend's life and of static analysis that is broken. The broken
 * backends are mocks with a slot replaced. */
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

static const rein_backend_capabilities *without_floats(void *self) {
    copy_capabilities(self)->supported_dtypes =
        rein_dtype_set_with((rein_dtype_set){0}, REIN_DTYPE_INT8);
    return &changed;
}

static const rein_backend_capabilities *without_host_memory(void *self) {
    copy_capabilities(self)->memory_kinds =
        rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_DEVICE);
    return &changed;
}

static const rein_backend_capabilities *with_small_batches(void *self) {
    copy_capabilities(self)->max_batch_size = 7;
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

static rein_tensor_spec unsound_spec;

static rein_result_tensor_spec_view unsound_specs(void *self, const char *path) {
    rein_tensor_spec_view specs =
        REIN_TRY(rein_result_tensor_spec_view, mock_backend_interface()->output_specs(self, path));
    unsound_spec = specs.specs[0];
    unsound_spec.extents[0].min = -1;
    return rein_result_tensor_spec_view_ok(
        (rein_tensor_spec_view){.specs = &unsound_spec, .count = 1});
}

static rein_result_lifetime_view unsound_lifetimes(void *self, const char *path,
                                                   const rein_input_shapes *shapes) {
    static const rein_tensor_lifetime lifetime = {.from = 1, .until = 1, .alignment_bytes = 1};
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_lifetime_view_ok((rein_lifetime_view){.lifetimes = &lifetime, .count = 1});
}

static rein_result_memory_estimate too_low_estimate(void *self, const char *path,
                                                    const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    REIN_VALUE(estimate).activation_bytes.value = 95;
    return estimate;
}

static rein_result_memory_estimate estimate_by_loading(void *self, const char *path,
                                                       const rein_input_shapes *shapes) {
    rein_model_id id = REIN_UNWRAP(rein_model_id_make("estimate"));
    REIN_IGNORE(mock_backend_interface()->load(self, path, &id));
    return mock_backend_interface()->estimate_memory(self, path, shapes);
}

static rein_result_memory_estimate estimate_of_loaded(void *self, const char *path,
                                                      const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    REIN_VALUE(estimate).activation_bytes.value +=
        mock_backend_interface()->is_loaded(self) ? 1 : 0;
    return estimate;
}

static rein_result_lifetime_view no_lifetimes(void *self, const char *path,
                                              const rein_input_shapes *shapes) {
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_lifetime_view_fail(
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "not known"));
}

static rein_result_memory_estimate no_estimate(void *self, const char *path,
                                               const rein_input_shapes *shapes) {
    (void)self;
    (void)path;
    (void)shapes;
    return rein_result_memory_estimate_fail(
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE, "not known"));
}

static rein_result_lifetime_view lifetimes_of_loaded(void *self, const char *path,
                                                     const rein_input_shapes *shapes) {
    return mock_backend_interface()->is_loaded(self)
               ? mock_backend_interface()->estimate_lifetimes(self, path, shapes)
               : no_lifetimes(self, path, shapes);
}

static rein_tensor_spec changing_spec;

/* The specs of the mock, the first of them with another name while a model is loaded. */
static rein_result_tensor_spec_view renamed_when_loaded(void *self,
                                                        rein_result_tensor_spec_view specs) {
    REIN_TRY(rein_result_tensor_spec_view, specs);
    changing_spec = REIN_VALUE(specs).specs[0];
    if (mock_backend_interface()->is_loaded(self)) {
        changing_spec.name[0] = 'x';
    }
    return rein_result_tensor_spec_view_ok(
        (rein_tensor_spec_view){.specs = &changing_spec, .count = 1});
}

static rein_result_tensor_spec_view output_specs_of_loaded(void *self, const char *path) {
    return renamed_when_loaded(self, mock_backend_interface()->output_specs(self, path));
}

static rein_result_tensor_spec_view input_specs_of_loaded(void *self, const char *path) {
    return renamed_when_loaded(self, mock_backend_interface()->input_specs(self, path));
}

static rein_result_memory_estimate estimate_of_anything(void *self, const char *path,
                                                        const rein_input_shapes *shapes) {
    (void)path;
    return mock_backend_interface()->estimate_memory(self, "model", shapes);
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

/* What an engine cannot know hides nothing of what it knows. */
Test(backend_conformance_faults, of_an_analysis_known_in_part_are_found, .init = set_up) {
    static const char rule[] = "analysis is the same when loaded";
    table.estimate_lifetimes = no_lifetimes;
    table.output_specs = output_specs_of_loaded;
    expect_broken(rule);
    table.estimate_lifetimes = no_lifetimes;
    table.input_specs = input_specs_of_loaded;
    expect_broken(rule);
    table.estimate_memory = no_estimate;
    table.output_specs = output_specs_of_loaded;
    expect_broken(rule);
    table.estimate_lifetimes = no_lifetimes;
    table.estimate_memory = estimate_of_loaded;
    expect_broken(rule);
    table.estimate_memory = no_estimate;
    table.estimate_lifetimes = lifetimes_of_loaded;
    expect_broken(rule);
    table.estimate_lifetimes = lifetimes_of_loaded;
    expect_broken(rule);
}

Test(backend_conformance_faults, of_the_analysis_are_found, .init = set_up) {
    table.output_specs = unsound_specs;
    expect_broken("specs are sound");
    table.capabilities = without_floats;
    expect_broken("specs are sound");
    table.capabilities = without_host_memory;
    expect_broken("specs are sound");
    table.capabilities = with_small_batches;
    expect_broken("specs are sound");
    table.estimate_lifetimes = unsound_lifetimes;
    expect_broken("lifetimes are sound");
    table.estimate_memory = too_low_estimate;
    expect_broken("activations cover the lifetimes");
    table.estimate_memory = estimate_by_loading;
    expect_broken("analysis loads nothing");
    table.estimate_memory = estimate_of_loaded;
    expect_broken("analysis is the same when loaded");
    table.estimate_memory = estimate_of_anything;
    expect_broken("analysis does not find a missing model");
}

/* The estimate of smaller shapes is larger. */
static rein_result_memory_estimate shrinking_estimate(void *self, const char *path,
                                                      const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    if (shapes != NULL) {
        REIN_VALUE(estimate).activation_bytes.value +=
            8 - (uint64_t)shapes->shapes[0].dimensions[0];
    }
    return estimate;
}

static rein_result_memory_estimate estimate_of_any_shapes(void *self, const char *path,
                                                          const rein_input_shapes *shapes) {
    (void)shapes;
    return mock_backend_interface()->estimate_memory(self, path, NULL);
}

static rein_result_lifetime_view lifetimes_of_any_shapes(void *self, const char *path,
                                                         const rein_input_shapes *shapes) {
    (void)shapes;
    return mock_backend_interface()->estimate_lifetimes(self, path, NULL);
}

Test(backend_conformance_faults, of_estimates_for_shapes_are_found, .init = set_up) {
    table.estimate_memory = shrinking_estimate;
    expect_broken("estimates depend on the shapes");
    table.estimate_memory = estimate_of_any_shapes;
    expect_broken("analysis refuses other shapes");
    table.estimate_lifetimes = lifetimes_of_any_shapes;
    expect_broken("analysis refuses other shapes");
}

/* Specs in memory that load writes to. */
static rein_tensor_spec kept_specs[2];

static rein_result_tensor_spec_view specs_that_load_overwrites(void *self, const char *path) {
    rein_tensor_spec_view specs =
        REIN_TRY(rein_result_tensor_spec_view, mock_backend_interface()->input_specs(self, path));
    memcpy(kept_specs, specs.specs, sizeof kept_specs);
    return rein_result_tensor_spec_view_ok(
        (rein_tensor_spec_view){.specs = kept_specs, .count = specs.count});
}

static rein_result_void load_overwriting_specs(void *self, const char *path,
                                               const rein_model_id *id) {
    memset(kept_specs, 0, sizeof kept_specs);
    return mock_backend_interface()->load(self, path, id);
}

static rein_result_void unload_overwriting_specs(void *self) {
    memset(kept_specs, 0, sizeof kept_specs);
    return mock_backend_interface()->unload(self);
}

Test(backend_conformance_faults, of_views_are_found, .init = set_up) {
    table.input_specs = specs_that_load_overwrites;
    table.load = load_overwriting_specs;
    expect_broken("views outlive load and unload");
    table.input_specs = specs_that_load_overwrites;
    table.unload = unload_overwriting_specs;
    expect_broken("views outlive load and unload");
}
