#include "contract/tensor.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/contract/name.h"
#include "host/contract/shape.h"
#include "host/contract/tensor_spec.h"

rein_result_tensor_descriptor rein_tensor_descriptor_make(const char *name, const rein_shape *shape,
                                                          rein_dtype dtype) {
    if (shape == NULL) {
        return rein_result_tensor_descriptor_fail(
            rein_i_invalid_error(REIN_HERE, "the shape" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    rein_tensor_descriptor descriptor = {.shape = *shape, .dtype = dtype};
    REIN_TRY(rein_result_tensor_descriptor, rein_i_name_copy(name, descriptor.name));
    REIN_TRY(rein_result_tensor_descriptor, rein_i_shape_size_bytes(shape, dtype));
    return rein_result_tensor_descriptor_ok(descriptor);
}

rein_result_bytes rein_tensor_descriptor_size_bytes(const rein_tensor_descriptor *descriptor) {
    if (descriptor == NULL) {
        return rein_result_bytes_fail(
            rein_i_invalid_error(REIN_HERE, "the descriptor" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    REIN_TRY(rein_result_bytes, rein_i_name_validate(descriptor->name));
    return rein_i_shape_size_bytes(&descriptor->shape, descriptor->dtype);
}

/* Returns a tensor of a valid spec in an allowed shape, with room for its size. */
static rein_tensor tensor_of(const rein_tensor_spec *spec, const rein_shape *shape, void *data,
                             uint64_t capacity_bytes) {
    rein_tensor tensor = {
        .descriptor = {.shape = *shape, .dtype = spec->dtype},
        .layout = spec->layout,
        .memory_kind = REIN_MEMORY_HOST,
        .data = data,
        .capacity_bytes = capacity_bytes,
    };
    memcpy(tensor.descriptor.name, spec->name, sizeof spec->name);
    return tensor;
}

static rein_result_void check_data(const void *data, uint64_t bytes) {
    if (data == NULL && bytes > 0) {
        return rein_i_invalid(REIN_HERE, "the data" MUST_NOT_BE_NULL ": its size is {bytes}", bytes,
                              0, 0);
    }
    return rein_done();
}

rein_result_tensor rein_tensor_make(const rein_tensor_spec *spec, void *data) {
    REIN_TRY(rein_result_tensor, rein_tensor_spec_validate(spec));
    if (!rein_tensor_spec_is_fixed(spec)) {
        return rein_result_tensor_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "'{text}' has a dimension that is a range; state its shape (rein_tensor_make_shaped)",
            spec->name));
    }
    rein_shape shape = rein_tensor_spec_min_shape(spec);
    return rein_tensor_make_shaped(spec, &shape, data);
}

rein_result_tensor rein_tensor_make_shaped(const rein_tensor_spec *spec, const rein_shape *shape,
                                           void *data) {
    REIN_TRY(rein_result_tensor, rein_tensor_spec_validate(spec));
    uint64_t bytes = REIN_TRY(rein_result_tensor, rein_tensor_spec_size_bytes(spec, shape));
    REIN_TRY(rein_result_tensor, check_data(data, bytes));
    return rein_result_tensor_ok(tensor_of(spec, shape, data, bytes));
}

rein_result_tensor rein_tensor_make_output(const rein_tensor_spec *spec, void *data,
                                           uint64_t capacity_bytes) {
    REIN_TRY(rein_result_tensor, rein_tensor_spec_validate(spec));
    REIN_TRY(rein_result_tensor, check_data(data, capacity_bytes));
    rein_shape shape = rein_tensor_spec_min_shape(spec);
    return rein_result_tensor_ok(tensor_of(spec, &shape, data, capacity_bytes));
}

static rein_error null_tensor_error(rein_source_location where) {
    return rein_i_invalid_error(where, "the tensor" MUST_NOT_BE_NULL, 0, 0, 0);
}

rein_result_void rein_i_tensor_validate_output(const rein_tensor *tensor) {
    if (tensor == NULL) {
        return rein_result_void_fail(null_tensor_error(REIN_HERE));
    }
    REIN_TRY(rein_result_void, rein_tensor_descriptor_size_bytes(&tensor->descriptor));
    REIN_TRY(rein_result_void, rein_i_layout_check(tensor->layout, tensor->descriptor.shape.rank));
    REIN_TRY(rein_result_void, rein_i_memory_kind_check(tensor->memory_kind));
    if (tensor->memory_kind == REIN_MEMORY_DEVICE) {
        REIN_TRY(rein_result_void, rein_i_device_check(tensor->device_index));
    }
    return check_data(tensor->data, tensor->capacity_bytes);
}

rein_result_void rein_tensor_validate(const rein_tensor *tensor) {
    REIN_TRY(rein_result_void, rein_i_tensor_validate_output(tensor));
    uint64_t bytes = REIN_UNWRAP(rein_tensor_size_bytes(tensor));
    if (bytes > tensor->capacity_bytes) {
        return rein_i_invalid(REIN_HERE,
                              "the tensor's {bytes} do not fit in its capacity of {bytes}", bytes,
                              tensor->capacity_bytes, 0);
    }
    return rein_done();
}

rein_result_bytes rein_tensor_size_bytes(const rein_tensor *tensor) {
    return tensor == NULL ? rein_result_bytes_fail(null_tensor_error(REIN_HERE))
                          : rein_tensor_descriptor_size_bytes(&tensor->descriptor);
}
