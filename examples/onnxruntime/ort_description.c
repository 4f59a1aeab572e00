#include "ort_description.h"

#include <string.h>

#include "onnx_shape.h"
#include "ort_element_type.h"

ort_result_count ort_count(const ort_engine *engine, const ort_session *session, ort_side side) {
    const ort_api *api = engine->api;
    size_t count = 0;
    ort_status *status = side == ORT_INPUT ? api->get_input_count(session, &count)
                                           : api->get_output_count(session, &count);
    REIN_TRY(ort_result_count, ort_check(api, status, REIN_HERE));
    return ort_result_count_ok(count);
}

/* Copies a text that fits; the rest of the array is zero. */
static void copy_text(const char *text, char *out_text, size_t capacity) {
    size_t length = text == NULL ? 0 : strlen(text);
    memset(out_text, 0, capacity);
    if (length < capacity) {
        memcpy(out_text, text == NULL ? "" : text, length);
    }
}

static rein_result_void read_name(const ort_engine *engine, const ort_session *session,
                                  ort_side side, size_t index, ort_description *out_description) {
    const ort_api *api = engine->api;
    ort_allocator *allocator = NULL;
    REIN_TRY(rein_result_void, ort_check(api, api->get_default_allocator(&allocator), REIN_HERE));
    char *name = NULL;
    ort_status *status = side == ORT_INPUT ? api->get_input_name(session, index, allocator, &name)
                                           : api->get_output_name(session, index, allocator, &name);
    REIN_TRY(rein_result_void, ort_check(api, status, REIN_HERE));
    copy_text(name, out_description->name, sizeof out_description->name);
    return ort_check(api, api->allocator_free(allocator, name), REIN_HERE);
}

static rein_error not_expressible(const char *message, uint64_t number) {
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, message);
    return rein_error_with_numbers(error, number, 0, 0);
}

static rein_result_void read_dtype(const ort_api *api, const ort_tensor_info *info,
                                   ort_description *out_description) {
    int element_type = 0;
    REIN_TRY(rein_result_void,
             ort_check(api, api->get_element_type(info, &element_type), REIN_HERE));
    out_description->dtype = ort_dtype_of(element_type);
    if (!rein_dtype_is_valid(out_description->dtype)) {
        return rein_result_void_fail(not_expressible("Rein has no element type for ONNX's type {u}",
                                                     (uint64_t)element_type));
    }
    return rein_done();
}

static rein_result_void read_dimensions(const ort_api *api, const ort_tensor_info *info,
                                        ort_description *out_description) {
    size_t rank = 0;
    REIN_TRY(rein_result_void, ort_check(api, api->get_rank(info, &rank), REIN_HERE));
    if (rank > REIN_SHAPE_MAX_RANK) {
        return rein_result_void_fail(
            not_expressible("the tensor has {u} dimensions; at most 8 are accepted", rank));
    }
    const char *symbols[REIN_SHAPE_MAX_RANK] = {NULL};
    out_description->rank = (int32_t)rank;
    REIN_TRY(
        rein_result_void,
        ort_check(api, api->get_dimensions(info, out_description->dimensions, rank), REIN_HERE));
    REIN_TRY(rein_result_void, ort_check(api, api->get_symbols(info, symbols, rank), REIN_HERE));
    for (size_t index = 0; index < rank; index++) {
        copy_text(symbols[index], out_description->symbols[index], REIN_SYMBOL_CAPACITY);
    }
    return rein_done();
}

static rein_result_void read_type(const ort_api *api, const ort_type_info *type,
                                  ort_description *out_description) {
    const ort_tensor_info *info = NULL; /* belongs to the type */
    REIN_TRY(rein_result_void, ort_check(api, api->cast_to_tensor_info(type, &info), REIN_HERE));
    if (info == NULL) {
        return rein_result_void_fail(not_expressible("the type is not a tensor", 0));
    }
    REIN_TRY(rein_result_void, read_dtype(api, info, out_description));
    return read_dimensions(api, info, out_description);
}

/* Tells a scalar from a tensor of unknown rank. */
static rein_result_void check_rank(const char *path, ort_side side,
                                   const ort_description *description) {
    if (description->rank > 0 || onnx_states_shape(path, side, description->name)) {
        return rein_done();
    }
    return rein_result_void_fail(not_expressible(
        "the number of dimensions is unknown; state the shape in the model file", 0));
}

ort_result_description ort_describe(const ort_engine *engine, const ort_session *session,
                                    const char *path, ort_side side, size_t index) {
    const ort_api *api = engine->api;
    ort_description description = {.rank = 0};
    REIN_TRY(ort_result_description, read_name(engine, session, side, index, &description));
    ort_type_info *type = NULL;
    ort_status *status = side == ORT_INPUT ? api->get_input_type_info(session, index, &type)
                                           : api->get_output_type_info(session, index, &type);
    REIN_TRY(ort_result_description, ort_check(api, status, REIN_HERE));
    rein_result_void done = read_type(api, type, &description);
    api->release_type_info(type);
    done = done.is_ok ? check_rank(path, side, &description) : done;
    if (!done.is_ok) {
        return ort_result_description_fail(
            rein_error_with_context(REIN_ERROR(done), description.name));
    }
    return ort_result_description_ok(description);
}
