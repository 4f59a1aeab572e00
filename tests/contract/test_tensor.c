#include "contract/tensor.h"
#include "expect.h"
#include "samples.h"

static const int64_t image[] = {1, 3, 2, 2};

enum { IMAGE_ELEMENTS = 12 };

static rein_tensor_spec image_spec(void) {
    rein_shape shape = sample_shape(image, 4);
    return REIN_UNWRAP(
        rein_tensor_spec_make("image", &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_NCHW));
}

/* An image of 2 to 9 rows. */
static rein_tensor_spec ranged_spec(void) {
    rein_tensor_spec spec = image_spec();
    return REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 2, 2, 9, "height"));
}

static void expect_tensor(const rein_tensor *tensor, const int64_t dimensions[4], const void *data,
                          uint64_t capacity_bytes) {
    rein_shape shape = sample_shape(dimensions, 4);
    cr_assert(is_same_text(tensor->descriptor.name, "image"), "the spec's name");
    cr_assert(rein_shape_equal(&tensor->descriptor.shape, &shape), "the shape");
    cr_assert(tensor->descriptor.dtype == REIN_DTYPE_FLOAT32, "the spec's element type");
    cr_assert(tensor->layout == REIN_LAYOUT_NCHW, "the spec's layout");
    cr_assert(tensor->memory_kind == REIN_MEMORY_HOST && tensor->device_index == 0, "on the host");
    cr_assert(tensor->data == data, "the data is borrowed");
    cr_assert(tensor->capacity_bytes == capacity_bytes, "the capacity");
}

static void expect_none_made(rein_result_tensor made, int64_t first, int64_t second) {
    cr_assert(!made.is_ok, "numbers %lld, %lld", (long long)first, (long long)second);
    expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(made), (uint64_t)first, (uint64_t)second, 0);
}

Test(tensor_make, makes_a_tensor_of_the_only_shape) {
    float data[IMAGE_ELEMENTS];
    rein_tensor_spec spec = image_spec();
    rein_tensor tensor = REIN_UNWRAP(rein_tensor_make(&spec, data));
    expect_tensor(&tensor, image, data, sizeof data);
    cr_assert(rein_tensor_validate(&tensor).is_ok, "valid");
    cr_assert(REIN_UNWRAP(rein_tensor_size_bytes(&tensor)) == sizeof data, "its size");
}

Test(tensor_make, refuses_a_dimension_that_is_a_range) {
    float data[IMAGE_ELEMENTS];
    rein_tensor_spec spec = ranged_spec();
    rein_result_tensor made = rein_tensor_make(&spec, data);
    expect_none_made(made, 0, 0);
    cr_assert(is_same_text(REIN_ERROR(made).foreign_text, "image"), "the spec's name");
}

Test(tensor_make, needs_data_if_the_size_is_not_zero) {
    rein_tensor_spec spec = image_spec();
    expect_none_made(rein_tensor_make(&spec, NULL), 48, 0);
    spec = sample_spec("flag", REIN_DTYPE_BOOL, 1);
    expect_none_made(rein_tensor_make(&spec, NULL), 1, 0);
    spec = sample_spec("none", REIN_DTYPE_BOOL, 0);
    rein_tensor empty = REIN_UNWRAP(rein_tensor_make(&spec, NULL));
    cr_assert(empty.data == NULL && empty.capacity_bytes == 0, "an empty tensor needs none");
    cr_assert(rein_tensor_validate(&empty).is_ok, "valid");
}

Test(tensor_make, each_function_refuses_a_spec_that_is_not_valid) {
    float data[IMAGE_ELEMENTS];
    rein_shape shape = sample_shape(image, 4);
    rein_tensor_spec spec = image_spec();
    spec.rank = 9;
    expect_none_made(rein_tensor_make(&spec, data), 9, REIN_SHAPE_MAX_RANK);
    expect_none_made(rein_tensor_make_shaped(&spec, &shape, data), 9, REIN_SHAPE_MAX_RANK);
    expect_none_made(rein_tensor_make_output(&spec, data, sizeof data), 9, REIN_SHAPE_MAX_RANK);
    expect_none_made(rein_tensor_make(NULL, data), 0, 0);
    expect_none_made(rein_tensor_make_shaped(NULL, &shape, data), 0, 0);
    expect_none_made(rein_tensor_make_output(NULL, data, sizeof data), 0, 0);
}

Test(tensor_make_shaped, makes_a_tensor_of_an_allowed_shape) {
    float data[3 * 9 * 2];
    rein_tensor_spec spec = ranged_spec();
    for (int64_t height = 2; height <= 9; height++) {
        const int64_t dimensions[] = {1, 3, height, 2};
        rein_shape shape = sample_shape(dimensions, 4);
        rein_tensor tensor = REIN_UNWRAP(rein_tensor_make_shaped(&spec, &shape, data));
        expect_tensor(&tensor, dimensions, data, (uint64_t)height * 24);
        cr_assert(rein_tensor_validate(&tensor).is_ok, "valid");
    }
}

Test(tensor_make_shaped, refuses_other_shapes_and_absent_data) {
    float data[IMAGE_ELEMENTS];
    rein_tensor_spec spec = ranged_spec();
    rein_shape shape = sample_shape(image, 4);
    expect_none_made(rein_tensor_make_shaped(&spec, NULL, data), 0, 0);
    expect_none_made(rein_tensor_make_shaped(&spec, &shape, NULL), 48, 0);
    shape.dimensions[2] = 10;
    expect_none_made(rein_tensor_make_shaped(&spec, &shape, data), 2, 10);
    shape.rank = 3;
    expect_none_made(rein_tensor_make_shaped(&spec, &shape, data), 3, 4);
}

Test(tensor_make_output, has_the_smallest_shape_and_any_capacity) {
    float data[IMAGE_ELEMENTS];
    rein_tensor_spec spec = ranged_spec();
    for (uint64_t capacity = 0; capacity <= sizeof data; capacity++) {
        rein_tensor output = REIN_UNWRAP(rein_tensor_make_output(&spec, data, capacity));
        expect_tensor(&output, image, data, capacity);
    }
    rein_tensor output = REIN_UNWRAP(rein_tensor_make_output(&spec, NULL, 0));
    expect_tensor(&output, image, NULL, 0);
    expect_none_made(rein_tensor_make_output(&spec, NULL, 7), 7, 0);
}

static rein_tensor image_tensor(float data[IMAGE_ELEMENTS]) {
    rein_tensor_spec spec = image_spec();
    return REIN_UNWRAP(rein_tensor_make(&spec, data));
}

static void expect_not_valid(const rein_tensor *tensor, int64_t first, int64_t second) {
    rein_result_void valid = rein_tensor_validate(tensor);
    cr_assert(!valid.is_ok, "numbers %lld, %lld", (long long)first, (long long)second);
    expect_code(&REIN_ERROR(valid), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(valid), (uint64_t)first, (uint64_t)second, 0);
}

Test(tensor_validate, accepts_every_kind_of_memory_and_more_capacity) {
    float data[IMAGE_ELEMENTS];
    rein_tensor tensor = image_tensor(data);
    tensor.capacity_bytes = UINT64_MAX;
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        tensor.memory_kind = (rein_memory_kind)kind;
        cr_assert(rein_tensor_validate(&tensor).is_ok, "kind %d", kind);
    }
}

Test(tensor_validate, refuses_members_that_are_not_valid) {
    float data[IMAGE_ELEMENTS];
    rein_tensor tensor = image_tensor(data);
    tensor.memory_kind = (rein_memory_kind)0;
    expect_not_valid(&tensor, 0, REIN_MEMORY_KIND_LAST);
    tensor.memory_kind = (rein_memory_kind)5;
    expect_not_valid(&tensor, 5, REIN_MEMORY_KIND_LAST);
    tensor = image_tensor(data);
    tensor.layout = (rein_layout)5;
    expect_not_valid(&tensor, 5, REIN_LAYOUT_LAST);
    tensor = image_tensor(data);
    tensor.descriptor.shape.rank = 3;
    tensor.descriptor.shape.dimensions[3] = 0;
    expect_not_valid(&tensor, 3, 0);
    expect_not_valid(NULL, 0, 0);
}

Test(tensor_validate, device_memory_needs_a_device) {
    float data[4];
    rein_tensor tensor = sample_tensor("t", data, 4);
    tensor.device_index = -1;
    cr_assert(rein_tensor_validate(&tensor).is_ok, "unused by host memory");
    tensor.memory_kind = REIN_MEMORY_DEVICE;
    rein_result_void checked = rein_tensor_validate(&tensor);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    tensor.device_index = 1;
    cr_assert(rein_tensor_validate(&tensor).is_ok, "the second device");
}

Test(tensor_validate, refuses_data_that_does_not_hold_the_shape) {
    float data[IMAGE_ELEMENTS];
    rein_tensor tensor = image_tensor(data);
    tensor.capacity_bytes = 47;
    expect_not_valid(&tensor, 48, 47);
    tensor.capacity_bytes = 49;
    tensor.data = NULL;
    expect_not_valid(&tensor, 49, 0);
    tensor.descriptor.shape.dimensions[0] = 0;
    expect_not_valid(&tensor, 49, 0);
    tensor.capacity_bytes = 0;
    cr_assert(rein_tensor_validate(&tensor).is_ok, "an empty tensor without capacity");
}

Test(tensor, size_refuses_null) {
    rein_result_bytes size = rein_tensor_size_bytes(NULL);
    expect_code(&REIN_ERROR(size), REIN_ERROR_INVALID_ARGUMENT);
}
