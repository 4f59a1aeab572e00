/* Lifetimes of activations. */
#include <stdio.h>

#include "onnx_case.h"
#include "same_hash.h"

/* An answer, with the model that it is about. */
typedef struct lifetimes_case {
    onnx_case model;
    rein_onnx_lifetimes_request request;
} lifetimes_case;

static lifetimes_case *case_of(message graph) {
    static lifetimes_case cases[8];
    static size_t count;
    lifetimes_case *subject = &cases[count++ % 8];
    read_graph(graph, &subject->model);
    subject->request = rein_onnx_lifetimes_request_make(&subject->model.onnx, 1);
    return subject;
}

/* Asks with exactly the workspace that is needed. */
static rein_result_onnx_lifetimes ask(const lifetimes_case *subject) {
    uint64_t bytes = REIN_TRY(rein_result_onnx_lifetimes,
                              rein_onnx_lifetimes_workspace_bytes(&subject->request));
    rein_workspace workspace = {calloc(1, bytes + 1), bytes};
    message_memory[message_memory_count++] = workspace.memory;
    return rein_onnx_lifetimes_compute(&subject->request, workspace);
}

static rein_onnx_lifetimes known(const lifetimes_case *subject) {
    rein_onnx_lifetimes lifetimes = REIN_UNWRAP(ask(subject));
    cr_assert(lifetimes.reason == REIN_ONNX_REASON_NONE, "known, but '%s' is not: %s",
              lifetimes.unknown.bytes, rein_onnx_reason_text(lifetimes.reason));
    cr_assert(lifetimes.unknown_count == 0);
    cr_assert(rein_lifetimes_validate(lifetimes.lifetimes, lifetimes.count).is_ok, "valid");
    return lifetimes;
}

static void expect_row(const rein_onnx_lifetimes *lifetimes, size_t index, const char *name,
                       int64_t from, int64_t until, uint64_t bytes) {
    cr_assert(index < lifetimes->count, "row %zu of %zu", index, lifetimes->count);
    const rein_tensor_lifetime *row = &lifetimes->lifetimes[index];
    cr_assert(text_is(lifetimes->names[index], name), "row %zu is '%s', expected '%s'", index,
              lifetimes->names[index].bytes, name);
    cr_assert(row->from == from && row->until == until, "'%s' lives in [%d, %d)", name,
              (int)row->from, (int)row->until);
    cr_assert(row->size_bytes == bytes, "'%s' has %d bytes", name, (int)row->size_bytes);
    cr_assert(row->alignment_bytes == 1 && row->tensor.value == index);
}

static void expect_unknown(const lifetimes_case *subject, rein_onnx_reason reason, uint64_t count,
                           const char *name) {
    rein_onnx_lifetimes lifetimes = REIN_UNWRAP(ask(subject));
    cr_assert(lifetimes.reason == reason, "the reason is: %s",
              rein_onnx_reason_text(lifetimes.reason));
    cr_assert(lifetimes.unknown_count == count && lifetimes.count == 0);
    cr_assert(text_is(lifetimes.unknown, name), "'%s' is the first", lifetimes.unknown.bytes);
}

static void expect_refused(const lifetimes_case *subject, const char *name) {
    rein_result_onnx_lifetimes lifetimes = ask(subject);
    cr_assert(!lifetimes.is_ok, "refused");
    expect_code(&lifetimes.as.error, REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(lifetimes.as.error.foreign_text, name), "about '%s', expected '%s'",
              lifetimes.as.error.foreign_text, name);
}

/* The nodes compute a = relu(x), b = a + w, y = b + x. */
static message chain(void) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Relu", "x", "a"));
    put_message(&graph, GRAPH_NODE, make_node("Add", "a,w", "b"));
    put_message(&graph, GRAPH_NODE, make_node("Add", "b,x,,", "y"));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", FLOAT, 3, 12));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 3));
    put_message(&graph, GRAPH_INPUT, make_vector("w", 3));
    put_message(&graph, GRAPH_OUTPUT, make_vector("y", 3));
    put_message(&graph, GRAPH_VALUE, make_vector("a", 30));
    put_message(&graph, GRAPH_VALUE, make_vector("b", 300));
    put_message(&graph, GRAPH_VALUE, make_vector("not there", SYMBOL_N));
    return graph;
}

Test(onnx_lifetimes, a_tensor_lives_until_its_last_reader_has_run) {
    rein_onnx_lifetimes lifetimes = known(case_of(chain()));
    cr_assert(lifetimes.count == 4, "w is a weight");
    expect_row(&lifetimes, 0, "x", 0, 3, 12);
    expect_row(&lifetimes, 1, "a", 0, 2, 120);
    expect_row(&lifetimes, 2, "b", 1, 3, 1200);
    expect_row(&lifetimes, 3, "y", 2, 3, 12);
}

Test(onnx_lifetimes, sizes_are_rounded_up) {
    lifetimes_case *subject = case_of(chain());
    subject->request.granularity_bytes = 100;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 0, "x", 0, 3, 100);
    expect_row(&lifetimes, 1, "a", 0, 2, 200);
    expect_row(&lifetimes, 2, "b", 1, 3, 1200);
}

Test(onnx_lifetimes, outputs_live_to_the_end) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Split", "x", "y,unread"));
    put_message(&graph, GRAPH_NODE, make_node("Relu", "y", "z"));
    put_message(&graph, GRAPH_NODE, make_node("Relu", "z", "end"));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    put_message(&graph, GRAPH_INPUT, make_vector("unused", 1));
    put_message(&graph, GRAPH_INPUT, make_vector("through", 1));
    put_message(&graph, GRAPH_OUTPUT, make_vector("y", 1));
    put_message(&graph, GRAPH_OUTPUT, make_vector("end", 1));
    put_message(&graph, GRAPH_OUTPUT, make_vector("through", 1));
    put_message(&graph, GRAPH_VALUE, make_vector("unread", 1));
    put_message(&graph, GRAPH_VALUE, make_vector("z", 1));
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    expect_row(&lifetimes, 0, "x", 0, 1, 4);
    expect_row(&lifetimes, 1, "unused", 0, 1, 4);
    expect_row(&lifetimes, 2, "through", 0, 3, 4);
    expect_row(&lifetimes, 3, "y", 0, 3, 4);
    expect_row(&lifetimes, 4, "unread", 0, 1, 4);
    expect_row(&lifetimes, 5, "z", 1, 3, 4);
    expect_row(&lifetimes, 6, "end", 2, 3, 4);
}

Test(onnx_lifetimes, a_graph_without_nodes) {
    message graph = {0};
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    cr_assert(lifetimes.count == 0);
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    put_message(&graph, GRAPH_OUTPUT, make_vector("x", 1));
    lifetimes = known(case_of(graph));
    expect_row(&lifetimes, 0, "x", 0, 1, 4);
}

/* Weights need no shape, and may be outputs. */
Test(onnx_lifetimes, constants_are_not_activations) {
    message graph = {0};
    message attribute = {0};
    put_message(&attribute, ATTRIBUTE_T, make_tensor("", FLOAT, 3, 12));
    message other = make_node_with("Constant", "made", attribute);
    put_text(&other, NODE_DOMAIN, "com.example");
    put_message(&graph, GRAPH_SPARSE, make_sparse("s", 1, 9));
    message constant = make_node("Constant", "s", "c");
    put_message(&constant, NODE_ATTRIBUTE, attribute);
    put_message(&graph, GRAPH_NODE, constant);
    put_message(&graph, GRAPH_NODE, other);
    put_message(&graph, GRAPH_NODE, make_node("Add", "c,s", "y"));
    put_message(&graph, GRAPH_OUTPUT, make_vector("y", 9));
    put_message(&graph, GRAPH_OUTPUT, make_vector("c", 3));
    put_message(&graph, GRAPH_VALUE, make_vector("made", 1));
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    cr_assert(lifetimes.count == 2);
    expect_row(&lifetimes, 0, "made", 1, 2, 4);
    expect_row(&lifetimes, 1, "y", 2, 3, 36);
}

Test(onnx_lifetimes, elements_of_less_than_a_byte_are_packed) {
    message graph = {0};
    const int64_t five = 5;
    put_message(&graph, GRAPH_INPUT, make_value("x", 22, &five, 1));
    put_message(&graph, GRAPH_INPUT, make_value("scalar", DOUBLE, NULL, 0));
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    expect_row(&lifetimes, 0, "x", 0, 1, 3);
    expect_row(&lifetimes, 1, "scalar", 0, 1, 8);
}

static message symbolic(void) {
    message graph = {0};
    const int64_t extents[] = {SYMBOL_N, SYMBOL_M, 2};
    put_message(&graph, GRAPH_NODE, make_node("Relu", "x", "a"));
    put_message(&graph, GRAPH_NODE, make_node("Relu", "a", "y"));
    put_message(&graph, GRAPH_INPUT, make_value("x", FLOAT, extents, 3));
    put_message(&graph, GRAPH_VALUE, make_value("a", FLOAT, extents, 2));
    put_message(&graph, GRAPH_OUTPUT, make_value("y", FLOAT, extents, 1));
    return graph;
}

Test(onnx_lifetimes, symbols_are_bound) {
    lifetimes_case *subject = case_of(symbolic());
    const rein_onnx_binding bindings[] = {{"m", 5}, {"a longer name", 1}, {"n", 3}, {"m", 5}};
    subject->request.bindings = bindings;
    subject->request.binding_count = 4;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 0, "x", 0, 1, 4 * 3 * 5 * 2);
    expect_row(&lifetimes, 1, "a", 0, 2, 4 * 3 * 5);
    expect_row(&lifetimes, 2, "y", 1, 2, 4 * 3);
    subject->request.binding_count = 1;
    expect_unknown(subject, REIN_ONNX_REASON_SYMBOL, 3, "x");
    subject->request.binding_count = 0;
    expect_unknown(subject, REIN_ONNX_REASON_SYMBOL, 3, "x");
}

Test(onnx_lifetimes, an_extent_of_zero_is_known) {
    lifetimes_case *subject = case_of(symbolic());
    const rein_onnx_binding bindings[] = {{"m", UINT64_MAX}, {"n", 0}};
    subject->request.bindings = bindings;
    subject->request.binding_count = 2;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 0, "x", 0, 1, 0);
}

Test(onnx_lifetimes, shapes_of_inputs_bind_their_symbols) {
    lifetimes_case *subject = case_of(symbolic());
    const uint64_t extents[] = {3, 5, 2};
    rein_onnx_input_shape shapes[] = {{"x", extents, 3}, {"x", extents, 3}};
    subject->request.input_shapes = shapes;
    subject->request.input_shape_count = 1;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 1, "a", 0, 2, 4 * 3 * 5);
    subject->request.input_shape_count = 2;
    expect_refused(subject, "x");
    subject->request.input_shape_count = 1;
    shapes[0].rank = 2;
    expect_refused(subject, "x");
    shapes[0] = (rein_onnx_input_shape){"a", extents, 2};
    expect_refused(subject, "a");
}

Test(onnx_lifetimes, stated_extents_must_not_contradict) {
    lifetimes_case *subject = case_of(symbolic());
    const uint64_t extents[] = {3, 5, 7};
    const rein_onnx_input_shape shape = {"x", extents, 3};
    subject->request.input_shapes = &shape;
    subject->request.input_shape_count = 1;
    expect_refused(subject, "x");
    const rein_onnx_binding bindings[] = {{"n", 4}, {"n", 5}};
    subject->request.input_shape_count = 0;
    subject->request.bindings = bindings;
    subject->request.binding_count = 2;
    expect_refused(subject, "n");
    const uint64_t others[] = {3, 5, 2};
    const rein_onnx_input_shape other = {"x", others, 3};
    subject->request.binding_count = 1;
    subject->request.input_shapes = &other;
    subject->request.input_shape_count = 1;
    expect_refused(subject, "n");
}

static message make_untyped(const char *name, uint64_t type_field) {
    message value = {0};
    message type = {0};
    message empty = {0};
    put_text(&value, 1, name);
    if (type_field != 0) {
        put_message(&type, type_field, empty);
        put_message(&value, 2, type);
    }
    return value;
}

/* A tensor without a shape, but with a type. */
static message make_shapeless(const char *name, uint64_t element_type) {
    message value = {0};
    message type = {0};
    message tensor = {0};
    put_integer(&tensor, 1, element_type);
    put_message(&type, 1, tensor);
    put_text(&value, 1, name);
    put_message(&value, 2, type);
    return value;
}

Test(onnx_lifetimes, shapes_of_inputs_replace_those_that_are_missing) {
    message graph = {0};
    put_message(&graph, GRAPH_INPUT, make_shapeless("any", FLOAT));
    const int64_t two_unstated[] = {NO_EXTENT, NO_EXTENT};
    put_message(&graph, GRAPH_INPUT, make_value("unstated", FLOAT, two_unstated, 2));
    put_message(&graph, GRAPH_INPUT, make_value("scalar", FLOAT, NULL, 0));
    lifetimes_case *subject = case_of(graph);
    const uint64_t extents[] = {3, 5};
    const rein_onnx_input_shape shapes[] = {
        {"any", extents, 2}, {"unstated", extents, 2}, {"scalar", NULL, 0}};
    expect_unknown(subject, REIN_ONNX_REASON_SHAPE, 2, "any");
    subject->request.input_shapes = shapes;
    subject->request.input_shape_count = 3;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 0, "any", 0, 1, 60);
    expect_row(&lifetimes, 1, "unstated", 0, 1, 60);
    expect_row(&lifetimes, 2, "scalar", 0, 1, 4);
}

Test(onnx_lifetimes, tensors_without_a_shape_are_counted) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Op", "x", "a,b,c,d"));
    put_message(&graph, GRAPH_INPUT, make_vector("x", SYMBOL_N));
    put_message(&graph, GRAPH_VALUE, make_vector("a", 1));
    put_message(&graph, GRAPH_VALUE, make_untyped("c", 0));
    put_message(&graph, GRAPH_VALUE, make_shapeless("d", 0));
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "e"));
    put_message(&graph, GRAPH_VALUE, make_vector("e", SYMBOL_N));
    expect_unknown(case_of(graph), REIN_ONNX_REASON_SHAPE, 3, "b");
    put_message(&graph, GRAPH_INPUT, make_untyped("y", 9));
    expect_unknown(case_of(graph), REIN_ONNX_REASON_NOT_A_TENSOR, 1, "y");
}

Test(onnx_lifetimes, values_that_are_not_plain_tensors_are_unknown) {
    const uint64_t fields[] = {4, 8};
    for (size_t index = 0; index < 2; index++) {
        message graph = {0};
        put_message(&graph, GRAPH_INPUT, make_untyped("x", fields[index]));
        expect_unknown(case_of(graph), REIN_ONNX_REASON_NOT_A_TENSOR, 1, "x");
    }
    message graph = {0};
    const int64_t one = 1;
    put_message(&graph, GRAPH_INPUT, make_value("x", STRING, &one, 1));
    expect_unknown(case_of(graph), REIN_ONNX_REASON_NOT_A_TENSOR, 1, "x");
}

Test(onnx_lifetimes, one_of_two_statements_is_enough) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "y"));
    put_message(&graph, GRAPH_OUTPUT, make_vector("y", SYMBOL_N));
    put_message(&graph, GRAPH_VALUE, make_vector("y", 4));
    put_message(&graph, GRAPH_VALUE, make_vector("y", 4));
    put_message(&graph, GRAPH_VALUE, make_vector("y", NO_EXTENT));
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    expect_row(&lifetimes, 0, "y", 0, 1, 16);
    put_message(&graph, GRAPH_VALUE, make_vector("y", 5));
    expect_refused(case_of(graph), "y");
}

Test(onnx_lifetimes, nodes_come_after_those_that_they_read_from) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Op", "later", "y"));
    put_message(&graph, GRAPH_NODE, make_node("Op", "y", "later"));
    lifetimes_case *subject = case_of(graph);
    rein_result_onnx_lifetimes lifetimes = ask(subject);
    cr_assert(!lifetimes.is_ok, "refused");
    expect_numbers(&lifetimes.as.error, 0, 1, 0);
    expect_refused(subject, "later");
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "itself", "itself"));
    expect_refused(case_of(graph), "itself");
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "constant", "y"));
    put_message(&graph, GRAPH_NODE, make_node("Constant", "", "constant"));
    expect_refused(case_of(graph), "constant");
}

Test(onnx_lifetimes, tensors_are_written_once) {
    message graph = {0};
    put_message(&graph, GRAPH_NODE, make_node("Op", "nothing", "y"));
    expect_refused(case_of(graph), "nothing");
    graph.size = 0;
    put_message(&graph, GRAPH_OUTPUT, make_vector("nothing", 1));
    expect_refused(case_of(graph), "nothing");
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "y,y"));
    expect_refused(case_of(graph), "y");
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "w"));
    put_message(&graph, GRAPH_INITIALIZER, make_tensor("w", UINT8, 1, 1));
    expect_refused(case_of(graph), "w");
    graph.size = 0;
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    expect_refused(case_of(graph), "x");
}

Test(onnx_lifetimes, sizes_above_the_limit_are_refused) {
    const int64_t extents[] = {INT64_MAX / 4 + 1, 1};
    message graph = {0};
    put_message(&graph, GRAPH_INPUT, make_value("x", FLOAT, extents, 2));
    lifetimes_case *subject = case_of(graph);
    rein_onnx_lifetimes lifetimes = known(subject);
    cr_assert(lifetimes.lifetimes[0].size_bytes == REIN_PLACEMENT_BYTES_MAX, "2^63 is allowed");
    subject->request.granularity_bytes = REIN_PLACEMENT_BYTES_MAX - 1;
    expect_refused(subject, "x");
    subject->request.granularity_bytes = UINT64_MAX;
    expect_refused(subject, "x");
    const int64_t next = INT64_MAX / 4 + 2;
    graph.size = 0;
    put_message(&graph, GRAPH_INPUT, make_value("x", FLOAT, &next, 1));
    subject = case_of(graph);
    subject->request.granularity_bytes = REIN_PLACEMENT_BYTES_MAX;
    expect_refused(subject, "x");
    const int64_t more[] = {INT64_MAX / 4 + 1, INT64_MAX};
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "y"));
    put_message(&graph, GRAPH_VALUE, make_value("y", FLOAT, more, 2));
    expect_refused(case_of(graph), "y");
    graph.size = 0;
    put_message(&graph, GRAPH_NODE, make_node("Op", "", "y"));
    put_message(&graph, GRAPH_VALUE, make_value("y", DOUBLE, more + 1, 1));
    expect_refused(case_of(graph), "y");
}

Test(onnx_lifetimes, graphs_in_nodes_and_functions_make_them_unknown) {
    message empty = {0};
    message graph = {0};
    message attribute = {0};
    put_message(&attribute, ATTRIBUTE_G, empty);
    put_message(&attribute, ATTRIBUTE_GRAPHS, empty);
    put_message(&graph, GRAPH_NODE, make_node_with("If", "y", attribute));
    expect_unknown(case_of(graph), REIN_ONNX_REASON_SUBGRAPH, 2, "");
    static lifetimes_case subject;
    message model = make_model(empty);
    put_message(&model, MODEL_FUNCTION, empty);
    read_model(model, &subject.model);
    subject.request = rein_onnx_lifetimes_request_make(&subject.model.onnx, 1);
    expect_unknown(&subject, REIN_ONNX_REASON_FUNCTION, 1, "");
}

static void refuse_request(const rein_onnx_lifetimes_request *request) {
    static uint64_t words[1024];
    rein_result_bytes bytes = rein_onnx_lifetimes_workspace_bytes(request);
    cr_assert(!bytes.is_ok, "refused");
    expect_code(&bytes.as.error, REIN_ERROR_INVALID_ARGUMENT);
    rein_result_onnx_lifetimes lifetimes =
        rein_onnx_lifetimes_compute(request, (rein_workspace){words, sizeof words});
    cr_assert(!lifetimes.is_ok, "refused");
    expect_code(&lifetimes.as.error, REIN_ERROR_INVALID_ARGUMENT);
}

Test(onnx_lifetimes, requests_are_checked) {
    const rein_onnx_lifetimes_request sound = case_of(chain())->request;
    const rein_onnx_binding no_symbol = {NULL, 1};
    const uint64_t extent = 1;
    rein_onnx_input_shape shapes[] = {{"x", &extent, UINT64_MAX}, {"x", &extent, 2}};
    rein_onnx_lifetimes_request request = sound;
    request.granularity_bytes = 0;
    refuse_request(&request);
    request = sound;
    request.struct_size--;
    refuse_request(&request);
    request = sound;
    request.binding_count = 1;
    refuse_request(&request);
    request.bindings = &no_symbol;
    refuse_request(&request);
    request = sound;
    request.input_shape_count = 2;
    refuse_request(&request);
    request.input_shapes = shapes;
    refuse_request(&request);
    shapes[0].extents = NULL;
    refuse_request(&request);
    shapes[0] = (rein_onnx_input_shape){NULL, &extent, 1};
    refuse_request(&request);
}

Test(onnx_lifetimes, the_workspace_is_what_was_asked_for) {
    static uint64_t words[1024];
    lifetimes_case *subject = case_of(chain());
    uint64_t needed = REIN_UNWRAP(rein_onnx_lifetimes_workspace_bytes(&subject->request));
    cr_assert(needed <= sizeof words);
    rein_workspace workspace = {words, needed - 1};
    rein_result_onnx_lifetimes refused = rein_onnx_lifetimes_compute(&subject->request, workspace);
    cr_assert(!refused.is_ok, "refused");
    expect_numbers(&refused.as.error, needed - 1, needed, 0);
    workspace.memory = NULL;
    cr_assert(!rein_onnx_lifetimes_compute(&subject->request, workspace).is_ok, "no memory");
    workspace = (rein_workspace){words, needed};
    cr_assert(rein_onnx_lifetimes_compute(&subject->request, workspace).is_ok, "enough");
}

Test(onnx_lifetimes, names_with_the_same_hash_are_told_apart) {
    enum { BLOCKS = 7, NAMES = 1 << BLOCKS };
    static char names[NAMES][BLOCKS * SAME_HASH_BLOCK_BYTES + 1];
    message graph = {0};
    for (unsigned index = 0; index < NAMES; index++) {
        put_same_hash_name(names[index], index * 37 % NAMES, BLOCKS);
        put_message(&graph, GRAPH_INPUT, make_vector(names[index], index + 1));
        put_message(&graph, GRAPH_INITIALIZER, make_tensor(names[index], UINT8, 1, 1));
        put_message(&graph, GRAPH_NODE, make_node("Op", names[index], ""));
    }
    lifetimes_case *subject = case_of(graph);
    cr_assert(subject->model.onnx.input_count == 0, "all have an initializer");
    cr_assert(known(subject).count == 0);
    graph.size = 0;
    for (unsigned index = 0; index < NAMES; index++) {
        put_message(&graph, GRAPH_INPUT, make_vector(names[index], index + 1));
        put_message(&graph, GRAPH_NODE, make_node("Op", names[NAMES - 1 - index], ""));
    }
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    for (unsigned index = 0; index < NAMES; index++) {
        expect_row(&lifetimes, index, names[index], 0, NAMES - (int64_t)index, 4 * (index + 1));
    }
}

Test(onnx_lifetimes, symbols_with_the_same_hash_are_told_apart) {
    static char names[2][SAME_HASH_BLOCK_BYTES + 1];
    message graph = {0};
    for (unsigned index = 0; index < 2; index++) {
        message value = {0};
        message type = {0};
        message tensor = {0};
        message shape = {0};
        message dimension = {0};
        put_same_hash_name(names[index], index, 1);
        put_text(&dimension, 2, names[index]);
        put_message(&shape, 1, dimension);
        put_integer(&tensor, 1, FLOAT);
        put_message(&tensor, 2, shape);
        put_message(&type, 1, tensor);
        put_text(&value, 1, index == 0 ? "x" : "y");
        put_message(&value, 2, type);
        put_message(&graph, index == 0 ? GRAPH_INPUT : GRAPH_VALUE, value);
    }
    put_message(&graph, GRAPH_NODE, make_node("Op", "x", "y"));
    lifetimes_case *subject = case_of(graph);
    rein_onnx_binding bindings[] = {{names[0], 3}, {names[1], 5}};
    subject->request.bindings = bindings;
    subject->request.binding_count = 1;
    expect_unknown(subject, REIN_ONNX_REASON_SYMBOL, 1, "y");
    bindings[0].symbol = names[1];
    expect_unknown(subject, REIN_ONNX_REASON_SYMBOL, 1, "x");
    bindings[0].symbol = names[0];
    subject->request.binding_count = 2;
    rein_onnx_lifetimes lifetimes = known(subject);
    expect_row(&lifetimes, 0, "x", 0, 1, 12);
    expect_row(&lifetimes, 1, "y", 0, 1, 20);
}

/* More names than an insertion sort would take, each read by the next node. */
Test(onnx_lifetimes, of_many_nodes) {
    enum { NODES = 3000 };
    message graph = {0};
    char input[16] = "x";
    char output[16];
    for (unsigned index = 0; index < NODES; index++) {
        snprintf(output, sizeof output, "t%u", index);
        put_message(&graph, GRAPH_NODE, make_node("Op", input, output));
        put_message(&graph, GRAPH_VALUE, make_vector(output, index));
        memcpy(input, output, sizeof input);
    }
    put_message(&graph, GRAPH_INPUT, make_vector("x", 1));
    rein_onnx_lifetimes lifetimes = known(case_of(graph));
    cr_assert(lifetimes.count == NODES + 1);
    for (unsigned index = 0; index < NODES; index++) {
        snprintf(output, sizeof output, "t%u", index);
        expect_row(&lifetimes, index + 1, output, index, index + 1 == NODES ? NODES : index + 2,
                   4 * (uint64_t)index);
    }
}
