#include "ort_call.h"

#include <stdlib.h>
#include <string.h>

#include "ort_element_type.h"

/* Stops the engine if the execution must not continue. Called at each allocation. */
static void watch(void *context) {
    ort_call *call = context;
    bool must_stop = ort_account_used_bytes(&call->account) > call->limit_bytes ||
                     rein_execution_request_is_cancelled(call->request);
    if (must_stop && !call->is_stopped) {
        call->is_stopped = true;
        const ort_api *api = call->engine->api;
        REIN_IGNORE(ort_check(api, api->set_terminate(call->options), REIN_HERE));
    }
}

static rein_result_void set_up(ort_call *call, const ort_model *model) {
    size_t outputs = model->signature.output_count;
    call->engine = model->engine;
    call->value_count = model->signature.input_count + outputs;
    call->account.watch = watch;
    call->account.watch_context = call;
    call->values = calloc(call->value_count + 1, sizeof(ort_value *));
    call->bindings = calloc(call->value_count + 1, sizeof *call->bindings);
    call->shapes = calloc(outputs + 1, sizeof *call->shapes);
    if (call->values == NULL || call->bindings == NULL || call->shapes == NULL) {
        return rein_result_void_fail(ort_out_of_memory(REIN_HERE));
    }
    const ort_api *api = model->engine->api;
    return ort_check(api, api->create_run_options(&call->options), REIN_HERE);
}

ort_result_call ort_call_create(const ort_model *model) {
    ort_call *call = calloc(1, sizeof *call);
    if (call == NULL) {
        return ort_result_call_fail(ort_out_of_memory(REIN_HERE));
    }
    rein_result_void done = set_up(call, model);
    if (!done.is_ok) {
        ort_call_destroy(call);
        return ort_result_call_fail(REIN_ERROR(done));
    }
    return ort_result_call_ok(call);
}

static void drop_value(ort_call *call, size_t index) {
    call->bindings[index].is_bound = false;
    if (call->values[index] != NULL) {
        call->engine->api->release_value(call->values[index]);
        call->values[index] = NULL;
    }
}

void ort_call_destroy(ort_call *call) {
    if (call == NULL) {
        return;
    }
    if (call->options != NULL) { /* made last */
        for (size_t index = 0; index < call->value_count; index++) {
            drop_value(call, index);
        }
        call->engine->api->release_run_options(call->options);
    }
    free(call->values);
    free(call->bindings);
    free(call->shapes);
    free(call);
}

static bool is_bound(const ort_call *call, size_t index, const void *data,
                     const rein_shape *shape) {
    const ort_binding *binding = &call->bindings[index];
    return binding->is_bound && binding->data == data && rein_shape_equal(&binding->shape, shape);
}

/* Wraps the memory of a tensor. */
static rein_result_void bind_value(ort_call *call, size_t index, const rein_tensor *tensor,
                                   const rein_shape *shape, uint64_t size_bytes) {
    static char no_bytes; /* the engine refuses NULL */
    const ort_engine *engine = call->engine;
    void *data = tensor->data == NULL ? &no_bytes : tensor->data;
    drop_value(call, index);
    ort_status *status = engine->api->create_tensor_with_data(
        engine->host_memory, data, size_bytes, shape->dimensions, (size_t)shape->rank,
        ort_element_type_of(tensor->descriptor.dtype), &call->values[index]);
    REIN_TRY(rein_result_void, ort_check(engine->api, status, REIN_HERE));
    call->bindings[index] = (ort_binding){
        .is_bound = true, .data = tensor->data, .size_bytes = size_bytes, .shape = *shape};
    return rein_done();
}

static rein_result_void bind_inputs(ort_call *call, const rein_execution_request *request) {
    for (size_t index = 0; index < request->input_tensor_count; index++) {
        const rein_tensor *tensor = &request->input_tensors[index];
        const rein_shape *shape = &tensor->descriptor.shape;
        if (!is_bound(call, index, tensor->data, shape)) {
            uint64_t size_bytes = REIN_TRY(rein_result_void, rein_tensor_size_bytes(tensor));
            REIN_TRY(rein_result_void, bind_value(call, index, tensor, shape, size_bytes));
        }
    }
    return rein_done();
}

/* Lets the engine write to the tensor if the shape is known and fits. Otherwise the engine makes a
 * value, whose shape decides. */
static rein_result_void bind_output(ort_call *call, size_t index, const rein_tensor_spec *spec,
                                    const rein_tensor *tensor, const rein_shape *shape) {
    if (is_bound(call, index, tensor->data, shape) &&
        call->bindings[index].size_bytes <= tensor->capacity_bytes) {
        return rein_done();
    }
    drop_value(call, index);
    rein_result_bytes size_bytes = rein_tensor_spec_size_bytes(spec, shape);
    if (size_bytes.is_ok && REIN_VALUE(size_bytes) <= tensor->capacity_bytes) {
        return bind_value(call, index, tensor, shape, REIN_VALUE(size_bytes));
    }
    return rein_done();
}

static rein_result_void bind_outputs(ort_call *call, const ort_model *model,
                                     const rein_execution_request *request,
                                     const rein_execution_result *result) {
    for (size_t output = 0; output < result->output_tensor_count; output++) {
        if (!model->rules[output].is_known) {
            continue;
        }
        ort_output_rule_apply(&model->rules[output], request->input_tensors, &call->shapes[output]);
        REIN_TRY(rein_result_void,
                 bind_output(call, request->input_tensor_count + output,
                             &ort_signature_outputs(&model->signature).specs[output],
                             &result->output_tensors[output], &call->shapes[output]));
    }
    return rein_done();
}

/* The reason why an execution ended early, or held too much in its last operator; else `done`. */
static rein_result_void outcome_of(const ort_call *call, rein_result_void done) {
    if (call->account.peak_bytes > call->limit_bytes) {
        rein_error error = rein_error_make(
            REIN_ERROR_BUDGET_EXCEEDED, REIN_HERE,
            "the execution held {bytes} of activations; the backend was promised at most {bytes}");
        return rein_result_void_fail(
            rein_error_with_numbers(error, call->account.peak_bytes, call->limit_bytes, 0));
    }
    if (!done.is_ok && call->is_stopped) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_CANCELLED, REIN_HERE,
                                                     "the request was cancelled while it ran"));
    }
    return done;
}

/* Calls the engine and charges its allocations to the call. */
static rein_result_void run(ort_call *call, const ort_model *model) {
    const ort_api *api = call->engine->api;
    size_t inputs = model->signature.input_count;
    call->account.peak_bytes = ort_account_used_bytes(&call->account);
    call->is_stopped = false;
    ort_account_use(&call->account);
    ort_status *status = api->run(
        model->session, call->options, model->names, (const ort_value *const *)call->values, inputs,
        model->names + inputs, model->signature.output_count, call->values + inputs);
    ort_account_use(NULL);
    rein_result_void done = ort_check(api, status, REIN_HERE);
    if (call->is_stopped) {
        REIN_IGNORE(ort_check(api, api->unset_terminate(call->options), REIN_HERE));
    }
    return outcome_of(call, done);
}

static rein_result_void read_dimensions(const ort_api *api, const ort_tensor_info *info,
                                        rein_shape *out_shape) {
    size_t rank = 0;
    memset(out_shape, 0, sizeof *out_shape);
    REIN_TRY(rein_result_void, ort_check(api, api->get_rank(info, &rank), REIN_HERE));
    if (rank > REIN_SHAPE_MAX_RANK) {
        rein_error error =
            rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                            "the execution made {u} dimensions; at most {u} are accepted");
        return rein_result_void_fail(rein_error_with_numbers(error, rank, REIN_SHAPE_MAX_RANK, 0));
    }
    out_shape->rank = (int32_t)rank;
    return ort_check(api, api->get_dimensions(info, out_shape->dimensions, rank), REIN_HERE);
}

/* The engine does not hold an output to the shape that the file states. */
static rein_result_void check_shape(const rein_tensor_spec *spec, const rein_shape *shape) {
    if (rein_tensor_spec_allows(spec, shape)) {
        return rein_done();
    }
    rein_error error =
        rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                        "output {text} has a shape that the model's signature does not allow");
    return rein_result_void_fail(rein_error_with_text(error, spec->name));
}

/* Reads shape and memory of an output that the engine made. */
static rein_result_void read_output(ort_call *call, size_t index, const rein_tensor_spec *spec,
                                    rein_shape *out_shape) {
    const ort_api *api = call->engine->api;
    ort_tensor_info *info = NULL;
    REIN_TRY(rein_result_void,
             ort_check(api, api->get_value_tensor_info(call->values[index], &info), REIN_HERE));
    rein_result_void done = read_dimensions(api, info, out_shape);
    api->release_tensor_info(info);
    if (!done.is_ok) {
        return rein_result_void_fail(rein_error_with_context(REIN_ERROR(done), spec->name));
    }
    REIN_TRY(rein_result_void, check_shape(spec, out_shape));
    ort_binding *binding = &call->bindings[index];
    binding->size_bytes = REIN_TRY(rein_result_void, rein_tensor_spec_size_bytes(spec, out_shape));
    return ort_check(api, api->get_tensor_data(call->values[index], &binding->data), REIN_HERE);
}

static rein_result_void read_outputs(ort_call *call, const ort_model *model) {
    rein_tensor_spec_view outputs = ort_signature_outputs(&model->signature);
    size_t inputs = model->signature.input_count;
    for (size_t output = 0; output < outputs.count; output++) {
        if (!call->bindings[inputs + output].is_bound) {
            REIN_TRY(rein_result_void, read_output(call, inputs + output, &outputs.specs[output],
                                                   &call->shapes[output]));
        }
    }
    return rein_done();
}

static void copy_outputs(const ort_call *call, size_t inputs, rein_execution_result *result) {
    for (size_t output = 0; output < result->output_tensor_count; output++) {
        const ort_binding *binding = &call->bindings[inputs + output];
        if (!binding->is_bound && binding->size_bytes > 0) {
            memcpy(result->output_tensors[output].data, binding->data, binding->size_bytes);
        }
    }
}

/* Whether each output was written in place, and has its shape already. */
static bool is_delivered(const ort_call *call, const rein_execution_result *result) {
    size_t inputs = call->value_count - result->output_tensor_count;
    for (size_t output = 0; output < result->output_tensor_count; output++) {
        const rein_shape *shape = &result->output_tensors[output].descriptor.shape;
        if (!call->bindings[inputs + output].is_bound ||
            !rein_shape_equal(&call->shapes[output], shape)) {
            return false;
        }
    }
    return true;
}

static rein_result_void execute(ort_call *call, const ort_model *model,
                                const rein_execution_request *request,
                                rein_execution_result *result) {
    REIN_TRY(rein_result_void, bind_inputs(call, request));
    REIN_TRY(rein_result_void, bind_outputs(call, model, request, result));
    REIN_TRY(rein_result_void, run(call, model));
    if (is_delivered(call, result)) {
        return rein_done();
    }
    REIN_TRY(rein_result_void, read_outputs(call, model));
    REIN_TRY(rein_result_void,
             rein_execution_result_set_shapes(result, call->shapes, model->signature.output_count));
    copy_outputs(call, model->signature.input_count, result);
    return rein_done();
}

rein_result_void ort_call_execute(ort_call *call, const ort_model *model,
                                  const rein_execution_request *request,
                                  rein_execution_result *result, uint64_t limit_bytes) {
    call->request = request;
    call->limit_bytes = limit_bytes;
    rein_result_void done = execute(call, model, request, result);
    for (size_t index = model->signature.input_count; index < call->value_count; index++) {
        if (!call->bindings[index].is_bound) {
            drop_value(call, index); /* made by the engine */
        }
    }
    return done;
}
