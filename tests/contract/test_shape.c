#include "contract/tensor.h"
#include "expect.h"
#include "samples.h"

Test(shape, pads_its_dimensions_with_zeros) {
    static const int64_t dimensions[8] = {1, 0, 3, INT64_MAX, 5, 6, 7, 8};
    for (int32_t rank = 0; rank <= 8; rank++) {
        rein_shape shape = sample_shape(dimensions, rank);
        cr_assert(shape.rank == rank, "rank %d", rank);
        for (int32_t index = 0; index < 8; index++) {
            cr_assert(shape.dimensions[index] == (index < rank ? dimensions[index] : 0),
                      "dimension %d of %d", index, rank);
        }
    }
    rein_shape scalar = sample_shape(NULL, 0);
    cr_assert(scalar.rank == 0, "a scalar needs no dimensions");
}

static void expect_no_shape(const int64_t *dimensions, int32_t rank, int64_t first,
                            int64_t second) {
    rein_result_shape made = rein_shape_make(dimensions, rank);
    cr_assert(!made.is_ok, "refused: rank %d", rank);
    expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(made), (uint64_t)first, (uint64_t)second, 0);
}

Test(shape, refuses_wrong_ranks_and_dimensions) {
    static const int64_t dimensions[9] = {1, 2, -3, 4, 5, 6, 7, 8, 9};
    static const int64_t lowest[] = {INT64_MIN, -1};
    expect_no_shape(dimensions, 9, 9, REIN_SHAPE_MAX_RANK);
    expect_no_shape(dimensions, -1, -1, REIN_SHAPE_MAX_RANK);
    expect_no_shape(dimensions, INT32_MAX, INT32_MAX, REIN_SHAPE_MAX_RANK);
    expect_no_shape(NULL, INT32_MIN, INT32_MIN, REIN_SHAPE_MAX_RANK);
    expect_no_shape(NULL, 1, 1, 0);
    expect_no_shape(dimensions, 3, 2, -3);
    expect_no_shape(lowest, 2, 0, INT64_MIN);
    cr_assert(rein_shape_make(dimensions, 2).is_ok, "dimensions beyond the rank are not read");
}

Test(shape, equality_is_that_of_rank_and_dimensions) {
    static const int64_t left[] = {2, 3, 0};
    static const int64_t right[] = {2, 4, 0};
    rein_shape shape = sample_shape(left, 2);
    rein_shape same = sample_shape(left, 2);
    rein_shape other = sample_shape(right, 2);
    rein_shape longer = sample_shape(left, 3);
    cr_assert(rein_shape_equal(&shape, &same), "equal");
    cr_assert(!rein_shape_equal(&shape, &other), "another dimension");
    cr_assert(!rein_shape_equal(&shape, &longer), "another rank, the same numbers");
    static const int64_t last[] = {1, 1, 1, 1, 1, 1, 1, 2};
    static const int64_t ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
    shape = sample_shape(last, 8);
    other = sample_shape(ones, 8);
    cr_assert(!rein_shape_equal(&shape, &other), "the last of 8 dimensions counts");
    cr_assert(!rein_shape_equal(NULL, &shape), "NULL");
    cr_assert(!rein_shape_equal(&shape, NULL), "NULL");
}
