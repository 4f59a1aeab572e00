#include "scaler_backend.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { LENGTH_MAX = 4096 };

/* The engine's model: a text file with two numbers. */
typedef struct scaler_model {
    float factor;
    float threshold;
} scaler_model;

REIN_RESULT_DEFINE(scaler_result_model, scaler_model)

typedef struct scaler {
    rein_clock clock;
    rein_tensor_spec input; /* the specs of every model */
    rein_tensor_spec output;
    rein_tensor_lifetime products; /* what estimate_lifetimes returned last */
    atomic_bool is_loaded;         /* read by any thread at any time */
    rein_model_id model_id;        /* this and the model change only while no execution runs */
    scaler_model model;
} scaler;

static rein_error error_about(rein_error_code code, const char *message, const char *model_path) {
    return rein_error_with_text(rein_error_make(code, REIN_HERE, message), model_path);
}

/* NotFound if the path does not exist; any other reason is a failure of the engine. */
static rein_error cannot_open(int reason, const char *model_path) {
    bool is_missing = reason == ENOENT || reason == ENOTDIR;
    rein_error error = error_about(is_missing ? REIN_ERROR_NOT_FOUND : REIN_ERROR_BACKEND_ERROR,
                                   "cannot open '{text}'", model_path);
    return rein_error_with_native_code(error, reason);
}

static scaler_result_model read_model(const char *model_path) {
    FILE *file = fopen(model_path, "r");
    if (file == NULL) {
        return scaler_result_model_fail(cannot_open(errno, model_path));
    }
    scaler_model model;
    bool is_read = fscanf(file, "%f %f", &model.factor, &model.threshold) == 2;
    fclose(file);
    return is_read ? scaler_result_model_ok(model)
                   : scaler_result_model_fail(error_about(
                         REIN_ERROR_BACKEND_ERROR,
                         "'{text}' is not a model: write a factor and a threshold", model_path));
}

static rein_result_void invalid_state(const char *message) {
    return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE, message));
}

static rein_result_void scaler_load(void *self, const char *model_path,
                                    const rein_model_id *model_id) {
    scaler *backend = self;
    if (atomic_load(&backend->is_loaded)) {
        return invalid_state("a model is loaded: unload it first");
    }
    backend->model = REIN_TRY(rein_result_void, read_model(model_path));
    backend->model_id = *model_id;
    atomic_store(&backend->is_loaded, true);
    return rein_done();
}

static rein_result_void scaler_unload(void *self) {
    scaler *backend = self;
    return atomic_exchange(&backend->is_loaded, false)
               ? rein_done()
               : invalid_state("no model is loaded: load one first");
}

static rein_tensor_spec_view view_of(const rein_tensor_spec *spec) {
    return (rein_tensor_spec_view){.specs = spec, .count = 1};
}

/* Computes into `products`, which has room for as many values as the input. Every failure comes
 * before the first change of the output. */
static rein_result_void run(const scaler_model *model, const rein_execution_request *request,
                            float *products, rein_execution_result *out_result) {
    const rein_tensor *input = &request->input_tensors[0];
    const float *values = input->data;
    int64_t kept = 0;
    for (int64_t index = 0; index < input->descriptor.shape.dimensions[0]; index++) {
        if (rein_execution_request_is_cancelled(request)) {
            return rein_result_void_fail(
                rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE, "cancelled while it ran"));
        }
        products[kept] = model->factor * values[index];
        kept += products[kept] > model->threshold;
    }
    rein_shape shape = {.dimensions = {kept}, .rank = 1};
    REIN_TRY(rein_result_void, rein_execution_result_set_shapes(out_result, &shape, 1));
    float *output = out_result->output_tensors[0].data;
    for (int64_t index = 0; index < kept; index++) {
        output[index] = products[index];
    }
    return rein_done();
}

static rein_result_void scaler_execute(void *self, const rein_execution_request *request,
                                       rein_execution_result *out_result) {
    scaler *backend = self;
    if (!atomic_load(&backend->is_loaded)) {
        return invalid_state("no model is loaded: load one first");
    }
    REIN_TRY(rein_result_void,
             rein_backend_check_execution(request, out_result, &backend->model_id,
                                          view_of(&backend->input), view_of(&backend->output)));
    uint64_t bytes = REIN_TRY(rein_result_void, rein_tensor_size_bytes(&request->input_tensors[0]));
    float *products = malloc(bytes);
    if (products == NULL) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory for the products"));
    }
    rein_result_void done = run(&backend->model, request, products, out_result);
    free(products);
    REIN_TRY(rein_result_void, done);
    rein_execution_result_complete(request, rein_clock_now(&backend->clock), out_result);
    return rein_done();
}

/* Returns the bytes of the products of one execution. */
static rein_result_bytes products_bytes(const scaler *backend, const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_bytes, rein_backend_check_shapes(shapes, view_of(&backend->input)));
    rein_shape largest = rein_tensor_spec_max_shape(&backend->input);
    return rein_tensor_spec_size_bytes(&backend->input,
                                       shapes == NULL ? &largest : &shapes->shapes[0]);
}

/* The load peak is left unknown: how much the C library takes to read a file is not known here. */
static rein_result_memory_estimate scaler_estimate_memory(void *self, const char *model_path,
                                                          const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_memory_estimate, read_model(model_path));
    uint64_t bytes = REIN_TRY(rein_result_memory_estimate, products_bytes(self, shapes));
    return rein_result_memory_estimate_ok(
        (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(sizeof(scaler_model)),
                               .activation_bytes = rein_fact_u64_known(bytes)});
}

/* There is one hidden tensor, alive for the whole execution. */
static rein_result_lifetime_view scaler_estimate_lifetimes(void *self, const char *model_path,
                                                           const rein_input_shapes *shapes) {
    scaler *backend = self;
    REIN_TRY(rein_result_lifetime_view, read_model(model_path));
    uint64_t bytes = REIN_TRY(rein_result_lifetime_view, products_bytes(backend, shapes));
    backend->products = (rein_tensor_lifetime){
        .from = 0, .until = 1, .size_bytes = bytes, .alignment_bytes = sizeof(float)};
    return rein_result_lifetime_view_ok(
        (rein_lifetime_view){.lifetimes = &backend->products, .count = 1});
}

static rein_result_tensor_spec_view scaler_input_specs(void *self, const char *model_path) {
    REIN_TRY(rein_result_tensor_spec_view, read_model(model_path));
    return rein_result_tensor_spec_view_ok(view_of(&((scaler *)self)->input));
}

static rein_result_tensor_spec_view scaler_output_specs(void *self, const char *model_path) {
    REIN_TRY(rein_result_tensor_spec_view, read_model(model_path));
    return rein_result_tensor_spec_view_ok(view_of(&((scaler *)self)->output));
}

static const rein_backend_capabilities *scaler_capabilities(void *self) {
    (void)self;
    static const rein_backend_capabilities capabilities = {
        .struct_size = sizeof capabilities,
        .backend_name = "scaler",
        .max_batch_size = 1,
        .supported_dtypes = {REIN_DTYPE_BIT(REIN_DTYPE_FLOAT32)},
        .memory_kinds = {REIN_MEMORY_KIND_BIT(REIN_MEMORY_HOST)},
        .supports_concurrent_execution = true,
    };
    return &capabilities;
}

static bool scaler_is_loaded(void *self) {
    return atomic_load(&((scaler *)self)->is_loaded);
}

static void scaler_destroy(void *self) {
    free(self);
}

/* warmup and the optional parts are absent. */
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

/* Returns the spec of a row of `min` to LENGTH_MAX values. */
static rein_result_tensor_spec row_spec(const char *name, int64_t min, const char *symbol) {
    rein_shape shape = {.dimensions = {LENGTH_MAX}, .rank = 1};
    rein_tensor_spec spec =
        REIN_TRY(rein_result_tensor_spec,
                 rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
    return rein_tensor_spec_with_range(&spec, 0, min, LENGTH_MAX, symbol);
}

rein_result_backend scaler_backend_create(const rein_clock *clock) {
    rein_tensor_spec input = REIN_TRY(rein_result_backend, row_spec("values", 1, "n"));
    rein_tensor_spec output = REIN_TRY(rein_result_backend, row_spec("kept", 0, NULL));
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
