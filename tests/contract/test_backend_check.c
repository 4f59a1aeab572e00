#include "contract/backend.h"

#include "expect.h"
#include "samples.h"

/* Longer than the chunk that is compared at once. */
#define LONG_NAME "the product of left and right"

/* Two inputs and two outputs of a model whose dimensions 0 are ranges, with tensors that fit. */
typedef struct check_case {
    float data[32];
    rein_tensor inputs[2];
    rein_tensor outputs[2];
    rein_tensor_spec input_specs[2];
    rein_tensor_spec output_specs[2];
    rein_tensor_spec_view input_view;
    rein_tensor_spec_view output_view;
    rein_model_id loaded;
    rein_execution_request request;
    rein_execution_result result;
} check_case;

/* One to four rows of two floats. */
static rein_tensor_spec rows_spec(const char *name, const char *symbol) {
    static const int64_t dimensions[] = {1, 2};
    rein_shape shape = sample_shape(dimensions, 2);
    rein_tensor_spec spec =
        REIN_UNWRAP(rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
    return REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, 1, 4, symbol));
}

static rein_tensor rows_tensor(const rein_tensor_spec *spec, float *data) {
    static const int64_t dimensions[] = {3, 2};
    rein_shape shape = sample_shape(dimensions, 2);
    return REIN_UNWRAP(rein_tensor_make_shaped(spec, &shape, data));
}

static void case_init(check_case *out_trial) {
    out_trial->input_specs[0] = rows_spec("left", NULL);
    out_trial->input_specs[1] = rows_spec("right", NULL);
    out_trial->output_specs[0] = rows_spec("sum", NULL);
    out_trial->output_specs[1] = rows_spec(LONG_NAME, NULL);
    for (size_t index = 0; index < 2; index++) {
        float *data = out_trial->data + 16 * index;
        out_trial->inputs[index] = rows_tensor(&out_trial->input_specs[index], data);
        out_trial->outputs[index] = rows_tensor(&out_trial->output_specs[index], data + 8);
    }
    out_trial->input_view = (rein_tensor_spec_view){out_trial->input_specs, 2};
    out_trial->output_view = (rein_tensor_spec_view){out_trial->output_specs, 2};
    out_trial->loaded = sample_model_id();
    out_trial->request = sample_request(1);
    out_trial->request.input_tensors = out_trial->inputs;
    out_trial->request.input_tensor_count = 2;
    out_trial->result = rein_execution_result_make(out_trial->outputs, 2);
}

static rein_result_void check(const check_case *trial) {
    return rein_backend_check_execution(&trial->request, &trial->result, &trial->loaded,
                                        trial->input_view, trial->output_view);
}

/* Accepted; and every tensor is valid, as the contract promises of a check that passes. */
static void expect_fits(const check_case *trial, const char *what) {
    rein_result_void checked = check(trial);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (!checked.is_ok) {
        rein_error_message(&REIN_ERROR(checked), text, sizeof text);
    }
    cr_assert(checked.is_ok, "%s: %s", what, text);
    cr_assert(rein_execution_request_validate(&trial->request).is_ok, "%s: valid inputs", what);
    cr_assert(rein_execution_result_validate(&trial->result).is_ok, "%s: valid outputs", what);
}

/* Refused with the side, the index and the spec's name. */
static void expect_misfit(rein_result_void checked, const char *side, size_t index,
                          const char *name, const char *what) {
    cr_assert(!checked.is_ok, "%s: %s is refused", side, what);
    const rein_error *error = &REIN_ERROR(checked);
    expect_code(error, REIN_ERROR_INVALID_ARGUMENT);
    expect_invalid(error, side);
    expect_numbers(error, index, 0, 0);
    cr_assert(is_same_text(error->foreign_text, name), "%s: about '%s'", what, error->foreign_text);
}

static void expect_refused(const check_case *trial, rein_error_code code, uint64_t first,
                           uint64_t second, uint64_t third) {
    rein_result_void checked = check(trial);
    cr_assert(!checked.is_ok, "expected %s", rein_error_code_name(code));
    expect_code(&REIN_ERROR(checked), code);
    expect_numbers(&REIN_ERROR(checked), first, second, third);
}

Test(check_execution, accepts_tensors_of_the_specs) {
    check_case trial;
    case_init(&trial);
    expect_fits(&trial, "three rows");
    for (int64_t rows = 1; rows <= 4; rows++) {
        trial.inputs[0].descriptor.shape.dimensions[0] = rows;
        trial.inputs[0].capacity_bytes = (uint64_t)rows * 8;
        trial.outputs[1].descriptor.shape.dimensions[0] = rows;
        expect_fits(&trial, "each extent of the range");
    }
}

Test(check_execution, accepts_no_tensors) {
    check_case trial;
    case_init(&trial);
    trial.request.input_tensors = NULL;
    trial.request.input_tensor_count = 0;
    trial.input_view = (rein_tensor_spec_view){NULL, 0};
    trial.result = rein_execution_result_make(NULL, 0);
    trial.output_view = (rein_tensor_spec_view){NULL, 0};
    expect_fits(&trial, "NULL arrays of none");
}

Test(check_execution, does_not_compare_bytes_after_the_text_of_a_name) {
    check_case trial;
    case_init(&trial);
    trial.inputs[0].descriptor.name[REIN_NAME_MAX_BYTES] = 'z';
    trial.inputs[1].descriptor.name[8] = 'z';
    trial.outputs[1].descriptor.name[REIN_NAME_MAX_BYTES] = 'z';
    cr_assert(check(&trial).is_ok, "the texts are equal");
}

/* Changes that make a tensor misfit, as an input or as an output. */
static void change_name(rein_tensor *tensor) {
    tensor->descriptor.name[0] = 'z';
}
static void lengthen_name(rein_tensor *tensor) {
    strcat(tensor->descriptor.name, "s");
}
static void change_dtype(rein_tensor *tensor) {
    tensor->descriptor.dtype = REIN_DTYPE_INT32;
}
static void change_layout(rein_tensor *tensor) {
    tensor->layout = REIN_LAYOUT_COLUMN_MAJOR;
}
static void change_kind(rein_tensor *tensor) {
    tensor->memory_kind = REIN_MEMORY_PINNED;
}
static void clear_kind(rein_tensor *tensor) {
    tensor->memory_kind = (rein_memory_kind)0;
}
static void exceed_kinds(rein_tensor *tensor) {
    tensor->memory_kind = (rein_memory_kind)(REIN_MEMORY_KIND_LAST + 1);
}
static void negate_kind(rein_tensor *tensor) {
    tensor->memory_kind = (rein_memory_kind)-1;
}
static void lower_rank(rein_tensor *tensor) {
    tensor->descriptor.shape = (rein_shape){.dimensions = {3}, .rank = 1};
}
static void raise_rank(rein_tensor *tensor) {
    tensor->descriptor.shape.rank = INT32_MAX;
}
static void fall_below_the_range(rein_tensor *tensor) {
    tensor->descriptor.shape.dimensions[0] = 0;
}
static void rise_above_the_range(rein_tensor *tensor) {
    tensor->descriptor.shape.dimensions[0] = 5;
}
static void change_the_fixed_dimension(rein_tensor *tensor) {
    tensor->descriptor.shape.dimensions[1] = 1;
}
static void use_the_last_dimension(rein_tensor *tensor) {
    tensor->descriptor.shape.dimensions[REIN_SHAPE_MAX_RANK - 1] = 1;
}
static void remove_data(rein_tensor *tensor) {
    tensor->data = NULL;
}

static const struct {
    const char *what;
    void (*change)(rein_tensor *tensor);
} misfits[] = {
    {"another name", change_name},
    {"a longer name", lengthen_name},
    {"another element type", change_dtype},
    {"another layout", change_layout},
    {"another kind of memory", change_kind},
    {"no kind of memory", clear_kind},
    {"a kind after the last", exceed_kinds},
    {"a negative kind", negate_kind},
    {"a lower rank", lower_rank},
    {"a rank that is not valid", raise_rank},
    {"an extent below the range", fall_below_the_range},
    {"an extent above the range", rise_above_the_range},
    {"another extent than the fixed one", change_the_fixed_dimension},
    {"an unused dimension that is not zero", use_the_last_dimension},
    {"no data", remove_data},
};

Test(check_execution, refuses_each_misfit_on_both_sides) {
    for (size_t index = 0; index < sizeof misfits / sizeof misfits[0]; index++) {
        check_case trial;
        case_init(&trial);
        misfits[index].change(&trial.inputs[1]);
        expect_misfit(check(&trial), "input", 1, "right", misfits[index].what);
        case_init(&trial);
        misfits[index].change(&trial.outputs[1]);
        expect_misfit(check(&trial), "output", 1, LONG_NAME, misfits[index].what);
    }
}

Test(check_execution, compares_the_device_only_for_device_memory) {
    check_case trial;
    case_init(&trial);
    trial.input_specs[0].memory_kinds.bits = 0x1E;
    trial.input_specs[0].device_index = 2;
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        trial.inputs[0].memory_kind = (rein_memory_kind)kind;
        trial.inputs[0].device_index = 2;
        expect_fits(&trial, "the device of the spec");
        trial.inputs[0].device_index = 1;
        if (kind == (int)REIN_MEMORY_DEVICE) {
            expect_misfit(check(&trial), "input", 0, "left", "another device");
        } else {
            expect_fits(&trial, "the index is unused");
        }
    }
    case_init(&trial);
    trial.output_specs[0].memory_kinds.bits = 0x1E;
    trial.outputs[0].memory_kind = REIN_MEMORY_DEVICE;
    trial.outputs[0].device_index = 1;
    expect_misfit(check(&trial), "output", 0, "sum", "another device");
}

Test(check_execution, refuses_another_number_of_tensors) {
    check_case trial;
    case_init(&trial);
    trial.request.input_tensor_count = 1;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 1, 2, 0);
    trial.input_view.count = 0;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 1, 0, 0);
    case_init(&trial);
    trial.output_view.count = 1;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 2, 1, 0);
    trial.result.output_tensor_count = 0;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 0, 1, 0);
}

Test(check_execution, refuses_null_specs) {
    check_case trial;
    case_init(&trial);
    trial.input_view.specs = NULL;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 2, 0, 0);
    case_init(&trial);
    trial.output_view.specs = NULL;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 2, 0, 0);
}

Test(check_execution, refuses_what_is_not_a_request_or_a_result) {
    check_case trial;
    case_init(&trial);
    rein_result_void checked = rein_backend_check_execution(NULL, &trial.result, &trial.loaded,
                                                            trial.input_view, trial.output_view);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    checked = rein_backend_check_execution(&trial.request, NULL, &trial.loaded, trial.input_view,
                                           trial.output_view);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    trial.request.struct_size = 0;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 0, sizeof trial.request, 0);
    case_init(&trial);
    trial.result.struct_size = 0;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 0, sizeof trial.result, 0);
    case_init(&trial);
    trial.request.input_tensors = NULL;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 2, 0, 0);
    case_init(&trial);
    trial.result.output_tensors = NULL;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 2, 0, 0);
}

Test(check_execution, refuses_a_request_for_another_model) {
    check_case trial;
    case_init(&trial);
    trial.loaded = REIN_UNWRAP(rein_model_id_make("another"));
    rein_result_void checked = check(&trial);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(checked).foreign_text, "another"), "the loaded model");
    checked = rein_backend_check_execution(&trial.request, &trial.result, NULL, trial.input_view,
                                           trial.output_view);
    expect_code(&REIN_ERROR(checked), REIN_ERROR_INVALID_ARGUMENT);
}

Test(check_execution, a_cancelled_request_is_refused_if_everything_else_fits) {
    check_case trial;
    case_init(&trial);
    bool cancel = false;
    trial.request.cancel = &cancel;
    expect_fits(&trial, "not cancelled");
    cancel = true;
    expect_refused(&trial, REIN_ERROR_CANCELLED, 0, 0, 0);
    trial.outputs[1].layout = REIN_LAYOUT_COLUMN_MAJOR;
    expect_refused(&trial, REIN_ERROR_INVALID_ARGUMENT, 1, 0, 0);
}

Test(check_execution, an_input_is_within_its_capacity) {
    check_case trial;
    case_init(&trial);
    trial.inputs[0].capacity_bytes = 25;
    expect_fits(&trial, "more than it needs");
    trial.inputs[0].capacity_bytes = 23;
    expect_misfit(check(&trial), "input", 0, "left", "one byte too few");
    trial.inputs[0].capacity_bytes = 0;
    trial.inputs[0].data = NULL;
    expect_misfit(check(&trial), "input", 0, "left", "no capacity");
}

Test(check_execution, an_empty_tensor_has_no_data_if_it_has_no_capacity) {
    check_case trial;
    case_init(&trial);
    trial.input_specs[0].extents[0].min = 0;
    fall_below_the_range(&trial.inputs[0]);
    trial.inputs[0].data = NULL;
    trial.inputs[0].capacity_bytes = 0;
    expect_fits(&trial, "no data and no capacity");
    trial.inputs[0].capacity_bytes = 8;
    expect_misfit(check(&trial), "input", 0, "left", "a capacity without data");
    case_init(&trial);
    trial.output_specs[0].extents[0].min = 0;
    trial.outputs[0].data = NULL;
    trial.outputs[0].capacity_bytes = 0;
    expect_fits(&trial, "an output without memory");
}

Test(check_execution, an_output_has_room_for_its_smallest_shape) {
    check_case trial;
    case_init(&trial);
    trial.outputs[1].capacity_bytes = 8;
    expect_fits(&trial, "less than its shape needs");
    trial.outputs[1].capacity_bytes = 7;
    expect_refused(&trial, REIN_ERROR_BUFFER_TOO_SMALL, 8, 7, 1);
    trial.outputs[1].capacity_bytes = 0;
    trial.outputs[1].data = NULL;
    expect_refused(&trial, REIN_ERROR_BUFFER_TOO_SMALL, 8, 0, 1);
}

/* Each extent is allowed, but their product does not fit in 64 bits. */
Test(check_execution, a_size_beyond_64_bits_is_refused) {
    check_case trial;
    case_init(&trial);
    trial.input_specs[1].extents[0].max = REIN_EXTENT_UNBOUNDED;
    trial.inputs[1].descriptor.shape.dimensions[0] = REIN_EXTENT_UNBOUNDED;
    trial.inputs[1].capacity_bytes = UINT64_MAX;
    expect_misfit(check(&trial), "input", 1, "right", "its size");
    case_init(&trial);
    trial.output_specs[1].extents[0].max = REIN_EXTENT_UNBOUNDED;
    expect_fits(&trial, "an output without an upper limit");
    trial.outputs[1].descriptor.shape.dimensions[0] = REIN_EXTENT_UNBOUNDED;
    trial.outputs[1].capacity_bytes = UINT64_MAX;
    expect_misfit(check(&trial), "output", 1, LONG_NAME, "its size");
}

Test(check_execution, all_extents_up_to_the_greatest_are_within_an_unbounded_range) {
    check_case trial;
    case_init(&trial);
    trial.input_specs[0].dtype = REIN_DTYPE_INT8;
    trial.inputs[0].descriptor.dtype = REIN_DTYPE_INT8;
    trial.input_specs[0].extents[0].max = REIN_EXTENT_UNBOUNDED;
    trial.inputs[0].descriptor.shape.dimensions[0] = REIN_EXTENT_UNBOUNDED;
    trial.inputs[0].capacity_bytes = UINT64_MAX - 1;
    expect_fits(&trial, "2 * (2^63 - 1) bytes");
}
