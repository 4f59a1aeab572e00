#include "host/models/onnx_type.h"

typedef struct type_row {
    const char *name;
    uint8_t bits;
    uint8_t data_field;
} type_row;

/* onnx.proto3, TensorProto.DataType. */
static const type_row types[REIN_ONNX_TYPE_COUNT] = {
    {"unknown", 0, 0},
    {"float", 32, ONNX_FLOAT_DATA},
    {"uint8", 8, ONNX_INT32_DATA},
    {"int8", 8, ONNX_INT32_DATA},
    {"uint16", 16, ONNX_INT32_DATA},
    {"int16", 16, ONNX_INT32_DATA},
    {"int32", 32, ONNX_INT32_DATA},
    {"int64", 64, ONNX_INT64_DATA},
    {"string", 0, ONNX_STRING_DATA},
    {"bool", 8, ONNX_INT32_DATA},
    {"float16", 16, ONNX_INT32_DATA},
    {"double", 64, ONNX_DOUBLE_DATA},
    {"uint32", 32, ONNX_UINT64_DATA},
    {"uint64", 64, ONNX_UINT64_DATA},
    {"complex64", 64, ONNX_FLOAT_DATA},
    {"complex128", 128, ONNX_DOUBLE_DATA},
    {"bfloat16", 16, ONNX_INT32_DATA},
    {"float8e4m3fn", 8, ONNX_INT32_DATA},
    {"float8e4m3fnuz", 8, ONNX_INT32_DATA},
    {"float8e5m2", 8, ONNX_INT32_DATA},
    {"float8e5m2fnuz", 8, ONNX_INT32_DATA},
    {"uint4", 4, ONNX_INT32_DATA},
    {"int4", 4, ONNX_INT32_DATA},
    {"float4e2m1", 4, ONNX_INT32_DATA},
    {"float8e8m0", 8, ONNX_INT32_DATA},
    {"uint2", 2, ONNX_INT32_DATA},
    {"int2", 2, ONNX_INT32_DATA},
};

static const type_row *row_of(uint32_t type) {
    return &types[type < REIN_ONNX_TYPE_COUNT ? type : 0];
}

const char *rein_onnx_type_name(uint32_t type) {
    return row_of(type)->name;
}

uint32_t rein_onnx_type_bits(uint32_t type) {
    return row_of(type)->bits;
}

uint32_t rein_i_onnx_data_field(uint32_t type) {
    return row_of(type)->data_field;
}

/* Elements of less than a byte are packed in bytes. */
static uint64_t bytes_of_packed(uint64_t element_count, uint32_t bits) {
    uint64_t per_byte = 8 / bits;
    return element_count / per_byte + (element_count % per_byte != 0);
}

uint64_t rein_i_onnx_data_entries(uint32_t type, uint64_t element_count) {
    uint32_t bits = rein_onnx_type_bits(type);
    if (type == ONNX_COMPLEX64 || type == ONNX_COMPLEX128) {
        return 2 * element_count;
    }
    return type == ONNX_STRING || bits >= 8 ? element_count : bytes_of_packed(element_count, bits);
}

bool rein_i_onnx_size_bytes(uint32_t type, uint64_t element_count, uint64_t *out_bytes) {
    uint32_t bits = rein_onnx_type_bits(type);
    if (bits >= 8) {
        return checked_multiply(element_count, bits / 8, out_bytes);
    }
    *out_bytes = bits == 0 ? 0 : bytes_of_packed(element_count, bits);
    return true;
}
