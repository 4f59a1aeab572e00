#include "host/contract/dtype.h"

typedef struct dtype_facts {
    const char *name;
    uint32_t bits;
} dtype_facts;

static const dtype_facts dtypes[] = {
    [REIN_DTYPE_FLOAT32] = {"Float32", 32},
    [REIN_DTYPE_FLOAT16] = {"Float16", 16},
    [REIN_DTYPE_INT8] = {"Int8", 8},
    [REIN_DTYPE_INT32] = {"Int32", 32},
    [REIN_DTYPE_BOOL] = {"Bool", 8},
    [REIN_DTYPE_BFLOAT16] = {"BFloat16", 16},
    [REIN_DTYPE_FLOAT64] = {"Float64", 64},
    [REIN_DTYPE_INT16] = {"Int16", 16},
    [REIN_DTYPE_INT64] = {"Int64", 64},
    [REIN_DTYPE_UINT8] = {"UInt8", 8},
    [REIN_DTYPE_UINT16] = {"UInt16", 16},
    [REIN_DTYPE_UINT32] = {"UInt32", 32},
    [REIN_DTYPE_UINT64] = {"UInt64", 64},
    [REIN_DTYPE_FLOAT8_E4M3] = {"Float8E4M3", 8},
    [REIN_DTYPE_FLOAT8_E5M2] = {"Float8E5M2", 8},
    [REIN_DTYPE_INT4] = {"Int4", 4},
    [REIN_DTYPE_UINT4] = {"UInt4", 4},
    [REIN_DTYPE_COMPLEX64] = {"Complex64", 64},
    [REIN_DTYPE_COMPLEX128] = {"Complex128", 128},
};

_Static_assert(sizeof dtypes / sizeof dtypes[0] == REIN_DTYPE_LAST + 1,
               "every element type has its facts");
_Static_assert(REIN_DTYPE_LAST < 64, "a set of element types is one word");

bool rein_dtype_is_valid(rein_dtype dtype) {
    int value = (int)dtype;
    return value >= 1 && value <= (int)REIN_DTYPE_LAST;
}

const char *rein_dtype_name(rein_dtype dtype) {
    return rein_dtype_is_valid(dtype) ? dtypes[dtype].name : "Unknown";
}

uint32_t rein_dtype_bits(rein_dtype dtype) {
    return rein_dtype_is_valid(dtype) ? dtypes[dtype].bits : 0;
}

rein_dtype_set rein_dtype_set_with(rein_dtype_set set, rein_dtype dtype) {
    if (rein_dtype_is_valid(dtype)) {
        set.bits |= UINT64_C(1) << dtype;
    }
    return set;
}

bool rein_dtype_set_has(rein_dtype_set set, rein_dtype dtype) {
    return rein_dtype_is_valid(dtype) && (set.bits >> dtype & 1) != 0;
}

static const char *const layout_names[] = {
    [REIN_LAYOUT_ROW_MAJOR] = "RowMajor",
    [REIN_LAYOUT_COLUMN_MAJOR] = "ColumnMajor",
    [REIN_LAYOUT_NCHW] = "NCHW",
    [REIN_LAYOUT_NHWC] = "NHWC",
};

_Static_assert(sizeof layout_names / sizeof layout_names[0] == REIN_LAYOUT_LAST + 1,
               "every layout has a name");

bool rein_i_layout_is_valid(rein_layout layout) {
    int value = (int)layout;
    return value >= 1 && value <= (int)REIN_LAYOUT_LAST;
}

const char *rein_layout_name(rein_layout layout) {
    return rein_i_layout_is_valid(layout) ? layout_names[layout] : "Unknown";
}

static const char *const memory_kind_names[] = {
    [REIN_MEMORY_HOST] = "Host",
    [REIN_MEMORY_PINNED] = "Pinned",
    [REIN_MEMORY_DEVICE] = "Device",
    [REIN_MEMORY_MANAGED] = "Managed",
};

_Static_assert(sizeof memory_kind_names / sizeof memory_kind_names[0] == REIN_MEMORY_KIND_LAST + 1,
               "every kind of memory has a name");
_Static_assert(REIN_MEMORY_KIND_LAST < 32, "a set of kinds is one word");

bool rein_i_memory_kind_is_valid(rein_memory_kind kind) {
    int value = (int)kind;
    return value >= 1 && value <= (int)REIN_MEMORY_KIND_LAST;
}

const char *rein_memory_kind_name(rein_memory_kind kind) {
    return rein_i_memory_kind_is_valid(kind) ? memory_kind_names[kind] : "Unknown";
}

rein_memory_kind_set rein_memory_kind_set_with(rein_memory_kind_set set, rein_memory_kind kind) {
    if (rein_i_memory_kind_is_valid(kind)) {
        set.bits |= UINT32_C(1) << kind;
    }
    return set;
}

bool rein_memory_kind_set_has(rein_memory_kind_set set, rein_memory_kind kind) {
    return rein_i_memory_kind_is_valid(kind) && (set.bits >> kind & 1) != 0;
}
