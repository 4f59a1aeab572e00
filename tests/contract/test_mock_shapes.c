#include "mocks/mock_shapes.h"

#include "mock_case.h"

/* A detector: images of [batch, height] give boxes of [batch, count] and a summary of
 * [height, any]. */
enum { BOXES, SUMMARY, OUTPUT_COUNT };

static rein_tensor_spec image;
static rein_tensor_spec outputs[OUTPUT_COUNT];

static rein_shape shape_of(int64_t first, int64_t second) {
    int64_t dimensions[] = {first, second};
    return REIN_UNWRAP(rein_shape_make(dimensions, 2));
}

static rein_tensor_spec spec_of_ranges(const char *name, rein_extent_range first,
                                       rein_extent_range second) {
    rein_shape shape = shape_of(1, 1);
    rein_tensor_spec spec =
        REIN_UNWRAP(rein_tensor_spec_make(name, &shape, REIN_DTYPE_INT8, REIN_LAYOUT_ROW_MAJOR));
    spec = REIN_UNWRAP(rein_tensor_spec_with_range(&spec, 0, first.min, first.max, first.symbol));
    return REIN_UNWRAP(
        rein_tensor_spec_with_range(&spec, 1, second.min, second.max, second.symbol));
}

static void set_up(void) {
    set_up_mock();
    rein_extent_range batch = {1, 8, "batch"};
    rein_extent_range height = {1, REIN_EXTENT_UNBOUNDED, "height"};
    image = spec_of_ranges("image", batch, height);
    outputs[BOXES] = spec_of_ranges("boxes", batch, (rein_extent_range){0, 5, "count"});
    outputs[SUMMARY] =
        spec_of_ranges("summary", height, (rein_extent_range){2, REIN_EXTENT_UNBOUNDED, ""});
    set_specs(&image, 1, outputs, OUTPUT_COUNT);
}

TestSuite(mock_shapes, .init = set_up, .fini = tear_down_mock);

enum { CAPACITY = 64, UNTOUCHED = 7 };

/* One execution and everything that it refers to. */
typedef struct trial {
    int8_t input_data[CAPACITY];
    int8_t output_data[OUTPUT_COUNT][CAPACITY];
    rein_tensor input;
    rein_tensor outputs[OUTPUT_COUNT];
    rein_execution_request request;
    rein_execution_result result;
} trial;

static void set_up_trial(trial *self, int64_t batch, int64_t height) {
    memset(self->output_data, UNTOUCHED, sizeof self->output_data);
    rein_shape shape = shape_of(batch, height);
    self->input = REIN_UNWRAP(rein_tensor_make_shaped(&image, &shape, self->input_data));
    for (size_t index = 0; index < OUTPUT_COUNT; index++) {
        self->outputs[index] = REIN_UNWRAP(
            rein_tensor_make_output(&outputs[index], self->output_data[index], CAPACITY));
    }
    self->request = sample_request(1);
    self->request.input_tensors = &self->input;
    self->request.input_tensor_count = 1;
    self->result = rein_execution_result_make(self->outputs, OUTPUT_COUNT);
}

static rein_result_void execute(trial *self, int64_t batch, int64_t height) {
    set_up_trial(self, batch, height);
    return rein_backend_execute(&backend, &self->request, &self->result);
}

static void expect_shape(const trial *self, size_t output, int64_t first, int64_t second) {
    const rein_shape *shape = &self->outputs[output].descriptor.shape;
    cr_assert(shape->rank == 2 && shape->dimensions[0] == first && shape->dimensions[1] == second,
              "output %zu is %lld by %lld, expected %lld by %lld", output,
              (long long)shape->dimensions[0], (long long)shape->dimensions[1], (long long)first,
              (long long)second);
}

Test(mock_shapes, outputs_follow_the_symbols_of_the_inputs) {
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    expect_shape(&self, BOXES, 2, 5);
    expect_shape(&self, SUMMARY, 3, 2);
    cr_assert(execute(&self, 8, 1).is_ok, "fits");
    expect_shape(&self, BOXES, 8, 5);
    expect_shape(&self, SUMMARY, 1, 2);
}

Test(mock_shapes, writes_the_bytes_of_the_shape_and_no_others) {
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    for (size_t index = 0; index < CAPACITY; index++) {
        int8_t expected = index < 2 * 5 ? MOCK_BACKEND_OUTPUT_BYTE : UNTOUCHED;
        cr_assert(self.output_data[BOXES][index] == expected, "byte %zu", index);
    }
}

Test(mock_shapes, an_output_has_the_shape_that_is_set) {
    rein_shape shape = shape_of(1, 0);
    cr_assert(mock_backend_set_output_shape(mock, BOXES, &shape).is_ok, "is allowed");
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    expect_shape(&self, BOXES, 1, 0);
    expect_shape(&self, SUMMARY, 3, 2);
    cr_assert(self.output_data[BOXES][0] == UNTOUCHED, "an empty tensor has no bytes");
    cr_assert(mock_backend_set_output_shape(mock, BOXES, NULL).is_ok, "the default again");
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    expect_shape(&self, BOXES, 2, 5);
}

Test(mock_shapes, setting_the_specs_resets_the_shapes) {
    rein_shape shape = shape_of(1, 1);
    cr_assert(mock_backend_set_output_shape(mock, BOXES, &shape).is_ok, "is allowed");
    set_specs(&image, 1, outputs, OUTPUT_COUNT);
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    expect_shape(&self, BOXES, 2, 5);
}

Test(mock_shapes, refuses_a_shape_that_no_output_can_have) {
    rein_shape shape = shape_of(1, 6);
    rein_result_void set = mock_backend_set_output_shape(mock, OUTPUT_COUNT, &shape);
    expect_invalid(&REIN_ERROR(set), "output 2 2");
    set = mock_backend_set_output_shape(mock, BOXES, &shape);
    expect_code(&REIN_ERROR(set), REIN_ERROR_INVALID_ARGUMENT);
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok, "fits");
    expect_shape(&self, BOXES, 2, 5);
}

Test(mock_shapes, a_small_buffer_error_has_the_bytes_needed) {
    trial self;
    set_up_trial(&self, 2, 3);
    self.outputs[SUMMARY].capacity_bytes = 5;
    rein_result_void executed = rein_backend_execute(&backend, &self.request, &self.result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_BUFFER_TOO_SMALL);
    const uint64_t *numbers = REIN_ERROR(executed).numbers;
    cr_assert(numbers[0] == 6 && numbers[1] == 5 && numbers[2] == SUMMARY,
              "6 bytes are needed, 5 are there, of the second output");
    expect_shape(&self, BOXES, 1, 0);
    cr_assert(self.output_data[BOXES][0] == UNTOUCHED, "no output is written");
    self.outputs[SUMMARY].capacity_bytes = 6;
    cr_assert(rein_backend_execute(&backend, &self.request, &self.result).is_ok, "enough");
}

Test(mock_shapes, refuses_inputs_outside_their_ranges) {
    trial self;
    set_up_trial(&self, 8, 1);
    self.input.descriptor.shape.dimensions[0] = 9;
    self.input.capacity_bytes = CAPACITY;
    rein_result_void executed = rein_backend_execute(&backend, &self.request, &self.result);
    expect_invalid(&REIN_ERROR(executed), "input tensor 0 shape 'image'");
    cr_assert(now_ns() == 0, "at once");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 1, "it counts");
}

Test(mock_shapes, records_the_shape_of_each_request) {
    trial self;
    cr_assert(execute(&self, 2, 3).is_ok && execute(&self, 1, 1).is_ok, "both fit");
    const rein_tensor *first = mock_backend_execution_history(mock, 0)->input_tensors;
    cr_assert(first->descriptor.shape.dimensions[1] == 3, "the shape of the first");
    cr_assert(first->capacity_bytes == 6, "the bytes of that shape");
}

static bool cancel(void *context, const rein_tensor *tensors, size_t count) {
    const rein_shape *shape = &tensors[BOXES].descriptor.shape;
    cr_assert(count == OUTPUT_COUNT && shape->dimensions[0] == 2, "a part has its shape");
    rein_cancel(context);
    return true;
}

Test(mock_shapes, a_cancelled_execution_leaves_the_shapes_as_before) {
    bool is_cancelled = false;
    mock_backend_set_partial_outputs(mock, 1);
    trial self;
    set_up_trial(&self, 2, 3);
    self.request.cancel = &is_cancelled;
    self.request.on_output = cancel;
    self.request.on_output_context = &is_cancelled;
    rein_result_void executed = rein_backend_execute(&backend, &self.request, &self.result);
    expect_code(&REIN_ERROR(executed), REIN_ERROR_CANCELLED);
    expect_shape(&self, BOXES, 1, 0);
    expect_shape(&self, SUMMARY, 1, 2);
}

Test(mock_shapes, analysis_refuses_shapes_that_do_not_fit) {
    rein_shape tall = shape_of(9, 1);
    rein_input_shapes shapes = {.shapes = &tall, .count = 1};
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&backend, "model", &shapes);
    expect_invalid(&REIN_ERROR(memory), "input tensor 0 shape 'image'");
    rein_result_lifetime_view lifetimes =
        rein_backend_estimate_lifetimes(&backend, "model", &shapes);
    expect_code(&REIN_ERROR(lifetimes), REIN_ERROR_INVALID_ARGUMENT);
    shapes.count = 0;
    memory = rein_backend_estimate_memory(&backend, "model", &shapes);
    expect_invalid(&REIN_ERROR(memory), "0 input tensors 1");
}

Test(mock_shapes, lifetimes_of_unbounded_shapes_are_unsupported) {
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(&backend, "model", NULL);
    expect_error_facts(&REIN_ERROR(lifetimes), REIN_ERROR_UNSUPPORTED, "shape input unbounded");
    rein_shape shape = shape_of(2, 3);
    rein_input_shapes shapes = {.shapes = &shape, .count = 1};
    cr_assert(rein_backend_estimate_lifetimes(&backend, "model", &shapes).is_ok, "stated");
    image = sample_spec("image", REIN_DTYPE_INT8, 3);
    set_specs(&image, 1, NULL, 0);
    cr_assert(rein_backend_estimate_lifetimes(&backend, "model", NULL).is_ok, "bounded");
}

/* A byte for each element; for the largest shape, unknown. */
static rein_memory_estimate estimate(void *context, const rein_input_shapes *shapes) {
    ++*(int *)context;
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_ESTIMATE_MEMORY) > 0, "holds no lock");
    rein_memory_estimate known = {.weights_bytes = rein_fact_u64_known(5)};
    if (shapes != NULL) {
        const int64_t *dimensions = shapes->shapes[0].dimensions;
        known.activation_bytes = rein_fact_u64_known((uint64_t)(dimensions[0] * dimensions[1]));
    }
    return known;
}

Test(mock_shapes, an_estimate_can_depend_on_the_shapes) {
    int calls = 0;
    mock_backend_set_estimate_function(mock, estimate, &calls);
    rein_shape shape = shape_of(2, 3);
    rein_input_shapes shapes = {.shapes = &shape, .count = 1};
    rein_memory_estimate memory =
        REIN_UNWRAP(rein_backend_estimate_memory(&backend, "model", &shapes));
    cr_assert(memory.activation_bytes.value == 6, "of these shapes");
    memory = REIN_UNWRAP(rein_backend_estimate_memory(&backend, "model", NULL));
    cr_assert(!memory.activation_bytes.is_known && memory.weights_bytes.value == 5, "of any");
    shape.dimensions[0] = 9;
    cr_assert(!rein_backend_estimate_memory(&backend, "model", &shapes).is_ok, "do not fit");
    cr_assert(calls == 2, "is not asked about shapes that do not fit");
    mock_backend_set_estimate_function(mock, NULL, NULL);
    memory = REIN_UNWRAP(rein_backend_estimate_memory(&backend, "model", NULL));
    cr_assert(memory.activation_bytes.is_known, "the fixed estimate again");
}

Test(mock_shapes, inputs_of_one_symbol_agree) {
    rein_extent_range batch = {1, 8, "batch"};
    rein_extent_range one = {1, 1, ""};
    rein_tensor_spec specs[] = {spec_of_ranges("left", batch, one),
                                spec_of_ranges("right", batch, one)};
    set_specs(specs, 2, NULL, 0);
    rein_shape shapes[] = {shape_of(2, 1), shape_of(3, 1)};
    rein_input_shapes asked = {.shapes = shapes, .count = 2};
    rein_result_memory_estimate memory = rein_backend_estimate_memory(&backend, "model", &asked);
    expect_code(&REIN_ERROR(memory), REIN_ERROR_INVALID_ARGUMENT);
    shapes[1] = shapes[0];
    cr_assert(rein_backend_estimate_memory(&backend, "model", &asked).is_ok, "the same extent");
}
