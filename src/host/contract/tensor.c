#include "contract/tensor.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/contract/name.h"

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

static bool is_layout(rein_layout layout) {
    int value = (int)layout;
    return value >= 1 && value <= (int)REIN_LAYOUT_LAST;
}

const char *rein_layout_name(rein_layout layout) {
    return is_layout(layout) ? layout_names[layout] : "Unknown";
}

static rein_result_void check_dimensions(const int64_t *dimensions, int32_t rank) {
    if (rank < 0 || rank > REIN_SHAPE_MAX_RANK) {
        return rein_i_invalid(REIN_HERE, "the rank is {i}, expected 0 to {i}", (uint64_t)rank,
                              REIN_SHAPE_MAX_RANK, 0);
    }
    if (dimensions == NULL && rank > 0) {
        return rein_i_invalid(REIN_HERE, "the dimensions are NULL, expected {i} of them",
                              (uint64_t)rank, 0, 0);
    }
    for (int32_t index = 0; index < rank; index++) {
        if (dimensions[index] < 0) {
            return rein_i_invalid(REIN_HERE, "dimension {i} is {i}, expected 0 or above",
                                  (uint64_t)index, (uint64_t)dimensions[index], 0);
        }
    }
    return rein_done();
}

rein_result_shape rein_shape_make(const int64_t *dimensions, int32_t rank) {
    REIN_TRY(rein_result_shape, check_dimensions(dimensions, rank));
    rein_shape shape = {.rank = rank};
    for (int32_t index = 0; index < rank; index++) {
        shape.dimensions[index] = dimensions[index];
    }
    return rein_result_shape_ok(shape);
}

bool rein_shape_equal(const rein_shape *left, const rein_shape *right) {
    return left != NULL && right != NULL && left->rank == right->rank &&
           memcmp(left->dimensions, right->dimensions, sizeof left->dimensions) == 0;
}

/* The dimensions from the rank on, where a shape was filled by hand: equality looks at them too. */
static rein_result_void check_unused_dimensions(const rein_shape *shape) {
    for (int32_t index = shape->rank; index < REIN_SHAPE_MAX_RANK; index++) {
        if (shape->dimensions[index] != 0) {
            return rein_i_invalid(REIN_HERE, "dimension {i} is {i}, expected 0 from the rank on",
                                  (uint64_t)index, (uint64_t)shape->dimensions[index], 0);
        }
    }
    return rein_done();
}

/*@ logic integer product{L}(int64_t *factors, integer count) =
        count <= 0 ? 1 : product(factors, count - 1) * factors[count - 1];
    lemma product_grows{L}: \forall int64_t *factors, integer count;
        count > 0 && product(factors, count - 1) > UINT64_MAX && factors[count - 1] >= 1 ==>
            product(factors, count) > UINT64_MAX; */

/* Whether the product fits in 64 bits; the order of the dimensions does not matter, for a zero
 * anywhere makes it zero. */
/*@ requires \valid_read(shape) && \valid(out_count) && \separated(shape, out_count);
    requires 0 <= shape->rank <= REIN_SHAPE_MAX_RANK;
    requires \forall integer i; 0 <= i < shape->rank ==> shape->dimensions[i] >= 0;
    assigns *out_count;
    ensures \result <==> product(&shape->dimensions[0], shape->rank) <= UINT64_MAX;
    ensures \result ==> *out_count == product(&shape->dimensions[0], shape->rank); */
static bool element_count(const rein_shape *shape, uint64_t *out_count) {
    uint64_t count = 1;
    bool fits = true;
    bool is_empty = false;
    /*@ loop invariant 0 <= index <= shape->rank;
        loop invariant product(&shape->dimensions[0], index) >= 0;
        loop invariant is_empty <==> product(&shape->dimensions[0], index) == 0;
        loop invariant !is_empty && fits ==> count == product(&shape->dimensions[0], index);
        loop invariant !is_empty && !fits ==> product(&shape->dimensions[0], index) > UINT64_MAX;
        loop assigns index, is_empty, fits, count;
        loop variant shape->rank - index; */
    for (int32_t index = 0; index < shape->rank; index++) {
        uint64_t dimension = (uint64_t)shape->dimensions[index];
        is_empty = is_empty || dimension == 0;
        fits = fits && checked_multiply(count, dimension, &count);
    }
    *out_count = is_empty ? 0 : count;
    return is_empty || fits;
}

/* Bytes of `count` packed elements, the last byte whole; false where they do not fit. An element is
 * a whole number of bytes or a whole part of one, so no product in bits is needed, which could
 * overflow where the bytes do not. */
/*@ requires bits == 4 || bits == 8 || bits == 16 || bits == 32 || bits == 64 || bits == 128;
    requires \valid(out_bytes);
    assigns *out_bytes;
    ensures \result <==> count * bits <= 8 * UINT64_MAX;
    ensures \result && bits >= 8 ==> *out_bytes == count * (bits / 8);
    ensures \result && bits == 4 ==> count <= 2 * *out_bytes <= count + 1; */
static bool packed_bytes(uint64_t count, uint32_t bits, uint64_t *out_bytes) {
    if (bits >= 8) {
        return checked_multiply(count, bits / 8, out_bytes);
    }
    /* 4, the only other one. NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
    uint64_t per_byte = 8 / bits;
    *out_bytes = count / per_byte + (count % per_byte != 0 ? 1 : 0);
    return true;
}

static rein_result_bytes size_of_shape(const rein_shape *shape, rein_dtype dtype) {
    REIN_TRY(rein_result_bytes, check_dimensions(shape->dimensions, shape->rank));
    REIN_TRY(rein_result_bytes, check_unused_dimensions(shape));
    if (!rein_dtype_is_valid(dtype)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the element type is {i}, expected 1 to {i} (rein_dtype)",
            (uint64_t)(int64_t)dtype, REIN_DTYPE_LAST, 0));
    }
    uint64_t count = 0;
    uint64_t bytes = 0;
    if (!element_count(shape, &count) || !packed_bytes(count, rein_dtype_bits(dtype), &bytes)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the size of {i} dimensions of {i}-bit elements does not fit in 64 bits",
            (uint64_t)shape->rank, rein_dtype_bits(dtype), 0));
    }
    return rein_result_bytes_ok(bytes);
}

rein_result_tensor_descriptor rein_tensor_descriptor_make(const char *name, const rein_shape *shape,
                                                          rein_dtype dtype) {
    if (shape == NULL) {
        return rein_result_tensor_descriptor_fail(
            rein_i_invalid_error(REIN_HERE, "the shape is NULL, expected a shape", 0, 0, 0));
    }
    rein_tensor_descriptor descriptor = {.shape = *shape, .dtype = dtype};
    REIN_TRY(rein_result_tensor_descriptor, rein_i_name_copy(name, descriptor.name));
    REIN_TRY(rein_result_tensor_descriptor, size_of_shape(shape, dtype));
    return rein_result_tensor_descriptor_ok(descriptor);
}

rein_result_bytes rein_tensor_descriptor_size_bytes(const rein_tensor_descriptor *descriptor) {
    if (descriptor == NULL) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the descriptor is NULL; a descriptor is required", 0, 0, 0));
    }
    REIN_TRY(rein_result_bytes, rein_i_name_validate(descriptor->name));
    return size_of_shape(&descriptor->shape, descriptor->dtype);
}

static rein_result_void check_layout(rein_layout layout, int32_t rank) {
    if (!is_layout(layout)) {
        return rein_i_invalid(REIN_HERE, "the layout is {i}, expected 1 to {i} (rein_layout)",
                              (uint64_t)(int64_t)layout, REIN_LAYOUT_LAST, 0);
    }
    bool needs_four = layout == REIN_LAYOUT_NCHW || layout == REIN_LAYOUT_NHWC;
    if (needs_four && rank != 4) {
        return rein_i_invalid(REIN_HERE, "the rank is {i}, expected 4 for layouts NCHW and NHWC",
                              (uint64_t)rank, 0, 0);
    }
    return rein_done();
}

rein_result_tensor_spec rein_tensor_spec_make(const char *name, const rein_shape *shape,
                                              rein_dtype dtype, rein_layout layout) {
    rein_tensor_descriptor descriptor =
        REIN_TRY(rein_result_tensor_spec, rein_tensor_descriptor_make(name, shape, dtype));
    rein_tensor_spec spec = {.descriptor = descriptor, .layout = layout};
    REIN_TRY(rein_result_tensor_spec, check_layout(layout, spec.descriptor.shape.rank));
    return rein_result_tensor_spec_ok(spec);
}

static rein_error null_spec_error(rein_source_location where) {
    return rein_i_invalid_error(where, "the tensor spec is NULL, expected a spec", 0, 0, 0);
}

/* The size of a spec that keeps every rule. */
static rein_result_bytes checked_size(const rein_tensor_spec *spec) {
    rein_result_bytes size = rein_tensor_descriptor_size_bytes(&spec->descriptor);
    REIN_TRY(rein_result_bytes, size);
    REIN_TRY(rein_result_bytes, check_layout(spec->layout, spec->descriptor.shape.rank));
    return size;
}

rein_result_void rein_tensor_spec_validate(const rein_tensor_spec *spec) {
    if (spec == NULL) {
        return rein_result_void_fail(null_spec_error(REIN_HERE));
    }
    REIN_TRY(rein_result_void, checked_size(spec));
    return rein_done();
}

bool rein_tensor_spec_equal(const rein_tensor_spec *left, const rein_tensor_spec *right) {
    return left != NULL && right != NULL &&
           strcmp(left->descriptor.name, right->descriptor.name) == 0 &&
           rein_shape_equal(&left->descriptor.shape, &right->descriptor.shape) &&
           left->descriptor.dtype == right->descriptor.dtype && left->layout == right->layout;
}

static rein_error null_tensor_error(rein_source_location where) {
    return rein_i_invalid_error(where, "the tensor is NULL; a tensor is required", 0, 0, 0);
}

rein_result_void rein_tensor_validate(const rein_tensor *tensor) {
    if (tensor == NULL) {
        return rein_result_void_fail(null_tensor_error(REIN_HERE));
    }
    uint64_t size = REIN_TRY(rein_result_void, checked_size(&tensor->spec));
    if (tensor->data == NULL && size > 0) {
        return rein_i_invalid(REIN_HERE, "the data is NULL, expected {bytes} of it", size, 0, 0);
    }
    return rein_done();
}

rein_result_tensor rein_tensor_make(const rein_tensor_spec *spec, void *data) {
    if (spec == NULL) {
        return rein_result_tensor_fail(null_spec_error(REIN_HERE));
    }
    rein_tensor tensor = {.spec = *spec, .data = data};
    REIN_TRY(rein_result_tensor, rein_tensor_validate(&tensor));
    return rein_result_tensor_ok(tensor);
}

rein_result_bytes rein_tensor_size_bytes(const rein_tensor *tensor) {
    return tensor == NULL ? rein_result_bytes_fail(null_tensor_error(REIN_HERE))
                          : rein_tensor_descriptor_size_bytes(&tensor->spec.descriptor);
}
