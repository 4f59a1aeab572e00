#include "host/models/safetensors_dtype.h"

#include <string.h>

typedef struct dtype_row {
    const char *name;
    uint32_t bits;
} dtype_row;

static const dtype_row rows[REIN_SAFETENSORS_DTYPE_LAST + 1] = {
    [0] = {"unknown", 0},
    [REIN_SAFETENSORS_BOOL] = {"BOOL", 8},
    [REIN_SAFETENSORS_F4] = {"F4", 4},
    [REIN_SAFETENSORS_F6_E2M3] = {"F6_E2M3", 6},
    [REIN_SAFETENSORS_F6_E3M2] = {"F6_E3M2", 6},
    [REIN_SAFETENSORS_U8] = {"U8", 8},
    [REIN_SAFETENSORS_I8] = {"I8", 8},
    [REIN_SAFETENSORS_F8_E5M2] = {"F8_E5M2", 8},
    [REIN_SAFETENSORS_F8_E4M3] = {"F8_E4M3", 8},
    [REIN_SAFETENSORS_F8_E8M0] = {"F8_E8M0", 8},
    [REIN_SAFETENSORS_F8_E4M3FNUZ] = {"F8_E4M3FNUZ", 8},
    [REIN_SAFETENSORS_F8_E5M2FNUZ] = {"F8_E5M2FNUZ", 8},
    [REIN_SAFETENSORS_I16] = {"I16", 16},
    [REIN_SAFETENSORS_U16] = {"U16", 16},
    [REIN_SAFETENSORS_F16] = {"F16", 16},
    [REIN_SAFETENSORS_BF16] = {"BF16", 16},
    [REIN_SAFETENSORS_I32] = {"I32", 32},
    [REIN_SAFETENSORS_U32] = {"U32", 32},
    [REIN_SAFETENSORS_F32] = {"F32", 32},
    [REIN_SAFETENSORS_C64] = {"C64", 64},
    [REIN_SAFETENSORS_F64] = {"F64", 64},
    [REIN_SAFETENSORS_I64] = {"I64", 64},
    [REIN_SAFETENSORS_U64] = {"U64", 64},
};

static const dtype_row *row_of(rein_safetensors_dtype dtype) {
    int value = (int)dtype;
    return &rows[value >= 1 && value <= REIN_SAFETENSORS_DTYPE_LAST ? value : 0];
}

const char *rein_safetensors_dtype_name(rein_safetensors_dtype dtype) {
    return row_of(dtype)->name;
}

uint32_t rein_safetensors_dtype_bits(rein_safetensors_dtype dtype) {
    return row_of(dtype)->bits;
}

bool rein_i_safetensors_dtype_parse(const char *name, uint64_t size_bytes,
                                    rein_safetensors_dtype *out_dtype) {
    for (int value = 1; value <= REIN_SAFETENSORS_DTYPE_LAST; value++) {
        if (strlen(rows[value].name) == size_bytes && strcmp(rows[value].name, name) == 0) {
            *out_dtype = (rein_safetensors_dtype)value;
            return true;
        }
    }
    return false;
}
