#include "dense_network.h"

#include <stdlib.h>

#include "model_reader.h"

static size_t parameter_count(const dense_layer *layer) {
    return (size_t)layer->output_count * (layer->input_count + 1);
}

static rein_error out_of_memory(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where, "no memory for the network");
}

static rein_result_void read_parameters(model_reader *reader, dense_layer *layer) {
    size_t count = parameter_count(layer);
    layer->parameters = calloc(count, sizeof layer->parameters[0]);
    if (layer->parameters == NULL) {
        return rein_result_void_fail(out_of_memory(REIN_HERE));
    }
    for (size_t index = 0; index < count; index++) {
        float number = REIN_TRY(rein_result_void, model_read_number(reader));
        layer->parameters[index] = number;
    }
    return rein_done();
}

/* Reads a layer after the word "layer". */
static rein_result_void read_layer(model_reader *reader, dense_layer *layer) {
    uint32_t inputs = REIN_TRY(rein_result_void, model_read_count(reader, DENSE_WIDTH_MAX));
    uint32_t outputs = REIN_TRY(rein_result_void, model_read_count(reader, DENSE_WIDTH_MAX));
    uint32_t activation = REIN_TRY(
        rein_result_void, model_read_choice(reader, "linear", "relu",
                                            "line {u}: found {text}; write relu or linear"));
    layer->input_count = inputs;
    layer->output_count = outputs;
    layer->is_relu = activation == 1;
    return read_parameters(reader, layer);
}

static rein_result_void check_chain(const model_reader *reader, const dense_network *network) {
    const dense_layer *last = &network->layers[network->layer_count - 1];
    if (network->layer_count > 1 && last->input_count != last[-1].output_count) {
        rein_error error = rein_error_make(
            REIN_ERROR_BACKEND_ERROR, REIN_HERE,
            "line {u}: found {u} inputs; write {u}, the number of outputs of the layer before");
        return rein_result_void_fail(
            rein_error_with_numbers(error, reader->line, last->input_count, last[-1].output_count));
    }
    return rein_done();
}

static rein_result_void read_layers(model_reader *reader, dense_network *network) {
    do {
        REIN_TRY(rein_result_void,
                 model_read_exactly(reader, "layer", "line {u}: found {text}; write layer"));
        if (network->layer_count == DENSE_LAYERS_MAX) {
            rein_error error =
                rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE,
                                "line {u}: too many layers; at most {u} are accepted");
            return rein_result_void_fail(
                rein_error_with_numbers(error, reader->line, DENSE_LAYERS_MAX, 0));
        }
        REIN_TRY(rein_result_void, read_layer(reader, &network->layers[network->layer_count++]));
        REIN_TRY(rein_result_void, check_chain(reader, network));
    } while (model_has_more(reader));
    return rein_done();
}

static rein_result_void read_network(model_reader *reader, dense_network *network) {
    REIN_TRY(rein_result_void, model_read_exactly(reader, "dense-network",
                                                  "line {u}: found {text}; write dense-network"));
    REIN_TRY(rein_result_void,
             model_read_exactly(reader, "1", "line {u}: found {text}; only format 1 is accepted"));
    REIN_TRY(rein_result_void,
             model_read_exactly(reader, "batch", "line {u}: found {text}; write batch"));
    uint32_t batch = REIN_TRY(rein_result_void, model_read_count(reader, DENSE_BATCH_MAX));
    network->max_batch_size = batch;
    return read_layers(reader, network);
}

dense_network_result dense_network_read(const char *path) {
    model_reader opened = REIN_TRY(dense_network_result, model_reader_open(path));
    dense_network *network = calloc(1, sizeof *network);
    rein_result_void read = network == NULL ? rein_result_void_fail(out_of_memory(REIN_HERE))
                                            : read_network(&opened, network);
    model_reader_close(&opened);
    if (!read.is_ok) {
        dense_network_destroy(network);
        return dense_network_result_fail(REIN_ERROR(read));
    }
    return dense_network_result_ok(network);
}

void dense_network_destroy(dense_network *network) {
    for (uint32_t layer = 0; network != NULL && layer < network->layer_count; layer++) {
        free(network->layers[layer].parameters);
    }
    free(network);
}

uint64_t dense_network_weights_bytes(const dense_network *network) {
    uint64_t bytes = 0;
    for (uint32_t layer = 0; layer < network->layer_count; layer++) {
        bytes += parameter_count(&network->layers[layer]) * sizeof(float);
    }
    return bytes;
}

void dense_network_lifetimes(const dense_network *network, uint32_t batch_size,
                             rein_tensor_lifetime out_lifetimes[DENSE_LAYERS_MAX]) {
    for (uint32_t layer = 0; layer + 1 < network->layer_count; layer++) {
        uint64_t elements = (uint64_t)batch_size * network->layers[layer].output_count;
        out_lifetimes[layer] = (rein_tensor_lifetime){
            .tensor = rein_tensor_id_make(layer),
            .from = layer,
            .until = (int64_t)layer + 2,
            .size_bytes = elements * sizeof(float),
            .alignment_bytes = _Alignof(float),
        };
    }
}

static rein_result_tensor_spec spec_of(const char *name, uint32_t max_batch_size, uint32_t width) {
    int64_t dimensions[] = {1, width};
    rein_shape shape = REIN_TRY(rein_result_tensor_spec, rein_shape_make(dimensions, 2));
    rein_tensor_spec row =
        REIN_TRY(rein_result_tensor_spec,
                 rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
    return rein_tensor_spec_with_range(&row, 0, 1, max_batch_size, "batch");
}

rein_result_tensor_spec dense_network_input_spec(const dense_network *network) {
    return spec_of("input", network->max_batch_size, network->layers[0].input_count);
}

rein_result_tensor_spec dense_network_output_spec(const dense_network *network) {
    return spec_of("output", network->max_batch_size,
                   network->layers[network->layer_count - 1].output_count);
}

static float compute_output(const dense_layer *layer, const float *parameters,
                            const float *inputs) {
    float sum = parameters[layer->input_count];
    for (uint32_t input = 0; input < layer->input_count; input++) {
        sum += parameters[input] * inputs[input];
    }
    return layer->is_relu && sum < 0.0F ? 0.0F : sum;
}

void dense_layer_compute(const dense_layer *layer, uint32_t batch_size, const float *inputs,
                         float *outputs) {
    size_t stride = (size_t)layer->input_count + 1;
    for (uint32_t row = 0; row < batch_size; row++) {
        for (uint32_t output = 0; output < layer->output_count; output++) {
            outputs[output] = compute_output(layer, layer->parameters + output * stride, inputs);
        }
        inputs += layer->input_count;
        outputs += layer->output_count;
    }
}
