/* The call sites against the mock. */
#include "contract/call_sites.h"

#include "contract/mock_case.h"
#include "mocks/mock_buffers.h"
#include "mocks/mock_sequences.h"
#include "mocks/mock_shapes.h"
#include "mocks/mock_submission.h"
#include "node/reservation_case.h"

TestSuite(call_sites, .init = set_up_mock, .fini = tear_down_mock);

/* Returns the spec with a dimension of any extent. */
static rein_tensor_spec unbounded(rein_tensor_spec spec, int32_t dimension) {
    return REIN_UNWRAP(
        rein_tensor_spec_with_range(&spec, dimension, 0, REIN_EXTENT_UNBOUNDED, NULL));
}

static rein_tensor_spec spec_of(const char *name, rein_shape shape) {
    return REIN_UNWRAP(
        rein_tensor_spec_make(name, &shape, REIN_DTYPE_FLOAT32, REIN_LAYOUT_ROW_MAJOR));
}

Test(call_sites, a_vision_model_of_fixed_shape) {
    static float image[3 * 224 * 224];
    static uint8_t scores[1000 * sizeof(float)];
    rein_tensor_spec takes =
        spec_of("image", (rein_shape){.dimensions = {1, 3, 224, 224}, .rank = 4});
    rein_tensor_spec gives = spec_of("scores", (rein_shape){.dimensions = {1, 1000}, .rank = 2});
    set_specs(&takes, 1, &gives, 1);
    rein_clock clock = virtual_clock_view(&time_source);
    cr_assert(rein_backend_unload(&backend).is_ok, "the call site loads its model");
    cr_assert(classify(&backend, &clock, "resnet50.onnx", image, scores).is_ok, "succeeds");
    cr_assert(scores[sizeof scores - 1] == MOCK_BACKEND_OUTPUT_BYTE, "all scores are written");
}

/* An image of three channels; the mock finds `found` boxes of six numbers in it. */
static rein_tensor detector_input(float *pixels, int64_t height, int64_t width, int64_t found) {
    rein_tensor_spec image = spec_of("image", (rein_shape){.dimensions = {1, 3, 1, 1}, .rank = 4});
    image = unbounded(unbounded(image, 2), 3);
    rein_tensor_spec rows = spec_of("boxes", (rein_shape){.dimensions = {1, 6}, .rank = 2});
    rows = unbounded(rows, 0);
    set_specs(&image, 1, &rows, 1);
    rein_shape boxes = {.dimensions = {found, 6}, .rank = 2};
    cr_assert(mock_backend_set_output_shape(mock, 0, &boxes).is_ok, "the output allows it");
    rein_shape shape = {.dimensions = {1, 3, height, width}, .rank = 4};
    return REIN_UNWRAP(rein_tensor_make_shaped(&image, &shape, pixels));
}

Test(call_sites, a_detector_of_variable_output) {
    static float pixels[3 * 480 * 640];
    rein_tensor image = detector_input(pixels, 480, 640, 25);
    rein_tensor_spec_view gives = REIN_UNWRAP(rein_backend_output_specs(&backend, "model"));
    rein_tensor boxes = REIN_UNWRAP(rein_tensor_make_output(&gives.specs[0], NULL, 0));
    rein_execution_request request = sample_request(1);
    request.input_tensors = &image;
    request.input_tensor_count = 1;
    cr_assert(detect(&backend, &request, &boxes).is_ok, "finds memory for the boxes");
    cr_assert(boxes.descriptor.shape.dimensions[0] == 25, "the shape says how many there are");
    cr_assert(boxes.capacity_bytes == 25 * 6 * sizeof(float), "no more memory than needed");
    cr_assert(mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE) == 2, "one retry");
    free(boxes.data);
}

/* Asks a mock that answers with five tokens; the client wants at most `token_limit`. */
static rein_result_void ask(rein_sequence_id conversation, size_t token_limit, const bool *cancel) {
    int32_t prompt[] = {1, 2, 3};
    int32_t token;
    rein_tensor_spec takes = sample_spec("prompt", REIN_DTYPE_INT32, 3);
    rein_tensor_spec gives = sample_spec("token", REIN_DTYPE_INT32, 1);
    rein_tensor input = REIN_UNWRAP(rein_tensor_make(&takes, prompt));
    rein_tensor output = REIN_UNWRAP(rein_tensor_make(&gives, &token));
    rein_execution_request request = sample_request(1);
    request.input_tensors = &input;
    request.input_tensor_count = 1;
    request.cancel = cancel;
    chat_client client = {.token_limit = token_limit};
    rein_result_void done = chat(&backend, conversation, request, &output, &client);
    cr_assert(!done.is_ok || client.token_count == (token_limit < 5 ? token_limit : 5),
              "%zu tokens arrive", client.token_count);
    return done;
}

Test(call_sites, a_language_model) {
    rein_tensor_spec takes = sample_spec("prompt", REIN_DTYPE_INT32, 3);
    rein_tensor_spec gives = sample_spec("token", REIN_DTYPE_INT32, 1);
    set_specs(&takes, 1, &gives, 1);
    mock_backend_set_partial_outputs(mock, 5);
    rein_sequence_id first = REIN_UNWRAP(rein_backend_open_sequence(&backend, 2048));
    rein_sequence_id second = REIN_UNWRAP(rein_backend_open_sequence(&backend, 2048));
    cr_assert(ask(first, 6, NULL).is_ok, "an answer is complete");
    cr_assert(ask(second, 2, NULL).is_ok, "an answer ends when its client wants no more");
    uint64_t left = mock_backend_tokens_left(mock, second).value;
    bool is_cancelled = false;
    rein_cancel(&is_cancelled);
    rein_result_void stopped = ask(second, 6, &is_cancelled);
    cr_assert(!stopped.is_ok, "another thread cancels");
    expect_code(&REIN_ERROR(stopped), REIN_ERROR_CANCELLED);
    cr_assert(mock_backend_tokens_left(mock, second).value == left, "the state is as before");
    cr_assert(rein_backend_close_sequence(&backend, second).is_ok, "a client leaves");
    cr_assert(ask(first, 6, NULL).is_ok, "the other conversation continues");
    cr_assert(rein_backend_close_sequence(&backend, first).is_ok, "and ends");
}

/* Tensors on page-locked memory of the engine. */
static void prepare(async_execution *planned, rein_tensor_spec takes, rein_tensor_spec gives) {
    void *from = REIN_UNWRAP(rein_backend_allocate_buffer(&backend, 16, REIN_MEMORY_PINNED));
    void *to = REIN_UNWRAP(rein_backend_allocate_buffer(&backend, 16, REIN_MEMORY_PINNED));
    memset(from, 0, 16);
    planned->input = REIN_UNWRAP(rein_tensor_make(&takes, from));
    planned->output = REIN_UNWRAP(rein_tensor_make(&gives, to));
    planned->input.memory_kind = planned->output.memory_kind = REIN_MEMORY_PINNED;
}

static void clean_up(async_execution *completed) {
    rein_backend_release_buffer(&backend, completed->input.data);
    rein_backend_release_buffer(&backend, completed->output.data);
}

Test(call_sites, an_asynchronous_engine) {
    rein_tensor_spec takes = sample_spec("in", REIN_DTYPE_FLOAT32, 4);
    rein_tensor_spec gives = sample_spec("out", REIN_DTYPE_FLOAT32, 4);
    takes.memory_kinds = rein_memory_kind_set_with(takes.memory_kinds, REIN_MEMORY_PINNED);
    gives.memory_kinds = takes.memory_kinds;
    set_specs(&takes, 1, &gives, 1);
    rein_clock clock = virtual_clock_view(&time_source);
    struct CUstream_st *stream = (struct CUstream_st *)(void *)&time_source; /* never read */
    async_execution executions[2];
    for (int index = 0; index < 2; index++) {
        prepare(&executions[index], takes, gives);
        cr_assert(submit(&backend, &executions[index], sample_model_id(), stream, &clock).is_ok,
                  "is enqueued");
    }
    cr_assert(mock_backend_last_request(mock)->stream == stream, "on the stream");
    advance_ms(10);
    mock_backend_complete_due(mock);
    cr_assert(executions[0].has_completed && !executions[1].has_completed,
              "10 ms each, one by one");
    cr_assert(rein_backend_drain(&backend).is_ok && executions[1].has_completed,
              "waits for the other");
    cr_assert(executions[0].outcome.is_ok && executions[1].outcome.is_ok, "both have succeeded");
    cr_assert(executions[1].result.actual_latency.ns == 20 * REIN_NS_PER_MS, "waiting counts");
    clean_up(&executions[0]);
    clean_up(&executions[1]);
    cr_assert(mock_backend_buffer_count(mock) == 0, "all buffers are released");
}

static rein_resource_budget budget_of(uint64_t limit_bytes) {
    return REIN_UNWRAP(rein_resource_budget_make(limit_bytes, 1, (rein_duration){REIN_NS_PER_MS}));
}

static void expect_memory(const served *model, uint64_t used, uint64_t peak) {
    rein_resource_usage memory = rein_ledger_read(&model->ledger).memory_bytes;
    cr_assert(memory.used == used && memory.peak == peak, "%llu bytes are charged, at most %llu",
              (unsigned long long)memory.used, (unsigned long long)memory.peak);
}

/* Loads the model after a load that failed and left nothing charged. */
static rein_result_void load_after_failure(served *model) {
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_LOAD, 1));
    cr_assert(!load(model).is_ok, "the engine fails");
    expect_memory(model, 0, 700);
    return load(model);
}

Test(call_sites, a_scheduler_of_sequences) {
    reservation_case node;
    case_open(&node);
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(600),
                                     .activation_bytes = rein_fact_u64_known(100)});
    mock_backend_set_state_bytes_per_token(mock, rein_fact_u64_known(5));
    cr_assert(rein_backend_unload(&backend).is_ok, "the call site loads its model");
    served model = {.backend = &backend, .path = "model", .sequence_count = 4, .max_tokens = 20};
    rein_reservation_verdict verdict = REIN_UNWRAP(admit(
        &model, sample_model_id(), budget_of(900), &node.device, &node.directory, &node.clock));
    cr_assert(verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT,
              "four states of 100 bytes do not fit beside the weights");
    model.sequence_count = 2;
    verdict = REIN_UNWRAP(admit(&model, sample_model_id(), budget_of(900), &node.device,
                                &node.directory, &node.clock));
    cr_assert(verdict.outcome == REIN_ADMISSION_FITS, "two fit");
    cr_assert(load(&model).is_ok, "is loaded within its budget");
    REIN_UNWRAP(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_OPEN_SEQUENCE, 1));
    cr_assert(!open_sequence(&model).is_ok, "the engine fails");
    expect_memory(&model, 600, 700);
    rein_sequence_id sequence = REIN_UNWRAP(open_sequence(&model));
    expect_memory(&model, 700, 700);
    cr_assert(close_sequence(&model, sequence).is_ok, "is closed");
    expect_memory(&model, 600, 700);
    rein_reservation_release(&model.reservation);
    case_close(&node);
}

Test(call_sites, a_scheduler) {
    reservation_case node;
    case_open(&node);
    mock_backend_set_memory_estimate(
        mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(600),
                                     .load_peak_bytes = rein_fact_u64_known(700),
                                     .activation_bytes = rein_fact_u64_known(200)});
    mock_backend_set_device_time(mock, rein_fact_u64_known(REIN_NS_PER_MS));
    cr_assert(rein_backend_unload(&backend).is_ok, "the call site loads its model");
    served model = {.backend = &backend, .path = "model"};
    rein_reservation_verdict refused = REIN_UNWRAP(admit(
        &model, sample_model_id(), budget_of(1100), &node.device, &node.directory, &node.clock));
    cr_assert(refused.outcome == REIN_ADMISSION_DOES_NOT_FIT, "the device has 1000 bytes");
    cr_assert(refused.admission.device.shortfall_bytes == 100, "and the verdict says so");
    rein_reservation_verdict granted = REIN_UNWRAP(admit(
        &model, sample_model_id(), budget_of(900), &node.device, &node.directory, &node.clock));
    cr_assert(granted.outcome == REIN_ADMISSION_FITS, "a smaller budget fits");
    cr_assert(granted.admission.cap_count == 0, "the model is judged");
    cr_assert(load_after_failure(&model).is_ok, "is loaded within its budget");
    expect_memory(&model, 600, 700);
    rein_execution_request request = sample_request(1);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    cr_assert(execute(&model, &request, &result).is_ok, "executes within its budget");
    expect_memory(&model, 600, 800);
    cr_assert(rein_ledger_read(&model.ledger).compute_ns.used == REIN_NS_PER_MS,
              "the device time, of 10 ms of latency");
    cr_assert(model.over_budget_count == 0, "as much as the budget allows");
    mock_backend_set_device_time(mock, rein_fact_u64_known(REIN_NS_PER_MS + 1));
    cr_assert(execute(&model, &request, &result).is_ok, "a longer execution succeeds");
    cr_assert(model.over_budget_count == 1, "and is counted");
    rein_reservation_release(&model.reservation);
    case_close(&node);
}
