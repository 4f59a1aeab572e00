#include "contract/backend.h"

#include "expect.h"
#include "samples.h"

/* The shapes of three inputs, and one output, whose dimensions have symbols:
 * image [batch, side, side], mask [side, batch] and weight [any, any] without symbols. The same
 * shapes are checked as a question of the static analysis and as an execution. */
typedef struct symbol_case {
    rein_tensor_spec specs[3];
    rein_shape shapes[3];
    rein_tensor inputs[3];
    int8_t data[512];
} symbol_case;

static rein_tensor_spec spec_of(const char *name, int32_t rank, const char *const symbols[]) {
    static const int64_t ones[] = {1, 1, 1};
    rein_shape shape = sample_shape(ones, rank);
    rein_tensor_spec spec =
        REIN_UNWRAP(rein_tensor_spec_make(name, &shape, REIN_DTYPE_INT8, REIN_LAYOUT_ROW_MAJOR));
    for (int32_t index = 0; index < rank; index++) {
        spec = REIN_UNWRAP(
            rein_tensor_spec_with_range(&spec, index, 0, REIN_EXTENT_UNBOUNDED, symbols[index]));
    }
    return spec;
}

static void case_init(symbol_case *out_trial) {
    static const char *const image[] = {"batch", "side", "side"};
    static const char *const mask[] = {"side", "batch"};
    static const char *const weight[] = {"", ""};
    static const int64_t dimensions[3][3] = {{2, 7, 7}, {7, 2}, {3, 5}};
    out_trial->specs[0] = spec_of("image", 3, image);
    out_trial->specs[1] = spec_of("mask", 2, mask);
    out_trial->specs[2] = spec_of("weight", 2, weight);
    for (size_t index = 0; index < 3; index++) {
        out_trial->shapes[index] = sample_shape(dimensions[index], index == 0 ? 3 : 2);
        out_trial->inputs[index] = REIN_UNWRAP(rein_tensor_make_shaped(
            &out_trial->specs[index], &out_trial->shapes[index], out_trial->data));
        out_trial->inputs[index].capacity_bytes = sizeof out_trial->data;
    }
}

static rein_result_void check_shapes(const symbol_case *trial) {
    const rein_input_shapes shapes = {.shapes = trial->shapes, .count = 3};
    return rein_backend_check_shapes(&shapes,
                                     (rein_tensor_spec_view){.specs = trial->specs, .count = 3});
}

static rein_result_void check_inputs(const symbol_case *trial) {
    rein_tensor inputs[3];
    for (size_t index = 0; index < 3; index++) {
        inputs[index] = trial->inputs[index];
        inputs[index].descriptor.shape = trial->shapes[index];
    }
    rein_execution_request request = sample_request(1);
    request.input_tensors = inputs;
    request.input_tensor_count = 3;
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    return rein_backend_check_execution(&request, &result, &request.model_id,
                                        (rein_tensor_spec_view){.specs = trial->specs, .count = 3},
                                        (rein_tensor_spec_view){.count = 0});
}

static void expect_accepted(const symbol_case *trial, const char *what) {
    cr_assert(check_shapes(trial).is_ok, "shapes: %s", what);
    cr_assert(check_inputs(trial).is_ok, "inputs: %s", what);
}

static void expect_error_about(const rein_error *error, size_t index, const char *name) {
    expect_code(error, REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(error, index, 0, 0);
    cr_assert(is_same_text(error->foreign_text, name), "about '%s', expected '%s'",
              error->foreign_text, name);
}

static void expect_refused(const symbol_case *trial, size_t index, const char *name) {
    rein_result_void checked = check_shapes(trial);
    cr_assert(!checked.is_ok, "the shape of '%s' is refused", name);
    expect_error_about(&REIN_ERROR(checked), index, name);
    checked = check_inputs(trial);
    cr_assert(!checked.is_ok, "the input '%s' is refused", name);
    expect_error_about(&REIN_ERROR(checked), index, name);
}

Test(symbols, agree_if_their_extents_are_equal) {
    symbol_case trial;
    case_init(&trial);
    expect_accepted(&trial, "batch 2, side 7");
    static const int64_t dimensions[] = {0, 9, 9};
    trial.shapes[0] = sample_shape(dimensions, 3);
    trial.shapes[1] = sample_shape(&dimensions[1], 1);
    trial.shapes[1].rank = 2;
    expect_accepted(&trial, "batch 0, side 9");
}

Test(symbols, disagree_within_one_tensor) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[0].dimensions[2] = 6;
    expect_refused(&trial, 0, "image");
    trial.shapes[0].dimensions[1] = 6;
    expect_refused(&trial, 1, "mask");
}

Test(symbols, disagree_across_tensors) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[1].dimensions[0] = 8;
    expect_refused(&trial, 1, "mask");
    case_init(&trial);
    trial.shapes[1].dimensions[1] = 1;
    expect_refused(&trial, 1, "mask");
}

Test(symbols, are_the_same_only_if_the_whole_text_is) {
    symbol_case trial;
    case_init(&trial);
    strcpy(trial.specs[1].extents[0].symbol, "sides");
    trial.shapes[1].dimensions[0] = 8;
    expect_accepted(&trial, "side and sides");
}

Test(symbols, empty_ones_are_independent) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[2].dimensions[1] = 4;
    expect_accepted(&trial, "of weight");
    memset(trial.specs[0].extents[2].symbol, 0, REIN_SYMBOL_CAPACITY);
    trial.shapes[0].dimensions[2] = 3;
    expect_accepted(&trial, "of image");
}

/* The extents of an output may depend on values, so they are not compared. */
Test(symbols, of_outputs_are_not_compared) {
    symbol_case trial;
    case_init(&trial);
    rein_execution_request request = sample_request(1);
    request.input_tensors = trial.inputs;
    request.input_tensor_count = 1;
    rein_execution_result result = rein_execution_result_make(&trial.inputs[1], 1);
    trial.inputs[1].descriptor.shape.dimensions[0] = 100;
    rein_result_void checked = rein_backend_check_execution(
        &request, &result, &request.model_id, (rein_tensor_spec_view){trial.specs, 1},
        (rein_tensor_spec_view){&trial.specs[1], 1});
    cr_assert(checked.is_ok, "side is 7 of the input and 100 of the output");
}

Test(check_shapes, refuses_other_ranks_and_extents_out_of_range) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[2].rank = 1;
    expect_refused(&trial, 2, "weight");
    trial.shapes[2].rank = REIN_SHAPE_MAX_RANK + 1;
    expect_refused(&trial, 2, "weight");
    case_init(&trial);
    trial.shapes[2].dimensions[0] = -1;
    expect_refused(&trial, 2, "weight");
    case_init(&trial);
    trial.specs[2].extents[1].max = 4;
    expect_refused(&trial, 2, "weight");
    trial.specs[2].extents[1].max = 5;
    expect_accepted(&trial, "the greatest extent");
    trial.specs[2].extents[1].min = 5;
    expect_accepted(&trial, "the smallest extent");
    case_init(&trial);
    trial.shapes[1].dimensions[2] = 1;
    expect_refused(&trial, 1, "mask");
}

Test(check_shapes, accepts_the_greatest_extent_of_an_unbounded_range) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[2].dimensions[0] = REIN_EXTENT_UNBOUNDED;
    trial.shapes[2].dimensions[1] = 2;
    cr_assert(check_shapes(&trial).is_ok, "2 * (2^63 - 1) bytes");
}

Test(check_shapes, refuses_a_size_beyond_64_bits) {
    symbol_case trial;
    case_init(&trial);
    trial.shapes[2].dimensions[0] = REIN_EXTENT_UNBOUNDED;
    trial.shapes[2].dimensions[1] = 3;
    expect_refused(&trial, 2, "weight");
    trial.shapes[2].dimensions[0] = 0;
    trial.shapes[2].dimensions[1] = REIN_EXTENT_UNBOUNDED;
    expect_accepted(&trial, "an empty tensor");
}

Test(check_shapes, null_is_the_largest_shapes) {
    symbol_case trial;
    case_init(&trial);
    rein_tensor_spec_view specs = {.specs = trial.specs, .count = 3};
    cr_assert(rein_backend_check_shapes(NULL, specs).is_ok, "not checked");
    const rein_input_shapes none = {.count = 0};
    cr_assert(rein_backend_check_shapes(&none, (rein_tensor_spec_view){.count = 0}).is_ok, "none");
}

static void expect_counts_refused(rein_input_shapes shapes, rein_tensor_spec_view specs,
                                  uint64_t first, uint64_t second) {
    rein_result_void checked = rein_backend_check_shapes(&shapes, specs);
    cr_assert(!checked.is_ok, "%zu shapes, %zu specs", shapes.count, specs.count);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    expect_numbers(&REIN_ERROR(checked), first, second, 0);
}

Test(check_shapes, refuses_another_number_and_null_arrays) {
    symbol_case trial;
    case_init(&trial);
    rein_tensor_spec_view specs = {.specs = trial.specs, .count = 3};
    expect_counts_refused((rein_input_shapes){trial.shapes, 2}, specs, 2, 3);
    expect_counts_refused((rein_input_shapes){NULL, 0}, specs, 0, 3);
    expect_counts_refused((rein_input_shapes){NULL, 3}, specs, 3, 0);
    specs.specs = NULL;
    expect_counts_refused((rein_input_shapes){trial.shapes, 3}, specs, 3, 0);
}

Test(backend_symbols, the_first_dimension_with_a_symbol_is_found) {
    symbol_case trial;
    case_init(&trial);
    const rein_tensor_spec_view specs = {.specs = trial.specs, .count = 3};
    size_t index = 9;
    int32_t dimension = 9;
    cr_assert(rein_tensor_spec_view_find(specs, "side", &index, &dimension), "is there");
    cr_assert(index == 0 && dimension == 1, "%zu, %d", index, (int)dimension);
    const rein_tensor_spec_view last = {.specs = trial.specs + 1, .count = 2};
    cr_assert(rein_tensor_spec_view_find(last, "batch", &index, &dimension), "is there");
    cr_assert(index == 0 && dimension == 1, "%zu, %d", index, (int)dimension);
}

Test(backend_symbols, other_symbols_are_not_found) {
    static const char *const symbols[] = {"", "sid", "sides", "Side",
                                          "a symbol of more than 31 bytes..."};
    symbol_case trial;
    case_init(&trial);
    const rein_tensor_spec_view specs = {.specs = trial.specs, .count = 3};
    size_t index = 9;
    int32_t dimension = 9;
    for (size_t row = 0; row < sizeof symbols / sizeof symbols[0]; row++) {
        cr_assert(!rein_tensor_spec_view_find(specs, symbols[row], &index, &dimension), "%s",
                  symbols[row]);
    }
    cr_assert(index == 9 && dimension == 9, "nothing is written");
}
