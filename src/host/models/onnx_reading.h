/* The state of the reader of models. */
#ifndef REIN_HOST_MODELS_ONNX_READING_H
#define REIN_HOST_MODELS_ONNX_READING_H

#include "host/models/onnx_store.h"

/* A model while it is read. Sums and counts are in `onnx`, lists in `store`. */
typedef struct onnx_reading {
    byte_reader reader;
    rein_onnx onnx;
    onnx_store store;
    uint32_t depth; /* graphs around the one that is read */
    bool has_graph;
    bool has_referenced_constant;
    uint64_t weight_bytes;
    uint64_t sparse_bytes;       /* of sparse weights, as they are */
    uint64_t sparse_dense_bytes; /* of sparse weights, if they were dense */
} onnx_reading;

#endif
