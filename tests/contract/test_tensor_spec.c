#include <string.h>

#include "contract/tensor.h"
#include "expect.h"
#include "samples.h"

static const int64_t ones[REIN_SHAPE_MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
static const int64_t image[] = {1, 3, 2, 2};

static rein_tensor_spec spec_of(const int64_t *dimensions, int32_t rank, rein_layout layout) {
    rein_shape shape = sample_shape(dimensions, rank);
    return REIN_UNWRAP(rein_tensor_spec_make("x", &shape, REIN_DTYPE_FLOAT32, layout));
}

static rein_tensor_spec image_spec(void) {
    return spec_of(image, 4, REIN_LAYOUT_NCHW);
}

static void expect_refused(rein_result_void checked, int64_t first, int64_t second, int64_t third) {
    cr_assert(!checked.is_ok, "refused: %lld, %lld, %lld", (long long)first, (long long)second,
              (long long)third);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(checked), (uint64_t)first, (uint64_t)second, (uint64_t)third);
}

Test(tensor_spec, make_fixes_every_dimension_in_host_memory) {
    rein_tensor_spec spec = image_spec();
    rein_shape shape = sample_shape(image, 4);
    rein_shape smallest = rein_tensor_spec_min_shape(&spec);
    rein_shape largest = rein_tensor_spec_max_shape(&spec);
    cr_assert(is_same_text(spec.name, "x") && spec.dtype == REIN_DTYPE_FLOAT32, "as given");
    cr_assert(rein_shape_equal(&smallest, &shape) && rein_shape_equal(&largest, &shape), "extents");
    cr_assert(rein_tensor_spec_is_fixed(&spec), "fixed");
    for (size_t index = 0; index < REIN_SHAPE_MAX_RANK; index++) {
        cr_assert(spec.extents[index].symbol[0] == '\0', "dimension %zu has no symbol", index);
    }
    rein_memory_kind_set host =
        rein_memory_kind_set_with((rein_memory_kind_set){0}, REIN_MEMORY_HOST);
    cr_assert(spec.memory_kinds.bits == host.bits && spec.device_index == 0, "host memory");
    cr_assert(rein_tensor_spec_validate(&spec).is_ok, "valid");
}

Test(tensor_spec, takes_any_rank_row_or_column_major) {
    for (int32_t rank = 0; rank <= REIN_SHAPE_MAX_RANK; rank++) {
        rein_tensor_spec row = spec_of(ones, rank, REIN_LAYOUT_ROW_MAJOR);
        rein_tensor_spec column = spec_of(ones, rank, REIN_LAYOUT_COLUMN_MAJOR);
        cr_assert(row.layout == REIN_LAYOUT_ROW_MAJOR && row.rank == rank, "row");
        cr_assert(column.layout == REIN_LAYOUT_COLUMN_MAJOR && column.rank == rank, "column");
        cr_assert(rein_tensor_spec_validate(&column).is_ok, "rank %d", rank);
        cr_assert(rein_tensor_spec_is_fixed(&row), "rank %d", rank);
    }
}

static void expect_no_layout(int32_t rank, rein_layout layout, int64_t first, int64_t second) {
    rein_shape shape = sample_shape(ones, rank);
    rein_result_tensor_spec made = rein_tensor_spec_make("x", &shape, REIN_DTYPE_INT8, layout);
    cr_assert(!made.is_ok, "rank %d, layout %d", rank, (int)layout);
    expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
    rein_tensor_spec spec = spec_of(ones, rank, REIN_LAYOUT_ROW_MAJOR);
    spec.layout = layout;
    expect_refused(rein_tensor_spec_validate(&spec), first, second, 0);
}

Test(tensor_spec, requires_four_dimensions_for_images) {
    rein_tensor_spec nchw = image_spec();
    rein_tensor_spec nhwc = spec_of(image, 4, REIN_LAYOUT_NHWC);
    cr_assert(rein_tensor_spec_validate(&nchw).is_ok, "NCHW");
    cr_assert(rein_tensor_spec_validate(&nhwc).is_ok, "NHWC");
    expect_no_layout(3, REIN_LAYOUT_NCHW, 3, 0);
    expect_no_layout(5, REIN_LAYOUT_NHWC, 5, 0);
    expect_no_layout(0, REIN_LAYOUT_NHWC, 0, 0);
    expect_no_layout(4, (rein_layout)0, 0, REIN_LAYOUT_LAST);
    expect_no_layout(4, (rein_layout)5, 5, REIN_LAYOUT_LAST);
}

Test(tensor_spec_range, changes_one_dimension_of_a_copy) {
    const rein_tensor_spec spec = image_spec();
    rein_tensor_spec ranged = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 3, 0, 9, "width"));
    cr_assert(spec.extents[3].max == 2 && spec.extents[3].symbol[0] == '\0', "the spec is kept");
    cr_assert(ranged.extents[3].min == 0 && ranged.extents[3].max == 9, "the range");
    cr_assert(is_same_text(ranged.extents[3].symbol, "width"), "the symbol");
    cr_assert(!rein_tensor_spec_is_fixed(&ranged), "not fixed");
    ranged.extents[3] = spec.extents[3];
    cr_assert(rein_tensor_spec_equal(&ranged, &spec), "nothing else changed");
}

Test(tensor_spec_range, replaces_the_symbol_whole) {
    rein_tensor_spec spec = image_spec();
    spec =
        REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, "a symbol of 31 bytes, its most."));
    cr_assert(strlen(spec.extents[0].symbol) == REIN_SYMBOL_CAPACITY - 1, "as long as may be");
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, "N"));
    static const char only_n[REIN_SYMBOL_CAPACITY] = "N";
    cr_assert(memcmp(spec.extents[0].symbol, only_n, sizeof only_n) == 0, "zero after the text");
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 8, NULL));
    static const char empty[REIN_SYMBOL_CAPACITY];
    cr_assert(memcmp(spec.extents[0].symbol, empty, sizeof empty) == 0, "NULL is empty");
}

Test(tensor_spec_range, may_be_one_extent_or_unbounded) {
    rein_tensor_spec spec = image_spec();
    rein_tensor_spec fixed = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 7, 7, ""));
    cr_assert(rein_tensor_spec_is_fixed(&fixed), "one extent");
    rein_tensor_spec unbounded = spec;
    for (int32_t index = 0; index < 4; index++) {
        unbounded = REIN_UNWRAP(
            rein_tensor_spec_with_range(&unbounded, index, 0, REIN_EXTENT_UNBOUNDED, NULL));
    }
    rein_shape largest = rein_tensor_spec_max_shape(&unbounded);
    for (int32_t index = 0; index < 4; index++) {
        cr_assert(largest.dimensions[index] == REIN_EXTENT_UNBOUNDED, "dimension %d", index);
    }
}

static void expect_no_range(const rein_tensor_spec *spec, int32_t dimension, int64_t min,
                            int64_t max, const char *symbol) {
    rein_result_tensor_spec made = rein_tensor_spec_with_range(spec, dimension, min, max, symbol);
    cr_assert(!made.is_ok, "dimension %d: %lld to %lld", dimension, (long long)min, (long long)max);
    expect_code(&REIN_ERROR(made), REIN_ERROR_INVALID_ARGUMENT);
}

Test(tensor_spec_range, refuses_wrong_dimensions_extents_and_symbols) {
    rein_tensor_spec spec = image_spec();
    expect_no_range(NULL, 0, 1, 1, NULL);
    expect_no_range(&spec, -1, 1, 1, NULL);
    expect_no_range(&spec, 4, 1, 1, NULL);
    expect_no_range(&spec, INT32_MAX, 1, 1, NULL);
    expect_no_range(&spec, INT32_MIN, 1, 1, NULL);
    expect_no_range(&spec, 0, -1, 1, NULL);
    expect_no_range(&spec, 0, 2, 1, NULL);
    expect_no_range(&spec, 0, INT64_MAX, INT64_MAX, NULL);
    expect_no_range(&spec, 0, 1, 1, "a symbol of 32 bytes, 1 too many");
    expect_no_range(&spec, 0, 1, 1, "\n");
    expect_no_range(&spec, 0, 1, 1, "\xFF");
}

/* The dimension is below the rank, but has no place in the array. */
Test(tensor_spec_range, refuses_a_spec_whose_rank_is_not_valid) {
    struct {
        rein_tensor_spec spec;
        char behind[sizeof(rein_tensor_spec)];
    } room = {.spec = image_spec()};
    room.spec.rank = INT32_MAX;
    expect_no_range(&room.spec, REIN_SHAPE_MAX_RANK, 1, 1, NULL);
    expect_no_range(&room.spec, INT32_MAX - 1, 1, 1, NULL);
}

Test(tensor_spec_validate, refuses_null_and_a_wrong_name) {
    rein_tensor_spec spec = image_spec();
    expect_refused(rein_tensor_spec_validate(NULL), 0, 0, 0);
    spec.name[0] = '\0';
    expect_refused(rein_tensor_spec_validate(&spec), 0, 0, 0);
    spec = image_spec();
    spec.name[9] = 'z';
    expect_refused(rein_tensor_spec_validate(&spec), 9, 'z', 0);
    memset(&spec, 0, sizeof spec);
    cr_assert(!rein_tensor_spec_validate(&spec).is_ok, "a zeroed spec is not valid");
}

Test(tensor_spec_validate, refuses_wrong_ranks_and_extents) {
    rein_tensor_spec spec = image_spec();
    spec.rank = -1;
    expect_refused(rein_tensor_spec_validate(&spec), -1, REIN_SHAPE_MAX_RANK, 0);
    spec.rank = 9;
    expect_refused(rein_tensor_spec_validate(&spec), 9, REIN_SHAPE_MAX_RANK, 0);
    spec = image_spec();
    spec.extents[1].min = -1;
    expect_refused(rein_tensor_spec_validate(&spec), 1, -1, 0);
    spec = image_spec();
    spec.extents[3].max = 1;
    expect_refused(rein_tensor_spec_validate(&spec), 3, 2, 1);
    spec = image_spec();
    spec.dtype = (rein_dtype)0;
    expect_refused(rein_tensor_spec_validate(&spec), 0, REIN_DTYPE_LAST, 0);
}

Test(tensor_spec_validate, refuses_extents_beyond_the_rank) {
    rein_tensor_spec spec = image_spec();
    spec.extents[7].min = 1;
    expect_refused(rein_tensor_spec_validate(&spec), 7, 4, 0);
    spec = image_spec();
    spec.extents[4].max = 1;
    expect_refused(rein_tensor_spec_validate(&spec), 4, 4, 0);
    spec = image_spec();
    spec.extents[5].symbol[3] = 's';
    expect_refused(rein_tensor_spec_validate(&spec), 5, 4, 0);
}

Test(tensor_spec_validate, refuses_wrong_symbols) {
    rein_tensor_spec spec = image_spec();
    memset(spec.extents[0].symbol, 's', REIN_SYMBOL_CAPACITY);
    expect_refused(rein_tensor_spec_validate(&spec), REIN_SYMBOL_CAPACITY - 1, 0, 0);
    spec = image_spec();
    memcpy(spec.extents[0].symbol, "s\0t", 3);
    expect_refused(rein_tensor_spec_validate(&spec), 2, 't', 0);
    spec = image_spec();
    memcpy(spec.extents[0].symbol, "s\n", 2);
    expect_refused(rein_tensor_spec_validate(&spec), 1, 0, 0);
    spec = image_spec();
    memcpy(spec.extents[0].symbol, "\0t", 2);
    cr_assert(!rein_tensor_spec_validate(&spec).is_ok, "text after an empty symbol");
}

Test(tensor_spec_validate, knows_four_kinds_of_memory) {
    rein_tensor_spec spec = image_spec();
    const uint32_t valid = 0x1E;
    for (uint32_t bits = 0; bits < 64; bits++) {
        spec.memory_kinds.bits = bits;
        bool is_valid = bits != 0 && (bits & ~valid) == 0;
        rein_result_void checked = rein_tensor_spec_validate(&spec);
        cr_assert(checked.is_ok == is_valid, "bits %u", (unsigned)bits);
    }
    spec.memory_kinds.bits = UINT32_C(1) << 31 | 2;
    expect_refused(rein_tensor_spec_validate(&spec), spec.memory_kinds.bits, valid, 0);
}

Test(tensor_spec_validate, device_memory_needs_a_device) {
    rein_tensor_spec spec = image_spec();
    spec.device_index = -1;
    cr_assert(rein_tensor_spec_validate(&spec).is_ok, "unused by host memory");
    spec.memory_kinds = rein_memory_kind_set_with(spec.memory_kinds, REIN_MEMORY_DEVICE);
    rein_result_void checked = rein_tensor_spec_validate(&spec);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    spec.device_index = 0;
    cr_assert(rein_tensor_spec_validate(&spec).is_ok, "the first device");
}

Test(tensor_spec_validate, the_smallest_shape_has_a_size) {
    rein_tensor_spec spec = image_spec();
    spec.extents[0].max = REIN_EXTENT_UNBOUNDED;
    spec.extents[1].max = REIN_EXTENT_UNBOUNDED;
    cr_assert(rein_tensor_spec_validate(&spec).is_ok, "larger shapes need not fit in 64 bits");
    spec.extents[0].min = REIN_EXTENT_UNBOUNDED;
    expect_refused(rein_tensor_spec_validate(&spec), 4, 32, 0);
}

Test(tensor_spec_equal, compares_every_member) {
    const rein_tensor_spec spec = image_spec();
    rein_tensor_spec others[11];
    for (size_t index = 0; index < 11; index++) {
        others[index] = spec;
        cr_assert(rein_tensor_spec_equal(&spec, &others[index]), "a copy is equal");
    }
    others[0].layout = REIN_LAYOUT_NHWC;
    others[1].dtype = REIN_DTYPE_INT32;
    others[2].extents[3].min = 1;
    others[3].extents[3].max = 9;
    others[4].extents[3].symbol[0] = 'w';
    others[5].name[0] = 'y';
    others[6].rank = 5;
    others[7].memory_kinds.bits = 6;
    others[8].device_index = 1;
    others[9].extents[7].max = 1;
    others[10].name[REIN_NAME_MAX_BYTES] = 'y';
    for (size_t index = 0; index < 11; index++) {
        cr_assert(!rein_tensor_spec_equal(&spec, &others[index]), "other %zu", index);
    }
    cr_assert(!rein_tensor_spec_equal(NULL, &spec), "NULL");
    cr_assert(!rein_tensor_spec_equal(&spec, NULL), "NULL");
}

Test(tensor_spec, null_is_not_fixed_and_has_a_scalar_as_shape) {
    cr_assert(!rein_tensor_spec_is_fixed(NULL), "not fixed");
    cr_assert(rein_tensor_spec_min_shape(NULL).rank == 0, "a scalar");
    cr_assert(rein_tensor_spec_max_shape(NULL).rank == 0, "a scalar");
}

/* Rows of 2 to 5 elements, up to 3 of them. */
static rein_tensor_spec rows_spec(void) {
    static const int64_t smallest[] = {0, 2};
    rein_tensor_spec spec = spec_of(smallest, 2, REIN_LAYOUT_ROW_MAJOR);
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 0, 3, NULL));
    return REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 1, 2, 5, NULL));
}

Test(tensor_spec_allows, exactly_the_extents_within_the_ranges) {
    rein_tensor_spec spec = rows_spec();
    for (int64_t rows = 0; rows <= 4; rows++) {
        for (int64_t elements = 1; elements <= 6; elements++) {
            const int64_t dimensions[] = {rows, elements};
            rein_shape shape = sample_shape(dimensions, 2);
            bool is_allowed = rows <= 3 && elements >= 2 && elements <= 5;
            cr_assert(rein_tensor_spec_allows(&spec, &shape) == is_allowed, "%lld of %lld",
                      (long long)rows, (long long)elements);
            rein_result_bytes size = rein_tensor_spec_size_bytes(&spec, &shape);
            cr_assert(size.is_ok == is_allowed, "its size");
            cr_assert(!size.is_ok || REIN_VALUE(size) == (uint64_t)(rows * elements * 4), "bytes");
        }
    }
    rein_shape shape = sample_shape(image, 1);
    cr_assert(!rein_tensor_spec_allows(&spec, &shape), "another rank");
    cr_assert(!rein_tensor_spec_allows(NULL, &shape), "NULL");
    cr_assert(!rein_tensor_spec_allows(&spec, NULL), "NULL");
}

static void expect_no_size(const rein_tensor_spec *spec, const rein_shape *shape, int64_t first,
                           int64_t second) {
    rein_result_bytes size = rein_tensor_spec_size_bytes(spec, shape);
    cr_assert(!size.is_ok, "numbers %lld, %lld", (long long)first, (long long)second);
    expect_code(&REIN_ERROR(size), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(size), (uint64_t)first, (uint64_t)second, 0);
}

Test(tensor_spec_size, refuses_shapes_that_are_not_allowed) {
    rein_tensor_spec spec = rows_spec();
    rein_shape shape = rein_tensor_spec_min_shape(&spec);
    expect_no_size(NULL, &shape, 0, 0);
    expect_no_size(&spec, NULL, 0, 0);
    shape.dimensions[0] = -1;
    expect_no_size(&spec, &shape, 0, -1);
    shape.dimensions[0] = 3;
    shape.dimensions[1] = 6;
    expect_no_size(&spec, &shape, 1, 6);
    shape.rank = 1;
    expect_no_size(&spec, &shape, 1, 2);
    shape = rein_tensor_spec_min_shape(&spec);
    shape.dimensions[2] = 4;
    expect_no_size(&spec, &shape, 2, 4);
}

Test(tensor_spec_size, refuses_a_size_beyond_64_bits) {
    rein_tensor_spec spec = rows_spec();
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 0, REIN_EXTENT_UNBOUNDED, NULL));
    rein_shape shape = rein_tensor_spec_max_shape(&spec);
    cr_assert(rein_tensor_spec_allows(&spec, &shape), "the extent itself is allowed");
    expect_no_size(&spec, &shape, 2, 32);
}
