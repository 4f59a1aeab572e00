#include "contract/backend.h"

#include <stdio.h>

#include "expect.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "samples.h"

/* A mock on a virtual clock, bound. */
typedef struct mock_bench {
    virtual_clock time;
    mock_backend *mock;
    rein_backend backend;
} mock_bench;

static void bench_init(mock_bench *out_bench) {
    virtual_clock_init(&out_bench->time, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&out_bench->time);
    out_bench->mock = REIN_UNWRAP(mock_backend_create(&clock));
    out_bench->backend = mock_backend_bind(out_bench->mock);
}

static uint64_t calls_of(mock_backend *mock) {
    uint64_t calls = 0;
    for (int call = 0; call < MOCK_BACKEND_CALL_COUNT; call++) {
        calls += mock_backend_call_count(mock, (mock_backend_call)call);
    }
    return calls;
}

static void expect_refusal(const rein_backend_interface *table, const char *message) {
    rein_result_backend bound = rein_backend_bind(table, NULL);
    cr_assert(!bound.is_ok, "expected '%s'", message);
    expect_invalid_argument(&REIN_ERROR(bound), message);
}

Test(backend_bind, a_whole_table_is_bound) {
    const rein_backend_interface *table = mock_backend_interface();
    int self = 0;
    rein_backend backend = REIN_UNWRAP(rein_backend_bind(table, &self));
    cr_assert(backend.self == &self, "self is kept");
    cr_assert(backend.table == table, "the table is borrowed");
}

Test(backend_bind, a_null_table_is_refused) {
    expect_refusal(NULL, "table is NULL, expected a table");
}

Test(backend_bind, every_required_slot_is_missed_by_its_name) {
    rein_backend_interface tables[10];
    for (size_t index = 0; index < 10; index++) {
        tables[index] = *mock_backend_interface();
    }
    tables[0].load = NULL;
    tables[1].unload = NULL;
    tables[2].execute = NULL;
    tables[3].capabilities = NULL;
    tables[4].is_loaded = NULL;
    tables[5].destroy = NULL;
    tables[6].estimate_memory = NULL;
    tables[7].estimate_lifetimes = NULL;
    tables[8].input_specs = NULL;
    tables[9].output_specs = NULL;
    expect_refusal(&tables[0], "slot load is absent, expected a function");
    expect_refusal(&tables[1], "slot unload is absent, expected a function");
    expect_refusal(&tables[2], "slot execute is absent, expected a function");
    expect_refusal(&tables[3], "slot capabilities is absent, expected a function");
    expect_refusal(&tables[4], "slot is_loaded is absent, expected a function");
    expect_refusal(&tables[5], "slot destroy is absent, expected a function");
    expect_refusal(&tables[6], "slot estimate_memory is absent, expected a function");
    expect_refusal(&tables[7], "slot estimate_lifetimes is absent, expected a function");
    expect_refusal(&tables[8], "slot input_specs is absent, expected a function");
    expect_refusal(&tables[9], "slot output_specs is absent, expected a function");
}

Test(backend_bind, an_absent_warmup_does_nothing_and_succeeds) {
    rein_backend_interface table = *mock_backend_interface();
    table.warmup = NULL;
    rein_backend backend = REIN_UNWRAP(rein_backend_bind(&table, NULL));
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "no slot is behind it, and no self");
}

Test(backend_bind, slots_behind_the_end_of_a_smaller_table_are_absent) {
    rein_backend_interface table = *mock_backend_interface();
    table.struct_size = offsetof(rein_backend_interface, warmup);
    rein_backend backend = REIN_UNWRAP(rein_backend_bind(&table, NULL));
    cr_assert(rein_backend_warmup(&backend, NULL).is_ok, "what lies behind the end is not called");
    table.struct_size = offsetof(rein_backend_interface, output_specs);
    expect_refusal(&table, "slot output_specs is absent, expected a function");
    table.struct_size = offsetof(rein_backend_interface, load);
    expect_refusal(&table, "slot load is absent, expected a function");
}

static void expect_size_refused(size_t struct_size) {
    rein_backend_interface table = *mock_backend_interface();
    table.struct_size = struct_size;
    char message[EXPECT_TEXT_CAPACITY];
    snprintf(message, sizeof message, "struct_size is %zu, expected whole slots and at most %zu",
             struct_size, sizeof(rein_backend_interface));
    expect_refusal(&table, message);
}

Test(backend_bind, sizes_that_no_table_has_are_refused) {
    expect_size_refused(0);
    expect_size_refused(sizeof(size_t) - 1);
    expect_size_refused(offsetof(rein_backend_interface, unload) - 1);
    expect_size_refused(sizeof(rein_backend_interface) - 1);
    expect_size_refused(sizeof(rein_backend_interface) + 1);
    expect_size_refused(sizeof(rein_backend_interface) + sizeof(void (*)(void)));
    expect_size_refused(SIZE_MAX);
}

/* What each call through the contract says of a backend that was never bound. */
static void expect_all_refuse(const rein_backend *backend) {
    const char *message = "backend is not bound, expected a bound backend";
    rein_execution_request request = sample_request(1);
    rein_execution_result result = {0};
    rein_result_void done[] = {
        rein_backend_load(backend, "model"),
        rein_backend_unload(backend),
        rein_backend_execute(backend, &request, &result),
        rein_backend_warmup(backend, NULL),
    };
    for (size_t index = 0; index < sizeof done / sizeof done[0]; index++) {
        expect_invalid_argument(&REIN_ERROR(done[index]), message);
    }
    rein_result_memory_estimate memory = rein_backend_estimate_memory(backend, "model");
    expect_invalid_argument(&REIN_ERROR(memory), message);
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(backend, "model");
    expect_invalid_argument(&REIN_ERROR(lifetimes), message);
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(backend, "model");
    expect_invalid_argument(&REIN_ERROR(inputs), message);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(backend, "model");
    expect_invalid_argument(&REIN_ERROR(outputs), message);
}

Test(backend_calls, refuse_a_backend_that_is_not_bound) {
    expect_all_refuse(NULL);
    rein_backend unbound = {0};
    expect_all_refuse(&unbound);
}

Test(backend_calls, refuse_a_backend_that_was_destroyed) {
    mock_bench bench;
    bench_init(&bench);
    rein_backend_destroy(&bench.backend);
    expect_all_refuse(&bench.backend);
    rein_backend_destroy(&bench.backend);
    cr_assert(bench.backend.self == NULL && bench.backend.table == NULL,
              "destroying it again does nothing");
}

/* Each call that takes a path, with a path that is none. */
static void expect_path_refused(const mock_bench *bench, const char *path) {
    const char *message = "model_path is NULL or empty, expected a path";
    const rein_backend *backend = &bench->backend;
    rein_result_void loaded = rein_backend_load(backend, path);
    expect_invalid_argument(&REIN_ERROR(loaded), message);
    rein_result_memory_estimate memory = rein_backend_estimate_memory(backend, path);
    expect_invalid_argument(&REIN_ERROR(memory), message);
    rein_result_lifetime_view lifetimes = rein_backend_estimate_lifetimes(backend, path);
    expect_invalid_argument(&REIN_ERROR(lifetimes), message);
    rein_result_tensor_spec_view inputs = rein_backend_input_specs(backend, path);
    expect_invalid_argument(&REIN_ERROR(inputs), message);
    rein_result_tensor_spec_view outputs = rein_backend_output_specs(backend, path);
    expect_invalid_argument(&REIN_ERROR(outputs), message);
    cr_assert(calls_of(bench->mock) == 0, "no slot was called");
}

Test(backend_calls, refuse_a_path_that_is_none) {
    mock_bench bench;
    bench_init(&bench);
    expect_path_refused(&bench, NULL);
    expect_path_refused(&bench, "");
    rein_backend_destroy(&bench.backend);
}

Test(backend_calls, execute_refuses_what_does_not_pass_validation) {
    mock_bench bench;
    bench_init(&bench);
    rein_execution_request request = sample_request(1);
    rein_execution_result result = {0};
    rein_result_void done = rein_backend_execute(&bench.backend, NULL, &result);
    expect_invalid_argument(&REIN_ERROR(done), "request is NULL, expected a request");
    done = rein_backend_execute(&bench.backend, &request, NULL);
    expect_invalid_argument(&REIN_ERROR(done), "result is NULL, expected a result");
    result.output_tensor_count = 1;
    done = rein_backend_execute(&bench.backend, &request, &result);
    cr_assert(REIN_ERROR(done).code == REIN_ERROR_INVALID_ARGUMENT, "a NULL array of outputs");
    result.output_tensor_count = 0;
    request.input_tensor_count = 1;
    done = rein_backend_execute(&bench.backend, &request, &result);
    cr_assert(REIN_ERROR(done).code == REIN_ERROR_INVALID_ARGUMENT, "a NULL array of inputs");
    cr_assert(calls_of(bench.mock) == 0, "the slot was not called");
    rein_backend_destroy(&bench.backend);
}

Test(backend_calls, hand_on_what_the_slots_answer) {
    mock_bench bench;
    bench_init(&bench);
    mock_backend_inject_error_always(bench.mock, MOCK_BACKEND_LOAD);
    rein_error lost = rein_error_make(REIN_ERROR_DEVICE_LOST, REIN_HERE, "gone");
    mock_backend_set_injected_error(bench.mock, MOCK_BACKEND_LOAD,
                                    rein_error_with_native_code(lost, 719));
    rein_result_void loaded = rein_backend_load(&bench.backend, "model");
    expect_error(&REIN_ERROR(loaded), REIN_ERROR_DEVICE_LOST, "gone");
    cr_assert(REIN_ERROR(loaded).native_code == 719, "the native code too");
    cr_assert(!rein_backend_is_loaded(&bench.backend), "is_loaded answers for the slot");
    cr_assert(is_same_text(rein_backend_get_capabilities(&bench.backend).backend_name, "mock"),
              "capabilities answer for the slot");
    rein_backend_destroy(&bench.backend);
}

/* A recorder of the stream that warm-up is given. */
static rein_result_void keep_stream(void *self, struct CUstream_st *stream) {
    struct CUstream_st **kept = self;
    *kept = stream;
    return rein_done();
}

Test(backend_calls, warmup_passes_the_stream_through) {
    rein_backend_interface table = *mock_backend_interface();
    table.warmup = keep_stream;
    int nowhere = 0;
    struct CUstream_st *given = (struct CUstream_st *)(void *)&nowhere;
    struct CUstream_st *kept = NULL;
    rein_backend backend = REIN_UNWRAP(rein_backend_bind(&table, &kept));
    cr_assert(rein_backend_warmup(&backend, given).is_ok, "warm-up succeeds");
    cr_assert(kept == given, "the stream arrived as it was given");
}

/* Two inputs and one output, with the tensors that fit them. */
typedef struct fitting_call {
    float data[8];
    rein_tensor inputs[2];
    rein_tensor output;
    rein_tensor_spec input_specs[2];
    rein_execution_request request;
    rein_execution_result result;
} fitting_call;

static void fitting_init(fitting_call *out_fitting) {
    out_fitting->inputs[0] = sample_tensor("left", out_fitting->data, 2);
    out_fitting->inputs[1] = sample_tensor("right", out_fitting->data + 2, 4);
    out_fitting->output = sample_tensor("sum", out_fitting->data + 6, 2);
    out_fitting->input_specs[0] = out_fitting->inputs[0].spec;
    out_fitting->input_specs[1] = out_fitting->inputs[1].spec;
    out_fitting->request = sample_request(1);
    out_fitting->request.input_tensors = out_fitting->inputs;
    out_fitting->request.input_tensor_count = 2;
    out_fitting->result =
        (rein_execution_result){.output_tensors = &out_fitting->output, .output_tensor_count = 1};
}

static rein_result_void check_fitting(const fitting_call *fitting,
                                      const rein_tensor_spec *output_specs, size_t output_count) {
    return rein_backend_check_tensors(
        &fitting->request, &fitting->result,
        (rein_tensor_spec_view){.specs = fitting->input_specs, .count = 2},
        (rein_tensor_spec_view){.specs = output_specs, .count = output_count});
}

Test(backend_check_tensors, accepts_the_tensors_of_the_specs) {
    fitting_call fitting;
    fitting_init(&fitting);
    cr_assert(check_fitting(&fitting, &fitting.output.spec, 1).is_ok, "each is its spec's");
}

Test(backend_check_tensors, refuses_another_number_of_tensors) {
    fitting_call fitting;
    fitting_init(&fitting);
    rein_result_void checked = check_fitting(&fitting, NULL, 0);
    expect_invalid_argument(&REIN_ERROR(checked), "1 output tensors, expected 0");
    fitting.request.input_tensor_count = 1;
    checked = check_fitting(&fitting, &fitting.output.spec, 1);
    expect_invalid_argument(&REIN_ERROR(checked), "1 input tensors, expected 2");
}

Test(backend_check_tensors, refuses_a_tensor_of_another_spec) {
    fitting_call fitting;
    fitting_init(&fitting);
    rein_tensor_spec other = sample_spec("sum", REIN_DTYPE_INT32, 2);
    rein_result_void checked = check_fitting(&fitting, &other, 1);
    expect_invalid_argument(&REIN_ERROR(checked),
                            "output tensor 0, expected the name, shape, type and layout of sum");
    fitting.inputs[1] = fitting.inputs[0];
    checked = check_fitting(&fitting, &fitting.output.spec, 1);
    expect_invalid_argument(&REIN_ERROR(checked),
                            "input tensor 1, expected the name, shape, type and layout of right");
}
