#include "ort_trial.h"

#include "ort_call.h"
#include "tensor_list.h"

static rein_result_void add_inputs(const ort_model *model, const rein_input_shapes *shapes,
                                   tensor_list *out_inputs) {
    rein_tensor_spec_view specs = ort_signature_inputs(&model->signature);
    REIN_TRY(rein_result_void, rein_backend_check_shapes(shapes, specs));
    for (size_t input = 0; input < specs.count; input++) {
        rein_shape shape = shapes != NULL ? shapes->shapes[input]
                                          : rein_tensor_spec_max_shape(&specs.specs[input]);
        REIN_TRY(rein_result_void, tensor_list_add(out_inputs, &specs.specs[input], &shape));
    }
    return rein_done();
}

/* An output of unknown shape gets no memory: the engine makes it, so it is part of what the
 * execution holds. */
static rein_result_void add_outputs(const ort_model *model, const tensor_list *inputs,
                                    tensor_list *out_outputs) {
    rein_tensor_spec_view specs = ort_signature_outputs(&model->signature);
    for (size_t output = 0; output < specs.count; output++) {
        const rein_tensor_spec *spec = &specs.specs[output];
        if (model->rules[output].is_known) {
            rein_shape shape;
            ort_output_rule_apply(&model->rules[output], inputs->tensors, &shape);
            REIN_TRY(rein_result_void, tensor_list_add(out_outputs, spec, &shape));
        } else {
            REIN_TRY(rein_result_void, tensor_list_add_output(out_outputs, spec, 0));
        }
    }
    return rein_done();
}

/* Executes and returns the bytes held. Outputs without memory are too small: not an error here. */
static rein_result_bytes execute(const ort_model *model, const tensor_list *inputs,
                                 const tensor_list *outputs) {
    ort_call *call = REIN_TRY(rein_result_bytes, ort_call_create(model));
    rein_execution_request request = {.input_tensors = inputs->tensors,
                                      .input_tensor_count = inputs->count};
    rein_execution_result result = rein_execution_result_make(outputs->tensors, outputs->count);
    rein_result_void done = ort_call_execute(call, model, &request, &result, UINT64_MAX);
    uint64_t peak_bytes = call->account.peak_bytes;
    ort_call_destroy(call);
    if (!done.is_ok && REIN_ERROR(done).code != REIN_ERROR_BUFFER_TOO_SMALL) {
        return rein_result_bytes_fail(REIN_ERROR(done));
    }
    return rein_result_bytes_ok(peak_bytes);
}

static rein_result_bytes try_model(const ort_model *model, const rein_input_shapes *shapes,
                                   tensor_list *inputs, tensor_list *outputs) {
    REIN_TRY(rein_result_bytes, add_inputs(model, shapes, inputs));
    REIN_TRY(rein_result_bytes, add_outputs(model, inputs, outputs));
    return execute(model, inputs, outputs);
}

rein_result_bytes ort_measure_activations(const ort_engine *engine, const char *path,
                                          uint32_t max_batch_size,
                                          const rein_input_shapes *shapes) {
    ort_model *model = REIN_TRY(rein_result_bytes, ort_model_open(engine, path, max_batch_size));
    tensor_list inputs = {.count = 0};
    tensor_list outputs = {.count = 0};
    rein_result_bytes measured = try_model(model, shapes, &inputs, &outputs);
    tensor_list_deinit(&inputs);
    tensor_list_deinit(&outputs);
    ort_model_close(model);
    return measured;
}
