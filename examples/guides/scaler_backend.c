#include "scaler_backend.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { ELEMENTS = 4 };

typedef struct scaler {
    rein_clock clock;
    rein_tensor_spec input;
    rein_tensor_spec output;
    atomic_bool is_loaded; /* asked at any time, by any thread */
    float factor;          /* changes only while nothing executes */
} scaler;

REIN_RESULT_DEFINE(scaler_result_factor, float)

/* The engine: a model is a file that holds a number. */
static scaler_result_factor read_factor(const char *model_path) {
    FILE *file = fopen(model_path, "r");
    if (file == NULL) {
        rein_error error = rein_error_make(REIN_ERROR_NOT_FOUND, REIN_HERE, "no model '{text}'");
        error = rein_error_with_text(error, model_path);
        return scaler_result_factor_fail(rein_error_with_native_code(error, errno));
    }
    float factor;
    bool is_read = fscanf(file, "%f", &factor) == 1;
    fclose(file);
    if (!is_read) {
        rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                                           "'{text}' is no model, expected a number");
        return scaler_result_factor_fail(rein_error_with_text(error, model_path));
    }
    return scaler_result_factor_ok(factor);
}

static rein_result_void invalid_state(const char *message) {
    return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE, message));
}

static rein_result_void scaler_load(void *self, const char *model_path) {
    scaler *backend = self;
    if (atomic_load(&backend->is_loaded)) {
        return invalid_state("a model is loaded, expected none");
    }
    backend->factor = REIN_TRY(rein_result_void, read_factor(model_path));
    atomic_store(&backend->is_loaded, true);
    return rein_done();
}

static rein_result_void scaler_unload(void *self) {
    scaler *backend = self;
    return atomic_exchange(&backend->is_loaded, false) ? rein_done()
                                                       : invalid_state("no model is loaded");
}

static rein_result_void scaler_execute(void *self, const rein_execution_request *request,
                                       rein_execution_result *out_result) {
    scaler *backend = self;
    if (!atomic_load(&backend->is_loaded)) {
        return invalid_state("no model is loaded");
    }
    REIN_TRY(rein_result_void, rein_backend_check_tensors(
                                   request, out_result, (rein_tensor_spec_view){&backend->input, 1},
                                   (rein_tensor_spec_view){&backend->output, 1}));
    const float *from = request->input_tensors[0].data;
    float *to = out_result->output_tensors[0].data;
    for (int index = 0; index < ELEMENTS; index++) {
        to[index] = backend->factor * from[index];
    }
    rein_execution_result_complete(request, rein_clock_now(&backend->clock), out_result);
    return rein_done();
}

static rein_backend_capabilities scaler_capabilities(void *self) {
    (void)self;
    rein_dtype_set none = {0};
    return (rein_backend_capabilities){.backend_name = "scaler",
                                       .max_batch_size = 1,
                                       .supported_dtypes =
                                           rein_dtype_set_with(none, REIN_DTYPE_FLOAT32)};
}

static bool scaler_is_loaded(void *self) {
    return atomic_load(&((scaler *)self)->is_loaded);
}

static void scaler_destroy(void *self) {
    free(self);
}

/* Static analysis: before load, of the model at the path, without touching the one that is loaded.
 */
static rein_result_memory_estimate scaler_estimate_memory(void *self, const char *model_path) {
    (void)self;
    REIN_TRY(rein_result_memory_estimate, read_factor(model_path));
    return rein_result_memory_estimate_ok(
        (rein_memory_estimate){.weights_bytes = sizeof(float), .activation_bytes = 0});
}

static rein_result_lifetime_view scaler_estimate_lifetimes(void *self, const char *model_path) {
    (void)self;
    REIN_TRY(rein_result_lifetime_view, read_factor(model_path));
    return rein_result_lifetime_view_ok((rein_lifetime_view){.count = 0}); /* no hidden tensor */
}

static rein_result_tensor_spec_view spec_of(const char *model_path, const rein_tensor_spec *spec) {
    REIN_TRY(rein_result_tensor_spec_view, read_factor(model_path));
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){spec, 1});
}

static rein_result_tensor_spec_view scaler_input_specs(void *self, const char *model_path) {
    return spec_of(model_path, &((scaler *)self)->input);
}

static rein_result_tensor_spec_view scaler_output_specs(void *self, const char *model_path) {
    return spec_of(model_path, &((scaler *)self)->output);
}

/* `warmup` is left out: there is nothing to warm up. */
static const rein_backend_interface table = {
    .struct_size = sizeof table,
    .load = scaler_load,
    .unload = scaler_unload,
    .execute = scaler_execute,
    .capabilities = scaler_capabilities,
    .is_loaded = scaler_is_loaded,
    .destroy = scaler_destroy,
    .estimate_memory = scaler_estimate_memory,
    .estimate_lifetimes = scaler_estimate_lifetimes,
    .input_specs = scaler_input_specs,
    .output_specs = scaler_output_specs,
};

rein_result_backend scaler_backend_create(const rein_clock *clock) {
    rein_shape shape = REIN_TRY(rein_result_backend, rein_shape_make((int64_t[]){ELEMENTS}, 1));
    rein_tensor_spec input =
        REIN_TRY(rein_result_backend,
                 rein_tensor_spec_make("input", &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
    rein_tensor_spec output =
        REIN_TRY(rein_result_backend, rein_tensor_spec_make("output", &shape, REIN_DTYPE_FLOAT32,
                                                            REIN_LAYOUT_ROW_MAJOR));
    scaler *backend = calloc(1, sizeof *backend);
    if (backend == NULL) {
        return rein_result_backend_fail(
            rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory for a backend"));
    }
    backend->clock = *clock;
    backend->input = input;
    backend->output = output;
    return rein_backend_bind(&table, backend);
}
