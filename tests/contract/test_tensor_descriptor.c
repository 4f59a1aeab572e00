#include <string.h>

#include "contract/tensor.h"
#include "expect.h"
#include "samples.h"

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
        rein_shape shape = sample_shape(sizes[index].dimensions, sizes[index].rank);
        rein_tensor_descriptor descriptor =
            REIN_UNWRAP(rein_tensor_descriptor_make("x", &shape, sizes[index].dtype));
        uint64_t bytes = REIN_UNWRAP(rein_tensor_descriptor_size_bytes(&descriptor));
        cr_assert(bytes == sizes[index].bytes, "row %zu: %llu bytes", index,
                  (unsigned long long)bytes);
    }
}

/* Eight elements have as many bytes as one has bits. */
Test(tensor_descriptor, size_of_each_element_type_is_its_bits) {
    static const int64_t eight[] = {8};
    rein_shape shape = sample_shape(eight, 1);
    for (int value = 1; value <= (int)REIN_DTYPE_LAST; value++) {
        rein_dtype dtype = (rein_dtype)value;
        rein_tensor_descriptor descriptor =
            REIN_UNWRAP(rein_tensor_descriptor_make("x", &shape, dtype));
        cr_assert(REIN_UNWRAP(rein_tensor_descriptor_size_bytes(&descriptor)) ==
                      rein_dtype_bits(dtype),
                  "8 of %s", rein_dtype_name(dtype));
    }
}

Test(tensor_descriptor, refuses_a_size_beyond_64_bits) {
    static const struct {
        int64_t dimensions[8];
        int32_t rank;
        rein_dtype dtype;
    } rows[] = {
        {{INT64_C(1) << 62}, 1, REIN_DTYPE_FLOAT32},
        {{INT64_C(1) << 60}, 1, REIN_DTYPE_COMPLEX128},
        {{INT64_MAX, 3}, 2, REIN_DTYPE_INT8},
        {{INT64_C(1) << 32, INT64_C(1) << 32}, 2, REIN_DTYPE_INT8},
        {{INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
         8,
         REIN_DTYPE_INT8},
    };
    for (size_t index = 0; index < sizeof rows / sizeof rows[0]; index++) {
        rein_shape shape = sample_shape(rows[index].dimensions, rows[index].rank);
        rein_result_tensor_descriptor made =
            rein_tensor_descriptor_make("x", &shape, rows[index].dtype);
        cr_assert(!made.is_ok, "row %zu", index);
        expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
        expect_numbers(&REIN_ERROR(made), (uint64_t)rows[index].rank,
                       rein_dtype_bits(rows[index].dtype), 0);
    }
}

static const int64_t image[] = {1, 3, 2, 2};

static rein_tensor_descriptor image_descriptor(void) {
    rein_shape shape = sample_shape(image, 4);
    return REIN_UNWRAP(rein_tensor_descriptor_make("image", &shape, REIN_DTYPE_FLOAT32));
}

Test(tensor_descriptor, make_keeps_name_shape_and_element_type) {
    rein_tensor_descriptor descriptor = image_descriptor();
    rein_shape shape = sample_shape(image, 4);
    cr_assert(is_same_text(descriptor.name, "image"), "the name");
    for (size_t index = 5; index < sizeof descriptor.name; index++) {
        cr_assert(descriptor.name[index] == '\0', "zero after the name, at %zu", index);
    }
    cr_assert(rein_shape_equal(&descriptor.shape, &shape), "the shape");
    cr_assert(descriptor.dtype == REIN_DTYPE_FLOAT32, "the element type");
}

/* Neither a descriptor nor a spec is made of these, for the same reason. */
static void expect_none_made(const char *name, const rein_shape *shape, rein_dtype dtype,
                             int64_t first, int64_t second) {
    rein_result_tensor_descriptor made = rein_tensor_descriptor_make(name, shape, dtype);
    cr_assert(!made.is_ok, "numbers %lld, %lld", (long long)first, (long long)second);
    expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(made), (uint64_t)first, (uint64_t)second, 0);
    rein_result_tensor_spec spec = rein_tensor_spec_make(name, shape, dtype, REIN_LAYOUT_ROW_MAJOR);
    cr_assert(!spec.is_ok && REIN_ERROR(spec).message == REIN_ERROR(made).message, "a spec too");
}

Test(tensor_descriptor, make_refuses_what_breaks_a_rule) {
    rein_shape shape = sample_shape(image, 4);
    char long_name[REIN_NAME_MAX_BYTES + 2];
    memset(long_name, 'n', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    expect_none_made(NULL, &shape, REIN_DTYPE_INT8, 0, 0);
    expect_none_made("", &shape, REIN_DTYPE_INT8, 0, 0);
    expect_none_made(long_name, &shape, REIN_DTYPE_INT8, REIN_NAME_MAX_BYTES, 0);
    expect_none_made("a\n", &shape, REIN_DTYPE_INT8, 1, 0);
    expect_none_made("ab\xFF", &shape, REIN_DTYPE_INT8, 2, 0);
    expect_none_made("x", NULL, REIN_DTYPE_INT8, 0, 0);
    expect_none_made("x", &shape, (rein_dtype)0, 0, REIN_DTYPE_LAST);
    expect_none_made("x", &shape, (rein_dtype)20, 20, REIN_DTYPE_LAST);
    shape.dimensions[5] = 9;
    expect_none_made("x", &shape, REIN_DTYPE_INT8, 5, 9);
    shape.dimensions[3] = -7;
    expect_none_made("x", &shape, REIN_DTYPE_INT8, 3, -7);
    shape.rank = 9;
    expect_none_made("x", &shape, REIN_DTYPE_INT8, 9, REIN_SHAPE_MAX_RANK);
    shape.rank = -1;
    expect_none_made("x", &shape, REIN_DTYPE_INT8, -1, REIN_SHAPE_MAX_RANK);
}

/* A descriptor that was filled by hand, and a tensor of it, have no size. */
static void expect_no_size(const rein_tensor_descriptor *descriptor, int64_t first,
                           int64_t second) {
    rein_result_bytes size = rein_tensor_descriptor_size_bytes(descriptor);
    cr_assert(!size.is_ok, "numbers %lld, %lld", (long long)first, (long long)second);
    expect_code(&REIN_ERROR(size), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(size), (uint64_t)first, (uint64_t)second, 0);
    float data[4];
    rein_tensor tensor = sample_tensor("x", data, 4);
    tensor.descriptor = *descriptor;
    size = rein_tensor_size_bytes(&tensor);
    cr_assert(!size.is_ok && REIN_ERROR(size).code == REIN_ERROR_INVALID_ARGUMENT, "its tensor");
    rein_result_void valid = rein_tensor_validate(&tensor);
    cr_assert(!valid.is_ok && REIN_ERROR(valid).code == REIN_ERROR_INVALID_ARGUMENT, "not valid");
}

Test(tensor_descriptor, shape_and_type_are_checked_if_filled_by_hand) {
    rein_tensor_descriptor descriptor = image_descriptor();
    descriptor.dtype = (rein_dtype)-1;
    cr_assert(!rein_tensor_descriptor_size_bytes(&descriptor).is_ok, "-1");
    descriptor.dtype = (rein_dtype)0;
    expect_no_size(&descriptor, 0, REIN_DTYPE_LAST);
    descriptor = image_descriptor();
    descriptor.shape.dimensions[0] = -1;
    expect_no_size(&descriptor, 0, -1);
    descriptor = image_descriptor();
    descriptor.shape.rank = 9;
    expect_no_size(&descriptor, 9, REIN_SHAPE_MAX_RANK);
    descriptor = image_descriptor();
    descriptor.shape.dimensions[7] = 5;
    expect_no_size(&descriptor, 7, 5);
    descriptor = image_descriptor();
    descriptor.shape.dimensions[0] = INT64_MAX;
    expect_no_size(&descriptor, 4, 32);
    memset(&descriptor, 0, sizeof descriptor);
    expect_no_size(&descriptor, 0, 0);
}

Test(tensor_descriptor, name_is_checked_if_filled_by_hand) {
    rein_tensor_descriptor descriptor = image_descriptor();
    descriptor.name[0] = '\0';
    expect_no_size(&descriptor, 0, 0);
    memset(descriptor.name, 'n', sizeof descriptor.name);
    expect_no_size(&descriptor, REIN_NAME_MAX_BYTES, 0);
    descriptor = image_descriptor();
    descriptor.name[1] = '\t';
    expect_no_size(&descriptor, 1, 0);
    descriptor = image_descriptor();
    descriptor.name[REIN_NAME_MAX_BYTES] = 'x';
    expect_no_size(&descriptor, REIN_NAME_MAX_BYTES, 'x');
    descriptor.name[6] = 'y';
    expect_no_size(&descriptor, 6, 'y');
}

Test(tensor_descriptor, name_may_fill_its_room) {
    char name[REIN_NAME_MAX_BYTES + 1];
    memset(name, 'n', REIN_NAME_MAX_BYTES);
    name[REIN_NAME_MAX_BYTES] = '\0';
    rein_shape shape = sample_shape(image, 4);
    rein_tensor_descriptor descriptor =
        REIN_UNWRAP(rein_tensor_descriptor_make(name, &shape, REIN_DTYPE_INT8));
    cr_assert(REIN_UNWRAP(rein_tensor_descriptor_size_bytes(&descriptor)) == 12, "127 bytes");
}

Test(tensor_descriptor, size_refuses_null) {
    rein_result_bytes size = rein_tensor_descriptor_size_bytes(NULL);
    expect_code(&REIN_ERROR(size), REIN_ERROR_INVALID_ARGUMENT);
}
