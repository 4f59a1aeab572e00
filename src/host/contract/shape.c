#include "host/contract/shape.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"

static rein_result_void check_dimensions(const int64_t *dimensions, int32_t rank) {
    if (rank < 0 || rank > REIN_SHAPE_MAX_RANK) {
        return rein_i_invalid(REIN_HERE, "the rank is {i}" MUST_BE_FROM_0_TO, (uint64_t)rank,
                              REIN_SHAPE_MAX_RANK, 0);
    }
    if (dimensions == NULL && rank > 0) {
        return rein_i_invalid(REIN_HERE, "dimensions" MUST_HOLD_ELEMENTS, (uint64_t)rank, 0, 0);
    }
    for (int32_t index = 0; index < rank; index++) {
        if (dimensions[index] < 0) {
            return rein_i_invalid(REIN_HERE, "dimension {i} is {i}" MUST_NOT_BE_NEGATIVE,
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

/* Checks that the dimensions from the rank on are 0, because equality compares them too. A shape
 * that was filled by hand may break this. */
static rein_result_void check_unused_dimensions(const rein_shape *shape) {
    for (int32_t index = shape->rank; index < REIN_SHAPE_MAX_RANK; index++) {
        if (shape->dimensions[index] != 0) {
            return rein_i_invalid(REIN_HERE,
                                  "dimension {i} is {i}; dimensions from the rank on must be 0",
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

/* Returns whether the product of the dimensions fits in 64 bits, and writes it. Their order does
 * not matter: a zero anywhere makes it zero. */
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

/* Writes the bytes of `count` packed elements, rounded up to whole bytes. Returns false if they do
 * not fit. An element is a whole number of bytes or a whole fraction of one, so the product is
 * computed in bytes. A product in bits could overflow although the bytes fit. */
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

bool rein_i_shape_bytes(const rein_shape *shape, rein_dtype dtype, uint64_t *out_bytes) {
    uint64_t count = 0;
    return element_count(shape, &count) && packed_bytes(count, rein_dtype_bits(dtype), out_bytes);
}

rein_result_bytes rein_i_shape_size_bytes(const rein_shape *shape, rein_dtype dtype) {
    REIN_TRY(rein_result_bytes, check_dimensions(shape->dimensions, shape->rank));
    REIN_TRY(rein_result_bytes, check_unused_dimensions(shape));
    if (!rein_dtype_is_valid(dtype)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the element type (rein_dtype) is {i}" MUST_BE_FROM_1_TO,
            (uint64_t)(int64_t)dtype, REIN_DTYPE_LAST, 0));
    }
    uint64_t bytes = 0;
    if (!rein_i_shape_bytes(shape, dtype, &bytes)) {
        return rein_result_bytes_fail(rein_i_invalid_error(
            REIN_HERE, "the size of {i} dimensions of {i}-bit elements" MUST_FIT_64_BITS,
            (uint64_t)shape->rank, rein_dtype_bits(dtype), 0));
    }
    return rein_result_bytes_ok(bytes);
}
