#include "served_model.h"

#include <string.h>

#include "ort_trial.h"

enum { MAX_BATCH_SIZE = 8 };

/* The name of a file without its folder. */
static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static rein_result_void make_backend(served_model *model, const ort_engine *engine,
                                     const rein_shape *input_shape) {
    rein_input_shapes shapes = {.shapes = input_shape, .count = 1};
    uint64_t activation_bytes = REIN_TRY(
        rein_result_void, ort_measure_activations(engine, model->path, MAX_BATCH_SIZE, &shapes));
    ort_backend_options options = {.clock = rein_clock_system(),
                                   .max_batch_size = MAX_BATCH_SIZE,
                                   .activation_limit_bytes = activation_bytes,
                                   .measures_device_time = true};
    model->backend = REIN_TRY(rein_result_void, ort_backend_create(engine, &options));
    model->estimate = REIN_TRY(rein_result_void,
                               rein_backend_estimate_memory(&model->backend, model->path, &shapes));
    return rein_done();
}

/* An output begins with the memory of its smallest shape: the first execution says what it needs.
 */
static rein_result_void make_tensors(served_model *model, const rein_shape *input_shape) {
    rein_tensor_spec_view inputs =
        REIN_TRY(rein_result_void, rein_backend_input_specs(&model->backend, model->path));
    rein_tensor_spec_view outputs =
        REIN_TRY(rein_result_void, rein_backend_output_specs(&model->backend, model->path));
    REIN_TRY(rein_result_void, tensor_list_add(&model->inputs, &inputs.specs[0], input_shape));
    for (size_t index = 0; index < outputs.count; index++) {
        const rein_tensor_spec *spec = &outputs.specs[index];
        rein_shape smallest = rein_tensor_spec_min_shape(spec);
        uint64_t size_bytes =
            REIN_TRY(rein_result_void, rein_tensor_spec_size_bytes(spec, &smallest));
        REIN_TRY(rein_result_void, tensor_list_add_output(&model->outputs, spec, size_bytes));
    }
    return rein_done();
}

rein_result_void served_model_init(served_model *model, const ort_engine *engine, const char *path,
                                   const rein_shape *input_shape,
                                   const rein_resource_budget *budget) {
    *model = (served_model){.path = path};
    model->id = REIN_TRY(rein_result_void, rein_model_id_make(name_of(path)));
    REIN_TRY(rein_result_void, rein_ledger_init(&model->ledger, budget));
    REIN_TRY(rein_result_void, make_backend(model, engine, input_shape));
    return make_tensors(model, input_shape);
}

void served_model_deinit(served_model *model) {
    tensor_list_deinit(&model->inputs);
    tensor_list_deinit(&model->outputs);
    rein_backend_destroy(&model->backend);
}

static rein_result_void charge(served_model *model, uint64_t bytes) {
    rein_ledger_verdict verdict = rein_ledger_charge_memory(&model->ledger, bytes);
    return verdict.is_granted
               ? rein_done()
               : rein_result_void_fail(rein_ledger_verdict_error(&verdict, REIN_HERE));
}

/* While it loads, a model may hold more than its weights. */
static rein_result_void load(served_model *model) {
    uint64_t weights = model->estimate.weights_bytes.value; /* known, since it was admitted */
    uint64_t peak = model->estimate.load_peak_bytes.value;
    peak = peak > weights ? peak : weights;
    REIN_TRY(rein_result_void, charge(model, peak));
    rein_result_void done = rein_backend_load(&model->backend, model->path, &model->id);
    rein_result_void released =
        rein_ledger_release_memory(&model->ledger, done.is_ok ? peak - weights : peak);
    return done.is_ok ? released : done;
}

static rein_result_void unload(served_model *model) {
    REIN_TRY(rein_result_void, rein_backend_unload(&model->backend));
    return rein_ledger_release_memory(&model->ledger, model->estimate.weights_bytes.value);
}

static rein_result_void execute(served_model *model, rein_execution_result *out_result) {
    rein_request_id request_id = REIN_TRY(rein_result_void, rein_request_id_generate());
    rein_execution_request request =
        rein_execution_request_make(model->id, request_id, model->inputs.tensors,
                                    model->inputs.count, rein_clock_now(rein_clock_system()));
    uint64_t activations = model->estimate.activation_bytes.value;
    REIN_TRY(rein_result_void, charge(model, activations));
    rein_result_void done = rein_backend_execute(&model->backend, &request, out_result);
    REIN_TRY(rein_result_void, rein_ledger_release_memory(&model->ledger, activations));
    return done;
}

/* Executes until every output has the memory that it needs, which the error says. */
static rein_result_void execute_with_room(served_model *model, rein_execution_result *out_result) {
    rein_result_void done = execute(model, out_result);
    while (!done.is_ok && REIN_ERROR(done).code == REIN_ERROR_BUFFER_TOO_SMALL) {
        const uint64_t *numbers = REIN_ERROR(done).numbers;
        REIN_TRY(rein_result_void, tensor_list_resize(&model->outputs, numbers[2], numbers[0]));
        done = execute(model, out_result);
    }
    return done;
}

static rein_result_void execute_all(served_model *model, int execution_count) {
    for (int execution = 0; execution < execution_count; execution++) {
        rein_execution_result result =
            rein_execution_result_make(model->outputs.tensors, model->outputs.count);
        REIN_TRY(rein_result_void, execute_with_room(model, &result));
        rein_duration spent = rein_duration_from_ns((int64_t)result.device_time_ns.value);
        rein_ledger_verdict kept =
            REIN_TRY(rein_result_void, rein_ledger_account_compute(&model->ledger, spent));
        (void)kept; /* the ledger counts the executions that took too long */
    }
    return rein_done();
}

rein_result_void served_model_run(served_model *model, int execution_count) {
    REIN_TRY(rein_result_void, load(model));
    rein_result_void executed = execute_all(model, execution_count);
    rein_result_void unloaded = unload(model);
    return executed.is_ok ? unloaded : executed;
}
