#include "host/contract/tensor_spec.h"

#include <string.h>

#include "host/contract/dtype.h"
#include "host/contract/invalid.h"
#include "host/contract/name.h"
#include "host/contract/shape.h"

rein_result_void rein_i_layout_check(rein_layout layout, int32_t rank) {
    if (!rein_i_layout_is_valid(layout)) {
        return rein_i_invalid(REIN_HERE, "the layout (rein_layout) is {i}" MUST_BE_FROM_1_TO,
                              (uint64_t)(int64_t)layout, REIN_LAYOUT_LAST, 0);
    }
    bool needs_four = layout == REIN_LAYOUT_NCHW || layout == REIN_LAYOUT_NHWC;
    if (needs_four && rank != 4) {
        return rein_i_invalid(REIN_HERE,
                              "the rank is {i}; it must be 4 for the layouts NCHW and NHWC",
                              (uint64_t)rank, 0, 0);
    }
    return rein_done();
}

rein_result_void rein_i_memory_kind_check(rein_memory_kind kind) {
    if (!rein_i_memory_kind_is_valid(kind)) {
        return rein_i_invalid(REIN_HERE,
                              "the kind of memory (rein_memory_kind) is {i}" MUST_BE_FROM_1_TO,
                              (uint64_t)(int64_t)kind, REIN_MEMORY_KIND_LAST, 0);
    }
    return rein_done();
}

rein_result_void rein_i_device_check(int32_t device_index) {
    return device_index >= 0 ? rein_done()
                             : rein_i_invalid(REIN_HERE, "device_index is {i}" MUST_NOT_BE_NEGATIVE,
                                              (uint64_t)(int64_t)device_index, 0, 0);
}

rein_result_tensor_spec rein_tensor_spec_make(const char *name, const rein_shape *shape,
                                              rein_dtype dtype, rein_layout layout) {
    rein_tensor_descriptor descriptor =
        REIN_TRY(rein_result_tensor_spec, rein_tensor_descriptor_make(name, shape, dtype));
    REIN_TRY(rein_result_tensor_spec, rein_i_layout_check(layout, shape->rank));
    rein_tensor_spec spec = {
        .rank = shape->rank,
        .dtype = dtype,
        .layout = layout,
        .memory_kinds =
            rein_memory_kind_set_with((rein_memory_kind_set){.bits = 0}, REIN_MEMORY_HOST),
    };
    memcpy(spec.name, descriptor.name, sizeof spec.name);
    for (int32_t index = 0; index < shape->rank; index++) {
        spec.extents[index].min = shape->dimensions[index];
        spec.extents[index].max = shape->dimensions[index];
    }
    return rein_result_tensor_spec_ok(spec);
}

static rein_result_void check_range(int64_t min, int64_t max, int32_t dimension) {
    if (min < 0) {
        return rein_i_invalid(REIN_HERE, "min of dimension {i} is {i}" MUST_NOT_BE_NEGATIVE,
                              (uint64_t)dimension, (uint64_t)min, 0);
    }
    if (max < min) {
        return rein_i_invalid(
            REIN_HERE, "dimension {i} has min {i} and max {i}; min must not be greater than max",
            (uint64_t)dimension, (uint64_t)min, (uint64_t)max);
    }
    return rein_done();
}

/* A symbol follows the rules of a name, but is shorter and may be empty. */
static rein_result_void check_symbol(const char symbol[REIN_SYMBOL_CAPACITY]) {
    static const char empty[REIN_SYMBOL_CAPACITY];
    if (memcmp(symbol, empty, sizeof empty) == 0) {
        return rein_done();
    }
    if (symbol[REIN_SYMBOL_CAPACITY - 1] != '\0') {
        return rein_i_invalid(REIN_HERE, "the symbol" MUST_BE_SHORT, REIN_SYMBOL_CAPACITY - 1, 0,
                              0);
    }
    char name[REIN_NAME_MAX_BYTES + 1] = "";
    memcpy(name, symbol, REIN_SYMBOL_CAPACITY);
    return rein_i_name_validate(name);
}

static rein_result_void check_dimension(const rein_tensor_spec *spec, int32_t dimension) {
    if (dimension < 0 || dimension >= spec->rank) {
        return rein_i_invalid(
            REIN_HERE,
            "the spec has no dimension {i}: its rank is {i}, and its first dimension is 0",
            (uint64_t)dimension, (uint64_t)spec->rank, 0);
    }
    return rein_done();
}

rein_result_tensor_spec rein_tensor_spec_with_range(const rein_tensor_spec *spec, int32_t dimension,
                                                    int64_t min, int64_t max, const char *symbol) {
    REIN_TRY(rein_result_tensor_spec, rein_tensor_spec_validate(spec));
    REIN_TRY(rein_result_tensor_spec, check_dimension(spec, dimension));
    rein_tensor_spec changed = *spec;
    rein_extent_range *extent = &changed.extents[dimension];
    *extent = (rein_extent_range){.min = min, .max = max};
    if (symbol != NULL) {
        memcpy(extent->symbol, symbol, strnlen(symbol, sizeof extent->symbol));
    }
    REIN_TRY(rein_result_tensor_spec, rein_tensor_spec_validate(&changed));
    return rein_result_tensor_spec_ok(changed);
}

static rein_result_void check_unused_extents(const rein_tensor_spec *spec) {
    static const rein_extent_range unused;
    for (int32_t index = spec->rank; index < REIN_SHAPE_MAX_RANK; index++) {
        if (memcmp(&spec->extents[index], &unused, sizeof unused) != 0) {
            return rein_i_invalid(REIN_HERE, "dimension {i} must be zero, because the rank is {i}",
                                  (uint64_t)index, (uint64_t)spec->rank, 0);
        }
    }
    return rein_done();
}

static rein_result_void check_extents(const rein_tensor_spec *spec) {
    if (spec->rank < 0 || spec->rank > REIN_SHAPE_MAX_RANK) {
        return rein_i_invalid(REIN_HERE, "the rank is {i}" MUST_BE_FROM_0_TO, (uint64_t)spec->rank,
                              REIN_SHAPE_MAX_RANK, 0);
    }
    for (int32_t index = 0; index < spec->rank; index++) {
        const rein_extent_range *extent = &spec->extents[index];
        REIN_TRY(rein_result_void, check_range(extent->min, extent->max, index));
        REIN_TRY(rein_result_void, check_symbol(extent->symbol));
    }
    return check_unused_extents(spec);
}

static rein_result_void check_memory(const rein_tensor_spec *spec) {
    const rein_memory_kind_set kinds = spec->memory_kinds;
    const uint32_t valid = (UINT32_C(2) << REIN_MEMORY_KIND_LAST) - 2;
    if (kinds.bits == 0 || (kinds.bits & ~valid) != 0) {
        return rein_i_invalid(
            REIN_HERE,
            "memory_kinds has the bits {u}; it must have some of the bits {u} and no others",
            kinds.bits, valid, 0);
    }
    return rein_memory_kind_set_has(kinds, REIN_MEMORY_DEVICE)
               ? rein_i_device_check(spec->device_index)
               : rein_done();
}

rein_result_void rein_tensor_spec_validate(const rein_tensor_spec *spec) {
    if (spec == NULL) {
        return rein_i_invalid(REIN_HERE, "the tensor spec" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    REIN_TRY(rein_result_void, rein_i_name_validate(spec->name));
    REIN_TRY(rein_result_void, check_extents(spec));
    REIN_TRY(rein_result_void, rein_i_layout_check(spec->layout, spec->rank));
    REIN_TRY(rein_result_void, check_memory(spec));
    rein_shape smallest = rein_tensor_spec_min_shape(spec);
    REIN_TRY(rein_result_void, rein_i_shape_size_bytes(&smallest, spec->dtype));
    return rein_done();
}

_Static_assert(sizeof(rein_extent_range) == 2 * sizeof(int64_t) + REIN_SYMBOL_CAPACITY,
               "a range has no padding: ranges are compared as bytes");

bool rein_tensor_spec_equal(const rein_tensor_spec *left, const rein_tensor_spec *right) {
    return left != NULL && right != NULL &&
           memcmp(left->name, right->name, sizeof left->name) == 0 &&
           memcmp(left->extents, right->extents, sizeof left->extents) == 0 &&
           left->rank == right->rank && left->dtype == right->dtype &&
           left->layout == right->layout && left->memory_kinds.bits == right->memory_kinds.bits &&
           left->device_index == right->device_index;
}

bool rein_tensor_spec_is_fixed(const rein_tensor_spec *spec) {
    for (int32_t index = 0; spec != NULL && index < spec->rank; index++) {
        if (spec->extents[index].min != spec->extents[index].max) {
            return false;
        }
    }
    return spec != NULL;
}

rein_shape rein_tensor_spec_min_shape(const rein_tensor_spec *spec) {
    rein_shape shape = {.rank = spec == NULL ? 0 : spec->rank};
    for (int32_t index = 0; index < shape.rank; index++) {
        shape.dimensions[index] = spec->extents[index].min;
    }
    return shape;
}

rein_shape rein_tensor_spec_max_shape(const rein_tensor_spec *spec) {
    rein_shape shape = {.rank = spec == NULL ? 0 : spec->rank};
    for (int32_t index = 0; index < shape.rank; index++) {
        shape.dimensions[index] = spec->extents[index].max;
    }
    return shape;
}

/* Returns the first dimension of a shape of the spec's rank that is out of its range; the rank if
 * all are in range. */
static int32_t first_out_of_range(const rein_tensor_spec *spec, const rein_shape *shape) {
    int32_t index = 0;
    while (index < spec->rank && shape->dimensions[index] >= spec->extents[index].min &&
           shape->dimensions[index] <= spec->extents[index].max) {
        index++;
    }
    return index;
}

bool rein_tensor_spec_allows(const rein_tensor_spec *spec, const rein_shape *shape) {
    if (spec == NULL || shape == NULL || shape->rank != spec->rank) {
        return false;
    }
    int64_t unused = 0;
    for (int32_t index = spec->rank; index < REIN_SHAPE_MAX_RANK; index++) {
        unused |= shape->dimensions[index];
    }
    return unused == 0 && first_out_of_range(spec, shape) == spec->rank;
}

static rein_result_void check_shape(const rein_tensor_spec *spec, const rein_shape *shape) {
    if (shape->rank != spec->rank) {
        return rein_i_invalid(REIN_HERE,
                              "the shape has rank {i}; it must have the spec's rank, {i}",
                              (uint64_t)shape->rank, (uint64_t)spec->rank, 0);
    }
    int32_t dimension = first_out_of_range(spec, shape);
    if (dimension < spec->rank) {
        return rein_i_invalid(REIN_HERE, "dimension {i} is {i}, which is outside the spec's range",
                              (uint64_t)dimension, (uint64_t)shape->dimensions[dimension], 0);
    }
    return rein_done();
}

rein_result_bytes rein_tensor_spec_size_bytes(const rein_tensor_spec *spec,
                                              const rein_shape *shape) {
    if (spec == NULL || shape == NULL) {
        return rein_result_bytes_fail(
            rein_i_invalid_error(REIN_HERE, "the spec and the shape" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    REIN_TRY(rein_result_bytes, check_shape(spec, shape));
    return rein_i_shape_size_bytes(shape, spec->dtype);
}
