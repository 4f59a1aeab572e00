/* The suite finds every rule of static analysis that is broken. The broken backends are mocks with
 * a slot replaced. */
#include "mock_subject.h"

/* The capabilities of the mock, to be changed. */
static rein_backend_capabilities changed;

static rein_backend_capabilities *copy_capabilities(void *self) {
    changed = *mock_backend_interface()->capabilities(self);
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

static rein_tensor_spec unsound_spec;

static rein_result_tensor_spec_view unsound_specs(void *self, const char *path) {
    rein_tensor_spec_view specs =
        REIN_TRY(rein_result_tensor_spec_view, mock_backend_interface()->output_specs(self, path));
    unsound_spec = specs.specs[0];
    unsound_spec.extents[0].min = -1;
    return rein_result_tensor_spec_view_ok(
        (rein_tensor_spec_view){.specs = &unsound_spec, .count = 1});
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

static rein_result_memory_estimate bound_of_loaded(void *self, const char *path,
                                                   const rein_input_shapes *shapes) {
    rein_result_memory_estimate estimate =
        mock_backend_interface()->estimate_memory(self, path, shapes);
    REIN_TRY(rein_result_memory_estimate, estimate);
    bool is_loaded = mock_backend_interface()->is_loaded(self);
    REIN_VALUE(estimate).activation_lower_bound_bytes = rein_fact_u64_known(is_loaded ? 1 : 2);
    return estimate;
}

static rein_result_tensor_spec_view null_specs(void *self, const char *path) {
    (void)self;
    (void)path;
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){.count = 1});
}

static rein_result_memory_estimate estimate_of_anything(void *self, const char *path,
                                                        const rein_input_shapes *shapes) {
    (void)path;
    return mock_backend_interface()->estimate_memory(self, "model", shapes);
}

/* An answer that is Unsupported does not hide a fault in another. */
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
    table.input_specs = null_specs;
    expect_broken("specs are sound");
    table.capabilities = without_floats;
    expect_broken("specs are sound");
    table.capabilities = without_host_memory;
    expect_broken("specs are sound");
    table.capabilities = with_small_batches;
    expect_broken("specs are sound");
    table.estimate_memory = estimate_by_loading;
    expect_broken("analysis loads nothing");
    table.estimate_memory = estimate_of_loaded;
    expect_broken("analysis is the same when loaded");
    table.estimate_memory = bound_of_loaded;
    expect_broken("analysis is the same when loaded");
    table.estimate_memory = estimate_of_anything;
    expect_broken("analysis does not find a missing model");
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
