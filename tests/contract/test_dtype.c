#include <criterion/criterion.h>

#include <limits.h>

#include "contract/tensor.h"
#include "expect.h"

static const struct {
    rein_dtype dtype;
    int value;
    const char *name;
    uint32_t bits;
} dtypes[] = {
    {REIN_DTYPE_FLOAT32, 1, "Float32", 32},
    {REIN_DTYPE_FLOAT16, 2, "Float16", 16},
    {REIN_DTYPE_INT8, 3, "Int8", 8},
    {REIN_DTYPE_INT32, 4, "Int32", 32},
    {REIN_DTYPE_BOOL, 5, "Bool", 8},
    {REIN_DTYPE_BFLOAT16, 6, "BFloat16", 16},
    {REIN_DTYPE_FLOAT64, 7, "Float64", 64},
    {REIN_DTYPE_INT16, 8, "Int16", 16},
    {REIN_DTYPE_INT64, 9, "Int64", 64},
    {REIN_DTYPE_UINT8, 10, "UInt8", 8},
    {REIN_DTYPE_UINT16, 11, "UInt16", 16},
    {REIN_DTYPE_UINT32, 12, "UInt32", 32},
    {REIN_DTYPE_UINT64, 13, "UInt64", 64},
    {REIN_DTYPE_FLOAT8_E4M3, 14, "Float8E4M3", 8},
    {REIN_DTYPE_FLOAT8_E5M2, 15, "Float8E5M2", 8},
    {REIN_DTYPE_INT4, 16, "Int4", 4},
    {REIN_DTYPE_UINT4, 17, "UInt4", 4},
    {REIN_DTYPE_COMPLEX64, 18, "Complex64", 64},
    {REIN_DTYPE_COMPLEX128, 19, "Complex128", 128},
};

enum { DTYPE_COUNT = sizeof dtypes / sizeof dtypes[0] };

static const int no_dtypes[] = {0, -1, REIN_DTYPE_LAST + 1, 63, 64, 65, INT_MAX, INT_MIN};

enum { NO_DTYPE_COUNT = sizeof no_dtypes / sizeof no_dtypes[0] };

Test(dtype, has_stable_values_names_and_sizes) {
    cr_assert((int)DTYPE_COUNT == (int)REIN_DTYPE_LAST, "every element type is in the table");
    for (size_t index = 0; index < DTYPE_COUNT; index++) {
        const char *name = dtypes[index].name;
        cr_assert((int)dtypes[index].dtype == dtypes[index].value, "%s is stable", name);
        cr_assert(rein_dtype_is_valid(dtypes[index].dtype), "%s is valid", name);
        cr_assert(is_same_text(rein_dtype_name(dtypes[index].dtype), name), "%s", name);
        cr_assert(rein_dtype_bits(dtypes[index].dtype) == dtypes[index].bits, "bits of %s", name);
    }
}

Test(dtype, is_not_valid_outside_the_range) {
    for (size_t index = 0; index < NO_DTYPE_COUNT; index++) {
        rein_dtype none = (rein_dtype)no_dtypes[index];
        cr_assert(!rein_dtype_is_valid(none), "%d", no_dtypes[index]);
        cr_assert(is_same_text(rein_dtype_name(none), "Unknown"), "%d", no_dtypes[index]);
        cr_assert(rein_dtype_bits(none) == 0, "%d", no_dtypes[index]);
    }
}

Test(dtype_set, has_what_was_added_and_nothing_else) {
    rein_dtype_set set = {0};
    for (size_t added = 0; added < DTYPE_COUNT; added++) {
        rein_dtype_set before = set;
        set = rein_dtype_set_with(set, dtypes[added].dtype);
        cr_assert(set.bits == (before.bits | UINT64_C(1) << dtypes[added].value),
                  "bit d stands for value d: %s", dtypes[added].name);
        for (size_t index = 0; index < DTYPE_COUNT; index++) {
            cr_assert(rein_dtype_set_has(set, dtypes[index].dtype) == (index <= added),
                      "%s after %s", dtypes[index].name, dtypes[added].name);
        }
        cr_assert(rein_dtype_set_with(set, dtypes[added].dtype).bits == set.bits, "added twice");
    }
}

Test(dtype_set, ignores_values_that_are_not_element_types) {
    rein_dtype_set set = rein_dtype_set_with((rein_dtype_set){0}, REIN_DTYPE_INT8);
    rein_dtype_set full = {UINT64_MAX};
    for (size_t index = 0; index < NO_DTYPE_COUNT; index++) {
        rein_dtype none = (rein_dtype)no_dtypes[index];
        cr_assert(rein_dtype_set_with(set, none).bits == set.bits, "%d", no_dtypes[index]);
        cr_assert(!rein_dtype_set_has(full, none), "%d", no_dtypes[index]);
    }
}

Test(layout, has_stable_values_and_names) {
    static const char *const names[] = {"RowMajor", "ColumnMajor", "NCHW", "NHWC"};
    static const rein_layout layouts[] = {REIN_LAYOUT_ROW_MAJOR, REIN_LAYOUT_COLUMN_MAJOR,
                                          REIN_LAYOUT_NCHW, REIN_LAYOUT_NHWC};
    cr_assert(REIN_LAYOUT_LAST == 4, "every layout is in the table");
    for (int index = 0; index < 4; index++) {
        cr_assert((int)layouts[index] == index + 1, "%s is stable", names[index]);
        cr_assert(is_same_text(rein_layout_name(layouts[index]), names[index]), "%s", names[index]);
    }
    static const int strangers[] = {0, 5, -1, INT_MAX, INT_MIN};
    for (size_t index = 0; index < sizeof strangers / sizeof strangers[0]; index++) {
        cr_assert(is_same_text(rein_layout_name((rein_layout)strangers[index]), "Unknown"),
                  "%d is no layout", strangers[index]);
    }
}

static const struct {
    rein_memory_kind kind;
    int value;
    const char *name;
} kinds[] = {
    {REIN_MEMORY_HOST, 1, "Host"},
    {REIN_MEMORY_PINNED, 2, "Pinned"},
    {REIN_MEMORY_DEVICE, 3, "Device"},
    {REIN_MEMORY_MANAGED, 4, "Managed"},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static const int no_kinds[] = {0, -1, REIN_MEMORY_KIND_LAST + 1, 31, 32, 33, INT_MAX, INT_MIN};

enum { NO_KIND_COUNT = sizeof no_kinds / sizeof no_kinds[0] };

Test(memory_kind, has_stable_values_and_names) {
    cr_assert((int)KIND_COUNT == (int)REIN_MEMORY_KIND_LAST, "every kind is in the table");
    for (size_t index = 0; index < KIND_COUNT; index++) {
        const char *name = kinds[index].name;
        cr_assert((int)kinds[index].kind == kinds[index].value, "%s is stable", name);
        cr_assert(is_same_text(rein_memory_kind_name(kinds[index].kind), name), "%s", name);
    }
    for (size_t index = 0; index < NO_KIND_COUNT; index++) {
        cr_assert(is_same_text(rein_memory_kind_name((rein_memory_kind)no_kinds[index]), "Unknown"),
                  "%d is not a kind", no_kinds[index]);
    }
}

Test(memory_kind_set, has_what_was_added_and_nothing_else) {
    rein_memory_kind_set set = {0};
    for (size_t added = 0; added < KIND_COUNT; added++) {
        rein_memory_kind_set before = set;
        set = rein_memory_kind_set_with(set, kinds[added].kind);
        cr_assert(set.bits == (before.bits | UINT32_C(1) << kinds[added].value),
                  "bit k stands for value k: %s", kinds[added].name);
        for (size_t index = 0; index < KIND_COUNT; index++) {
            cr_assert(rein_memory_kind_set_has(set, kinds[index].kind) == (index <= added),
                      "%s after %s", kinds[index].name, kinds[added].name);
        }
        cr_assert(rein_memory_kind_set_with(set, kinds[added].kind).bits == set.bits, "twice");
    }
}

Test(memory_kind_set, ignores_other_values) {
    rein_memory_kind_set set =
        rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_DEVICE);
    rein_memory_kind_set full = {UINT32_MAX};
    for (size_t index = 0; index < NO_KIND_COUNT; index++) {
        rein_memory_kind none = (rein_memory_kind)no_kinds[index];
        cr_assert(rein_memory_kind_set_with(set, none).bits == set.bits, "%d", no_kinds[index]);
        cr_assert(!rein_memory_kind_set_has(full, none), "%d", no_kinds[index]);
    }
}
