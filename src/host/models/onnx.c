#include "models/onnx.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/models/file_check.h"
#include "host/models/onnx_match.h"
#include "host/models/onnx_model.h"

const char *rein_onnx_reason_text(rein_onnx_reason reason) {
    static const char *const texts[] = {
        [REIN_ONNX_REASON_NONE] = "known",
        [REIN_ONNX_REASON_CONSTANT] =
            "constants of functions take their values from the calls; inline the functions first",
        [REIN_ONNX_REASON_SYMBOL] = "symbols of dimensions have no extent; state their extents",
        [REIN_ONNX_REASON_SHAPE] =
            "tensors lack a shape; state the shapes of the inputs, and run shape inference first",
        [REIN_ONNX_REASON_NOT_A_TENSOR] =
            "the bytes of sequences, maps, sparse tensors and texts are not stated",
        [REIN_ONNX_REASON_FUNCTION] = "the model defines functions; inline them first",
        [REIN_ONNX_REASON_SUBGRAPH] = "nodes contain graphs, as If, Loop and Scan do",
    };
    int value = (int)reason;
    return value >= 1 && value <= (int)REIN_ONNX_REASON_SUBGRAPH ? texts[value] : "unknown";
}

/* Reads the model to find out how many items its lists have. */
static rein_result_void count(const rein_model_file *file, onnx_store *out_counted) {
    onnx_reading reading;
    memset(&reading, 0, sizeof reading);
    REIN_TRY(rein_result_void, rein_i_model_file_check(file, REIN_HERE));
    reading.store = rein_i_onnx_store_counting();
    REIN_TRY(rein_result_void, rein_i_onnx_model_read(file, &reading));
    *out_counted = reading.store;
    return rein_done();
}

rein_result_bytes rein_onnx_workspace_bytes(const rein_model_file *file) {
    onnx_store counted;
    onnx_store placed;
    REIN_TRY(rein_result_bytes, count(file, &counted));
    return rein_result_bytes_ok(rein_i_onnx_store_place(&counted, NULL, &placed));
}

static rein_result_void place(const onnx_store *counted, rein_workspace workspace,
                              onnx_store *out_store) {
    size_t needed = rein_i_onnx_store_place(counted, NULL, out_store);
    REIN_TRY(rein_result_void, rein_i_workspace_check(workspace, needed, REIN_HERE));
    (void)rein_i_onnx_store_place(counted, workspace.memory, out_store);
    return rein_done();
}

/* Writes the lists into the model. */
static void publish_lists(const onnx_list *lists, rein_onnx *onnx) {
    onnx->opsets = (const void *)lists[ONNX_LIST_OPSETS].items;
    onnx->opset_count = lists[ONNX_LIST_OPSETS].count;
    onnx->inputs = (const void *)lists[ONNX_LIST_INPUTS].items;
    onnx->input_count = lists[ONNX_LIST_INPUTS].count;
    onnx->outputs = (const void *)lists[ONNX_LIST_OUTPUTS].items;
    onnx->output_count = lists[ONNX_LIST_OUTPUTS].count;
    onnx->external_files = (const void *)lists[ONNX_LIST_EXTERNAL_TENSORS].items;
    onnx->external_file_count = lists[ONNX_LIST_EXTERNAL_TENSORS].count;
}

static rein_result_void publish_weights(const onnx_reading *reading, rein_onnx *onnx) {
    uint64_t dense = reading->weight_bytes - reading->sparse_bytes;
    if (!checked_add(dense, reading->sparse_dense_bytes, &dense)) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: the dense weights do not fit in 64 bits",
                              onnx->graph_begin, 0, 0);
    }
    onnx->weights_reason = REIN_ONNX_REASON_CONSTANT;
    if (!reading->has_referenced_constant) {
        onnx->weights_reason = REIN_ONNX_REASON_NONE;
        onnx->weights_bytes = rein_fact_u64_known(reading->weight_bytes);
        onnx->dense_weights_bytes = rein_fact_u64_known(dense);
    }
    return rein_done();
}

rein_result_onnx rein_onnx_read(const rein_model_file *file, rein_workspace workspace) {
    onnx_store counted;
    onnx_reading reading;
    memset(&reading, 0, sizeof reading);
    REIN_TRY(rein_result_onnx, count(file, &counted));
    REIN_TRY(rein_result_onnx, place(&counted, workspace, &reading.store));
    REIN_TRY(rein_result_onnx, rein_i_onnx_model_read(file, &reading));
    REIN_TRY(rein_result_onnx, rein_i_onnx_inputs_match(&reading.store));
    rein_i_onnx_external_merge(&reading.store);
    publish_lists(reading.store.lists, &reading.onnx);
    REIN_TRY(rein_result_onnx, publish_weights(&reading, &reading.onnx));
    reading.onnx.file = file;
    return rein_result_onnx_ok(reading.onnx);
}
