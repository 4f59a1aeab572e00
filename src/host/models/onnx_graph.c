#include "host/models/onnx_graph.h"

#include "host/contract/invalid.h"
#include "host/models/onnx_attribute.h"
#include "host/models/onnx_operator.h"
#include "host/models/onnx_value.h"

/* Graphs contain nodes, whose attributes contain graphs. */
static rein_result_void read_subgraph(onnx_reading *reading, const protobuf_field *field);

/* An attribute while its fields are read. */
typedef struct attribute_reading {
    onnx_reading *reading;
    onnx_use use;
} attribute_reading;

static rein_result_void take_attribute_field(void *self, byte_reader *reader,
                                             const protobuf_field *field) {
    const attribute_reading *attribute = self;
    (void)reader;
    return field->number == ATTRIBUTE_GRAPH || field->number == ATTRIBUTE_GRAPHS
               ? read_subgraph(attribute->reading, field)
               : rein_i_onnx_attribute_add(attribute->reading, attribute->use, field);
}

static const protobuf_message attribute_message = {
    .rules = {[ATTRIBUTE_FLOAT] = {PROTOBUF_FLOAT, true},
              [ATTRIBUTE_INT] = {PROTOBUF_INTEGER, true},
              [ATTRIBUTE_STRING] = {PROTOBUF_BYTES, true},
              [ATTRIBUTE_TENSOR] = {PROTOBUF_BYTES, true},
              [ATTRIBUTE_GRAPH] = {PROTOBUF_BYTES, true},
              [ATTRIBUTE_FLOATS] = {PROTOBUF_FLOATS, false},
              [ATTRIBUTE_INTS] = {PROTOBUF_INTEGERS, false},
              [ATTRIBUTE_STRINGS] = {PROTOBUF_BYTES, false},
              [ATTRIBUTE_TENSORS] = {PROTOBUF_BYTES, false},
              [ATTRIBUTE_GRAPHS] = {PROTOBUF_BYTES, false},
              [ATTRIBUTE_REFERENCE] = {PROTOBUF_BYTES, true},
              [ATTRIBUTE_SPARSE_TENSOR] = {PROTOBUF_BYTES, true},
              [ATTRIBUTE_SPARSE_TENSORS] = {PROTOBUF_BYTES, false}},
    .on_field = take_attribute_field};

static rein_result_void read_attribute(void *self, byte_reader *reader,
                                       const protobuf_field *field) {
    return rein_i_protobuf_read(reader, field->begin, field->end, &attribute_message, self);
}

static const protobuf_message attributes_message = {
    .rules = {[NODE_ATTRIBUTE] = {PROTOBUF_BYTES, false}}, .on_field = read_attribute};

static void count_name(onnx_reading *reading, file_text name) {
    reading->onnx.graph_name_count++;
    reading->onnx.graph_name_bytes += name.length + 1;
}

/* A node, apart from its attributes, while its fields are read. */
typedef struct node_reading {
    onnx_reading *reading;
    file_text op_type;
    file_text domain;
    bool has_attributes;
} node_reading;

static rein_result_void take_node_field(void *self, byte_reader *reader,
                                        const protobuf_field *field) {
    node_reading *node = self;
    (void)reader;
    switch (field->number) {
    case NODE_OP_TYPE:
        node->op_type = file_text_of(field);
        break;
    case NODE_DOMAIN:
        node->domain = file_text_of(field);
        break;
    case NODE_ATTRIBUTE:
        node->has_attributes = true;
        break;
    default: /* an input or an output; an empty name stands for none */
        if (node->reading->depth == 0 && field->end > field->begin) {
            count_name(node->reading, file_text_of(field));
            node->reading->onnx.graph_tensor_count += field->number == NODE_OUTPUT;
        }
    }
    return rein_done();
}

static const protobuf_message node_message = {.rules = {[NODE_INPUT] = {PROTOBUF_BYTES, false},
                                                        [NODE_OUTPUT] = {PROTOBUF_BYTES, false},
                                                        [NODE_OP_TYPE] = {PROTOBUF_BYTES, true},
                                                        [NODE_DOMAIN] = {PROTOBUF_BYTES, true},
                                                        [NODE_ATTRIBUTE] = {PROTOBUF_BYTES, false}},
                                              .on_field = take_node_field};

/* Reads the attributes after the rest of the node: how they count depends on the operator, which
 * may come after them. */
static rein_result_void read_node(onnx_reading *reading, const protobuf_field *field) {
    node_reading node = {.reading = reading};
    bool is_constant = false;
    ++*(reading->depth == 0 ? &reading->onnx.node_count : &reading->onnx.inner_node_count);
    REIN_TRY(rein_result_void, rein_i_protobuf_read(&reading->reader, field->begin, field->end,
                                                    &node_message, &node));
    if (!node.has_attributes) {
        return rein_done();
    }
    REIN_TRY(rein_result_void,
             rein_i_onnx_is_constant(&reading->reader, node.op_type, node.domain, &is_constant));
    attribute_reading attribute = {reading, is_constant ? ONNX_USE_WEIGHT : ONNX_USE_ATTRIBUTE};
    return rein_i_protobuf_read(&reading->reader, field->begin, field->end, &attributes_message,
                                &attribute);
}

static rein_result_void read_initializer(onnx_reading *reading, const protobuf_field *field) {
    onnx_tensor tensor;
    onnx_initializer initializer = {.offset = field->offset};
    REIN_TRY(rein_result_void,
             field->number == GRAPH_INITIALIZER
                 ? rein_i_onnx_weights_add_tensor(reading, ONNX_USE_WEIGHT, field, &tensor)
                 : rein_i_onnx_weights_add_sparse(reading, ONNX_USE_WEIGHT, field, &tensor));
    if (reading->depth > 0) {
        return rein_done();
    }
    count_name(reading, tensor.name);
    REIN_TRY(rein_result_void, rein_i_onnx_store_add_text(&reading->store, &reading->reader,
                                                          tensor.name, &initializer.name));
    return rein_i_onnx_store_add(&reading->store, ONNX_LIST_INITIALIZERS, &initializer);
}

static rein_result_void store_dimension(void *self, byte_reader *reader,
                                        const onnx_dimension *dimension) {
    onnx_store *store = self;
    rein_onnx_dimension stored = {.extent = dimension->extent};
    REIN_TRY(rein_result_void,
             rein_i_onnx_store_add_text(store, reader, dimension->symbol, &stored.symbol));
    return rein_i_onnx_store_add(store, ONNX_LIST_DIMENSIONS, &stored);
}

static rein_result_void skip_dimension(void *self, byte_reader *reader,
                                       const onnx_dimension *dimension) {
    (void)self;
    (void)reader;
    (void)dimension;
    return rein_done();
}

static rein_result_void read_value(onnx_reading *reading, const protobuf_field *field) {
    onnx_store *store = &reading->store;
    onnx_value value;
    if (field->number == GRAPH_VALUE) {
        REIN_TRY(rein_result_void,
                 rein_i_onnx_value_read(&reading->reader, field, skip_dimension, NULL, &value));
        count_name(reading, value.name);
        return rein_done();
    }
    rein_onnx_value stored = {.dimensions = rein_i_onnx_store_next(store, ONNX_LIST_DIMENSIONS)};
    REIN_TRY(rein_result_void,
             rein_i_onnx_value_read(&reading->reader, field, store_dimension, store, &value));
    count_name(reading, value.name);
    reading->onnx.graph_tensor_count += field->number == GRAPH_INPUT;
    stored.kind = value.kind;
    stored.element_type = value.element_type;
    stored.has_shape = value.has_shape;
    stored.rank = (size_t)value.rank;
    REIN_TRY(rein_result_void,
             rein_i_onnx_store_add_text(store, &reading->reader, value.name, &stored.name));
    return rein_i_onnx_store_add(
        store, field->number == GRAPH_INPUT ? ONNX_LIST_INPUTS : ONNX_LIST_OUTPUTS, &stored);
}

static rein_result_void take_graph_field(void *self, byte_reader *reader,
                                         const protobuf_field *field) {
    onnx_reading *reading = self;
    (void)reader;
    switch (field->number) {
    case GRAPH_NODE:
        return read_node(reading, field);
    case GRAPH_INITIALIZER:
    case GRAPH_SPARSE_INITIALIZER:
        return read_initializer(reading, field);
    default:
        return reading->depth == 0 ? read_value(reading, field) : rein_done();
    }
}

static const protobuf_message graph_message = {
    .rules = {[GRAPH_NODE] = {PROTOBUF_BYTES, false},
              [GRAPH_INITIALIZER] = {PROTOBUF_BYTES, false},
              [GRAPH_INPUT] = {PROTOBUF_BYTES, false},
              [GRAPH_OUTPUT] = {PROTOBUF_BYTES, false},
              [GRAPH_VALUE] = {PROTOBUF_BYTES, false},
              [GRAPH_SPARSE_INITIALIZER] = {PROTOBUF_BYTES, false}},
    .on_field = take_graph_field};

/* Reads a graph or a function inside another graph. */
static rein_result_void read_inner(onnx_reading *reading, const protobuf_field *field,
                                   const protobuf_message *message) {
    if (reading->depth == REIN_ONNX_DEPTH_MAX) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: graphs are nested deeper than {u}",
                              field->offset, REIN_ONNX_DEPTH_MAX, 0);
    }
    reading->depth++;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(&reading->reader, field->begin, field->end, message, reading));
    reading->depth--;
    return rein_done();
}

static rein_result_void read_subgraph(onnx_reading *reading, const protobuf_field *field) {
    reading->onnx.subgraph_count++;
    return read_inner(reading, field, &graph_message);
}

rein_result_void rein_i_onnx_graph_read(onnx_reading *reading, const protobuf_field *field) {
    reading->onnx.graph_begin = field->begin;
    reading->onnx.graph_end = field->end;
    return rein_i_protobuf_read(&reading->reader, field->begin, field->end, &graph_message,
                                reading);
}

enum { FUNCTION_NODE = 7, FUNCTION_ATTRIBUTE = 11 };

static rein_result_void take_function_field(void *self, byte_reader *reader,
                                            const protobuf_field *field) {
    onnx_reading *reading = self;
    attribute_reading attribute = {reading, ONNX_USE_ATTRIBUTE};
    return field->number == FUNCTION_NODE ? read_node(reading, field)
                                          : read_attribute(&attribute, reader, field);
}

static const protobuf_message function_message = {
    .rules =
        {[FUNCTION_NODE] = {PROTOBUF_BYTES, false}, [FUNCTION_ATTRIBUTE] = {PROTOBUF_BYTES, false}},
    .on_field = take_function_field};

rein_result_void rein_i_onnx_function_read(onnx_reading *reading, const protobuf_field *field) {
    reading->onnx.function_count++;
    return read_inner(reading, field, &function_message);
}
