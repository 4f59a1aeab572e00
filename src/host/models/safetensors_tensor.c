#include "host/models/safetensors_tensor.h"

#include "host/base/checked.h"
#include "host/models/malformed.h"
#include "host/models/safetensors_dtype.h"

static rein_result_void fail(const char *message, const rein_safetensors_tensor *tensor,
                             uint64_t offset, uint64_t second, uint64_t third) {
    return rein_i_malformed(REIN_HERE, message, offset, second, third, tensor->name);
}

/* Reads the next element of an array of whole numbers. Sets `*out_is_end` after the last. */
static rein_result_void next_number(json_reader *reader, const rein_safetensors_tensor *tensor,
                                    json_token *out_token, bool *out_is_end) {
    REIN_TRY(rein_result_void, rein_i_json_next(reader, out_token));
    *out_is_end = out_token->kind == JSON_ARRAY_END;
    if (!*out_is_end && !json_is_unsigned(out_token)) {
        return fail("at byte {u}: the shape and the data_offsets of '{text}' must be whole numbers",
                    tensor, out_token->offset, 0, 0);
    }
    return rein_done();
}

static rein_result_void read_dtype(json_reader *reader, rein_safetensors_tensor *tensor) {
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(reader, JSON_STRING,
                                 "at byte {u}: the dtype of '{text}' must be a string",
                                 tensor->name, &token));
    if (!rein_i_safetensors_dtype_parse(reader->text, token.text.size_bytes, &tensor->dtype)) {
        return rein_i_file_error(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                 "at byte {u}: the dtype of '{text}' is not known", token.offset, 0,
                                 0, tensor->name);
    }
    return rein_done();
}

static rein_result_void read_shape(json_reader *reader, rein_safetensors_tensor *tensor) {
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(reader, JSON_ARRAY_BEGIN,
                                 "at byte {u}: the shape of '{text}' must be an array",
                                 tensor->name, &token));
    for (size_t i = 0; i < REIN_SAFETENSORS_RANK_KEPT; i++) {
        tensor->extents[i] = 1;
    }
    tensor->element_count = 1;
    bool is_end = false;
    REIN_TRY(rein_result_void, next_number(reader, tensor, &token, &is_end));
    while (!is_end) {
        uint64_t extent = token.magnitude;
        if (!checked_multiply(tensor->element_count, extent, &tensor->element_count)) {
            return fail("at byte {u}: the number of elements of '{text}' does not fit in 64 bits",
                        tensor, token.offset, 0, 0);
        }
        if (tensor->rank < REIN_SAFETENSORS_RANK_KEPT) {
            tensor->extents[tensor->rank] = extent;
        }
        tensor->rank++;
        REIN_TRY(rein_result_void, next_number(reader, tensor, &token, &is_end));
    }
    return rein_done();
}

/* Reads the begin and the end of the data. */
static rein_result_void read_offsets(json_reader *reader, uint64_t data_bytes,
                                     rein_safetensors_tensor *tensor) {
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(reader, JSON_ARRAY_BEGIN,
                                 "at byte {u}: the data_offsets of '{text}' must be an array",
                                 tensor->name, &token));
    uint64_t offset = token.offset;
    uint64_t offsets[2] = {0, 0};
    size_t count = 0;
    bool is_end = false;
    REIN_TRY(rein_result_void, next_number(reader, tensor, &token, &is_end));
    while (!is_end && count < 2) {
        offsets[count++] = token.magnitude;
        REIN_TRY(rein_result_void, next_number(reader, tensor, &token, &is_end));
    }
    if (!is_end || count < 2) {
        return fail("at byte {u}: the data_offsets of '{text}' must be two numbers", tensor, offset,
                    0, 0);
    }
    if (offsets[0] > offsets[1] || offsets[1] > data_bytes) {
        return fail("at byte {u}: the data of '{text}' must begin before they end, and end in the "
                    "file; they begin at {u} and end at {u}",
                    tensor, offset, offsets[0], offsets[1]);
    }
    tensor->offset_bytes = offsets[0];
    tensor->size_bytes = offsets[1] - offsets[0];
    return rein_done();
}

enum { HAS_DTYPE = 1, HAS_SHAPE = 2, HAS_OFFSETS = 4, HAS_ALL = 7 };

/* Reads the value of a key. Adds its bit to `*seen`, unless the key is unknown. */
static rein_result_void read_member(json_reader *reader, const json_token *key, uint64_t data_bytes,
                                    rein_safetensors_tensor *tensor, unsigned *seen) {
    unsigned bit = rein_i_json_text_is(reader, key, "dtype")          ? HAS_DTYPE
                   : rein_i_json_text_is(reader, key, "shape")        ? HAS_SHAPE
                   : rein_i_json_text_is(reader, key, "data_offsets") ? HAS_OFFSETS
                                                                      : 0;
    if ((*seen & bit) != 0) {
        return fail("at byte {u}: a key of '{text}' occurs twice", tensor, key->offset, 0, 0);
    }
    *seen |= bit;
    switch (bit) {
    case HAS_DTYPE:
        return read_dtype(reader, tensor);
    case HAS_SHAPE:
        return read_shape(reader, tensor);
    case HAS_OFFSETS:
        return read_offsets(reader, data_bytes, tensor);
    default: {
        json_token value;
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &value));
        return rein_i_json_skip(reader, value);
    }
    }
}

static rein_result_void check_size(const rein_safetensors_tensor *tensor, uint64_t offset) {
    uint64_t bits = 0;
    bool fits =
        checked_multiply(tensor->element_count, rein_safetensors_dtype_bits(tensor->dtype), &bits);
    if (!fits || bits % 8 != 0 || bits / 8 != tensor->size_bytes) {
        return fail(
            "at byte {u}: '{text}' has {u} elements, which its {u} bytes of data do not match",
            tensor, offset, tensor->element_count, tensor->size_bytes);
    }
    return rein_done();
}

rein_result_void rein_i_safetensors_tensor_read(json_reader *reader, uint64_t data_bytes,
                                                rein_safetensors_tensor *tensor) {
    json_token token;
    REIN_TRY(rein_result_void,
             rein_i_json_next_of(reader, JSON_OBJECT_BEGIN,
                                 "at byte {u}: '{text}' must be an object", tensor->name, &token));
    uint64_t offset = token.offset;
    unsigned seen = 0;
    REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    while (token.kind == JSON_KEY) {
        REIN_TRY(rein_result_void, read_member(reader, &token, data_bytes, tensor, &seen));
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    }
    if (seen != HAS_ALL) {
        return fail("at byte {u}: '{text}' must have dtype, shape and data_offsets", tensor, offset,
                    0, 0);
    }
    return check_size(tensor, offset);
}
