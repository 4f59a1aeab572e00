/* A call of a backend through the interface, compared with a direct call of the same function. The
 * functions do nothing, so that only the call is measured. */
#include "host/backend.h"

#include "host/subject.h"
#include "host/topics.h"
#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"

#define MOCK_TABLE "mock backend: execute without latency"

static bool is_ready = true;
static rein_backend bound;
static rein_backend bound_mock;
static rein_execution_request request = {.struct_size = sizeof request};
static rein_execution_result result = {.struct_size = sizeof result};

static rein_result_void do_nothing(void *self) {
    bench_keep(self);
    return rein_done();
}

static rein_result_void take_path(void *self, const char *model_path,
                                  const rein_model_id *model_id) {
    bench_keep(model_path);
    bench_keep(model_id);
    return do_nothing(self);
}

BENCH_OPAQUE static rein_result_void execute(void *self, const rein_execution_request *asked,
                                             rein_execution_result *out_result) {
    bench_keep(self);
    bench_keep(asked);
    bench_keep(out_result);
    return rein_done();
}

static const rein_backend_capabilities *return_capabilities(void *self) {
    static const rein_backend_capabilities capabilities = {
        .struct_size = sizeof capabilities, .backend_name = "bench", .max_batch_size = 1};
    bench_keep(self);
    return &capabilities;
}

BENCH_OPAQUE static bool is_loaded(void *self) {
    return *(const bool *)self;
}

static void destroy(void *self) {
    bench_keep(self);
}

static rein_result_memory_estimate estimate_memory(void *self, const char *model_path,
                                                   const rein_input_shapes *shapes) {
    bench_keep(shapes);
    bench_keep(self);
    bench_keep(model_path);
    return rein_result_memory_estimate_ok(
        (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(0)});
}

static rein_result_lifetime_view estimate_lifetimes(void *self, const char *model_path,
                                                    const rein_input_shapes *shapes) {
    bench_keep(shapes);
    bench_keep(self);
    bench_keep(model_path);
    return rein_result_lifetime_view_ok((rein_lifetime_view){.count = 0});
}

static rein_result_tensor_spec_view return_specs(void *self, const char *model_path) {
    bench_keep(self);
    bench_keep(model_path);
    return rein_result_tensor_spec_view_ok((rein_tensor_spec_view){.count = 0});
}

static const rein_backend_interface table = {
    .struct_size = sizeof table,
    .load = take_path,
    .unload = do_nothing,
    .execute = execute,
    .capabilities = return_capabilities,
    .is_loaded = is_loaded,
    .destroy = destroy,
    .estimate_memory = estimate_memory,
    .estimate_lifetimes = estimate_lifetimes,
    .input_specs = return_specs,
    .output_specs = return_specs,
};

static uint64_t run_is_loaded(void *context, uint64_t count) {
    uint64_t loaded = 0;
    for (uint64_t i = 0; i < count; i++) {
        loaded += rein_backend_is_loaded(context);
    }
    return loaded;
}

static uint64_t run_is_loaded_directly(void *context, uint64_t count) {
    const rein_backend *backend = context;
    uint64_t loaded = 0;
    for (uint64_t i = 0; i < count; i++) {
        loaded += is_loaded(backend->self);
    }
    return loaded;
}

static uint64_t run_execute(void *context, uint64_t count) {
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_void executed = rein_backend_execute(context, &request, &result);
        done += rein_result_void_is_ok(executed);
    }
    return done;
}

static uint64_t run_execute_directly(void *context, uint64_t count) {
    const rein_backend *backend = context;
    uint64_t done = 0;
    for (uint64_t i = 0; i < count; i++) {
        rein_result_void executed = execute(backend->self, &request, &result);
        done += rein_result_void_is_ok(executed);
    }
    return done;
}

/* The mock records requests; resetting it is part of the cost. */
static uint64_t run_mock(void *context, uint64_t count) {
    uint64_t done = run_execute(context, count);
    mock_backend_reset(bound_mock.self);
    return done;
}

static void bind_mock(void) {
    static virtual_clock time;
    virtual_clock_init(&time, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time);
    mock_backend *mock = REIN_UNWRAP(mock_backend_create(&clock));
    rein_result_void set = mock_backend_set_latency(mock, rein_duration_from_ns(0));
    bound_mock = mock_backend_bind(mock);
    rein_model_id id = REIN_UNWRAP(rein_model_id_make("bench"));
    request.model_id = id;
    rein_result_void loaded = rein_backend_load(&bound_mock, "model", &id);
    if (rein_result_void_is_error(set) || rein_result_void_is_error(loaded)) {
        bench_stop("the mock cannot be set up");
    }
}

void bench_add_backend(void) {
    bound = REIN_UNWRAP(rein_backend_bind(&table, &is_ready));
    bind_mock();
    bench_add_backend_tensors(&bound);
    const bench_subject subjects[] = {
        {BACKEND_TABLE, BACKEND_CASE_IS_LOADED, "rein", BENCH_OURS, run_is_loaded, &bound,
         .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TABLE, BACKEND_CASE_IS_LOADED, "direct call", BENCH_LIMIT, run_is_loaded_directly,
         &bound, .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TABLE, BACKEND_CASE_EXECUTE, "rein", BENCH_OURS, run_execute, &bound,
         .batch = BACKEND_BATCH, .counts_instructions = true},
        {BACKEND_TABLE, BACKEND_CASE_EXECUTE, "direct call", BENCH_LIMIT, run_execute_directly,
         &bound, .batch = BACKEND_BATCH, .counts_instructions = true},
        {MOCK_TABLE, "no tensors", "rein", BENCH_OURS, run_mock, &bound_mock, .batch = 1000},
        {MOCK_TABLE, "no tensors", "a slot that does nothing", BENCH_LIMIT, run_execute, &bound,
         .batch = 1000},
    };
    bench_add_all(subjects, sizeof subjects / sizeof subjects[0]);
}
