/* Models of a few bytes, and what the tests expect of them. */
#ifndef REIN_TESTS_MODELS_ONNX_CASE_H
#define REIN_TESTS_MODELS_ONNX_CASE_H

#include "expect.h"
#include "memory_file.h"
#include "models/onnx.h"
#include "protobuf_writer.h"

/* Numbers of fields, from onnx.proto3. */
enum {
    MODEL_IR_VERSION = 1,
    MODEL_GRAPH = 7,
    MODEL_OPSET = 8,
    MODEL_TRAINING = 20,
    MODEL_FUNCTION = 25
};
enum {
    GRAPH_NODE = 1,
    GRAPH_INITIALIZER = 5,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    GRAPH_VALUE = 13,
    GRAPH_SPARSE = 15
};
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_OP_TYPE = 4, NODE_ATTRIBUTE = 5, NODE_DOMAIN = 7 };
enum {
    TENSOR_DIMS = 1,
    TENSOR_TYPE = 2,
    TENSOR_SEGMENT = 3,
    TENSOR_FLOATS = 4,
    TENSOR_INT32S = 5,
    TENSOR_STRINGS = 6,
    TENSOR_INT64S = 7,
    TENSOR_NAME = 8,
    TENSOR_RAW = 9,
    TENSOR_DOUBLES = 10,
    TENSOR_UINT64S = 11,
    TENSOR_EXTERNAL = 13,
    TENSOR_LOCATION = 14
};
enum {
    ATTRIBUTE_F = 2,
    ATTRIBUTE_I = 3,
    ATTRIBUTE_S = 4,
    ATTRIBUTE_T = 5,
    ATTRIBUTE_G = 6,
    ATTRIBUTE_FLOATS = 7,
    ATTRIBUTE_INTS = 8,
    ATTRIBUTE_STRINGS = 9,
    ATTRIBUTE_TENSORS = 10,
    ATTRIBUTE_GRAPHS = 11,
    ATTRIBUTE_REFERENCE = 21,
    ATTRIBUTE_SPARSE = 22,
    ATTRIBUTE_SPARSES = 23
};
enum { FLOAT = 1, UINT8 = 2, INT64 = 7, STRING = 8, FLOAT16 = 10, DOUBLE = 11 };

enum { NO_EXTENT = -1, SYMBOL_N = -2, SYMBOL_M = -3 };

static inline message make_model(message graph) {
    message model = {0};
    message opset = {0};
    put_integer(&opset, 2, 17);
    put_integer(&model, MODEL_IR_VERSION, 8);
    put_message(&model, MODEL_OPSET, opset);
    put_message(&model, MODEL_GRAPH, graph);
    return model;
}

/* Returns the offset of the first field of the graph in the file. */
static inline uint64_t offset_in_graph(message graph) {
    message length = {0};
    put_varint(&length, graph.size);
    return 7 + length.size;
}

/* Makes a tensor without data. */
static inline message make_tensor_head(const char *name, uint64_t type, const int64_t *dims,
                                       size_t rank) {
    message tensor = {0};
    for (size_t index = 0; index < rank; index++) {
        put_integer(&tensor, TENSOR_DIMS, (uint64_t)dims[index]);
    }
    put_integer(&tensor, TENSOR_TYPE, type);
    put_text(&tensor, TENSOR_NAME, name);
    return tensor;
}

/* Makes a vector of raw data. */
static inline message make_tensor(const char *name, uint64_t type, int64_t extent,
                                  size_t size_bytes) {
    message tensor = make_tensor_head(name, type, &extent, 1);
    put_zeros(&tensor, TENSOR_RAW, size_bytes);
    return tensor;
}

static inline message make_sparse(const char *name, int64_t count, int64_t extent) {
    message sparse = {0};
    put_message(&sparse, 1, make_tensor(name, FLOAT, count, (size_t)count * 4));
    put_message(&sparse, 2, make_tensor("", INT64, count, (size_t)count * 8));
    put_integer(&sparse, 3, (uint64_t)extent);
    return sparse;
}

/* Makes a dimension: an extent, or one of the negative constants above. */
static inline message make_dimension(int64_t extent) {
    message dimension = {0};
    if (extent >= 0) {
        put_integer(&dimension, 1, (uint64_t)extent);
    } else if (extent != NO_EXTENT) {
        put_text(&dimension, 2, extent == SYMBOL_N ? "n" : "m");
    }
    return dimension;
}

static inline message make_value(const char *name, uint64_t type, const int64_t *extents,
                                 size_t rank) {
    message value = {0};
    message type_proto = {0};
    message tensor = {0};
    message shape = {0};
    for (size_t index = 0; index < rank; index++) {
        put_message(&shape, 1, make_dimension(extents[index]));
    }
    put_integer(&tensor, 1, type);
    put_message(&tensor, 2, shape);
    put_message(&type_proto, 1, tensor);
    put_text(&value, 1, name);
    put_message(&value, 2, type_proto);
    return value;
}

/* Makes a value with one dimension of floats. */
static inline message make_vector(const char *name, int64_t extent) {
    return make_value(name, FLOAT, &extent, 1);
}

/* Makes a node. `inputs` and `outputs` are names with commas between them. */
static inline message make_node(const char *op_type, const char *inputs, const char *outputs) {
    message node = {0};
    for (const char *name = inputs; *name != '\0';) {
        size_t length = strcspn(name, ",");
        put_block(&node, NODE_INPUT, name, length);
        name += length + (name[length] == ',');
    }
    for (const char *name = outputs; *name != '\0';) {
        size_t length = strcspn(name, ",");
        put_block(&node, NODE_OUTPUT, name, length);
        name += length + (name[length] == ',');
    }
    put_text(&node, NODE_OP_TYPE, op_type);
    return node;
}

/* Makes a node with an attribute. */
static inline message make_node_with(const char *op_type, const char *outputs, message attribute) {
    message node = make_node(op_type, "", outputs);
    put_message(&node, NODE_ATTRIBUTE, attribute);
    return node;
}

static inline memory_file file_of(message model) {
    return (memory_file){.bytes = model.bytes, .byte_count = model.size, .size_bytes = model.size};
}

/* Reads a file with exactly the workspace that is asked for. */
static inline rein_result_onnx read_file(const rein_model_file *file) {
    uint64_t bytes = REIN_TRY(rein_result_onnx, rein_onnx_workspace_bytes(file));
    rein_workspace workspace = {calloc(1, bytes + 1), bytes};
    message_memory[message_memory_count++] = workspace.memory;
    return rein_onnx_read(file, workspace);
}

/* A model that was read, with its file. */
typedef struct onnx_case {
    memory_file memory;
    rein_model_file file;
    rein_onnx onnx;
} onnx_case;

static inline rein_result_onnx try_model(message model, onnx_case *out_case) {
    out_case->memory = file_of(model);
    out_case->file = memory_file_of(&out_case->memory);
    rein_result_onnx onnx = read_file(&out_case->file);
    rein_workspace none = {NULL, 0};
    cr_assert(onnx.is_ok || !rein_onnx_read(&out_case->file, none).is_ok, "both functions refuse");
    cr_assert(!out_case->memory.has_read_outside, "reads bytes of the file only");
    return onnx;
}

/* Reads a sound model into a case that must not be moved. */
static inline void read_model(message model, onnx_case *out_case) {
    rein_result_onnx onnx = try_model(model, out_case);
    if (!onnx.is_ok) {
        char text[EXPECT_TEXT_CAPACITY];
        rein_error_message(&onnx.as.error, text, sizeof text);
        cr_assert(false, "the model is refused: %s", text);
    }
    out_case->onnx = onnx.as.value;
}

static inline void read_graph(message graph, onnx_case *out_case) {
    read_model(make_model(graph), out_case);
}

/* Expects that a model is refused, at an offset and with a name. */
static inline void expect_model_refused(message model, rein_error_code code, uint64_t offset,
                                        const char *name) {
    onnx_case subject;
    rein_result_onnx onnx = try_model(model, &subject);
    cr_assert(!onnx.is_ok, "the model is refused");
    expect_code(&onnx.as.error, code);
    char text[EXPECT_TEXT_CAPACITY];
    rein_error_message(&onnx.as.error, text, sizeof text);
    cr_assert(onnx.as.error.numbers[0] == offset, "offset %llu, expected %llu: %s",
              (unsigned long long)onnx.as.error.numbers[0], (unsigned long long)offset, text);
    cr_assert(is_same_text(onnx.as.error.foreign_text, name), "the name is '%s', expected '%s'",
              onnx.as.error.foreign_text, name);
}

/* Expects that a graph with this field alone is refused at the field. */
static inline void expect_field_refused(uint64_t field, message content, rein_error_code code,
                                        const char *name) {
    message graph = {0};
    put_message(&graph, field, content);
    expect_model_refused(make_model(graph), code, offset_in_graph(graph), name);
}

static inline bool text_is(rein_onnx_text text, const char *expected) {
    return text.length == strlen(expected) && is_same_text(text.bytes, expected);
}

#endif
