/* The backend on ONNX Runtime: its analysis of models, and its results. $REIN_ONNXRUNTIME names the
 * library. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "examples/unopenable_path.h"
#include "expect.h"
#include "onnx_shape.h"
#include "ort_backend.h"
#include "ort_call.h"
#include "ort_trial.h"
#include "tensor_list.h"

#define FIXED    ONNX_MODELS "/fixed.onnx"
#define DYNAMIC  ONNX_MODELS "/dynamic.onnx"
#define VARIABLE ONNX_MODELS "/variable.onnx"
#define COLUMNS  ONNX_MODELS "/columns.onnx"
#define RESHAPED ONNX_MODELS "/reshaped.onnx"
#define TEXT     ONNX_MODELS "/text.onnx"

/* Enough for the longest shape that reshaped.onnx is given. */
enum { MAX_BATCH_SIZE = 9 };

static ort_engine *engine;
static rein_backend backend;
static tensor_list inputs;
static tensor_list outputs;

static rein_backend make_backend(uint64_t activation_limit_bytes, bool measures_device_time) {
    ort_backend_options options = {.clock = rein_clock_system(),
                                   .max_batch_size = MAX_BATCH_SIZE,
                                   .activation_limit_bytes = activation_limit_bytes,
                                   .measures_device_time = measures_device_time};
    return REIN_UNWRAP(ort_backend_create(engine, &options));
}

static void set_up(void) {
    engine = REIN_UNWRAP(ort_engine_create(getenv("REIN_ONNXRUNTIME")));
    backend = make_backend(0, false);
}

static void tear_down(void) {
    tensor_list_deinit(&inputs);
    tensor_list_deinit(&outputs);
    rein_backend_destroy(&backend);
    ort_engine_destroy(engine);
}

TestSuite(onnxruntime, .init = set_up, .fini = tear_down);

static rein_model_id model_id(void) {
    return REIN_UNWRAP(rein_model_id_make("model"));
}

static rein_shape shape_of(int32_t rank, int64_t first, int64_t second) {
    return REIN_UNWRAP(rein_shape_make((int64_t[]){first, second}, rank));
}

static void add_input(const char *path, size_t index, rein_shape shape, const void *values) {
    const rein_tensor_spec *spec =
        &REIN_UNWRAP(rein_backend_input_specs(&backend, path)).specs[index];
    cr_assert(tensor_list_add(&inputs, spec, &shape).is_ok, "the shape is allowed");
    rein_tensor *tensor = &inputs.tensors[inputs.count - 1];
    memcpy(tensor->data, values, tensor->capacity_bytes);
}

static void add_output(const char *path, uint64_t capacity_bytes) {
    const rein_tensor_spec *spec = &REIN_UNWRAP(rein_backend_output_specs(&backend, path)).specs[0];
    cr_assert(tensor_list_add_output(&outputs, spec, capacity_bytes).is_ok, "there is memory");
}

static rein_execution_request make_request(void) {
    return rein_execution_request_make(model_id(), (rein_request_id){.bytes = {1}}, inputs.tensors,
                                       inputs.count, rein_clock_now(rein_clock_system()));
}

static void load(const char *path) {
    rein_model_id id = model_id();
    cr_assert(rein_backend_load(&backend, path, &id).is_ok, "%s is loaded", path);
}

static rein_result_void execute(rein_execution_result *out_result) {
    rein_execution_request request = make_request();
    *out_result = rein_execution_result_make(outputs.tensors, outputs.count);
    return rein_backend_execute(&backend, &request, out_result);
}

static void expect_values(const float *expected, size_t count) {
    const rein_tensor *output = &outputs.tensors[0];
    cr_assert(REIN_UNWRAP(rein_tensor_size_bytes(output)) == count * sizeof(float), "%zu values",
              count);
    const float *values = output->data;
    for (size_t index = 0; index < count; index++) {
        cr_assert(values[index] == expected[index], "value %zu is %g, expected %g", index,
                  (double)values[index], (double)expected[index]);
    }
}

static void expect_range(const rein_tensor_spec *spec, int32_t dimension, int64_t min, int64_t max,
                         const char *symbol) {
    const rein_extent_range *range = &spec->extents[dimension];
    cr_assert(range->min == min && range->max == max && is_same_text(range->symbol, symbol),
              "dimension %d of %s goes from %lld to %lld, named '%s'", (int)dimension, spec->name,
              (long long)range->min, (long long)range->max, range->symbol);
}

Test(onnxruntime, fixed_dimensions_have_one_extent) {
    rein_tensor_spec_view view = REIN_UNWRAP(rein_backend_input_specs(&backend, FIXED));
    cr_assert(view.count == 1 && is_same_text(view.specs[0].name, "input"), "one input");
    cr_assert(view.specs[0].rank == 2 && view.specs[0].dtype == REIN_DTYPE_FLOAT32, "a matrix");
    expect_range(&view.specs[0], 0, 2, 2, "");
    expect_range(&view.specs[0], 1, 4, 4, "");
}

Test(onnxruntime, dynamic_dimensions_are_ranges_with_the_symbols_of_the_file) {
    rein_tensor_spec_view view = REIN_UNWRAP(rein_backend_input_specs(&backend, DYNAMIC));
    cr_assert(view.count == 2, "two inputs");
    expect_range(&view.specs[1], 0, 1, MAX_BATCH_SIZE, "batch");
    expect_range(&view.specs[1], 1, 1, REIN_EXTENT_UNBOUNDED, "length");
    view = REIN_UNWRAP(rein_backend_output_specs(&backend, DYNAMIC));
    expect_range(&view.specs[0], 0, 1, MAX_BATCH_SIZE, "batch");
    expect_range(&view.specs[0], 1, 1, REIN_EXTENT_UNBOUNDED, "length");
}

Test(onnxruntime, a_dimension_named_batch_is_bounded_wherever_it_is) {
    rein_tensor_spec_view view = REIN_UNWRAP(rein_backend_input_specs(&backend, COLUMNS));
    cr_assert(view.count == 2 && view.specs[1].rank == 0, "columns, and a scalar");
    expect_range(&view.specs[0], 0, 1, MAX_BATCH_SIZE, "length");
    expect_range(&view.specs[0], 1, 1, MAX_BATCH_SIZE, "batch");
    view = REIN_UNWRAP(rein_backend_output_specs(&backend, COLUMNS));
    expect_range(&view.specs[0], 1, 1, MAX_BATCH_SIZE, "batch");
}

Test(onnxruntime, an_extent_that_depends_on_values_may_be_any) {
    rein_tensor_spec_view view = REIN_UNWRAP(rein_backend_output_specs(&backend, VARIABLE));
    expect_range(&view.specs[0], 0, 0, REIN_EXTENT_UNBOUNDED, "count");
}

/* As make_models.py writes them. */
static float hidden_weight(int row, int column) {
    return (float)((row * 8 + column) % 7 - 3) / 4;
}

static float last_weight(int row, int column) {
    return (float)((row * 3 + column) % 5 - 2) / 2;
}

/* All numbers are exact in binary. */
static float fixed_model(const float *input, int row, int column) {
    float sum = 0;
    for (int hidden = 0; hidden < 8; hidden++) {
        float product = 0;
        for (int index = 0; index < 4; index++) {
            product += input[row * 4 + index] * hidden_weight(index, hidden);
        }
        sum += (product > 0 ? product : 0) * last_weight(hidden, column);
    }
    return sum;
}

Test(onnxruntime, computes_a_model_of_fixed_shapes) {
    const float input[] = {1, -2, 3, 0.5F, -1, 4, 0.25F, 2};
    float expected[6];
    for (int index = 0; index < 6; index++) {
        expected[index] = fixed_model(input, index / 3, index % 3);
    }
    load(FIXED);
    add_input(FIXED, 0, shape_of(2, 2, 4), input);
    add_output(FIXED, sizeof expected);
    rein_execution_result result;
    cr_assert(execute(&result).is_ok, "it executes");
    expect_values(expected, 6);
    cr_assert(!result.device_time_ns.is_known, "the device time is measured only if requested");
}

static void add_two_rows(int64_t length) {
    const float left[] = {1, 2, 3, 4, 5, 6};
    const float right[] = {10, 20, 30, 40, 50, 60};
    add_input(DYNAMIC, 0, shape_of(2, 2, length), left);
    add_input(DYNAMIC, 1, shape_of(2, 2, length), right);
}

Test(onnxruntime, an_output_has_the_shape_of_its_inputs) {
    const float expected[] = {11, 22, 33, 44, 55, 66};
    rein_execution_result result;
    load(DYNAMIC);
    add_output(DYNAMIC, sizeof expected);
    for (int64_t length = 3; length > 0; length--) {
        add_two_rows(length);
        cr_assert(execute(&result).is_ok, "it executes");
        expect_values(expected, (size_t)length * 2);
        tensor_list_deinit(&inputs);
    }
}

Test(onnxruntime, an_output_of_variable_size_says_what_it_needs) {
    const float input[] = {-1, 2, 0, 5};
    const float expected[] = {2, 5};
    load(VARIABLE);
    add_input(VARIABLE, 0, shape_of(1, 4, 0), input);
    add_output(VARIABLE, sizeof(float));
    rein_execution_result result;
    rein_result_void done = execute(&result);
    cr_assert(!done.is_ok && REIN_ERROR(done).code == REIN_ERROR_BUFFER_TOO_SMALL, "two values");
    cr_assert(REIN_ERROR(done).numbers[0] == sizeof expected, "it needs eight bytes");
    cr_assert(outputs.tensors[0].descriptor.shape.dimensions[0] == 0, "the shape is as before");
    cr_assert(tensor_list_resize(&outputs, 0, sizeof expected).is_ok, "there is memory");
    cr_assert(execute(&result).is_ok, "now it fits");
    expect_values(expected, 2);
}

Test(onnxruntime, an_output_that_is_smaller_than_its_known_size_is_refused) {
    load(DYNAMIC);
    add_two_rows(3);
    add_output(DYNAMIC, 5 * sizeof(float));
    rein_execution_result result;
    rein_result_void done = execute(&result);
    cr_assert(!done.is_ok && REIN_ERROR(done).code == REIN_ERROR_BUFFER_TOO_SMALL, "six values");
    cr_assert(REIN_ERROR(done).numbers[0] == 6 * sizeof(float), "it needs room for six");
}

/* Reshapes four values to `rank` dimensions. The file says that there are two. */
static void execute_reshaped(int32_t rank, rein_execution_result *out_result,
                             rein_error *out_error) {
    const float values[] = {1, 2, 3, 4};
    const int64_t dimensions[9] = {1, 1, 1, 1, 1, 1, 1, 2, 2};
    add_input(RESHAPED, 0, shape_of(1, 4, 0), values);
    add_input(RESHAPED, 1, shape_of(1, rank, 0), dimensions + 9 - rank);
    add_output(RESHAPED, sizeof values);
    rein_result_void done = execute(out_result);
    cr_assert(done.is_ok == (rank == 2), "%d dimensions", (int)rank);
    if (!done.is_ok) {
        *out_error = REIN_ERROR(done);
        cr_assert(outputs.tensors[0].descriptor.shape.rank == 2, "the shape is as before");
    }
    tensor_list_deinit(&inputs);
    tensor_list_deinit(&outputs);
}

Test(onnxruntime, an_output_with_other_dimensions_than_stated_is_refused) {
    rein_execution_result result;
    rein_error error;
    load(RESHAPED);
    execute_reshaped(9, &result, &error);
    expect_error_facts(&error, REIN_ERROR_BACKEND_ERROR, "output 9 dimensions 8");
    execute_reshaped(8, &result, &error);
    expect_error_facts(&error, REIN_ERROR_BACKEND_ERROR, "output output shape");
    execute_reshaped(2, &result, &error);
}

/* Executes once by a call of its own; returns whether the engine wrote to the caller's memory. */
static bool is_written_in_place(const char *path) {
    ort_model *model = REIN_UNWRAP(ort_model_open(engine, path, MAX_BATCH_SIZE));
    ort_call *call = REIN_UNWRAP(ort_call_create(model));
    rein_execution_request request = make_request();
    rein_execution_result result = rein_execution_result_make(outputs.tensors, outputs.count);
    cr_assert(ort_call_execute(call, model, &request, &result, UINT64_MAX).is_ok, "it executes");
    bool is_in_place = call->bindings[inputs.count].is_bound;
    ort_model_close(model);
    ort_call_destroy(call);
    return is_in_place;
}

Test(onnxruntime, an_output_of_known_shape_is_not_copied) {
    add_two_rows(3);
    add_output(DYNAMIC, 6 * sizeof(float));
    cr_assert(is_written_in_place(DYNAMIC), "the engine writes to the caller's memory");
}

Test(onnxruntime, an_output_of_unknown_shape_is_copied) {
    const float input[] = {1, -1};
    add_input(VARIABLE, 0, shape_of(1, 2, 0), input);
    add_output(VARIABLE, 2 * sizeof(float));
    cr_assert(!is_written_in_place(VARIABLE), "the engine makes the output");
}

Test(onnxruntime, a_cancelled_execution_stops_and_the_next_one_runs) {
    const float input[8] = {1};
    bool is_cancelled = true;
    add_input(FIXED, 0, shape_of(2, 2, 4), input);
    add_output(FIXED, 6 * sizeof(float));
    ort_model *model = REIN_UNWRAP(ort_model_open(engine, FIXED, MAX_BATCH_SIZE));
    ort_call *call = REIN_UNWRAP(ort_call_create(model));
    rein_execution_request request = make_request();
    rein_execution_result result = rein_execution_result_make(outputs.tensors, outputs.count);
    request.cancel = &is_cancelled;
    rein_result_void done = ort_call_execute(call, model, &request, &result, UINT64_MAX);
    cr_assert(!done.is_ok, "the engine sees the flag when it allocates");
    expect_error_facts(&REIN_ERROR(done), REIN_ERROR_CANCELLED, "cancelled while");
    request.cancel = NULL;
    cr_assert(ort_call_execute(call, model, &request, &result, UINT64_MAX).is_ok, "it continues");
    ort_call_destroy(call);
    ort_model_close(model);
}

/* The hidden row of eight values for each of the two rows. */
enum { FIXED_ACTIVATION_BYTES = 2 * 8 * sizeof(float) };

Test(onnxruntime, measures_the_activations) {
    rein_shape shapes[] = {shape_of(2, 2, 3), shape_of(2, 2, 3)};
    rein_input_shapes asked = {.shapes = shapes, .count = 2};
    cr_assert(REIN_UNWRAP(ort_measure_activations(engine, FIXED, MAX_BATCH_SIZE, NULL)) ==
                  FIXED_ACTIVATION_BYTES,
              "inputs and outputs do not count");
    cr_assert(REIN_UNWRAP(ort_measure_activations(engine, DYNAMIC, MAX_BATCH_SIZE, &asked)) == 0,
              "there is nothing hidden in a sum");
    asked.count = 1;
    rein_result_bytes refused = ort_measure_activations(engine, DYNAMIC, MAX_BATCH_SIZE, &asked);
    cr_assert(!refused.is_ok && REIN_ERROR(refused).code == REIN_ERROR_INVALID_ARGUMENT,
              "one shape for two inputs");
}

Test(onnxruntime, holds_executions_to_the_promised_activations) {
    const float input[8] = {1};
    rein_execution_result result;
    for (uint64_t limit = FIXED_ACTIVATION_BYTES - 1; limit <= FIXED_ACTIVATION_BYTES; limit++) {
        rein_backend_destroy(&backend);
        backend = make_backend(limit, false);
        load(FIXED);
        add_input(FIXED, 0, shape_of(2, 2, 4), input);
        add_output(FIXED, 6 * sizeof(float));
        rein_result_void done = execute(&result);
        cr_assert(done.is_ok == (limit == FIXED_ACTIVATION_BYTES), "a limit of %d bytes",
                  (int)limit);
        if (!done.is_ok) {
            expect_error_facts(&REIN_ERROR(done), REIN_ERROR_BUDGET_EXCEEDED,
                               "64B activations 63B");
        }
        tensor_list_deinit(&inputs);
        tensor_list_deinit(&outputs);
    }
}

Test(onnxruntime, estimates_what_it_measured_and_what_was_promised) {
    rein_memory_estimate estimate =
        REIN_UNWRAP(rein_backend_estimate_memory(&backend, FIXED, NULL));
    cr_assert(estimate.weights_bytes.is_known && estimate.load_peak_bytes.is_known,
              "release 1.20 takes the weights from the allocator");
    cr_assert(estimate.weights_bytes.value >= (4 * 8 + 8 * 3) * sizeof(float),
              "the weights of the file, or what the engine makes of them");
    cr_assert(estimate.load_peak_bytes.value > estimate.weights_bytes.value,
              "both were there when the engine packed them");
    cr_assert(!estimate.activation_bytes.is_known, "the engine does not know them");
    rein_backend_destroy(&backend);
    backend = make_backend(REIN_MIB, false);
    estimate = REIN_UNWRAP(rein_backend_estimate_memory(&backend, FIXED, NULL));
    cr_assert(estimate.activation_bytes.is_known && estimate.activation_bytes.value == REIN_MIB,
              "the promise");
}

Test(onnxruntime, measures_device_time_if_asked) {
    const float input[8] = {1};
    rein_execution_result result;
    rein_backend_destroy(&backend);
    backend = make_backend(0, true);
    load(FIXED);
    add_input(FIXED, 0, shape_of(2, 2, 4), input);
    add_output(FIXED, 6 * sizeof(float));
    cr_assert(execute(&result).is_ok, "it executes");
    cr_assert(result.device_time_ns.is_known && result.device_time_ns.value > 0, "it took time");
}

Test(onnxruntime, refuses_files_that_it_cannot_execute) {
    rein_result_tensor_spec_view specs = rein_backend_input_specs(&backend, TEXT);
    cr_assert(!specs.is_ok, "tensors of strings");
    expect_error_facts(&REIN_ERROR(specs), REIN_ERROR_BACKEND_ERROR, "input type 8");
    specs = rein_backend_input_specs(&backend, ONNX_MODELS "/make_models.py");
    cr_assert(!specs.is_ok && REIN_ERROR(specs).code == REIN_ERROR_BACKEND_ERROR, "a script");
    cr_assert(strstr(REIN_ERROR(specs).foreign_text, "Protobuf parsing failed") != NULL,
              "the engine's words: %s", REIN_ERROR(specs).foreign_text);
    specs = rein_backend_input_specs(&backend, FIXED "/below");
    cr_assert(!specs.is_ok && REIN_ERROR(specs).code == REIN_ERROR_NOT_FOUND, "not a folder");
}

static void expect_not_loaded(const char *path, rein_error_code code, int native_code) {
    rein_model_id id = model_id();
    rein_result_void loaded = rein_backend_load(&backend, path, &id);
    cr_assert(!loaded.is_ok, "%s is not loaded", path);
    expect_code(&REIN_ERROR(loaded), code);
    cr_assert(REIN_ERROR(loaded).native_code == native_code, "errno is %d, expected %d",
              REIN_ERROR(loaded).native_code, native_code);
    rein_result_tensor_spec_view specs = rein_backend_input_specs(&backend, path);
    cr_assert(!specs.is_ok, "%s is not analysed", path);
    expect_code(&REIN_ERROR(specs), code);
}

Test(onnxruntime, tells_a_missing_file_from_one_that_cannot_be_opened) {
    expect_not_loaded(ONNX_MODELS "/none.onnx", REIN_ERROR_NOT_FOUND, ENOENT);
    expect_not_loaded(FIXED "/below", REIN_ERROR_NOT_FOUND, ENOTDIR);
    expect_not_loaded(unopenable_path(), REIN_ERROR_BACKEND_ERROR, ENAMETOOLONG);
}

static void expect_unknown_rank(const char *path, const char *facts) {
    rein_model_id id = model_id();
    rein_result_void loaded = rein_backend_load(&backend, path, &id);
    cr_assert(!loaded.is_ok, "%s is not loaded", path);
    expect_error_facts(&REIN_ERROR(loaded), REIN_ERROR_BACKEND_ERROR, facts);
    cr_assert(!rein_backend_input_specs(&backend, path).is_ok, "nor analysed");
}

Test(onnxruntime, refuses_tensors_of_unknown_rank) {
    expect_unknown_rank(ONNX_MODELS "/unranked_input.onnx", "input dimensions unknown");
    expect_unknown_rank(ONNX_MODELS "/unranked_output.onnx", "output dimensions unknown");
}

Test(onnxruntime, finds_the_shapes_that_a_file_states) {
    cr_assert(onnx_states_shape(COLUMNS, ORT_INPUT, "factor"), "a scalar has a shape");
    cr_assert(onnx_states_shape(COLUMNS, ORT_OUTPUT, "scaled"), "an output");
    cr_assert(!onnx_states_shape(COLUMNS, ORT_OUTPUT, "factor"), "of the other side");
    cr_assert(!onnx_states_shape(COLUMNS, ORT_INPUT, "facto"), "of another name");
    cr_assert(!onnx_states_shape(ONNX_MODELS "/make_models.py", ORT_INPUT, "factor"), "a script");
    cr_assert(!onnx_states_shape(ONNX_MODELS "/none.onnx", ORT_INPUT, "factor"), "no file");
}

Test(onnxruntime, a_view_lives_until_its_own_slot_is_asked_about_another_model) {
    rein_tensor_spec_view fixed = REIN_UNWRAP(rein_backend_input_specs(&backend, FIXED));
    REIN_IGNORE(rein_backend_output_specs(&backend, FIXED));
    REIN_IGNORE(rein_backend_output_specs(&backend, DYNAMIC));
    REIN_IGNORE(rein_backend_estimate_memory(&backend, VARIABLE, NULL));
    REIN_IGNORE(rein_backend_input_specs(&backend, TEXT)); /* fails */
    load(FIXED);
    REIN_IGNORE(rein_backend_unload(&backend));
    cr_assert(is_same_text(fixed.specs[0].name, "input"), "the view is as it was");
    cr_assert(REIN_UNWRAP(rein_backend_input_specs(&backend, FIXED)).specs == fixed.specs,
              "and is what the slot returns again");
}

static void copy_file(const char *from, const char *to) {
    FILE *source = fopen(from, "rb");
    FILE *target = fopen(to, "wb");
    char bytes[1024];
    cr_assert(source != NULL && target != NULL, "%s can be copied", from);
    size_t count = fread(bytes, 1, sizeof bytes, source);
    cr_assert(fwrite(bytes, 1, count, target) == count, "all of it");
    fclose(source);
    fclose(target);
}

Test(onnxruntime, a_file_that_has_changed_is_another_model) {
    char path[] = "onnxruntime-model-XXXXXX";
    close(mkstemp(path));
    copy_file(FIXED, path);
    size_t before = REIN_UNWRAP(rein_backend_input_specs(&backend, path)).count;
    copy_file(DYNAMIC, path);
    size_t after = REIN_UNWRAP(rein_backend_input_specs(&backend, path)).count;
    unlink(path);
    cr_assert(before == 1 && after == 2, "%zu inputs, then %zu", before, after);
}

Test(onnxruntime, refuses_a_batch_of_nothing) {
    ort_backend_options options = {.clock = rein_clock_system()};
    rein_result_backend created = ort_backend_create(engine, &options);
    cr_assert(!created.is_ok, "max_batch_size is 0");
    expect_invalid(&REIN_ERROR(created), "max_batch_size 1");
}

Test(onnxruntime, refuses_what_is_not_its_library) {
    ort_result_engine made = ort_engine_create(ONNX_MODELS "/none.so");
    cr_assert(!made.is_ok && REIN_ERROR(made).code == REIN_ERROR_NOT_FOUND, "no file");
    made = ort_engine_create(unopenable_path());
    cr_assert(!made.is_ok && REIN_ERROR(made).code == REIN_ERROR_BACKEND_ERROR, "a long name");
    made = ort_engine_create(FIXED);
    cr_assert(!made.is_ok && REIN_ERROR(made).code == REIN_ERROR_UNSUPPORTED, "a model");
    made = ort_engine_create("libm.so.6");
    cr_assert(!made.is_ok, "another library");
    expect_error_facts(&REIN_ERROR(made), REIN_ERROR_UNSUPPORTED, "libm.so.6 1.8");
}

Test(onnxruntime, a_second_engine_is_refused_and_leaves_the_first_alone) {
    ort_result_engine second = ort_engine_create(getenv("REIN_ONNXRUNTIME"));
    cr_assert(!second.is_ok && REIN_ERROR(second).code == REIN_ERROR_BACKEND_ERROR,
              "one at a time");
    rein_memory_estimate estimate =
        REIN_UNWRAP(rein_backend_estimate_memory(&backend, FIXED, NULL));
    cr_assert(estimate.weights_bytes.value > 0, "the first still counts");
    rein_backend_destroy(&backend);
    ort_engine_destroy(engine);
    engine = REIN_UNWRAP(ort_engine_create(getenv("REIN_ONNXRUNTIME")));
    backend = make_backend(0, false);
    load(FIXED);
}
