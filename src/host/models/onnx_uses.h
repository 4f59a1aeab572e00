/* The places of a graph that name a tensor. */
#ifndef REIN_HOST_MODELS_ONNX_USES_H
#define REIN_HOST_MODELS_ONNX_USES_H

#include "host/models/onnx_bindings.h"

typedef enum onnx_role {
    ONNX_ROLE_INPUT,  /* an input of the graph */
    ONNX_ROLE_WEIGHT, /* an initializer, or the output of a Constant */
    ONNX_ROLE_WRITE,  /* an output of a node */
    ONNX_ROLE_READ,   /* an input of a node */
    ONNX_ROLE_OUTPUT, /* an output of the graph */
    ONNX_ROLE_VALUE   /* a statement of its type */
} onnx_role;

/* The bytes of a tensor, or why they are unknown. */
typedef struct onnx_size {
    uint64_t bytes;
    rein_onnx_reason reason; /* REIN_ONNX_REASON_NONE: they are known */
} onnx_size;

/* The node of an initializer: before all nodes. */
enum { ONNX_NO_NODE = -1 };

typedef struct onnx_tensor_use {
    int64_t node;   /* its position; ONNX_NO_NODE for inputs and initializers */
    onnx_size size; /* of an input, an output of the graph, or a value */
    int64_t until;  /* of a tensor that lives; set after all uses are known */
    uint8_t role;   /* an onnx_role */
} onnx_tensor_use;

typedef struct onnx_uses {
    onnx_bindings bindings;
    rein_onnx_text *names; /* of each use */
    onnx_tensor_use *uses; /* inputs of the graph first, then those of the file in its order */
    size_t count;
    size_t capacity;
    char *text;
    size_t text_bytes;
    size_t text_capacity;
    int64_t node_count;
} onnx_uses;

/* Takes room for the uses of a model. */
void rein_i_onnx_uses_place(const rein_onnx_lifetimes_request *request, arena *space,
                            onnx_uses *out_uses);

/* Reads the uses of the graph into room that was placed. Errors: InvalidArgument if a size does not
 * fit in 2^63, or the file was changed; those of read_at and of rein_i_onnx_bindings_fill. */
rein_result_void rein_i_onnx_uses_read(const rein_onnx_lifetimes_request *request, onnx_uses *uses);

#endif
