#include "ort_backend.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "ort_analysis.h"
#include "ort_call.h"
#include "ort_element_type.h"

/* The model and its idle calls. */
typedef struct loaded_model {
    ort_model *model;
    rein_model_id id;
    ort_call *idle_calls;
} loaded_model;

typedef struct ort_backend {
    const ort_engine *engine;
    ort_backend_options options;
    rein_clock clock;
    rein_backend_capabilities capabilities;
    atomic_bool is_loaded;       /* any thread may ask at any time */
    pthread_mutex_t calls_mutex; /* guards loaded.idle_calls */
    loaded_model loaded;
    ort_analyses analyses; /* separate from the loaded model */
} ort_backend;

static void loaded_model_free(loaded_model *loaded) {
    ort_model_close(loaded->model);
    while (loaded->idle_calls != NULL) { /* the model's last blocks may be theirs */
        ort_call *call = loaded->idle_calls;
        loaded->idle_calls = call->next;
        ort_call_destroy(call);
    }
    *loaded = (loaded_model){.model = NULL};
}

/* Opens the model and prepares the first execution. */
static rein_result_void open_loaded(const ort_backend *backend, const char *model_path,
                                    loaded_model *out_loaded) {
    out_loaded->model = REIN_TRY(rein_result_void, ort_model_open(backend->engine, model_path,
                                                                  backend->options.max_batch_size));
    out_loaded->idle_calls = REIN_TRY(rein_result_void, ort_call_create(out_loaded->model));
    return rein_done();
}

static rein_result_void load(void *self, const char *model_path, const rein_model_id *model_id) {
    ort_backend *backend = self;
    if (atomic_load(&backend->is_loaded)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                                                     "a model is loaded; unload it first"));
    }
    loaded_model made = {.id = *model_id};
    rein_result_void done = open_loaded(backend, model_path, &made);
    if (!done.is_ok) {
        loaded_model_free(&made);
        return done;
    }
    backend->loaded = made;
    atomic_store(&backend->is_loaded, true);
    return rein_done();
}

static rein_result_void require_loaded(ort_backend *backend, rein_source_location where) {
    if (atomic_load(&backend->is_loaded)) {
        return rein_done();
    }
    return rein_result_void_fail(
        rein_error_make(REIN_ERROR_INVALID_STATE, where, "no model is loaded; load one first"));
}

static rein_result_void unload(void *self) {
    ort_backend *backend = self;
    REIN_TRY(rein_result_void, require_loaded(backend, REIN_HERE));
    atomic_store(&backend->is_loaded, false);
    loaded_model_free(&backend->loaded);
    return rein_done();
}

/* Takes an idle call, or makes one if all are in use. */
static ort_result_call take_call(ort_backend *backend) {
    pthread_mutex_lock(&backend->calls_mutex);
    ort_call *call = backend->loaded.idle_calls;
    if (call != NULL) {
        backend->loaded.idle_calls = call->next;
    }
    pthread_mutex_unlock(&backend->calls_mutex);
    return call != NULL ? ort_result_call_ok(call) : ort_call_create(backend->loaded.model);
}

static void give_back_call(ort_backend *backend, ort_call *call) {
    pthread_mutex_lock(&backend->calls_mutex);
    call->next = backend->loaded.idle_calls;
    backend->loaded.idle_calls = call;
    pthread_mutex_unlock(&backend->calls_mutex);
}

static uint64_t limit_of(const ort_backend *backend) {
    uint64_t limit = backend->options.activation_limit_bytes;
    return limit == 0 ? UINT64_MAX : limit;
}

/* The time that the calling thread has computed; the engine computes on it alone. */
static uint64_t thread_time_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static rein_result_void execute(void *self, const rein_execution_request *request,
                                rein_execution_result *out_result) {
    ort_backend *backend = self;
    REIN_TRY(rein_result_void, require_loaded(backend, REIN_HERE));
    const ort_model *model = backend->loaded.model;
    REIN_TRY(rein_result_void,
             rein_backend_check_execution(request, out_result, &backend->loaded.id,
                                          ort_signature_inputs(&model->signature),
                                          ort_signature_outputs(&model->signature)));
    bool is_timed = backend->options.measures_device_time;
    ort_call *call = REIN_TRY(rein_result_void, take_call(backend));
    uint64_t start_ns = is_timed ? thread_time_ns() : 0;
    rein_result_void done = ort_call_execute(call, model, request, out_result, limit_of(backend));
    uint64_t spent_ns = is_timed ? thread_time_ns() - start_ns : 0;
    give_back_call(backend, call);
    REIN_TRY(rein_result_void, done);
    rein_execution_result_complete(request, rein_clock_now(&backend->clock), out_result);
    if (is_timed) {
        out_result->device_time_ns = rein_fact_u64_known(spent_ns);
    }
    return rein_done();
}

static const rein_backend_capabilities *capabilities(void *self) {
    const ort_backend *backend = self;
    return &backend->capabilities;
}

static bool is_loaded(void *self) {
    ort_backend *backend = self;
    return atomic_load(&backend->is_loaded);
}

static void destroy(void *self) {
    ort_backend *backend = self;
    loaded_model_free(&backend->loaded);
    ort_analyses_deinit(&backend->analyses);
    pthread_mutex_destroy(&backend->calls_mutex);
    free(backend);
}

static ort_result_analysis analyse(ort_backend *backend, int slot, const char *model_path) {
    return ort_analyse(&backend->analyses, slot, backend->engine, model_path,
                       backend->options.max_batch_size);
}

/* The weights are measured: the model was opened and closed. The activations are those that
 * executions are held to, whatever their shapes are. */
static rein_result_memory_estimate estimate_memory(void *self, const char *model_path,
                                                   const rein_input_shapes *shapes) {
    ort_backend *backend = self;
    const ort_analysis *analysis =
        REIN_TRY(rein_result_memory_estimate, analyse(backend, ORT_SLOT_MEMORY, model_path));
    REIN_TRY(rein_result_memory_estimate,
             rein_backend_check_shapes(shapes, ort_signature_inputs(&analysis->signature)));
    rein_memory_estimate estimate = {.weights_bytes = rein_fact_u64_unknown()};
    if (backend->engine->counts_weights) {
        estimate.weights_bytes = rein_fact_u64_known(analysis->weights_bytes);
        estimate.load_peak_bytes = rein_fact_u64_known(analysis->load_peak_bytes);
    }
    if (backend->options.activation_limit_bytes > 0) {
        estimate.activation_bytes = rein_fact_u64_known(backend->options.activation_limit_bytes);
    }
    return rein_result_memory_estimate_ok(estimate);
}

static rein_result_lifetime_view estimate_lifetimes(void *self, const char *model_path,
                                                    const rein_input_shapes *shapes) {
    (void)self;
    (void)model_path;
    (void)shapes;
    return rein_result_lifetime_view_fail(
        rein_error_make(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                        "ONNX Runtime does not say when its hidden tensors are alive"));
}

static rein_result_tensor_spec_view input_specs(void *self, const char *model_path) {
    const ort_analysis *analysis =
        REIN_TRY(rein_result_tensor_spec_view, analyse(self, ORT_SLOT_INPUTS, model_path));
    return rein_result_tensor_spec_view_ok(ort_signature_inputs(&analysis->signature));
}

static rein_result_tensor_spec_view output_specs(void *self, const char *model_path) {
    const ort_analysis *analysis =
        REIN_TRY(rein_result_tensor_spec_view, analyse(self, ORT_SLOT_OUTPUTS, model_path));
    return rein_result_tensor_spec_view_ok(ort_signature_outputs(&analysis->signature));
}

static const rein_backend_interface table = {
    .struct_size = sizeof(rein_backend_interface),
    .load = load,
    .unload = unload,
    .execute = execute,
    .capabilities = capabilities,
    .is_loaded = is_loaded,
    .destroy = destroy,
    .estimate_memory = estimate_memory,
    .estimate_lifetimes = estimate_lifetimes,
    .input_specs = input_specs,
    .output_specs = output_specs,
};

static rein_backend_capabilities capabilities_of(const ort_backend_options *options) {
    return (rein_backend_capabilities){
        .struct_size = sizeof(rein_backend_capabilities),
        .backend_name = "onnxruntime-cpu",
        .max_batch_size = options->max_batch_size,
        .supported_dtypes = ort_dtypes(),
        .memory_kinds = rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_HOST),
        .supports_concurrent_execution = true,
    };
}

rein_result_backend ort_backend_create(const ort_engine *engine,
                                       const ort_backend_options *options) {
    if (options->max_batch_size == 0) {
        return rein_result_backend_fail(rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                                        "max_batch_size must be at least 1"));
    }
    ort_backend *backend = calloc(1, sizeof *backend);
    if (backend == NULL) {
        return rein_result_backend_fail(ort_out_of_memory(REIN_HERE));
    }
    if (pthread_mutex_init(&backend->calls_mutex, NULL) != 0) {
        free(backend);
        return rein_result_backend_fail(ort_out_of_memory(REIN_HERE));
    }
    backend->engine = engine;
    backend->options = *options;
    backend->clock = *options->clock;
    backend->capabilities = capabilities_of(options);
    return rein_backend_bind(&table, backend);
}
