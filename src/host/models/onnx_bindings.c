#include "host/models/onnx_bindings.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/models/file_check.h"
#include "host/models/malformed.h"

/* More than any memory holds, and few enough that no size overflows. */
enum { COUNT_BITS_MAX = 40 };

static rein_result_void check_bindings(const rein_onnx_lifetimes_request *request) {
    if (request->bindings == NULL && request->binding_count > 0) {
        return rein_i_invalid(REIN_HERE, "bindings" MUST_HOLD_ELEMENTS, request->binding_count, 0,
                              0);
    }
    for (size_t index = 0; index < request->binding_count; index++) {
        if (request->bindings[index].symbol == NULL) {
            return rein_i_invalid(REIN_HERE, "the symbol of binding {u}" MUST_NOT_BE_NULL, index, 0,
                                  0);
        }
    }
    return rein_done();
}

static rein_result_void check_shapes(const rein_onnx_lifetimes_request *request) {
    uint64_t count = request->binding_count;
    if (request->input_shapes == NULL && request->input_shape_count > 0) {
        return rein_i_invalid(REIN_HERE, "input_shapes" MUST_HOLD_ELEMENTS,
                              request->input_shape_count, 0, 0);
    }
    for (size_t index = 0; index < request->input_shape_count; index++) {
        const rein_onnx_input_shape *shape = &request->input_shapes[index];
        if (shape->name == NULL || (shape->extents == NULL && shape->rank > 0)) {
            return rein_i_invalid(REIN_HERE,
                                  "the name and the extents of input shape {u}" MUST_NOT_BE_NULL,
                                  index, 0, 0);
        }
        count = add_saturating(count, shape->rank);
    }
    if (count >> COUNT_BITS_MAX != 0) {
        return rein_i_invalid(REIN_HERE, "{u} extents do not fit in the address space", count, 0,
                              0);
    }
    return rein_done();
}

rein_result_void rein_i_onnx_request_check(const rein_onnx_lifetimes_request *request) {
    if (request == NULL) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    if (request->struct_size != sizeof *request) {
        return rein_i_invalid(REIN_HERE, "the request" MUST_HAVE_STRUCT_SIZE, request->struct_size,
                              sizeof *request, 0);
    }
    if (request->onnx == NULL) {
        return rein_i_invalid(REIN_HERE, "the model of the request" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_model_file_check(request->onnx->file, REIN_HERE));
    if (request->granularity_bytes == 0) {
        return rein_i_invalid(REIN_HERE, "granularity_bytes is 0" MUST_BE_POSITIVE, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, check_bindings(request));
    return check_shapes(request);
}

static rein_onnx_text text_of(const char *text) {
    return (rein_onnx_text){text, strlen(text)};
}

/* Returns the length of the longest symbol that may get an extent. */
static size_t longest_of(const rein_onnx_lifetimes_request *request) {
    size_t longest = 0;
    for (size_t index = 0; index < request->binding_count; index++) {
        size_t length = strlen(request->bindings[index].symbol);
        longest = length > longest ? length : longest;
    }
    const rein_onnx *onnx = request->onnx;
    for (size_t input = 0; input < onnx->input_count; input++) {
        for (size_t index = 0; index < onnx->inputs[input].rank; index++) {
            size_t length = onnx->inputs[input].dimensions[index].symbol.length;
            longest = length > longest ? length : longest;
        }
    }
    return longest;
}

void rein_i_onnx_bindings_place(const rein_onnx_lifetimes_request *request, arena *space,
                                onnx_bindings *out_bindings) {
    size_t input_count = request->onnx->input_count;
    size_t capacity = request->binding_count;
    for (size_t index = 0; index < request->input_shape_count; index++) {
        capacity += request->input_shapes[index].rank;
    }
    size_t scratch_count = capacity > input_count ? capacity : input_count;
    memset(out_bindings, 0, sizeof *out_bindings);
    out_bindings->longest = longest_of(request);
    out_bindings->symbols = arena_take(space, capacity, sizeof(rein_onnx_text));
    out_bindings->extents = arena_take(space, capacity, sizeof(uint64_t));
    out_bindings->order = arena_take(space, capacity, sizeof(keyed_index));
    out_bindings->buffer = arena_take(space, out_bindings->longest, 1);
    out_bindings->shapes = arena_take(space, input_count, sizeof(void *));
    out_bindings->input_names = arena_take(space, input_count, sizeof(rein_onnx_text));
    out_bindings->input_order = arena_take(space, input_count, sizeof(keyed_index));
    out_bindings->scratch = arena_take(space, scratch_count, sizeof(keyed_index));
}

static void bind(onnx_bindings *bindings, rein_onnx_text symbol, uint64_t extent) {
    bindings->symbols[bindings->count] = symbol;
    bindings->extents[bindings->count++] = extent;
}

/* Checks the shape of an input, and binds its symbols. */
static rein_result_void take_shape(onnx_bindings *bindings, const rein_onnx_value *input,
                                   const rein_onnx_input_shape *shape) {
    if (input->has_shape && input->rank != shape->rank) {
        return rein_i_malformed(REIN_HERE,
                                "input '{text}' has rank {u} in the model; the stated shape has "
                                "{u}",
                                input->rank, shape->rank, 0, shape->name);
    }
    for (size_t index = 0; index < input->rank; index++) {
        const rein_onnx_dimension *dimension = &input->dimensions[index];
        if (dimension->extent.is_known && dimension->extent.value != shape->extents[index]) {
            return rein_i_malformed(REIN_HERE,
                                    "dimension {u} of input '{text}' is {u} in the model; the "
                                    "stated shape has {u}",
                                    index, dimension->extent.value, shape->extents[index],
                                    shape->name);
        }
        if (dimension->symbol.length > 0) {
            bind(bindings, dimension->symbol, shape->extents[index]);
        }
    }
    return rein_done();
}

static rein_result_void match_shape(const rein_onnx *onnx, onnx_bindings *bindings,
                                    const rein_onnx_input_shape *shape) {
    size_t place = rein_i_onnx_names_find(bindings->input_names, bindings->input_order,
                                          onnx->input_count, text_of(shape->name));
    if (place == onnx->input_count) {
        return rein_i_malformed(REIN_HERE, "'{text}' is not an input of the model", 0, 0, 0,
                                shape->name);
    }
    size_t input = bindings->input_order[place].index;
    if (bindings->shapes[input] != NULL) {
        return rein_i_malformed(REIN_HERE, "the shape of input '{text}' is stated twice", 0, 0, 0,
                                shape->name);
    }
    bindings->shapes[input] = shape;
    return take_shape(bindings, &onnx->inputs[input], shape);
}

static rein_result_void match_shapes(const rein_onnx_lifetimes_request *request,
                                     onnx_bindings *bindings) {
    const rein_onnx *onnx = request->onnx;
    for (size_t index = 0; index < onnx->input_count; index++) {
        bindings->shapes[index] = NULL;
        bindings->input_names[index] = onnx->inputs[index].name;
    }
    rein_i_onnx_names_order(bindings->input_names, onnx->input_count, bindings->input_order,
                            bindings->scratch);
    for (size_t index = 0; index < request->input_shape_count; index++) {
        REIN_TRY(rein_result_void, match_shape(onnx, bindings, &request->input_shapes[index]));
    }
    return rein_done();
}

/* Refuses a symbol with two extents. */
static rein_result_void check_symbols(const onnx_bindings *bindings) {
    for (size_t place = 1; place < bindings->count; place++) {
        size_t before = bindings->order[place - 1].index;
        size_t index = bindings->order[place].index;
        if (bindings->extents[before] != bindings->extents[index] &&
            rein_i_onnx_text_compare(bindings->symbols[before], bindings->symbols[index]) == 0) {
            return rein_i_malformed(REIN_HERE,
                                    "the symbol '{text}' has the extents {u} and {u}; state one",
                                    bindings->extents[before], bindings->extents[index], 0,
                                    bindings->symbols[index].bytes);
        }
    }
    return rein_done();
}

rein_result_void rein_i_onnx_bindings_fill(const rein_onnx_lifetimes_request *request,
                                           onnx_bindings *bindings) {
    for (size_t index = 0; index < request->binding_count; index++) {
        bind(bindings, text_of(request->bindings[index].symbol), request->bindings[index].extent);
    }
    REIN_TRY(rein_result_void, match_shapes(request, bindings));
    rein_i_onnx_names_order(bindings->symbols, bindings->count, bindings->order, bindings->scratch);
    return check_symbols(bindings);
}

rein_fact_u64 rein_i_onnx_bindings_find(const onnx_bindings *bindings, rein_onnx_text symbol) {
    size_t place =
        rein_i_onnx_names_find(bindings->symbols, bindings->order, bindings->count, symbol);
    return place == bindings->count
               ? rein_fact_u64_unknown()
               : rein_fact_u64_known(bindings->extents[bindings->order[place].index]);
}

rein_result_void rein_i_onnx_bindings_resolve(const onnx_bindings *bindings, byte_reader *reader,
                                              const onnx_dimension *dimension,
                                              rein_fact_u64 *out_extent) {
    *out_extent = dimension->extent;
    if (dimension->symbol.length == 0 || dimension->symbol.length > bindings->longest) {
        return rein_done();
    }
    REIN_TRY(rein_result_void, rein_i_onnx_text_read(reader, dimension->symbol, bindings->buffer));
    *out_extent = rein_i_onnx_bindings_find(
        bindings, (rein_onnx_text){bindings->buffer, (size_t)dimension->symbol.length});
    return rein_done();
}
