#include "mocks/mock_backend.h"

#include <stdlib.h>
#include <string.h>

#include "mocks/mock_backend_state.h"

static const rein_duration default_latency = {.ns = 10 * REIN_NS_PER_MS};

void mock_lock(mock_backend *mock) {
    pthread_mutex_lock(&mock->mutex);
}

void mock_unlock(mock_backend *mock) {
    pthread_mutex_unlock(&mock->mutex);
}

static void forget_injections(mock_backend *mock) {
    rein_error error = rein_error_make(REIN_ERROR_BACKEND_ERROR, REIN_HERE, "{text}");
    error = rein_error_with_text(error, "injected into the mock backend");
    for (size_t call = 0; call < MOCK_BACKEND_CALL_COUNT; call++) {
        mock->injections[call] = (mock_injection){.mode = MOCK_INJECT_NOTHING, .error = error};
    }
}

static rein_backend_capabilities default_capabilities(void) {
    rein_backend_capabilities capabilities = {
        .struct_size = sizeof capabilities,
        .backend_name = "mock",
        .max_batch_size = 64,
        .supports_async_execution = true,
        .supports_concurrent_execution = true,
    };
    for (int kind = 1; kind <= (int)REIN_MEMORY_KIND_LAST; kind++) {
        capabilities.memory_kinds =
            rein_memory_kind_set_with(capabilities.memory_kinds, (rein_memory_kind)kind);
    }
    for (int dtype = 1; dtype <= (int)REIN_DTYPE_LAST; dtype++) {
        capabilities.supported_dtypes =
            rein_dtype_set_with(capabilities.supported_dtypes, (rein_dtype)dtype);
    }
    return capabilities;
}

/* Returns an estimate that is known to be 0. */
static rein_memory_estimate no_memory(void) {
    rein_fact_u64 none = rein_fact_u64_known(0);
    return (rein_memory_estimate){.weights_bytes = none,
                                  .load_peak_bytes = none,
                                  .activation_bytes = none,
                                  .activation_lower_bound_bytes = none};
}

rein_error mock_out_of_memory(rein_source_location where) {
    return rein_error_make(REIN_ERROR_OUT_OF_MEMORY, where,
                           "the host is out of memory: cannot allocate for the mock backend");
}

static bool init_locks(mock_backend *mock) {
    if (pthread_mutex_init(&mock->mutex, NULL) != 0) {
        return false;
    }
    bool is_done = mock_submissions_init(&mock->submissions);
    if (!is_done) {
        pthread_mutex_destroy(&mock->mutex);
    }
    return is_done;
}

mock_backend_result mock_backend_create(const rein_clock *clock) {
    mock_backend *mock = calloc(1, sizeof *mock);
    if (mock == NULL || !init_locks(mock)) {
        free(mock);
        return mock_backend_result_fail(mock_out_of_memory(REIN_HERE));
    }
    mock->clock = *clock;
    mock->device_free = rein_timestamp_from_ns(INT64_MIN);
    mock->memory_estimate = no_memory();
    mock->device_time_ns = rein_fact_u64_unknown();
    mock->sequences.limit = SIZE_MAX;
    mock->sequences.bytes_per_token = rein_fact_u64_known(0);
    mock->latency.mean = default_latency;
    mock->capabilities = default_capabilities();
    forget_injections(mock);
    return mock_backend_result_ok(mock);
}

void mock_backend_destroy(mock_backend *mock) {
    mock_sequences_close_all_locked(mock);
    mock_buffers_release_all(mock);
    free(mock->output_shapes);
    mock_history_clear(&mock->history);
    free((void *)mock->lifetimes.lifetimes);
    free((void *)mock->input_specs.specs);
    free((void *)mock->output_specs.specs);
    free(mock->model_path);
    free(mock->broken_path);
    pthread_cond_destroy(&mock->submissions.has_completed);
    pthread_mutex_destroy(&mock->mutex);
    free(mock);
}

rein_backend mock_backend_bind(mock_backend *mock) {
    return REIN_UNWRAP(rein_backend_bind(mock_backend_interface(), mock));
}

static rein_result_void set_latency(mock_backend *mock, mock_latency_result latency) {
    REIN_TRY(rein_result_void, latency);
    mock_lock(mock);
    mock->latency = REIN_VALUE(latency);
    mock_unlock(mock);
    return rein_done();
}

rein_result_void mock_backend_set_latency(mock_backend *mock, rein_duration latency) {
    return set_latency(mock, mock_latency_make(latency, rein_duration_from_ns(0), 0));
}

rein_result_void mock_backend_set_random_latency(mock_backend *mock, rein_duration mean,
                                                 rein_duration standard_deviation, uint64_t seed) {
    return set_latency(mock, mock_latency_make(mean, standard_deviation, seed));
}

static void set_injection(mock_backend *mock, mock_backend_call call, mock_injection_mode mode,
                          uint64_t calls_left) {
    mock_lock(mock);
    mock->injections[call].mode = mode;
    mock->injections[call].calls_left = calls_left;
    mock_unlock(mock);
}

rein_result_void mock_backend_inject_error_on_call(mock_backend *mock, mock_backend_call call,
                                                   uint64_t n) {
    if (n == 0) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "n is 0; it must be at least 1, the next call"));
    }
    set_injection(mock, call, MOCK_INJECT_ONCE, n);
    return rein_done();
}

void mock_backend_inject_error_always(mock_backend *mock, mock_backend_call call) {
    set_injection(mock, call, MOCK_INJECT_ALWAYS, 0);
}

void mock_backend_clear_error_injection(mock_backend *mock, mock_backend_call call) {
    set_injection(mock, call, MOCK_INJECT_NOTHING, 0);
}

void mock_backend_set_injected_error(mock_backend *mock, mock_backend_call call, rein_error error) {
    mock_lock(mock);
    mock->injections[call].error = error;
    mock_unlock(mock);
}

uint64_t mock_backend_call_count(mock_backend *mock, mock_backend_call call) {
    mock_lock(mock);
    uint64_t count = mock->call_counts[call];
    mock_unlock(mock);
    return count;
}

const rein_execution_request *mock_backend_last_request(mock_backend *mock) {
    mock_lock(mock);
    const mock_history *history = &mock->history;
    const rein_execution_request *last =
        history->count > 0 ? history->requests[history->count - 1] : NULL;
    mock_unlock(mock);
    return last;
}

const rein_execution_request *mock_backend_execution_history(mock_backend *mock, size_t index) {
    mock_lock(mock);
    const mock_history *history = &mock->history;
    const rein_execution_request *request =
        index < history->count ? history->requests[index] : NULL;
    mock_unlock(mock);
    return request;
}

void mock_backend_reset(mock_backend *mock) {
    mock_lock(mock);
    mock_history_clear(&mock->history);
    memset(mock->call_counts, 0, sizeof mock->call_counts);
    mock->stray_release_count = 0;
    forget_injections(mock);
    mock_unlock(mock);
}

void mock_backend_set_capabilities(mock_backend *mock,
                                   const rein_backend_capabilities *capabilities) {
    mock->capabilities = *capabilities;
}

void mock_backend_set_device_time(mock_backend *mock, rein_fact_u64 device_time_ns) {
    mock_lock(mock);
    mock->device_time_ns = device_time_ns;
    mock_unlock(mock);
}

void mock_backend_set_partial_outputs(mock_backend *mock, uint64_t count) {
    mock_lock(mock);
    mock->partial_output_count = count;
    mock_unlock(mock);
}

void mock_backend_set_memory_estimate(mock_backend *mock, rein_memory_estimate estimate) {
    mock_lock(mock);
    mock->memory_estimate = estimate;
    mock_unlock(mock);
}

REIN_RESULT_DEFINE(memory_result, void *)

/* Returns a copy on the heap; NULL if there is nothing to copy. */
static memory_result copy_array(const void *elements, size_t count, size_t element_bytes) {
    if (count == 0) {
        return memory_result_ok(NULL);
    }
    void *copy = calloc(count, element_bytes);
    if (copy == NULL) {
        return memory_result_fail(mock_out_of_memory(REIN_HERE));
    }
    memcpy(copy, elements, count * element_bytes);
    return memory_result_ok(copy);
}

rein_result_void mock_backend_set_lifetimes(mock_backend *mock, rein_lifetime_view lifetimes) {
    void *copy = REIN_TRY(rein_result_void, copy_array(lifetimes.lifetimes, lifetimes.count,
                                                       sizeof lifetimes.lifetimes[0]));
    mock_lock(mock);
    free((void *)mock->lifetimes.lifetimes);
    mock->lifetimes = (rein_lifetime_view){.lifetimes = copy, .count = lifetimes.count};
    mock_unlock(mock);
    return rein_done();
}

rein_result_void mock_backend_set_input_specs(mock_backend *mock, rein_tensor_spec_view specs) {
    void *copy =
        REIN_TRY(rein_result_void, copy_array(specs.specs, specs.count, sizeof specs.specs[0]));
    mock_lock(mock);
    free((void *)mock->input_specs.specs);
    mock->input_specs = (rein_tensor_spec_view){.specs = copy, .count = specs.count};
    mock_unlock(mock);
    return rein_done();
}

rein_result_void mock_backend_set_output_specs(mock_backend *mock, rein_tensor_spec_view specs) {
    rein_shape *shapes = calloc(specs.count + 1, sizeof *shapes);
    if (shapes == NULL) {
        return rein_result_void_fail(mock_out_of_memory(REIN_HERE));
    }
    memory_result copied = copy_array(specs.specs, specs.count, sizeof specs.specs[0]);
    if (!copied.is_ok) {
        free(shapes);
        return rein_result_void_fail(REIN_ERROR(copied));
    }
    for (size_t index = 0; index < specs.count; index++) {
        shapes[index].rank = -1;
    }
    mock_lock(mock);
    free((void *)mock->output_specs.specs);
    free(mock->output_shapes);
    mock->output_specs = (rein_tensor_spec_view){.specs = REIN_VALUE(copied), .count = specs.count};
    mock->output_shapes = shapes;
    mock_unlock(mock);
    return rein_done();
}

static rein_result_void replace_path(mock_backend *mock, char **kept, const char *path) {
    size_t bytes = path == NULL ? 0 : strlen(path) + 1;
    void *copy = REIN_TRY(rein_result_void, copy_array(path, bytes, 1));
    mock_lock(mock);
    free(*kept);
    *kept = copy;
    mock_unlock(mock);
    return rein_done();
}

rein_result_void mock_backend_set_model_path(mock_backend *mock, const char *model_path) {
    return replace_path(mock, &mock->model_path, model_path);
}

rein_result_void mock_backend_set_broken_path(mock_backend *mock, const char *path) {
    return replace_path(mock, &mock->broken_path, path);
}
