/* The wire format: what any file must keep, however its messages are nested. */
#include "onnx_case.h"

/* A model with every kind of field that is read. With padding, a field that is not known follows
 * each, so that no two of them are read at once. */
static size_t padding_bytes;

static void pad(message *to) {
    if (padding_bytes > 0) {
        put_zeros(to, 30, padding_bytes);
    }
}

/* Returns the text, or with padding a text that no single read holds. */
static const char *padded_text(const char *text) {
    static char longer[6001];
    memset(longer, 'n', sizeof longer - 1);
    return padding_bytes > 0 ? longer : text;
}

static void add_padded(message *to, uint64_t field, message content) {
    pad(to);
    put_message(to, field, content);
    pad(to);
}

static message make_padded_value(const char *name, int64_t extent) {
    message value = {0};
    message type = {0};
    message tensor = {0};
    message shape = {0};
    message dimension = {0};
    pad(&dimension);
    put_text(&dimension, extent == SYMBOL_N ? 2 : 3, padded_text("n"));
    pad(&dimension);
    if (extent >= 0) {
        put_integer(&dimension, 1, (uint64_t)extent);
    }
    add_padded(&shape, 1, dimension);
    pad(&tensor);
    put_integer(&tensor, 1, FLOAT);
    add_padded(&tensor, 2, shape);
    add_padded(&type, 1, tensor);
    pad(&value);
    put_text(&value, 1, name);
    add_padded(&value, 2, type);
    return value;
}

static message make_padded_tensor(const char *name) {
    message tensor = {0};
    message numbers = {0};
    pad(&tensor);
    put_text(&tensor, TENSOR_NAME, name);
    pad(&tensor);
    put_varint(&numbers, 3);
    add_padded(&tensor, TENSOR_DIMS, numbers);
    put_integer(&tensor, TENSOR_TYPE, INT64);
    put_varint(&numbers, 300);
    put_varint(&numbers, 1);
    add_padded(&tensor, TENSOR_INT64S, numbers);
    return tensor;
}

static message make_padded_external(void) {
    const char *const texts[][2] = {
        {"location", padded_text("w.bin")}, {"offset", "8"}, {"length", "24"}, {"checksum", "0"}};
    const int64_t extent = 3;
    message tensor = make_tensor_head("e", INT64, &extent, 1);
    put_integer(&tensor, TENSOR_LOCATION, 1);
    for (size_t index = 0; index < 4; index++) {
        message entry = {0};
        pad(&entry);
        put_text(&entry, 1, texts[index][0]);
        pad(&entry);
        put_text(&entry, 2, texts[index][1]);
        add_padded(&tensor, TENSOR_EXTERNAL, entry);
    }
    return tensor;
}

static message make_padded_sparse(void) {
    message sparse = {0};
    message dims = {0};
    put_varint(&dims, 9);
    add_padded(&sparse, 1, make_padded_tensor("s"));
    add_padded(&sparse, 2, make_padded_tensor(""));
    add_padded(&sparse, 3, dims);
    return sparse;
}

static message make_padded_constant(void) {
    message attribute = {0};
    message floats = {0};
    put_bytes(&floats, "\0\0\0\0", 4);
    add_padded(&attribute, ATTRIBUTE_T, make_padded_tensor(""));
    add_padded(&attribute, ATTRIBUTE_SPARSE, make_padded_sparse());
    add_padded(&attribute, ATTRIBUTE_FLOATS, floats);
    add_padded(&attribute, ATTRIBUTE_INTS, floats);
    message node = {0};
    pad(&node);
    put_text(&node, NODE_OUTPUT, "c");
    pad(&node);
    put_text(&node, NODE_OP_TYPE, "Constant");
    pad(&node);
    put_text(&node, NODE_DOMAIN, "ai.onnx");
    add_padded(&node, NODE_ATTRIBUTE, attribute);
    return node;
}

static message make_padded_graph(void) {
    message graph = {0};
    message node = make_node("Add", "x,c", "y");
    add_padded(&graph, GRAPH_NODE, make_padded_constant());
    pad(&node);
    put_text(&node, NODE_DOMAIN, "");
    add_padded(&graph, GRAPH_NODE, node);
    add_padded(&graph, GRAPH_INITIALIZER, make_padded_tensor("w"));
    add_padded(&graph, GRAPH_INITIALIZER, make_padded_external());
    add_padded(&graph, GRAPH_SPARSE, make_padded_sparse());
    add_padded(&graph, GRAPH_INPUT, make_padded_value("x", SYMBOL_N));
    add_padded(&graph, GRAPH_OUTPUT, make_padded_value("y", 7));
    add_padded(&graph, GRAPH_VALUE, make_padded_value("y", SYMBOL_N));
    return graph;
}

static message make_padded_model(bool has_function) {
    message model = {0};
    message opset = {0};
    message function = {0};
    pad(&opset);
    put_text(&opset, 1, "domain");
    pad(&opset);
    put_integer(&opset, 2, 17);
    pad(&model);
    put_integer(&model, MODEL_IR_VERSION, 8);
    add_padded(&model, MODEL_OPSET, opset);
    add_padded(&model, MODEL_GRAPH, make_padded_graph());
    if (has_function) {
        add_padded(&function, 7, make_padded_constant());
        add_padded(&model, MODEL_FUNCTION, function);
    }
    return model;
}

/* Reads a model and its lifetimes. */
static rein_result_onnx_lifetimes read_all(const rein_model_file *file) {
    rein_onnx onnx = REIN_TRY(rein_result_onnx_lifetimes, read_file(file));
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(&onnx, 1);
    const rein_onnx_binding seven = {padded_text("n"), 7};
    request.bindings = &seven;
    request.binding_count = 1;
    uint64_t bytes =
        REIN_TRY(rein_result_onnx_lifetimes, rein_onnx_lifetimes_workspace_bytes(&request));
    rein_workspace workspace = {calloc(1, bytes + 1), bytes};
    message_memory[message_memory_count++] = workspace.memory;
    return rein_onnx_lifetimes_compute(&request, workspace);
}

Test(onnx_wire, the_model_is_sound_with_and_without_padding) {
    for (padding_bytes = 0; padding_bytes < 9000; padding_bytes += 4500) {
        memory_file memory = file_of(make_padded_model(false));
        rein_model_file file = memory_file_of(&memory);
        rein_onnx_lifetimes lifetimes = REIN_UNWRAP(read_all(&file));
        cr_assert(lifetimes.reason == REIN_ONNX_REASON_NONE && lifetimes.count == 2);
        cr_assert(!memory.has_read_outside);
    }
}

Test(onnx_wire, every_read_may_fail) {
    padding_bytes = 4500;
    for (int has_function = 0; has_function < 2; has_function++) {
        message model = make_padded_model(has_function == 1);
        memory_file memory = file_of(model);
        rein_model_file file = memory_file_of(&memory);
        cr_assert(read_all(&file).is_ok, "sound");
        uint64_t reads = memory.read_count;
        cr_assert(reads > 100, "the fields are read one by one");
        for (uint64_t failing = 1; failing <= reads; failing++) {
            memory.read_count = 0;
            memory.failing_read = failing;
            rein_result_onnx_lifetimes result = read_all(&file);
            cr_assert(!result.is_ok, "read %d fails", (int)failing);
            expect_code(&result.as.error, REIN_ERROR_INTERNAL_ERROR);
        }
    }
}

/* The name of the tensor is far from the rule that it breaks. */
Test(onnx_wire, every_read_of_a_refused_model_may_fail) {
    message tensor = {0};
    put_text(&tensor, TENSOR_NAME, "w");
    put_zeros(&tensor, 30, 4500);
    put_integer(&tensor, TENSOR_TYPE, UINT8);
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    memory_file memory = file_of(make_model(graph));
    rein_model_file file = memory_file_of(&memory);
    cr_assert(!read_file(&file).is_ok, "refused");
    uint64_t reads = memory.read_count;
    cr_assert(reads == 3, "the model, its end and the name");
    for (memory.failing_read = 1; memory.failing_read <= reads; memory.failing_read++) {
        memory.read_count = 0;
        rein_result_onnx onnx = read_file(&file);
        cr_assert(!onnx.is_ok, "refused");
        expect_code(&onnx.as.error, REIN_ERROR_INTERNAL_ERROR);
    }
}

Test(onnx_wire, a_file_that_is_cut_off_is_refused) {
    message model = make_padded_model(false);
    for (size_t size = 0; size < model.size; size++) {
        memory_file memory = {.bytes = model.bytes, .byte_count = size, .size_bytes = size};
        rein_model_file file = memory_file_of(&memory);
        rein_result_onnx onnx = read_file(&file);
        cr_assert(!onnx.is_ok, "%zu bytes are not a model", size);
        expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(onnx.as.error.numbers[0] <= size, "the offset is in the file");
        cr_assert(!memory.has_read_outside);
    }
}

/* Whatever one byte becomes, nothing outside the file is read. */
Test(onnx_wire, a_byte_may_be_anything) {
    message model = make_padded_model(false);
    for (size_t at = 0; at < model.size; at++) {
        unsigned char original = model.bytes[at];
        for (unsigned change = 1; change < 256; change = 2 * change + 1) {
            model.bytes[at] = (unsigned char)(original ^ change);
            memory_file memory = file_of(model);
            rein_model_file file = memory_file_of(&memory);
            REIN_IGNORE(read_all(&file));
            cr_assert(!memory.has_read_outside, "byte %zu with %u", at, change);
        }
        model.bytes[at] = original;
        while (message_memory_count > 1000) {
            free(message_memory[--message_memory_count]);
        }
    }
}

/* Expects that a graph that begins with these bytes is refused at them. */
static void refuse_bytes(const void *bytes, size_t size) {
    message graph = {0};
    put_bytes(&graph, bytes, size);
    expect_model_refused(make_model(graph), REIN_ERROR_INVALID_ARGUMENT, offset_in_graph(graph),
                         "");
}

Test(onnx_wire, groups_and_unknown_wire_types_are_refused) {
    for (unsigned wire = 0; wire < 8; wire++) {
        unsigned char bytes[] = {(unsigned char)(29 << 3 & 0x7F) | (unsigned char)wire | 0x80, 1};
        if (wire == 3 || wire == 4 || wire == 6 || wire == 7) {
            refuse_bytes(bytes, 2);
        }
    }
}

Test(onnx_wire, numbers_of_fields_are_valid) {
    refuse_bytes("\x00\x01", 2);                 /* field 0 */
    refuse_bytes("\x80\x80\x80\x80\x10\x00", 6); /* field 2^29 */
    onnx_case subject;
    message graph = {0};
    put_integer(&graph, (1U << 29) - 1, 1);
    read_graph(graph, &subject);
}

Test(onnx_wire, integers_fit_in_64_bits) {
    const unsigned char largest[] = {0xF8, 1,    0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
    onnx_case subject;
    message graph = {0};
    put_bytes(&graph, largest, sizeof largest);
    read_graph(graph, &subject);
    unsigned char larger[sizeof largest];
    memcpy(larger, largest, sizeof largest);
    larger[sizeof larger - 1] = 0x02;
    graph.size = 0;
    put_bytes(&graph, larger, sizeof larger);
    expect_model_refused(make_model(graph), REIN_ERROR_INVALID_ARGUMENT, offset_in_graph(graph) + 2,
                         "");
    larger[sizeof larger - 1] = 0x81;
    graph.size = 0;
    put_bytes(&graph, larger, sizeof larger);
    put_byte(&graph, 0);
    expect_model_refused(make_model(graph), REIN_ERROR_INVALID_ARGUMENT, offset_in_graph(graph) + 2,
                         "");
}

Test(onnx_wire, fields_that_are_not_known_are_skipped) {
    onnx_case subject;
    message graph = {0};
    const uint64_t fields[] = {2, 30, 31, 32, 33, 1000};
    for (size_t index = 0; index < 6; index++) {
        put_integer(&graph, fields[index], UINT64_MAX);
        put_text(&graph, fields[index], "text");
        put_tag(&graph, fields[index], WIRE_FIXED32);
        put_bytes(&graph, "1234", 4);
        put_tag(&graph, fields[index], WIRE_FIXED64);
        put_bytes(&graph, "12345678", 8);
    }
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", UINT8, 5, 5));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.weights_bytes.value == 5);
}

Test(onnx_wire, a_message_ends_within_the_one_around_it) {
    message graph = {0};
    put_tag(&graph, GRAPH_INITIALIZER, WIRE_BLOCK);
    put_varint(&graph, 5);
    put_bytes(&graph, "\x10\x01\x42", 3);
    message model = make_model(graph);
    put_zeros(&model, 30, 100); /* the bytes are there, but in another message */
    onnx_case subject;
    rein_result_onnx onnx = try_model(model, &subject);
    cr_assert(!onnx.is_ok, "refused");
    expect_numbers(&onnx.as.error, offset_in_graph(graph) + 2, 5, offset_in_graph(graph) + 5);
}

Test(onnx_wire, a_known_field_has_its_wire_type) {
    refuse_bytes("\x28\x01", 2);             /* an initializer that is an integer */
    refuse_bytes("\x2D\x01\x01\x01\x01", 5); /* that is a float */
    message model = {0};
    put_text(&model, MODEL_IR_VERSION, "8");
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, 0, "");
    message tensor = {0};
    put_tag(&tensor, TENSOR_INT64S, WIRE_FIXED64);
    put_bytes(&tensor, "12345678", 8);
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, tensor);
    expect_model_refused(make_model(graph), REIN_ERROR_INVALID_ARGUMENT, offset_in_graph(graph) + 2,
                         "");
}

Test(onnx_wire, numbers_that_are_alone_have_their_wire_type) {
    const uint64_t fields[] = {ATTRIBUTE_F, ATTRIBUTE_FLOATS, ATTRIBUTE_I};
    for (size_t index = 0; index < 3; index++) {
        message attribute = {0};
        put_tag(&attribute, fields[index], WIRE_FIXED64);
        put_bytes(&attribute, "12345678", 8);
        message graph = {0};
        put_message(&graph, GRAPH_NODE, make_node_with("Constant", "", attribute));
        onnx_case subject;
        rein_result_onnx onnx = try_model(make_model(graph), &subject);
        cr_assert(!onnx.is_ok, "refused");
        expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    }
}

Test(onnx_wire, a_single_field_occurs_once) {
    message model = {0};
    put_integer(&model, MODEL_IR_VERSION, 8);
    put_integer(&model, MODEL_IR_VERSION, 8);
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, 2, "");
    message empty = {0};
    model = make_model(empty);
    uint64_t second = model.size;
    put_message(&model, MODEL_GRAPH, empty);
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, second, "");
}

Test(onnx_wire, values_have_one_type_and_dimensions_one_extent) {
    message type = {0};
    message empty = {0};
    message value = {0};
    put_message(&type, 1, empty);
    put_message(&type, 4, empty);
    put_message(&value, 2, type);
    message graph = {0};
    put_message(&graph, GRAPH_INPUT, value);
    expect_model_refused(make_model(graph), REIN_ERROR_INVALID_ARGUMENT, offset_in_graph(graph) + 6,
                         "");
    onnx_case subject;
    graph.size = 0;
    message both = make_dimension(4);
    message shape = {0};
    message tensor = {0};
    put_text(&both, 2, "n");
    put_message(&shape, 1, both);
    put_message(&tensor, 2, shape);
    type.size = 0;
    put_message(&type, 1, tensor);
    value.size = 0;
    put_message(&value, 2, type);
    put_message(&graph, GRAPH_VALUE, value);
    rein_result_onnx onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "refused");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    graph.size = 0;
    put_message(&graph, GRAPH_INPUT, make_value("x", 27, NULL, 0));
    onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "a type that is not known");
    expect_code(&onnx.as.error, REIN_ERROR_UNSUPPORTED);
}

/* A file whose bytes are others after some reads. */
typedef struct changing_file {
    memory_file before;
    memory_file after;
    uint64_t reads_before;
} changing_file;

static rein_result_void changing_read_at(void *self, uint64_t offset, void *out_bytes,
                                         size_t size) {
    changing_file *file = self;
    bool is_before = file->before.read_count < file->reads_before;
    return memory_file_read_at(is_before ? &file->before : &file->after, offset, out_bytes, size);
}

/* Makes a model whose size does not depend on the graph. */
static message make_model_of_fixed_size(message graph) {
    put_zeros(&graph, 30, 100 - graph.size);
    return make_model(graph);
}

static uint64_t words[1024];
static uint64_t more_words[1024];

/* Reads a file that has the first graph for a number of reads, then the second. A model of a few
 * bytes takes one read for each pass. */
static rein_result_onnx_lifetimes read_changing(message before, message after,
                                                uint64_t reads_before) {
    message first = make_model_of_fixed_size(before);
    message second = make_model_of_fixed_size(after);
    cr_assert(first.size == second.size, "the size stays");
    changing_file changing = {file_of(first), file_of(second), reads_before};
    rein_model_file file = {changing_read_at, &changing, first.size};
    rein_workspace workspace = {words, sizeof words};
    rein_onnx onnx = REIN_TRY(rein_result_onnx_lifetimes, rein_onnx_read(&file, workspace));
    rein_onnx_lifetimes_request request = rein_onnx_lifetimes_request_make(&onnx, 1);
    return rein_onnx_lifetimes_compute(&request, (rein_workspace){more_words, sizeof more_words});
}

static void refuse_changing(message before, message after, uint64_t reads_before) {
    cr_assert(read_changing(before, after, 100).is_ok, "sound before the change");
    rein_result_onnx_lifetimes result = read_changing(before, after, reads_before);
    cr_assert(!result.is_ok, "the change is noticed");
    expect_code(&result.as.error, REIN_ERROR_INVALID_ARGUMENT);
}

static message make_untyped_value(void) {
    message value = {0};
    put_text(&value, 1, "");
    return value;
}

static message graph_of(uint64_t field, message content) {
    message graph = {0};
    put_message(&graph, field, content);
    return graph;
}

Test(onnx_wire, lists_that_grow_between_two_passes_are_refused) {
    message empty = {0};
    message longer = graph_of(GRAPH_INPUT, make_vector("longer", 1));
    refuse_changing(empty, longer, 1);
    refuse_changing(graph_of(GRAPH_INPUT, make_vector("x", 1)), longer, 1);
    refuse_changing(empty, graph_of(GRAPH_INITIALIZER, make_tensor("", UINT8, 0, 0)), 1);
    message scalar = make_value("longer", FLOAT, NULL, 0);
    refuse_changing(graph_of(GRAPH_INPUT, scalar), longer, 1);
    message two = graph_of(GRAPH_INPUT, scalar);
    put_message(&two, GRAPH_INPUT, make_untyped_value());
    message unnamed = graph_of(GRAPH_INPUT, scalar);
    refuse_changing(unnamed, two, 1);
}

Test(onnx_wire, names_that_grow_before_lifetimes_are_refused) {
    message empty = {0};
    refuse_changing(empty, graph_of(GRAPH_NODE, make_node("Op", "", "y")), 2);
    message node = graph_of(GRAPH_NODE, make_node("Op", "", "y"));
    refuse_changing(node, graph_of(GRAPH_NODE, make_node("Op", "", "longer")), 2);
    refuse_changing(graph_of(GRAPH_NODE, make_node("Op", "", "long")),
                    graph_of(GRAPH_NODE, make_node("Op", "", "y,z")), 2);
    message more_reads = graph_of(GRAPH_INITIALIZER, make_tensor("w", UINT8, 1, 1));
    put_message(&more_reads, GRAPH_NODE, make_node("Op", "w", ""));
    refuse_changing(graph_of(GRAPH_INITIALIZER, make_tensor("long", UINT8, 1, 1)), more_reads, 2);
    message reads = graph_of(GRAPH_INITIALIZER, make_tensor("w", UINT8, 1, 1));
    message writes = {0};
    put_message(&reads, GRAPH_NODE, make_node("Op", "w", ""));
    put_message(&writes, GRAPH_VALUE, make_vector("w", 1));
    put_message(&writes, GRAPH_NODE, make_node("Op", "", "w"));
    refuse_changing(reads, writes, 2);
}
