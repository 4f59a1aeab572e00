#include "dense_backend.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "dense_network.h"
#include "plan/plan.h"

/* Bounds the search; a chain of layers needs none. */
enum { PLAN_STEPS = 100000 };

/* The offsets of the hidden tensors in one block of memory. Tensors that are never alive at the
 * same time share bytes. */
typedef struct memory_plan {
    size_t tensor_count;
    rein_tensor_lifetime lifetimes[DENSE_LAYERS_MAX];
    uint64_t offsets[DENSE_LAYERS_MAX];
    uint64_t height_bytes;
} memory_plan;

REIN_RESULT_DEFINE(memory_plan_result, memory_plan)

/* Everything that load makes and unload frees. The plan is for the largest batch, which is enough
 * for a smaller one.
 *
 * The activations are allocated by load and kept until unload, so that execute does not allocate.
 * The load peak of the estimate contains them. A caller that charges the estimate charges them
 * around execute: between executions its ledger shows fewer bytes than the model holds. */
typedef struct loaded_model {
    rein_model_id id;
    dense_network *network;
    char *memory; /* the activations: plan.height_bytes */
    memory_plan plan;
    rein_tensor_spec input_spec;
    rein_tensor_spec output_spec;
} loaded_model;

REIN_RESULT_DEFINE(loaded_model_result, loaded_model)

/* The arrays that static analysis returns are separate from the loaded model, because the analysis
 * may be of another one. */
typedef struct dense_backend {
    rein_clock clock;
    pthread_mutex_t execution_mutex; /* guards what `model.memory` points to */
    atomic_bool is_loaded;           /* may be read while load runs */
    loaded_model model;
    rein_tensor_lifetime lifetimes[DENSE_LAYERS_MAX];
    rein_tensor_spec input_spec;
    rein_tensor_spec output_spec;
} dense_backend;

static rein_error out_of_memory(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where, "no memory for the model");
}

/* Returns the plan of the largest batch. */
static memory_plan_result make_plan(const dense_network *network) {
    memory_plan plan = {.tensor_count = network->layer_count - 1};
    dense_network_lifetimes(network, network->max_batch_size, plan.lifetimes);
    rein_plan_problem problem = {.lifetimes = plan.lifetimes, .count = plan.tensor_count};
    uint64_t bytes = REIN_TRY(memory_plan_result, rein_plan_workspace_bytes(plan.tensor_count));
    rein_workspace workspace = {.size_bytes = bytes};
    workspace.memory = malloc(workspace.size_bytes + 1); /* never 0 bytes */
    if (workspace.memory == NULL) {
        return memory_plan_result_fail(out_of_memory(REIN_HERE));
    }
    rein_plan_options options = {.effort_steps = PLAN_STEPS};
    rein_result_plan_outcome placed =
        rein_plan_minimise(&problem, &options, workspace, plan.offsets, NULL);
    free(workspace.memory);
    REIN_TRY(memory_plan_result, placed);
    plan.height_bytes = REIN_VALUE(placed).height_bytes;
    return memory_plan_result_ok(plan);
}

static void model_free(loaded_model *model) {
    dense_network_destroy(model->network);
    free(model->memory);
    *model = (loaded_model){.network = NULL};
}

/* Fills a model that has its network. After an error the caller frees the model. */
static rein_result_void prepare(loaded_model *model) {
    memory_plan plan = REIN_TRY(rein_result_void, make_plan(model->network));
    rein_tensor_spec input_spec =
        REIN_TRY(rein_result_void, dense_network_input_spec(model->network));
    rein_tensor_spec output_spec =
        REIN_TRY(rein_result_void, dense_network_output_spec(model->network));
    model->memory = malloc(plan.height_bytes + 1); /* never 0 bytes */
    if (model->memory == NULL) {
        return rein_result_void_fail(out_of_memory(REIN_HERE));
    }
    model->plan = plan;
    model->input_spec = input_spec;
    model->output_spec = output_spec;
    return rein_done();
}

static loaded_model_result make_model(const char *model_path, const rein_model_id *id) {
    dense_network *network = REIN_TRY(loaded_model_result, dense_network_read(model_path));
    loaded_model model = {.id = *id, .network = network};
    rein_result_void prepared = prepare(&model);
    if (!prepared.is_ok) {
        model_free(&model);
        return loaded_model_result_fail(REIN_ERROR(prepared));
    }
    return loaded_model_result_ok(model);
}

static rein_result_void load(void *self, const char *model_path, const rein_model_id *model_id) {
    dense_backend *backend = self;
    if (atomic_load(&backend->is_loaded)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                                                     "a model is loaded; unload it first"));
    }
    loaded_model made = REIN_TRY(rein_result_void, make_model(model_path, model_id));
    backend->model = made;
    atomic_store(&backend->is_loaded, true);
    return rein_done();
}

static rein_result_void require_loaded(dense_backend *backend, rein_source_location where) {
    if (atomic_load(&backend->is_loaded)) {
        return rein_done();
    }
    return rein_result_void_fail(
        rein_error_make(REIN_ERROR_INVALID_STATE, where, "no model is loaded; load one first"));
}

static rein_result_void unload(void *self) {
    dense_backend *backend = self;
    REIN_TRY(rein_result_void, require_loaded(backend, REIN_HERE));
    atomic_store(&backend->is_loaded, false);
    model_free(&backend->model);
    return rein_done();
}

/* Runs the layers from the caller's input through the hidden tensors to the caller's output. */
static void compute(const loaded_model *model, uint32_t batch_size, const float *input,
                    float *output) {
    const dense_network *network = model->network;
    for (uint32_t layer = 0; layer < network->layer_count; layer++) {
        bool is_last = layer + 1 == network->layer_count;
        float *target =
            is_last ? output : (float *)(void *)(model->memory + model->plan.offsets[layer]);
        dense_layer_compute(&network->layers[layer], batch_size, input, target);
        input = target;
    }
}

static rein_result_void execute(void *self, const rein_execution_request *request,
                                rein_execution_result *out_result) {
    dense_backend *backend = self;
    REIN_TRY(rein_result_void, require_loaded(backend, REIN_HERE));
    const loaded_model *model = &backend->model;
    REIN_TRY(rein_result_void,
             rein_backend_check_execution(
                 request, out_result, &model->id,
                 (rein_tensor_spec_view){.specs = &model->input_spec, .count = 1},
                 (rein_tensor_spec_view){.specs = &model->output_spec, .count = 1}));
    const rein_tensor *input = &request->input_tensors[0];
    rein_shape shape = input->descriptor.shape;
    uint32_t batch_size = (uint32_t)shape.dimensions[0];
    shape.dimensions[1] = model->output_spec.extents[1].max;
    REIN_TRY(rein_result_void, rein_execution_result_set_shapes(out_result, &shape, 1));
    pthread_mutex_lock(&backend->execution_mutex);
    compute(model, batch_size, input->data, out_result->output_tensors[0].data);
    pthread_mutex_unlock(&backend->execution_mutex);
    rein_execution_result_complete(request, rein_clock_now(&backend->clock), out_result);
    return rein_done();
}

static const rein_backend_capabilities *capabilities(void *self) {
    static const rein_backend_capabilities answer = {
        .struct_size = sizeof answer,
        .backend_name = "dense-cpu",
        .max_batch_size = DENSE_BATCH_MAX,
        .supported_dtypes = {.bits = REIN_DTYPE_BIT(REIN_DTYPE_FLOAT32)},
        .memory_kinds = {.bits = REIN_MEMORY_KIND_BIT(REIN_MEMORY_HOST)},
    };
    (void)self;
    return &answer;
}

static bool is_loaded(void *self) {
    dense_backend *backend = self;
    return atomic_load(&backend->is_loaded);
}

static void destroy(void *self) {
    dense_backend *backend = self;
    model_free(&backend->model);
    pthread_mutex_destroy(&backend->execution_mutex);
    free(backend);
}

REIN_RESULT_DEFINE(batch_result, uint32_t)

/* Returns the rows of the shapes: the largest batch if they are NULL. */
static batch_result batch_of(const dense_network *network, const rein_input_shapes *shapes) {
    rein_tensor_spec input = REIN_TRY(batch_result, dense_network_input_spec(network));
    REIN_TRY(batch_result, rein_backend_check_shapes(
                               shapes, (rein_tensor_spec_view){.specs = &input, .count = 1}));
    return batch_result_ok(shapes == NULL ? network->max_batch_size
                                          : (uint32_t)shapes->shapes[0].dimensions[0]);
}

/* Load allocates the hidden tensors of the largest batch, so smaller shapes need as much. */
static rein_result_memory_estimate estimate_network(const dense_network *network,
                                                    const rein_input_shapes *shapes) {
    REIN_TRY(rein_result_memory_estimate, batch_of(network, shapes));
    memory_plan plan = REIN_TRY(rein_result_memory_estimate, make_plan(network));
    uint64_t weights_bytes = dense_network_weights_bytes(network);
    return rein_result_memory_estimate_ok((rein_memory_estimate){
        .weights_bytes = rein_fact_u64_known(weights_bytes),
        .load_peak_bytes = rein_fact_u64_known(weights_bytes + plan.height_bytes),
        .activation_bytes = rein_fact_u64_known(plan.height_bytes),
        .activation_lower_bound_bytes = rein_fact_u64_known(plan.height_bytes),
    });
}

static rein_result_memory_estimate estimate_memory(void *self, const char *model_path,
                                                   const rein_input_shapes *shapes) {
    (void)self;
    dense_network *network = REIN_TRY(rein_result_memory_estimate, dense_network_read(model_path));
    rein_result_memory_estimate estimate = estimate_network(network, shapes);
    dense_network_destroy(network);
    return estimate;
}

static rein_result_lifetime_view estimate_lifetimes(void *self, const char *model_path,
                                                    const rein_input_shapes *shapes) {
    dense_backend *backend = self;
    dense_network *network = REIN_TRY(rein_result_lifetime_view, dense_network_read(model_path));
    size_t count = network->layer_count - 1;
    batch_result batch_size = batch_of(network, shapes);
    if (batch_size.is_ok) {
        dense_network_lifetimes(network, REIN_VALUE(batch_size), backend->lifetimes);
    }
    dense_network_destroy(network);
    REIN_TRY(rein_result_lifetime_view, batch_size);
    return rein_result_lifetime_view_ok(
        (rein_lifetime_view){.lifetimes = backend->lifetimes, .count = count});
}

/* Stores the result of `describe` for the network at the path in `kept`. Returns a view of it. */
static rein_result_tensor_spec_view
read_spec(const char *model_path, rein_result_tensor_spec (*describe)(const dense_network *network),
          rein_tensor_spec *kept) {
    dense_network *network = REIN_TRY(rein_result_tensor_spec_view, dense_network_read(model_path));
    rein_result_tensor_spec spec = describe(network);
    dense_network_destroy(network);
    REIN_TRY(rein_result_tensor_spec_view, spec);
    *kept = REIN_VALUE(spec);
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){.specs = kept, .count = 1});
}

static rein_result_tensor_spec_view input_specs(void *self, const char *model_path) {
    dense_backend *backend = self;
    return read_spec(model_path, dense_network_input_spec, &backend->input_spec);
}

static rein_result_tensor_spec_view output_specs(void *self, const char *model_path) {
    dense_backend *backend = self;
    return read_spec(model_path, dense_network_output_spec, &backend->output_spec);
}

/* A CPU has nothing to warm up, and the networks have no state: the optional members are absent. */
static const rein_backend_interface interface = {
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

rein_result_backend dense_backend_create(const rein_clock *clock) {
    dense_backend *backend = calloc(1, sizeof *backend);
    if (backend == NULL || pthread_mutex_init(&backend->execution_mutex, NULL) != 0) {
        free(backend);
        return rein_result_backend_fail(
            rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, "no memory for a backend"));
    }
    backend->clock = *clock;
    atomic_init(&backend->is_loaded, false);
    return rein_backend_bind(&interface, backend);
}
