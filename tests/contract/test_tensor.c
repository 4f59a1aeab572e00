#include <criterion/criterion.h>

#include <limits.h>
#include <string.h>

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

Test(dtype, is_none_outside_the_range) {
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

Test(dtype_set, neither_takes_nor_has_what_is_no_element_type) {
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

static rein_shape shape_of(const int64_t *dimensions, int32_t rank) {
    return REIN_UNWRAP(rein_shape_make(dimensions, rank));
}

Test(shape, keeps_its_dimensions_with_zeros_behind_them) {
    static const int64_t dimensions[8] = {1, 0, 3, INT64_MAX, 5, 6, 7, 8};
    for (int32_t rank = 0; rank <= 8; rank++) {
        rein_shape shape = shape_of(dimensions, rank);
        cr_assert(shape.rank == rank, "rank %d", rank);
        for (int32_t index = 0; index < 8; index++) {
            cr_assert(shape.dimensions[index] == (index < rank ? dimensions[index] : 0),
                      "dimension %d of %d", index, rank);
        }
    }
    rein_shape scalar = shape_of(NULL, 0);
    cr_assert(scalar.rank == 0, "a scalar needs no dimensions");
}

static void expect_no_shape(const int64_t *dimensions, int32_t rank, const char *message) {
    rein_result_shape made = rein_shape_make(dimensions, rank);
    cr_assert(rein_result_shape_is_error(made), "expected: %s", message);
    expect_invalid_argument(&REIN_ERROR(made), message);
}

Test(shape, refuses_wrong_ranks_and_dimensions) {
    static const int64_t dimensions[9] = {1, 2, -3, 4, 5, 6, 7, 8, 9};
    expect_no_shape(dimensions, 9, "the rank is 9, expected 0 to 8");
    expect_no_shape(dimensions, -1, "the rank is -1, expected 0 to 8");
    expect_no_shape(dimensions, INT32_MAX, "the rank is 2147483647, expected 0 to 8");
    expect_no_shape(NULL, INT32_MIN, "the rank is -2147483648, expected 0 to 8");
    expect_no_shape(NULL, 1, "the dimensions are NULL, expected 1 of them");
    expect_no_shape(dimensions, 3, "dimension 2 is -3, expected 0 or above");
    static const int64_t lowest[] = {INT64_MIN, -1};
    expect_no_shape(lowest, 2, "dimension 0 is -9223372036854775808, expected 0 or above");
    cr_assert(rein_result_shape_is_ok(rein_shape_make(dimensions, 2)), "what is not used is free");
}

Test(shape, equality_is_that_of_rank_and_dimensions) {
    static const int64_t left[] = {2, 3, 0};
    static const int64_t right[] = {2, 4, 0};
    rein_shape shape = shape_of(left, 2);
    rein_shape same = shape_of(left, 2);
    rein_shape other = shape_of(right, 2);
    rein_shape longer = shape_of(left, 3);
    cr_assert(rein_shape_equal(&shape, &same), "equal");
    cr_assert(!rein_shape_equal(&shape, &other), "another dimension");
    cr_assert(!rein_shape_equal(&shape, &longer), "another rank, the same numbers");
    static const int64_t last[] = {1, 1, 1, 1, 1, 1, 1, 2};
    static const int64_t ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
    shape = shape_of(last, 8);
    other = shape_of(ones, 8);
    cr_assert(!rein_shape_equal(&shape, &other), "the last of 8 dimensions counts");
}

/* Sizes of shapes: dimensions, rank, element type, bytes. */
static const struct {
    int64_t dimensions[8];
    int32_t rank;
    rein_dtype dtype;
    uint64_t bytes;
} sizes[] = {
    {{0}, 0, REIN_DTYPE_FLOAT32, 4},
    {{0}, 0, REIN_DTYPE_COMPLEX128, 16},
    {{0}, 0, REIN_DTYPE_INT4, 1},
    {{1}, 1, REIN_DTYPE_BOOL, 1},
    {{0}, 1, REIN_DTYPE_FLOAT32, 0},
    {{0}, 1, REIN_DTYPE_UINT4, 0},
    {{1, 3, 224, 224}, 4, REIN_DTYPE_FLOAT32, 602112},
    {{8, 3, 224, 224}, 4, REIN_DTYPE_FLOAT16, 2408448},
    {{2, 2, 2, 2, 2, 2, 2, 3}, 8, REIN_DTYPE_INT64, 3072},
    {{1}, 1, REIN_DTYPE_INT4, 1},
    {{2}, 1, REIN_DTYPE_INT4, 1},
    {{3}, 1, REIN_DTYPE_UINT4, 2},
    {{3, 3}, 2, REIN_DTYPE_INT4, 5}, /* packed over the whole tensor, not by row */
    {{INT64_MAX}, 1, REIN_DTYPE_INT8, INT64_MAX},
    {{INT64_MAX}, 1, REIN_DTYPE_FLOAT16, UINT64_MAX - 1},
    {{INT64_MAX, 2}, 2, REIN_DTYPE_UINT8, UINT64_MAX - 1},
    {{INT64_MAX, 2}, 2, REIN_DTYPE_INT4, INT64_MAX},
    {{UINT32_MAX, INT64_C(4294967297)}, 2, REIN_DTYPE_INT8, UINT64_MAX},
    {{UINT32_MAX, INT64_C(4294967297)}, 2, REIN_DTYPE_INT4, UINT64_C(1) << 63},
    {{INT64_C(1) << 59}, 1, REIN_DTYPE_COMPLEX64, UINT64_C(1) << 62},
    {{INT64_C(1) << 59, 15}, 2, REIN_DTYPE_FLOAT16, (UINT64_C(1) << 60) * 15},
    {{INT64_MAX, INT64_MAX, 0}, 3, REIN_DTYPE_COMPLEX128, 0},
    {{0, INT64_MAX, INT64_MAX}, 3, REIN_DTYPE_COMPLEX128, 0},
    {{INT64_MAX, 0, INT64_MAX}, 3, REIN_DTYPE_FLOAT32, 0},
};

Test(tensor_descriptor, size_is_the_product_times_the_elements_size) {
    for (size_t index = 0; index < sizeof sizes / sizeof sizes[0]; index++) {
        rein_shape shape = shape_of(sizes[index].dimensions, sizes[index].rank);
        rein_result_tensor_descriptor made =
            rein_tensor_descriptor_make("x", &shape, sizes[index].dtype);
        cr_assert(rein_result_tensor_descriptor_is_ok(made), "row %zu", index);
        rein_result_bytes size = rein_tensor_descriptor_size_bytes(&REIN_VALUE(made));
        cr_assert(rein_result_bytes_is_ok(size), "row %zu", index);
        cr_assert(REIN_VALUE(size) == sizes[index].bytes, "row %zu: %llu bytes", index,
                  (unsigned long long)REIN_VALUE(size));
    }
}

Test(tensor_descriptor, size_of_each_element_type_is_its_bits) {
    static const int64_t eight[] = {8};
    rein_shape shape = shape_of(eight, 1);
    for (size_t index = 0; index < DTYPE_COUNT; index++) {
        rein_tensor_descriptor descriptor =
            REIN_UNWRAP(rein_tensor_descriptor_make("x", &shape, dtypes[index].dtype));
        rein_result_bytes size = rein_tensor_descriptor_size_bytes(&descriptor);
        cr_assert(REIN_VALUE(size) == dtypes[index].bits, "8 of %s", dtypes[index].name);
    }
}

Test(tensor_descriptor, refuses_a_size_beyond_64_bits) {
    static const struct {
        int64_t dimensions[8];
        int32_t rank;
        rein_dtype dtype;
        const char *message;
    } rows[] = {
        {{INT64_C(1) << 62},
         1,
         REIN_DTYPE_FLOAT32,
         "the size of 1 dimensions of 32-bit elements does not fit in 64 bits"},
        {{INT64_C(1) << 60},
         1,
         REIN_DTYPE_COMPLEX128,
         "the size of 1 dimensions of 128-bit elements does not fit in 64 bits"},
        {{INT64_MAX, 3},
         2,
         REIN_DTYPE_INT8,
         "the size of 2 dimensions of 8-bit elements does not fit in 64 bits"},
        {{INT64_C(1) << 32, INT64_C(1) << 32},
         2,
         REIN_DTYPE_INT8,
         "the size of 2 dimensions of 8-bit elements does not fit in 64 bits"},
        {{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
         8,
         REIN_DTYPE_INT8,
         "the size of 8 dimensions of 8-bit elements does not fit in 64 bits"},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_shape shape = shape_of(rows[index].dimensions, rows[index].rank);
        rein_result_tensor_descriptor made =
            rein_tensor_descriptor_make("x", &shape, rows[index].dtype);
        cr_assert(rein_result_tensor_descriptor_is_error(made), "row %zu", index);
        expect_invalid_argument(&REIN_ERROR(made), rows[index].message);
    }
}

static const int64_t image[] = {1, 3, 2, 2};

static rein_tensor_descriptor image_descriptor(void) {
    rein_shape shape = shape_of(image, 4);
    return REIN_UNWRAP(rein_tensor_descriptor_make("image", &shape, REIN_DTYPE_FLOAT32));
}

Test(tensor_descriptor, make_keeps_name_shape_and_element_type) {
    rein_tensor_descriptor descriptor = image_descriptor();
    rein_shape shape = shape_of(image, 4);
    cr_assert(is_same_text(descriptor.name, "image"), "the name");
    for (size_t index = 5; index < sizeof descriptor.name; index++) {
        cr_assert(descriptor.name[index] == '\0', "zero behind the name, at %zu", index);
    }
    cr_assert(rein_shape_equal(&descriptor.shape, &shape), "the shape");
    cr_assert(descriptor.dtype == REIN_DTYPE_FLOAT32, "the element type");
}

static void expect_no_descriptor(const char *name, const rein_shape *shape, rein_dtype dtype,
                                 const char *message) {
    rein_result_tensor_descriptor made = rein_tensor_descriptor_make(name, shape, dtype);
    cr_assert(rein_result_tensor_descriptor_is_error(made), "expected: %s", message);
    expect_invalid_argument(&REIN_ERROR(made), message);
    rein_result_tensor_spec spec = rein_tensor_spec_make(name, shape, dtype, REIN_LAYOUT_ROW_MAJOR);
    cr_assert(rein_result_tensor_spec_is_error(spec), "a spec too: %s", message);
    expect_invalid_argument(&REIN_ERROR(spec), message);
}

Test(tensor_descriptor, make_refuses_what_breaks_a_rule) {
    rein_shape shape = shape_of(image, 4);
    char long_name[129];
    memset(long_name, 'n', 128);
    long_name[128] = '\0';
    expect_no_descriptor(NULL, &shape, REIN_DTYPE_INT8,
                         "the text is NULL, expected 1 to 127 bytes");
    expect_no_descriptor("", &shape, REIN_DTYPE_INT8, "the text is empty, expected 1 to 127 bytes");
    expect_no_descriptor(long_name, &shape, REIN_DTYPE_INT8,
                         "the text is too long, expected 1 to 127 bytes");
    expect_no_descriptor("a\n", &shape, REIN_DTYPE_INT8,
                         "the text has a control character at byte 1");
    expect_no_descriptor("\xFF", &shape, REIN_DTYPE_INT8,
                         "the text has a broken sequence at byte 0, expected UTF-8");
    expect_no_descriptor("x", NULL, REIN_DTYPE_INT8, "the shape is NULL, expected a shape");
    expect_no_descriptor("x", &shape, (rein_dtype)0,
                         "the element type is 0, expected 1 to 19 (rein_dtype)");
    expect_no_descriptor("x", &shape, (rein_dtype)20,
                         "the element type is 20, expected 1 to 19 (rein_dtype)");
    shape.dimensions[3] = -7;
    expect_no_descriptor("x", &shape, REIN_DTYPE_INT8, "dimension 3 is -7, expected 0 or above");
    shape.rank = 9;
    expect_no_descriptor("x", &shape, REIN_DTYPE_INT8, "the rank is 9, expected 0 to 8");
    shape.rank = -1;
    expect_no_descriptor("x", &shape, REIN_DTYPE_INT8, "the rank is -1, expected 0 to 8");
}

static void expect_no_size(const rein_tensor_descriptor *descriptor, const char *message) {
    rein_result_bytes size = rein_tensor_descriptor_size_bytes(descriptor);
    cr_assert(rein_result_bytes_is_error(size), "expected: %s", message);
    expect_invalid_argument(&REIN_ERROR(size), message);
    rein_tensor_spec spec = {.descriptor = *descriptor, .layout = REIN_LAYOUT_ROW_MAJOR};
    rein_result_void valid = rein_tensor_spec_validate(&spec);
    cr_assert(rein_result_void_is_error(valid), "a spec too: %s", message);
    expect_invalid_argument(&REIN_ERROR(valid), message);
    rein_tensor tensor = {.spec = spec, .data = NULL};
    size = rein_tensor_size_bytes(&tensor);
    expect_invalid_argument(&REIN_ERROR(size), message);
    char data[64];
    rein_result_tensor made = rein_tensor_make(&spec, data);
    cr_assert(rein_result_tensor_is_error(made), "a tensor too: %s", message);
    expect_invalid_argument(&REIN_ERROR(made), message);
}

Test(tensor_descriptor, filled_by_hand_is_held_to_the_same_rules) {
    rein_tensor_descriptor descriptor = image_descriptor();
    descriptor.dtype = (rein_dtype)-1;
    cr_assert(rein_result_bytes_is_error(rein_tensor_descriptor_size_bytes(&descriptor)), "-1");
    descriptor.dtype = (rein_dtype)0;
    expect_no_size(&descriptor, "the element type is 0, expected 1 to 19 (rein_dtype)");
    descriptor = image_descriptor();
    descriptor.shape.dimensions[0] = -1;
    expect_no_size(&descriptor, "dimension 0 is -1, expected 0 or above");
    descriptor = image_descriptor();
    descriptor.shape.rank = 9;
    expect_no_size(&descriptor, "the rank is 9, expected 0 to 8");
    descriptor = image_descriptor();
    descriptor.shape.dimensions[7] = 5;
    expect_no_size(&descriptor, "dimension 7 is 5, expected 0 from the rank on");
    descriptor = image_descriptor();
    descriptor.shape.dimensions[0] = INT64_MAX;
    expect_no_size(&descriptor,
                   "the size of 4 dimensions of 32-bit elements does not fit in 64 bits");
    descriptor = image_descriptor();
    descriptor.name[0] = '\0';
    expect_no_size(&descriptor, "the text is empty, expected 1 to 127 bytes");
    memset(descriptor.name, 'n', sizeof descriptor.name);
    expect_no_size(&descriptor, "the text is too long, expected 1 to 127 bytes");
    descriptor = image_descriptor();
    descriptor.name[1] = '\t';
    expect_no_size(&descriptor, "the text has a control character at byte 1");
    descriptor = image_descriptor();
    descriptor.name[127] = 'x';
    expect_no_size(&descriptor, "byte 127 is 120, expected 0 behind the text");
    descriptor.name[6] = 'x';
    expect_no_size(&descriptor, "byte 6 is 120, expected 0 behind the text");
    memset(&descriptor, 0, sizeof descriptor);
    cr_assert(rein_result_bytes_is_error(rein_tensor_descriptor_size_bytes(&descriptor)),
              "a zeroed descriptor is not valid");
}

Test(tensor_descriptor, name_may_fill_its_room) {
    char name[128];
    memset(name, 'n', 127);
    name[127] = '\0';
    rein_shape shape = shape_of(image, 4);
    rein_tensor_descriptor descriptor =
        REIN_UNWRAP(rein_tensor_descriptor_make(name, &shape, REIN_DTYPE_INT8));
    rein_result_bytes size = rein_tensor_descriptor_size_bytes(&descriptor);
    cr_assert(rein_result_bytes_is_ok(size) && REIN_VALUE(size) == 12, "127 bytes");
}

static rein_tensor_spec spec_of(const int64_t *dimensions, int32_t rank, rein_layout layout) {
    rein_shape shape = shape_of(dimensions, rank);
    return REIN_UNWRAP(rein_tensor_spec_make("x", &shape, REIN_DTYPE_FLOAT32, layout));
}

Test(tensor_spec, takes_any_rank_row_or_column_major) {
    for (int32_t rank = 0; rank <= 8; rank++) {
        static const int64_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
        rein_tensor_spec row = spec_of(ones, rank, REIN_LAYOUT_ROW_MAJOR);
        rein_tensor_spec column = spec_of(ones, rank, REIN_LAYOUT_COLUMN_MAJOR);
        cr_assert(row.layout == REIN_LAYOUT_ROW_MAJOR && row.descriptor.shape.rank == rank, "row");
        cr_assert(column.layout == REIN_LAYOUT_COLUMN_MAJOR, "column");
        cr_assert(rein_result_void_is_ok(rein_tensor_spec_validate(&column)), "rank %d", rank);
    }
}

static void expect_no_layout(int32_t rank, rein_layout layout, const char *message) {
    static const int64_t ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    rein_shape shape = shape_of(ones, rank);
    rein_result_tensor_spec made = rein_tensor_spec_make("x", &shape, REIN_DTYPE_INT8, layout);
    cr_assert(rein_result_tensor_spec_is_error(made), "expected: %s", message);
    expect_invalid_argument(&REIN_ERROR(made), message);
    rein_tensor_spec spec = spec_of(ones, rank, REIN_LAYOUT_ROW_MAJOR);
    spec.layout = layout;
    rein_result_void valid = rein_tensor_spec_validate(&spec);
    cr_assert(rein_result_void_is_error(valid), "by hand too: %s", message);
    expect_invalid_argument(&REIN_ERROR(valid), message);
}

Test(tensor_spec, takes_four_dimensions_alone_for_images) {
    rein_tensor_spec nchw = spec_of(image, 4, REIN_LAYOUT_NCHW);
    rein_tensor_spec nhwc = spec_of(image, 4, REIN_LAYOUT_NHWC);
    cr_assert(rein_result_void_is_ok(rein_tensor_spec_validate(&nchw)), "NCHW");
    cr_assert(rein_result_void_is_ok(rein_tensor_spec_validate(&nhwc)), "NHWC");
    expect_no_layout(3, REIN_LAYOUT_NCHW, "the rank is 3, expected 4 for layouts NCHW and NHWC");
    expect_no_layout(5, REIN_LAYOUT_NHWC, "the rank is 5, expected 4 for layouts NCHW and NHWC");
    expect_no_layout(0, REIN_LAYOUT_NHWC, "the rank is 0, expected 4 for layouts NCHW and NHWC");
    expect_no_layout(4, (rein_layout)0, "the layout is 0, expected 1 to 4 (rein_layout)");
    expect_no_layout(4, (rein_layout)5, "the layout is 5, expected 1 to 4 (rein_layout)");
}

Test(tensor_spec, validate_refuses_null) {
    rein_result_void valid = rein_tensor_spec_validate(NULL);
    expect_invalid_argument(&REIN_ERROR(valid), "the tensor spec is NULL, expected a spec");
}

Test(tensor_spec, equality_is_that_of_every_part) {
    rein_tensor_spec spec = spec_of(image, 4, REIN_LAYOUT_NCHW);
    rein_tensor_spec other = spec;
    cr_assert(rein_tensor_spec_equal(&spec, &other), "a copy is equal");
    other.layout = REIN_LAYOUT_NHWC;
    cr_assert(!rein_tensor_spec_equal(&spec, &other), "another layout");
    other = spec;
    other.descriptor.dtype = REIN_DTYPE_INT32;
    cr_assert(!rein_tensor_spec_equal(&spec, &other), "another element type");
    other = spec;
    other.descriptor.shape.dimensions[3] = 9;
    cr_assert(!rein_tensor_spec_equal(&spec, &other), "another shape");
    other = spec;
    other.descriptor.name[0] = 'y';
    cr_assert(!rein_tensor_spec_equal(&spec, &other), "another name");
}

Test(tensor, is_a_spec_and_borrowed_bytes) {
    float data[12];
    rein_tensor_spec spec = spec_of(image, 4, REIN_LAYOUT_NCHW);
    rein_result_tensor made = rein_tensor_make(&spec, data);
    cr_assert(rein_result_tensor_is_ok(made), "made");
    cr_assert(REIN_VALUE(made).data == data, "the pointer is kept");
    cr_assert(rein_tensor_spec_equal(&REIN_VALUE(made).spec, &spec), "the spec is kept");
    rein_result_bytes size = rein_tensor_size_bytes(&REIN_VALUE(made));
    cr_assert(REIN_VALUE(size) == sizeof data, "its size");
}

Test(tensor, needs_bytes_where_its_size_is_not_zero) {
    rein_tensor_spec spec = spec_of(image, 4, REIN_LAYOUT_NCHW);
    rein_result_tensor made = rein_tensor_make(&spec, NULL);
    cr_assert(rein_result_tensor_is_error(made), "48 bytes are needed");
    expect_invalid_argument(&REIN_ERROR(made), "the data is NULL, expected 48B of it");
    static const int64_t empty[] = {0, 3, 2, 2};
    spec = spec_of(empty, 4, REIN_LAYOUT_NCHW);
    made = rein_tensor_make(&spec, NULL);
    cr_assert(rein_result_tensor_is_ok(made) && REIN_VALUE(made).data == NULL, "none is needed");
    static const int64_t one[] = {1};
    rein_shape shape = shape_of(one, 1);
    spec = REIN_UNWRAP(rein_tensor_spec_make("x", &shape, REIN_DTYPE_BOOL, REIN_LAYOUT_ROW_MAJOR));
    made = rein_tensor_make(&spec, NULL);
    cr_assert(rein_result_tensor_is_error(made), "one byte is needed");
    expect_invalid_argument(&REIN_ERROR(made), "the data is NULL, expected 1B of it");
    made = rein_tensor_make(NULL, &spec);
    expect_invalid_argument(&REIN_ERROR(made), "the tensor spec is NULL, expected a spec");
}
