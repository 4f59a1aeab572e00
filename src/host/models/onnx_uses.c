#include "host/models/onnx_uses.h"

#include <string.h>

#include "host/models/file_check.h"
#include "host/models/malformed.h"
#include "host/models/onnx_operator.h"
#include "host/models/onnx_type.h"

void rein_i_onnx_uses_place(const rein_onnx_lifetimes_request *request, arena *space,
                            onnx_uses *out_uses) {
    const rein_onnx *onnx = request->onnx;
    memset(out_uses, 0, sizeof *out_uses);
    rein_i_onnx_bindings_place(request, space, &out_uses->bindings);
    out_uses->capacity = (size_t)onnx->graph_name_count;
    out_uses->text_capacity = (size_t)onnx->graph_name_bytes;
    out_uses->names = arena_take(space, out_uses->capacity, sizeof(rein_onnx_text));
    out_uses->uses = arena_take(space, out_uses->capacity, sizeof(onnx_tensor_use));
    out_uses->text = arena_take(space, out_uses->text_capacity, 1);
}

static rein_result_void add_use(onnx_uses *uses, rein_onnx_text name, onnx_tensor_use use) {
    if (uses->count == uses->capacity) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    uses->names[uses->count] = name;
    uses->uses[uses->count++] = use;
    return rein_done();
}

static rein_result_void add_text(onnx_uses *uses, byte_reader *reader, file_text text,
                                 onnx_tensor_use use) {
    if (text.length >= uses->text_capacity - uses->text_bytes) {
        return rein_i_model_file_changed(REIN_HERE);
    }
    char *place = uses->text + uses->text_bytes;
    REIN_TRY(rein_result_void, rein_i_onnx_text_read(reader, text, place));
    place[text.length] = '\0';
    uses->text_bytes += (size_t)text.length + 1;
    return add_use(uses, (rein_onnx_text){place, (size_t)text.length}, use);
}

/* A shape while its dimensions are taken. */
typedef struct shape_reading {
    const onnx_bindings *bindings;
    extent_product extents;
    bool lacks_extent;
    bool lacks_symbol; /* a dimension has a symbol that is not bound */
} shape_reading;

static void take_extent(shape_reading *shape, rein_fact_u64 extent, uint64_t symbol_bytes) {
    shape->lacks_symbol = shape->lacks_symbol || (!extent.is_known && symbol_bytes > 0);
    shape->lacks_extent = shape->lacks_extent || (!extent.is_known && symbol_bytes == 0);
    extent_product_take(&shape->extents, extent.is_known ? extent.value : 1);
}

static rein_result_void take_dimension(void *self, byte_reader *reader,
                                       const onnx_dimension *dimension) {
    shape_reading *shape = self;
    rein_fact_u64 extent = rein_fact_u64_unknown();
    REIN_TRY(rein_result_void,
             rein_i_onnx_bindings_resolve(shape->bindings, reader, dimension, &extent));
    take_extent(shape, extent, dimension->symbol.length);
    return rein_done();
}

/* Returns why the size of a tensor is unknown; REIN_ONNX_REASON_NONE if it is known. */
static rein_onnx_reason reason_of(rein_onnx_kind kind, uint32_t element_type, bool has_shape,
                                  const shape_reading *shape) {
    if (kind == REIN_ONNX_CONTAINER || kind == REIN_ONNX_SPARSE_TENSOR ||
        element_type == ONNX_STRING) {
        return REIN_ONNX_REASON_NOT_A_TENSOR;
    }
    if (element_type == 0 || !has_shape || shape->lacks_extent) {
        return REIN_ONNX_REASON_SHAPE;
    }
    return shape->lacks_symbol ? REIN_ONNX_REASON_SYMBOL : REIN_ONNX_REASON_NONE;
}

/* Computes the size of a tensor, rounded up. Returns false if it is above 2^63. */
static bool compute_size(rein_onnx_reason reason, uint32_t element_type, const shape_reading *shape,
                         uint64_t granularity_bytes, onnx_size *out_size) {
    uint64_t element_count = 0;
    *out_size = (onnx_size){0, reason};
    if (reason != REIN_ONNX_REASON_NONE) {
        return true;
    }
    if (!extent_product_end(&shape->extents, &element_count) ||
        !rein_i_onnx_size_bytes(element_type, element_count, &out_size->bytes)) {
        return false;
    }
    return checked_round_up(out_size->bytes, granularity_bytes, &out_size->bytes) &&
           out_size->bytes <= REIN_PLACEMENT_BYTES_MAX;
}

static rein_result_void refuse_size(rein_onnx_text name) {
    return rein_i_malformed(REIN_HERE, "the size of tensor '{text}' is above 2^63 bytes", 0, 0, 0,
                            name.bytes);
}

/* Adds an input of the graph. Its shape is that of the caller, if there is one. */
static rein_result_void add_input(const rein_onnx_lifetimes_request *request, onnx_uses *uses,
                                  size_t index) {
    const rein_onnx_value *input = &request->onnx->inputs[index];
    const rein_onnx_input_shape *stated = uses->bindings.shapes[index];
    shape_reading shape = {.extents = extent_product_begin()};
    for (size_t at = 0; at < (stated == NULL ? input->rank : stated->rank); at++) {
        rein_onnx_text symbol =
            stated == NULL ? input->dimensions[at].symbol : (rein_onnx_text){NULL, 0};
        rein_fact_u64 extent = stated != NULL ? rein_fact_u64_known(stated->extents[at])
                               : symbol.length > 0
                                   ? rein_i_onnx_bindings_find(&uses->bindings, symbol)
                                   : input->dimensions[at].extent;
        take_extent(&shape, extent, symbol.length);
    }
    onnx_tensor_use use = {.node = ONNX_NO_NODE, .role = ONNX_ROLE_INPUT};
    rein_onnx_reason reason =
        reason_of(input->kind, input->element_type, input->has_shape || stated != NULL, &shape);
    if (!compute_size(reason, input->element_type, &shape, request->granularity_bytes, &use.size)) {
        return refuse_size(input->name);
    }
    return add_use(uses, input->name, use);
}

/* The graph while its fields are read. */
typedef struct graph_reading {
    const rein_onnx_lifetimes_request *request;
    onnx_uses *uses;
} graph_reading;

static rein_result_void add_value(graph_reading *graph, byte_reader *reader,
                                  const protobuf_field *field) {
    shape_reading shape = {.bindings = &graph->uses->bindings, .extents = extent_product_begin()};
    onnx_value value;
    onnx_tensor_use use = {.node = graph->uses->node_count,
                           .role =
                               field->number == GRAPH_OUTPUT ? ONNX_ROLE_OUTPUT : ONNX_ROLE_VALUE};
    REIN_TRY(rein_result_void,
             rein_i_onnx_value_read(reader, field, take_dimension, &shape, &value));
    rein_onnx_reason reason = reason_of(value.kind, value.element_type, value.has_shape, &shape);
    bool is_sized = compute_size(reason, value.element_type, &shape,
                                 graph->request->granularity_bytes, &use.size);
    REIN_TRY(rein_result_void, add_text(graph->uses, reader, value.name, use));
    return is_sized ? rein_done() : refuse_size(graph->uses->names[graph->uses->count - 1]);
}

static rein_result_void take_name_field(void *self, byte_reader *reader,
                                        const protobuf_field *field) {
    (void)reader;
    *(file_text *)self = file_text_of(field);
    return rein_done();
}

static const protobuf_message name_message = {.rules = {[TENSOR_NAME] = {PROTOBUF_BYTES, true}},
                                              .on_field = take_name_field};

static rein_result_void take_values_field(void *self, byte_reader *reader,
                                          const protobuf_field *field) {
    return rein_i_protobuf_read(reader, field->begin, field->end, &name_message, self);
}

static const protobuf_message sparse_message = {.rules = {[SPARSE_VALUES] = {PROTOBUF_BYTES, true}},
                                                .on_field = take_values_field};

static rein_result_void add_initializer(graph_reading *graph, byte_reader *reader,
                                        const protobuf_field *field) {
    file_text name = {field->begin, 0};
    onnx_tensor_use use = {.node = ONNX_NO_NODE, .role = ONNX_ROLE_WEIGHT};
    const protobuf_message *message =
        field->number == GRAPH_INITIALIZER ? &name_message : &sparse_message;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(reader, field->begin, field->end, message, &name));
    return add_text(graph->uses, reader, name, use);
}

/* A node while its fields are read. */
typedef struct node_reading {
    onnx_uses *uses;
    file_text op_type;
    file_text domain;
} node_reading;

static rein_result_void take_node_field(void *self, byte_reader *reader,
                                        const protobuf_field *field) {
    node_reading *node = self;
    onnx_tensor_use use = {.node = node->uses->node_count,
                           .role = field->number == NODE_INPUT ? ONNX_ROLE_READ : ONNX_ROLE_WRITE};
    if (field->number == NODE_OP_TYPE || field->number == NODE_DOMAIN) {
        *(field->number == NODE_OP_TYPE ? &node->op_type : &node->domain) = file_text_of(field);
        return rein_done();
    }
    bool is_omitted = field->begin == field->end;
    return is_omitted ? rein_done() : add_text(node->uses, reader, file_text_of(field), use);
}

static const protobuf_message node_message = {.rules = {[NODE_INPUT] = {PROTOBUF_BYTES, false},
                                                        [NODE_OUTPUT] = {PROTOBUF_BYTES, false},
                                                        [NODE_OP_TYPE] = {PROTOBUF_BYTES, true},
                                                        [NODE_DOMAIN] = {PROTOBUF_BYTES, true}},
                                              .on_field = take_node_field};

/* The outputs of a Constant are weights. Its type comes after them in the file. */
static rein_result_void add_node(graph_reading *graph, byte_reader *reader,
                                 const protobuf_field *field) {
    onnx_uses *uses = graph->uses;
    node_reading node = {.uses = uses};
    bool is_constant = false;
    size_t first = uses->count;
    REIN_TRY(rein_result_void,
             rein_i_protobuf_read(reader, field->begin, field->end, &node_message, &node));
    REIN_TRY(rein_result_void,
             rein_i_onnx_is_constant(reader, node.op_type, node.domain, &is_constant));
    for (size_t index = first; is_constant && index < uses->count; index++) {
        bool is_write = uses->uses[index].role == ONNX_ROLE_WRITE;
        uses->uses[index].role = is_write ? ONNX_ROLE_WEIGHT : uses->uses[index].role;
    }
    uses->node_count++;
    return rein_done();
}

static rein_result_void take_graph_field(void *self, byte_reader *reader,
                                         const protobuf_field *field) {
    switch (field->number) {
    case GRAPH_NODE:
        return add_node(self, reader, field);
    case GRAPH_INITIALIZER:
    case GRAPH_SPARSE_INITIALIZER:
        return add_initializer(self, reader, field);
    default:
        return add_value(self, reader, field);
    }
}

static const protobuf_message graph_message = {
    .rules = {[GRAPH_NODE] = {PROTOBUF_BYTES, false},
              [GRAPH_INITIALIZER] = {PROTOBUF_BYTES, false},
              [GRAPH_OUTPUT] = {PROTOBUF_BYTES, false},
              [GRAPH_VALUE] = {PROTOBUF_BYTES, false},
              [GRAPH_SPARSE_INITIALIZER] = {PROTOBUF_BYTES, false}},
    .on_field = take_graph_field};

rein_result_void rein_i_onnx_uses_read(const rein_onnx_lifetimes_request *request,
                                       onnx_uses *uses) {
    const rein_onnx *onnx = request->onnx;
    byte_reader reader;
    graph_reading graph = {request, uses};
    REIN_TRY(rein_result_void, rein_i_onnx_bindings_fill(request, &uses->bindings));
    for (size_t index = 0; index < onnx->input_count; index++) {
        REIN_TRY(rein_result_void, add_input(request, uses, index));
    }
    rein_i_byte_reader_init(&reader, onnx->file, onnx->graph_begin, onnx->graph_end);
    return rein_i_protobuf_read(&reader, onnx->graph_begin, onnx->graph_end, &graph_message,
                                &graph);
}
