/* A dense network: layers in a row, each with a matrix of weights, a bias for each output, and an
 * optional relu.
 *
 * Its file (read by model_reader.h):
 *
 *     dense-network 1
 *     batch ROWS                           the most rows that an execution takes
 *     layer INPUTS OUTPUTS relu|linear     and for each output: its INPUTS weights and its bias
 *     ...                                  INPUTS: the OUTPUTS of the layer before
 */
#ifndef REIN_EXAMPLES_DENSE_NETWORK_H
#define REIN_EXAMPLES_DENSE_NETWORK_H

#include <contract/contract.h>

enum { DENSE_BATCH_MAX = 64, DENSE_WIDTH_MAX = 1024, DENSE_LAYERS_MAX = 16 };

typedef struct dense_layer {
    uint32_t input_count;
    uint32_t output_count;
    bool is_relu;      /* negative outputs become zero */
    float *parameters; /* for each output: its weights, then its bias; owned */
} dense_layer;

typedef struct dense_network {
    uint32_t max_batch_size;
    uint32_t layer_count; /* at least 1 */
    dense_layer layers[DENSE_LAYERS_MAX];
} dense_network;

REIN_RESULT_DEFINE(dense_network_result, dense_network *)

/* Returns the network in the file at `path`; the caller destroys it. Errors: NotFound; OutOfMemory;
 * BackendError if the file cannot be opened, or breaks a rule (with the line). */
dense_network_result dense_network_read(const char *path);

/* NULL is allowed. */
void dense_network_destroy(dense_network *network);

/* Returns the bytes of all weights and biases. */
uint64_t dense_network_weights_bytes(const dense_network *network);

/* Writes the lifetimes of the layer_count - 1 hidden tensors, which are between two layers, in an
 * execution with this many rows. The tensor after layer n is written at instant n and last read at
 * n + 1. Inputs and outputs are memory of the caller and have no lifetime. */
void dense_network_lifetimes(const dense_network *network, uint32_t batch_size,
                             rein_tensor_lifetime out_lifetimes[DENSE_LAYERS_MAX]);

/* Return the only input, "input", and the only output, "output": Float32, "batch" by width. */
rein_result_tensor_spec dense_network_input_spec(const dense_network *network);
rein_result_tensor_spec dense_network_output_spec(const dense_network *network);

/* Computes a layer for every row of the batch; `outputs` and `inputs` do not overlap. */
void dense_layer_compute(const dense_layer *layer, uint32_t batch_size, const float *inputs,
                         float *outputs);

#endif
