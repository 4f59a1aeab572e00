/* ONNX: weights, inputs, outputs and activations of a model.
 *
 *     rein_onnx_read ---------> weights by type, inputs, outputs, external files
 *     rein_onnx_lifetimes_compute -> a lifetime for each activation of the graph, or why there is
 * none
 *
 * Versions 3 to 14 of ONNX's intermediate representation. A file must keep these rules:
 *  - Each message ends within the one that contains it. Groups are refused, and so are a known
 *    field with another wire type and a second occurrence of a field that may occur once. Unknown
 *    fields are skipped.
 *  - The data of a tensor have the size that follows from its type and dimensions.
 *  - Initializers of the graph have different names.
 *  - The location of external data is a relative path without "..", empty parts, colons,
 *    backslashes and control characters.
 *  - Graphs in attributes of nodes are nested at most REIN_ONNX_DEPTH_MAX deep.
 *
 * models/file.h states the errors that all readers have in common. The text of an error is the name
 * of the tensor that it is about, if it is about one. The readers read the data of tensors only if
 * they are stored as integers of varying length, to count them. */
#ifndef REIN_MODELS_ONNX_H
#define REIN_MODELS_ONNX_H

#include <string.h>

#include "contract/device.h"
#include "contract/lifetime.h"
#include "models/file.h"

REIN_API_BEGIN

/* Limits of what is read. */
enum {
    REIN_ONNX_IR_VERSION_MIN = 3,
    REIN_ONNX_IR_VERSION_MAX = 14,
    REIN_ONNX_TYPE_COUNT = 27, /* element types are numbered from 1 to 26 */
    REIN_ONNX_DEPTH_MAX = 16   /* graphs inside each other, the graph of the model not included */
};

/* Returns the name of an element type, such as "float16"; "unknown" for any other number. Static
 * storage. */
const char *rein_onnx_type_name(uint32_t type);

/* Returns the bits of one element; 0 for strings and for any other number. */
uint32_t rein_onnx_type_bits(uint32_t type);

/* A text of the file. A NUL follows it, but it may also contain NULs, and need not be UTF-8. */
typedef struct rein_onnx_text {
    const char *bytes; /* never NULL */
    size_t length;     /* without the NUL after it */
} rein_onnx_text;

/* One dimension of a shape. The extent is unknown if it is a symbol, or not stated at all. */
typedef struct rein_onnx_dimension {
    rein_fact_u64 extent;  /* elements in this dimension */
    rein_onnx_text symbol; /* such as "batch"; empty if there is none */
} rein_onnx_dimension;

/* Kinds of values. The numbers are stable. */
typedef enum rein_onnx_kind {
    REIN_ONNX_UNTYPED = 1,       /* the file does not state a type */
    REIN_ONNX_TENSOR = 2,        /* a dense tensor */
    REIN_ONNX_SPARSE_TENSOR = 3, /* values and their indices */
    REIN_ONNX_CONTAINER = 4      /* a sequence, a map, an optional or an opaque value */
} rein_onnx_kind;

/* An input or an output of the graph. */
typedef struct rein_onnx_value {
    rein_onnx_text name;                   /* as nodes refer to it */
    rein_onnx_kind kind;                   /* decides which of the other members have a meaning */
    uint32_t element_type;                 /* of a tensor; 0 if it is not stated */
    bool has_shape;                        /* without it, even the rank is unknown */
    const rein_onnx_dimension *dimensions; /* outermost first */
    size_t rank;                           /* number of dimensions */
} rein_onnx_value;

/* A version of a set of operators. */
typedef struct rein_onnx_opset {
    rein_onnx_text domain; /* empty: ONNX's own operators */
    uint64_t version;      /* of the set */
} rein_onnx_opset;

/* A file that holds data of tensors. */
typedef struct rein_onnx_external_file {
    rein_onnx_text location; /* a path relative to the folder of the model file, as it is there */
    uint64_t size_bytes;     /* the least size that the file must have */
    uint64_t tensor_count;   /* tensors with data in it */
} rein_onnx_external_file;

/* Weights of one element type. */
typedef struct rein_onnx_sum {
    uint64_t element_count; /* elements of all tensors of the type */
    uint64_t size_bytes;    /* elements of less than a byte are packed; of strings, their text */
} rein_onnx_sum;

/* Why something is unknown. If several reasons hold, the greatest is stated. Values are stable. */
typedef enum rein_onnx_reason {
    REIN_ONNX_REASON_NONE = 1,         /* it is known */
    REIN_ONNX_REASON_CONSTANT = 2,     /* a Constant of a function takes its value from the call */
    REIN_ONNX_REASON_SYMBOL = 3,       /* symbols of dimensions have no extent */
    REIN_ONNX_REASON_SHAPE = 4,        /* tensors lack a shape: run shape inference first */
    REIN_ONNX_REASON_NOT_A_TENSOR = 5, /* sequences, maps, strings: their bytes are not stated */
    REIN_ONNX_REASON_FUNCTION = 6,     /* the model defines functions: inline them first */
    REIN_ONNX_REASON_SUBGRAPH = 7      /* nodes contain graphs: If, Loop, Scan */
} rein_onnx_reason;

/* Returns a sentence such as "nodes contain graphs, as If, Loop and Scan do"; "unknown" for any
 * other value. Static storage. */
const char *rein_onnx_reason_text(rein_onnx_reason reason);

/* A model that was read. Its arrays are in the workspace; it is valid as long as the workspace is
 * untouched and the file unchanged.
 *
 * Weights are the initializers and the values of Constant nodes, including those of graphs in
 * attributes and of functions. Each counts once, however often it is used. A sparse tensor counts
 * with its values and indices. Tensors that share external data count each. The graphs of
 * training_info do not count, because an execution does not use them. */
typedef struct rein_onnx {
    const rein_model_file *file;    /* borrowed */
    uint64_t ir_version;            /* of the format */
    const rein_onnx_opset *opsets;  /* in the order of the file */
    size_t opset_count;             /* sets that the model imports */
    const rein_onnx_value *inputs;  /* those that the caller must provide: not initialized */
    size_t input_count;             /* inputs without an initializer */
    const rein_onnx_value *outputs; /* in the order of the graph */
    size_t output_count;            /* outputs of the graph */
    const rein_onnx_external_file *external_files; /* in the order of their first use */
    size_t external_file_count;                    /* files other than the model file */
    uint64_t node_count;                           /* of the graph, Constant nodes included */
    uint64_t inner_node_count;                     /* of graphs in attributes and of functions */
    uint64_t subgraph_count;                       /* graphs in attributes */
    uint64_t function_count;                       /* functions that the model defines */
    bool has_training_info;                        /* not counted */
    rein_fact_u64 weights_bytes;                   /* sum of the types; in the model and outside */
    /* The same if each sparse tensor is made dense, as some engines do. */
    rein_fact_u64 dense_weights_bytes;
    rein_onnx_reason weights_reason; /* why both are unknown */
    /* By element type. Without the constants whose values are unknown. */
    rein_onnx_sum weights[REIN_ONNX_TYPE_COUNT];
    uint64_t parameter_count; /* elements of all types together */
    /* Tensors, lists and texts in attributes of nodes other than Constant, such as the trees of a
     * TreeEnsembleRegressor. Not part of the weights: engines keep them in a form of their own. */
    uint64_t attribute_bytes;
    /* For rein_onnx_lifetimes_compute. */
    uint64_t graph_begin;        /* offsets in the file */
    uint64_t graph_end;          /* the first byte after the graph */
    uint64_t graph_name_count;   /* names of nodes' inputs and outputs and of values */
    uint64_t graph_name_bytes;   /* with a NUL each */
    uint64_t graph_tensor_count; /* inputs, and outputs of nodes */
} rein_onnx;

REIN_RESULT_DEFINE(rein_result_onnx, rein_onnx)

/* Returns the bytes of workspace that rein_onnx_read needs; linear in the number of initializers,
 * inputs, outputs and external tensors and the bytes of their names. Reads the file as
 * rein_onnx_read does, and has the same errors. */
REIN_MUST_USE rein_result_bytes rein_onnx_workspace_bytes(const rein_model_file *file);

/* Reads the model and checks every rule above. Takes O(n log n) steps for n bytes of the file
 * without the data of tensors. Reads nested graphs by recursion, in about 100 KiB of stack at most.
 * Errors: see models/file.h; InvalidArgument if the file is NULL or
 * the workspace too small. */
REIN_MUST_USE rein_result_onnx rein_onnx_read(const rein_model_file *file,
                                              rein_workspace workspace);

/* The extent of a symbol. */
typedef struct rein_onnx_binding {
    const char *symbol; /* as the file spells it */
    uint64_t extent;    /* elements in that dimension */
} rein_onnx_binding;

/* The shape of an input in one execution. */
typedef struct rein_onnx_input_shape {
    const char *name;        /* of an input of the graph */
    const uint64_t *extents; /* outermost first */
    size_t rank;             /* elements of `extents` */
} rein_onnx_input_shape;

/* The arguments of rein_onnx_lifetimes_compute. */
typedef struct rein_onnx_lifetimes_request {
    size_t struct_size;    /* sizeof(rein_onnx_lifetimes_request), as the caller has it */
    const rein_onnx *onnx; /* borrowed, with its workspace and file */
    const rein_onnx_binding *bindings; /* may be NULL if there are none */
    size_t binding_count;              /* elements of `bindings` */
    /* Shapes of inputs. Each also binds the symbols in the dimensions of its input. */
    const rein_onnx_input_shape *input_shapes;
    size_t input_shape_count;   /* elements of `input_shapes` */
    uint64_t granularity_bytes; /* each size is rounded up to a multiple; above 0 */
} rein_onnx_lifetimes_request;

/* Returns a request without bindings and shapes. */
static inline rein_onnx_lifetimes_request
rein_onnx_lifetimes_request_make(const rein_onnx *onnx, uint64_t granularity_bytes) {
    rein_onnx_lifetimes_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = sizeof request;
    request.onnx = onnx;
    request.granularity_bytes = granularity_bytes;
    return request;
}

/* The activations of one execution: inputs and outputs of nodes, without weights. An instant is the
 * position of a node in the file. A tensor lives from the node that writes it until after the last
 * node that reads it. Inputs of the graph live from 0, and outputs until after the last node.
 *
 * An upper bound: a tensor that an engine does not store, because it writes in place, fuses nodes,
 * or lets Reshape and the like share their input, counts too. Workspaces of operators do not. */
typedef struct rein_onnx_lifetimes {
    rein_onnx_reason reason; /* REIN_ONNX_REASON_NONE: the lifetimes are known */
    uint64_t unknown_count;  /* tensors, graphs or functions that the reason is about */
    rein_onnx_text unknown;  /* the name of the first tensor; empty if it is not about tensors */
    const rein_tensor_lifetime *lifetimes; /* inputs of the graph, then the nodes' in their order */
    const rein_onnx_text *names;           /* of each tensor; its id is its index, from 0 */
    size_t count;                          /* 0 unless they are known */
} rein_onnx_lifetimes;

REIN_RESULT_DEFINE(rein_result_onnx_lifetimes, rein_onnx_lifetimes)

/* Returns the bytes of workspace that rein_onnx_lifetimes_compute needs: about 90 for each name of
 * the graph, the bytes of these names, and 60 for each lifetime, input and binding. Errors:
 * InvalidArgument as rein_onnx_lifetimes_compute. */
REIN_MUST_USE rein_result_bytes
rein_onnx_lifetimes_workspace_bytes(const rein_onnx_lifetimes_request *request);

/* Returns the lifetimes, or why they are unknown. Takes O(n log n) steps for n bytes of names, and
 * reads the graph once. The text of an error is the name that it is about. Errors: those of
 * read_at; InvalidArgument if
 *  - a pointer is NULL, the granularity 0, or the workspace too small;
 *  - an input is not in the model, its shape contradicts the file, or a symbol gets two extents;
 *  - a node reads a tensor that is written later or never, or a tensor is written twice;
 *  - the file states two sizes of a tensor, or a size does not fit in 2^63. */
REIN_MUST_USE rein_result_onnx_lifetimes
rein_onnx_lifetimes_compute(const rein_onnx_lifetimes_request *request, rein_workspace workspace);

REIN_API_END

#endif
