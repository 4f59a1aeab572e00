/* The summary of a model: weights, inputs, outputs, counts. */
#include "onnx_case.h"

static void expect_weights(const rein_onnx *onnx, uint32_t type, uint64_t elements,
                           uint64_t bytes) {
    cr_assert(onnx->weights[type].element_count == elements, "elements of type %u: %llu", type,
              (unsigned long long)onnx->weights[type].element_count);
    cr_assert(onnx->weights[type].size_bytes == bytes, "bytes of type %u: %llu", type,
              (unsigned long long)onnx->weights[type].size_bytes);
}

Test(onnx, a_model_without_weights) {
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Relu", "x", "y"));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 4));
    put_message(&graph, GRAPH_OUTPUT, make_vector("y", SYMBOL_N));
    read_graph(graph, &subject);
    const rein_onnx *onnx = &subject.onnx;
    cr_assert(onnx->ir_version == 8 && onnx->node_count == 1 && onnx->inner_node_count == 0);
    cr_assert(onnx->weights_bytes.is_known && onnx->weights_bytes.value == 0, "known to be none");
    cr_assert(onnx->weights_reason == REIN_ONNX_REASON_NONE);
    cr_assert(onnx->opset_count == 1 && onnx->opsets[0].version == 17);
    cr_assert(onnx->opsets[0].domain.length == 0);
    cr_assert(onnx->input_count == 1 && onnx->output_count == 1);
    cr_assert(onnx->file == &subject.file && !onnx->has_training_info);
}

Test(onnx, inputs_and_outputs_have_types_and_shapes) {
    onnx_case subject;
    message graph = {0};
    const int64_t extents[] = {SYMBOL_N, 3, NO_EXTENT, 0};
    message negative = {0};
    put_integer(&negative, 1, (uint64_t)-1);
    put_message(&graph, GRAPH_INPUT, make_value("image", FLOAT16, extents, 4));
    put_message(&graph, GRAPH_OUTPUT, make_value("scalar", UINT8, NULL, 0));
    read_graph(graph, &subject);
    const rein_onnx_value *input = &subject.onnx.inputs[0];
    cr_assert(text_is(input->name, "image") && input->kind == REIN_ONNX_TENSOR);
    cr_assert(input->element_type == FLOAT16 && input->has_shape && input->rank == 4);
    cr_assert(!input->dimensions[0].extent.is_known);
    cr_assert(text_is(input->dimensions[0].symbol, "n"));
    cr_assert(input->dimensions[1].extent.is_known && input->dimensions[1].extent.value == 3);
    cr_assert(!input->dimensions[2].extent.is_known && input->dimensions[2].symbol.length == 0);
    cr_assert(input->dimensions[3].extent.is_known && input->dimensions[3].extent.value == 0);
    const rein_onnx_value *output = &subject.onnx.outputs[0];
    cr_assert(text_is(output->name, "scalar") && output->has_shape && output->rank == 0);
}

/* Exporters write -1 for an extent that they do not know. */
Test(onnx, a_negative_extent_is_unknown) {
    onnx_case subject;
    message graph = {0};
    message dimension = {0};
    message shape = {0};
    message tensor = {0};
    message type = {0};
    message value = {0};
    put_integer(&dimension, 1, UINT64_MAX);
    put_message(&shape, 1, dimension);
    put_message(&tensor, 2, shape);
    put_message(&type, 1, tensor);
    put_message(&value, 2, type);
    put_message(&graph, GRAPH_INPUT, value);
    read_graph(graph, &subject);
    cr_assert(subject.onnx.inputs[0].rank == 1);
    cr_assert(!subject.onnx.inputs[0].dimensions[0].extent.is_known);
    cr_assert(subject.onnx.inputs[0].element_type == 0, "not stated");
}

static rein_onnx_kind kind_of(uint64_t type_field) {
    static onnx_case subject;
    message graph = {0};
    message value = {0};
    message type = {0};
    message nothing = {0};
    if (type_field != 0) {
        put_message(&type, type_field, nothing);
    }
    put_message(&value, 2, type);
    put_message(&graph, GRAPH_INPUT, value);
    read_graph(graph, &subject);
    cr_assert(!subject.onnx.inputs[0].has_shape);
    return subject.onnx.inputs[0].kind;
}

Test(onnx, values_that_are_not_tensors) {
    cr_assert(kind_of(0) == REIN_ONNX_UNTYPED);
    cr_assert(kind_of(1) == REIN_ONNX_TENSOR);
    cr_assert(kind_of(8) == REIN_ONNX_SPARSE_TENSOR);
    const uint64_t containers[] = {4, 5, 7, 9};
    for (size_t index = 0; index < 4; index++) {
        cr_assert(kind_of(containers[index]) == REIN_ONNX_CONTAINER);
    }
}

Test(onnx, weights_are_added_up_by_type) {
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("a", FLOAT, 3, 12));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("b", FLOAT, 2, 8));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("c", INT64, 2, 16));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("empty", FLOAT, 0, 0));
    read_graph(graph, &subject);
    expect_weights(&subject.onnx, FLOAT, 5, 20);
    expect_weights(&subject.onnx, INT64, 2, 16);
    cr_assert(subject.onnx.weights_bytes.value == 36 && subject.onnx.parameter_count == 7);
    cr_assert(subject.onnx.dense_weights_bytes.value == 36);
}

Test(onnx, an_initializer_that_is_an_input_counts_once) {
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_INPUT, make_vector("w", 3));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 3));
    put_message(&graph, GRAPH_INPUT, make_vector("s", 3));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", FLOAT, 3, 12));
    put_message(&graph, GRAPH_SPARSE, make_sparse("s", 1, 3));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.weights_bytes.value == 24, "12, and a value with its index");
    cr_assert(subject.onnx.input_count == 1 && text_is(subject.onnx.inputs[0].name, "x"));
}

Test(onnx, two_initializers_of_one_name_are_refused) {
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", FLOAT, 3, 12));
    uint64_t second = graph.size;
    put_message(&graph, GRAPH_SPARSE, make_sparse("w", 1, 3));
    message model = make_model(graph);
    memory_file memory = file_of(model);
    rein_model_file file = memory_file_of(&memory);
    cr_assert(rein_onnx_workspace_bytes(&file).is_ok, "names are compared by the next function");
    rein_result_onnx onnx = read_file(&file);
    cr_assert(!onnx.is_ok, "refused");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&onnx.as.error, offset_in_graph(graph) + second, 0, 0);
    cr_assert(is_same_text(onnx.as.error.foreign_text, "w"));
}

Test(onnx, sparse_weights_may_be_made_dense) {
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_SPARSE, make_sparse("s", 2, 100));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("d", UINT8, 5, 5));
    read_graph(graph, &subject);
    expect_weights(&subject.onnx, FLOAT, 2, 8);
    expect_weights(&subject.onnx, INT64, 2, 16);
    cr_assert(subject.onnx.weights_bytes.value == 29);
    cr_assert(subject.onnx.dense_weights_bytes.value == 405, "100 floats, and 5 bytes");
}

Test(onnx, a_sparse_tensor_has_values_and_a_size) {
    message sparse = {0};
    put_integer(&sparse, 3, 5);
    expect_field_refused(GRAPH_SPARSE, sparse, REIN_ERROR_INVALID_ARGUMENT, "");
    sparse = make_sparse("s", 2, INT64_MAX);
    expect_field_refused(GRAPH_SPARSE, sparse, REIN_ERROR_INVALID_ARGUMENT, "");
}

Test(onnx, indices_of_a_sparse_tensor_may_come_first) {
    onnx_case subject;
    message graph = {0};
    message swapped = {0};
    put_message(&swapped, 2, make_tensor("", INT64, 1, 8));
    put_message(&swapped, 1, make_tensor("s", FLOAT, 1, 4));
    put_integer(&swapped, 3, 2);
    put_integer(&swapped, 3, 2);
    put_message(&graph, GRAPH_SPARSE, swapped);
    read_graph(graph, &subject);
    cr_assert(subject.onnx.weights_bytes.value == 12);
    cr_assert(subject.onnx.dense_weights_bytes.value == 16);
    put_integer(&swapped, 3, UINT64_MAX);
    expect_field_refused(GRAPH_SPARSE, swapped, REIN_ERROR_INVALID_ARGUMENT, "");
}

Test(onnx, dense_sizes_that_do_not_fit_are_refused) {
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_SPARSE, make_sparse("s", 1, INT64_MAX / 4));
    put_message(&graph, GRAPH_SPARSE, make_sparse("t", 1, INT64_MAX / 4));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.dense_weights_bytes.value == UINT64_MAX - 7);
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", UINT8, 8, 8));
    rein_result_onnx onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "the sum does not fit");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    put_message(&graph, GRAPH_SPARSE, make_sparse("u", 1, INT64_MAX / 4));
    onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "the sparse tensors alone do not fit");
}

/* Returns the weights of a Constant with this attribute, in a graph of its own. */
static const rein_onnx *constant_of(message attribute, const char *domain) {
    static onnx_case subject;
    message graph = {0};
    message node = make_node_with("Constant", "y", attribute);
    put_text(&node, NODE_DOMAIN, domain);
    put_message(&graph, GRAPH_NODE, node);
    read_graph(graph, &subject);
    return &subject.onnx;
}

static message attribute_of(uint64_t field, message content) {
    message attribute = {0};
    put_message(&attribute, field, content);
    return attribute;
}

Test(onnx, constants_of_tensors_are_weights) {
    const uint64_t fields[] = {ATTRIBUTE_T, ATTRIBUTE_TENSORS};
    for (size_t index = 0; index < 2; index++) {
        message attribute = attribute_of(fields[index], make_tensor("", FLOAT, 3, 12));
        expect_weights(constant_of(attribute, ""), FLOAT, 3, 12);
    }
    const uint64_t sparse_fields[] = {ATTRIBUTE_SPARSE, ATTRIBUTE_SPARSES};
    for (size_t index = 0; index < 2; index++) {
        message attribute = attribute_of(sparse_fields[index], make_sparse("", 2, 9));
        const rein_onnx *onnx = constant_of(attribute, "ai.onnx");
        expect_weights(onnx, INT64, 2, 16);
        cr_assert(onnx->dense_weights_bytes.value == 36);
    }
}

Test(onnx, constants_of_numbers_are_weights) {
    static const unsigned char floats[12];
    message attribute = {0};
    put_tag(&attribute, ATTRIBUTE_F, WIRE_FIXED32);
    put_bytes(&attribute, floats, 4);
    put_block(&attribute, ATTRIBUTE_FLOATS, floats, 12);
    put_tag(&attribute, ATTRIBUTE_FLOATS, WIRE_FIXED32);
    put_bytes(&attribute, floats, 4);
    expect_weights(constant_of(attribute, ""), FLOAT, 5, 20);
    message ints = {0};
    message packed = {0};
    put_varint(&packed, 1);
    put_varint(&packed, UINT64_MAX);
    put_varint(&packed, 300);
    put_integer(&ints, ATTRIBUTE_I, 5);
    put_integer(&ints, ATTRIBUTE_INTS, 5);
    put_message(&ints, ATTRIBUTE_INTS, packed);
    expect_weights(constant_of(ints, ""), INT64, 5, 40);
    cr_assert(constant_of(ints, "")->attribute_bytes == 0);
}

Test(onnx, constants_of_texts_are_weights) {
    message attribute = {0};
    put_text(&attribute, ATTRIBUTE_S, "abc");
    put_text(&attribute, ATTRIBUTE_STRINGS, "de");
    put_text(&attribute, ATTRIBUTE_STRINGS, "");
    expect_weights(constant_of(attribute, ""), STRING, 3, 5);
}

Test(onnx, parameters_of_other_operators_are_not_weights) {
    message attribute = attribute_of(ATTRIBUTE_T, make_tensor("", FLOAT, 3, 12));
    put_integer(&attribute, ATTRIBUTE_I, 5);
    put_integer(&attribute, ATTRIBUTE_INTS, 5);
    put_message(&attribute, ATTRIBUTE_SPARSES, make_sparse("", 1, 9));
    const rein_onnx *onnx = constant_of(attribute, "com.example");
    cr_assert(onnx->weights_bytes.value == 0 && onnx->parameter_count == 0);
    cr_assert(onnx->attribute_bytes == 12 + 8 + 12, "the integer that is alone does not count");
    onnx_case subject;
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node_with("Constand", "y", attribute));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.attribute_bytes == 32 && subject.onnx.weights_bytes.value == 0);
}

Test(onnx, a_constant_without_a_value_in_the_file_is_unknown) {
    message attribute = {0};
    put_text(&attribute, ATTRIBUTE_REFERENCE, "value");
    const rein_onnx *onnx = constant_of(attribute, "");
    cr_assert(!onnx->weights_bytes.is_known && !onnx->dense_weights_bytes.is_known);
    cr_assert(onnx->weights_reason == REIN_ONNX_REASON_CONSTANT);
    cr_assert(constant_of(attribute, "com.example")->weights_bytes.is_known, "not a constant");
    message empty = {0};
    put_text(&empty, ATTRIBUTE_REFERENCE, "");
    cr_assert(constant_of(empty, "")->weights_bytes.is_known, "not a reference");
}

Test(onnx, weights_in_graphs_of_attributes_count) {
    onnx_case subject;
    message inner = {0};
    put_message(&inner, GRAPH_INITIALIZER, make_tensor("w", FLOAT, 3, 12));
    put_message(&inner, GRAPH_SPARSE, make_sparse("v", 1, 1));
    put_message(&inner, GRAPH_INPUT, make_vector("i", 1));
    put_message(
        &inner, GRAPH_NODE,
        make_node_with("Constant", "c", attribute_of(ATTRIBUTE_T, make_tensor("", UINT8, 2, 2))));
    message attribute = attribute_of(ATTRIBUTE_G, inner);
    put_message(&attribute, ATTRIBUTE_GRAPHS, inner);
    message graph = {0};
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", FLOAT, 3, 12));
    put_message(&graph, GRAPH_NODE, make_node_with("If", "y", attribute));
    put_message(&graph, GRAPH_NODE, make_node("Relu", "x", "z"));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.weights_bytes.value == 12 + 2 * (12 + 12 + 2));
    cr_assert(subject.onnx.subgraph_count == 2);
    cr_assert(subject.onnx.node_count == 2 && subject.onnx.inner_node_count == 2);
    cr_assert(subject.onnx.input_count == 1, "inputs of inner graphs do not count");
}

Test(onnx, weights_in_functions_count) {
    onnx_case subject;
    message function = {0};
    message graph = {0};
    message constant = attribute_of(ATTRIBUTE_T, make_tensor("", UINT8, 2, 2));
    put_message(&function, 7, make_node_with("Constant", "c", constant));
    put_message(&function, 11, attribute_of(ATTRIBUTE_T, make_tensor("", UINT8, 3, 3)));
    message model = make_model(graph);
    put_message(&model, MODEL_FUNCTION, function);
    put_message(&model, MODEL_TRAINING, graph);
    read_model(model, &subject);
    cr_assert(subject.onnx.weights_bytes.value == 2 && subject.onnx.attribute_bytes == 3);
    cr_assert(subject.onnx.function_count == 1 && subject.onnx.inner_node_count == 1);
    cr_assert(subject.onnx.has_training_info);
}

/* Returns a graph in a graph in a graph. */
static message nested(size_t depth) {
    message graph = {0};
    for (size_t index = 0; index < depth; index++) {
        message outer = {0};
        put_message(&outer, GRAPH_NODE, make_node_with("If", "", attribute_of(ATTRIBUTE_G, graph)));
        graph = outer;
    }
    return graph;
}

Test(onnx, graphs_are_nested_up_to_a_limit) {
    onnx_case subject;
    read_graph(nested(REIN_ONNX_DEPTH_MAX), &subject);
    cr_assert(subject.onnx.subgraph_count == REIN_ONNX_DEPTH_MAX);
    rein_result_onnx onnx = try_model(make_model(nested(REIN_ONNX_DEPTH_MAX + 1)), &subject);
    cr_assert(!onnx.is_ok, "refused");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(onnx.as.error.numbers[1] == REIN_ONNX_DEPTH_MAX);
    onnx = try_model(make_model(nested(1000)), &subject);
    cr_assert(!onnx.is_ok, "refused");
}

Test(onnx, sums_that_do_not_fit_are_refused) {
    const int64_t extent = INT64_MAX;
    message graph = {0};
    message tensor = make_tensor_head("t", UINT8, &extent, 1);
    message entry = {0};
    put_text(&entry, 1, "location");
    put_text(&entry, 2, "w.bin");
    put_message(&tensor, TENSOR_EXTERNAL, entry);
    put_integer(&tensor, TENSOR_LOCATION, 1);
    message attribute = attribute_of(ATTRIBUTE_T, tensor);
    put_message(&attribute, ATTRIBUTE_TENSORS, tensor);
    put_message(&attribute, ATTRIBUTE_TENSORS, tensor);
    const char *const operators[] = {"Constant", "Other"};
    for (size_t index = 0; index < 2; index++) {
        onnx_case subject;
        graph.size = 0;
        put_message(&graph, GRAPH_NODE, make_node_with(operators[index], "y", attribute));
        rein_result_onnx onnx = try_model(make_model(graph), &subject);
        cr_assert(!onnx.is_ok, "refused");
        expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    }
}

/* Four elements take one byte. */
Test(onnx, elements_that_do_not_fit_are_refused) {
    enum { UINT2 = 25 };
    const int64_t extents[] = {INT64_MAX, 2};
    message tensor = make_tensor_head("t", UINT2, extents, 2);
    message entry = {0};
    put_text(&entry, 1, "location");
    put_text(&entry, 2, "w.bin");
    put_message(&tensor, TENSOR_EXTERNAL, entry);
    put_integer(&tensor, TENSOR_LOCATION, 1);
    onnx_case subject;
    message attribute = attribute_of(ATTRIBUTE_T, tensor);
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node_with("Constant", "y", attribute));
    read_graph(graph, &subject);
    cr_assert(subject.onnx.parameter_count == UINT64_MAX - 1);
    put_message(&attribute, ATTRIBUTE_TENSORS, tensor);
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node_with("Constant", "y", attribute));
    rein_result_onnx onnx = try_model(make_model(graph), &subject);
    cr_assert(!onnx.is_ok, "refused");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
}

static message versioned(uint64_t version) {
    message model = {0};
    message empty = {0};
    message opset = {0};
    put_text(&opset, 1, "com.example");
    put_integer(&model, MODEL_IR_VERSION, version);
    put_message(&model, MODEL_GRAPH, empty);
    put_message(&model, MODEL_OPSET, opset);
    return model;
}

Test(onnx, versions_of_the_representation) {
    onnx_case subject;
    for (uint64_t version = 3; version <= 14; version++) {
        read_model(versioned(version), &subject);
        cr_assert(subject.onnx.ir_version == version);
    }
    cr_assert(text_is(subject.onnx.opsets[0].domain, "com.example"));
    const uint64_t others[] = {0, 1, 2, 15, UINT64_MAX};
    for (size_t index = 0; index < 5; index++) {
        expect_model_refused(versioned(others[index]), REIN_ERROR_UNSUPPORTED, 0, "");
    }
}

Test(onnx, a_model_has_a_version_an_opset_and_a_graph) {
    message empty = {0};
    expect_model_refused(empty, REIN_ERROR_INVALID_ARGUMENT, 0, "");
    message model = {0};
    put_integer(&model, MODEL_IR_VERSION, 8);
    put_message(&model, MODEL_OPSET, empty);
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, model.size, "");
    model.size = 2;
    put_message(&model, MODEL_GRAPH, empty);
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, model.size, "");
    model.size = 0;
    put_message(&model, MODEL_GRAPH, empty);
    put_message(&model, MODEL_OPSET, empty);
    expect_model_refused(model, REIN_ERROR_INVALID_ARGUMENT, model.size, "");
}

Test(onnx, types_and_reasons_have_names) {
    cr_assert(is_same_text(rein_onnx_type_name(FLOAT16), "float16"));
    cr_assert(is_same_text(rein_onnx_type_name(26), "int2"));
    cr_assert(is_same_text(rein_onnx_type_name(0), "unknown"));
    cr_assert(is_same_text(rein_onnx_type_name(27), "unknown"));
    cr_assert(rein_onnx_type_bits(DOUBLE) == 64 && rein_onnx_type_bits(26) == 2);
    cr_assert(rein_onnx_type_bits(STRING) == 0 && rein_onnx_type_bits(1000) == 0);
    for (int reason = 1; reason <= 7; reason++) {
        cr_assert(!is_same_text(rein_onnx_reason_text((rein_onnx_reason)reason), "unknown"));
    }
    cr_assert(is_same_text(rein_onnx_reason_text((rein_onnx_reason)0), "unknown"));
    cr_assert(is_same_text(rein_onnx_reason_text((rein_onnx_reason)8), "unknown"));
}

Test(onnx, the_workspace_is_what_was_asked_for) {
    message graph = {0};
    put_message(&graph, GRAPH_INPUT, make_vector("x", SYMBOL_N));
    message model = make_model(graph);
    memory_file memory = file_of(model);
    rein_model_file file = memory_file_of(&memory);
    uint64_t needed = REIN_UNWRAP(rein_onnx_workspace_bytes(&file));
    static uint64_t words[1024];
    cr_assert(needed <= sizeof words);
    rein_result_onnx onnx = rein_onnx_read(&file, (rein_workspace){words, needed - 1});
    cr_assert(!onnx.is_ok, "refused");
    expect_code(&onnx.as.error, REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&onnx.as.error, needed - 1, needed, 0);
    cr_assert(!rein_onnx_read(&file, (rein_workspace){NULL, needed}).is_ok, "no memory");
    cr_assert(rein_onnx_read(&file, (rein_workspace){words, needed}).is_ok, "enough");
}
