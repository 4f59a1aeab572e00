/* Many threads execute through one mock while another changes its configuration. No request is lost
 * or mixed up with another. A plain main, for ThreadSanitizer. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "mocks/mock_backend.h"
#include "mocks/virtual_clock.h"
#include "samples.h"
#include "stress/load.h"

enum { DEFAULT_THREADS = 8, EXECUTIONS_PER_THREAD = 2000, ELEMENT_COUNT = 16 };

static int thread_count;

static virtual_clock time_source;
static mock_backend *mock;
static rein_backend backend;
static atomic_bool is_finished;

/* The counts of one thread. */
typedef struct tally {
    pthread_t thread;
    uint8_t number;
    uint64_t succeeded;
    uint64_t failed_as_injected;
    uint64_t wrong;
} tally;

static bool is_own_result(const rein_execution_request *request,
                          const rein_execution_result *result) {
    return rein_request_id_equal(&request->request_id, &result->request_id) &&
           result->actual_latency.ns >= 0;
}

static void execute_once(tally *self) {
    float data[ELEMENT_COUNT];
    memset(data, self->number, sizeof data);
    rein_tensor input = sample_tensor("in", data, ELEMENT_COUNT);
    rein_clock clock = virtual_clock_view(&time_source);
    rein_execution_request request = sample_request(self->number);
    request.input_tensors = &input;
    request.input_tensor_count = 1;
    request.submission_time = rein_clock_now(&clock);
    rein_execution_result result = rein_execution_result_make(NULL, 0);
    rein_result_void executed = rein_backend_execute(&backend, &request, &result);
    if (executed.is_ok) {
        self->succeeded++;
        self->wrong += is_own_result(&request, &result) ? 0 : 1;
    } else if (REIN_ERROR(executed).code == REIN_ERROR_BACKEND_ERROR) {
        self->failed_as_injected++;
    } else {
        self->wrong++;
    }
}

static void *execute_often(void *argument) {
    tally *self = argument;
    for (int turn = 0; turn < EXECUTIONS_PER_THREAD; turn++) {
        execute_once(self);
    }
    return NULL;
}

/* Returns whether all bytes of a recorded request come from the thread that its UUID names. */
static bool is_whole(const rein_execution_request *request) {
    const unsigned char *data = request->input_tensors[0].data;
    for (size_t index = 0; index < ELEMENT_COUNT * sizeof(float); index++) {
        if (data[index] != request->request_id.bytes[15]) {
            return false;
        }
    }
    return request->request_id.bytes[0] == request->request_id.bytes[15];
}

/* Changes the configuration until the executions are done. Keeps the recorded requests. */
static void *change_configuration(void *argument) {
    uint64_t *torn_requests = argument;
    for (uint64_t turn = 1; !atomic_load(&is_finished); turn++) {
        rein_duration latency = rein_duration_from_ns((int64_t)(turn % 1000));
        REIN_IGNORE(mock_backend_set_random_latency(mock, latency, latency, turn));
        REIN_IGNORE(mock_backend_inject_error_on_call(mock, MOCK_BACKEND_EXECUTE, 1 + turn % 7));
        mock_backend_set_device_time(mock, rein_fact_u64_known(turn));
        mock_backend_set_memory_estimate(
            mock, (rein_memory_estimate){.weights_bytes = rein_fact_u64_known(turn)});
        REIN_IGNORE(rein_backend_estimate_memory(&backend, "model", NULL));
        rein_backend_is_loaded(&backend);
        mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE);
        const rein_execution_request *last = mock_backend_last_request(mock);
        *torn_requests += last != NULL && !is_whole(last) ? 1 : 0;
        mock_backend_clear_error_injection(mock, MOCK_BACKEND_EXECUTE);
    }
    return NULL;
}

static bool set_up(void) {
    virtual_clock_init(&time_source, rein_timestamp_from_ns(0));
    rein_clock clock = virtual_clock_view(&time_source);
    mock = REIN_UNWRAP(mock_backend_create(&clock));
    backend = mock_backend_bind(mock);
    rein_tensor_spec spec = sample_spec("in", REIN_DTYPE_FLOAT32, ELEMENT_COUNT);
    rein_tensor_spec_view view = {.specs = &spec, .count = 1};
    rein_model_id model = sample_model_id();
    return mock_backend_set_input_specs(mock, view).is_ok &&
           rein_backend_load(&backend, "model", &model).is_ok;
}

/* Counts the requests in the history by thread. Returns false if a request is torn. */
static bool count_history(uint64_t out_counts[LOAD_THREADS_MOST + 1]) {
    const rein_execution_request *request = mock_backend_execution_history(mock, 0);
    for (size_t index = 0; request != NULL; index++) {
        if (!is_whole(request) || request->request_id.bytes[0] > thread_count) {
            return false;
        }
        out_counts[request->request_id.bytes[0]]++;
        request = mock_backend_execution_history(mock, index + 1);
    }
    return true;
}

static bool check_balance(const tally *tallies, uint64_t torn_requests) {
    uint64_t history_counts[LOAD_THREADS_MOST + 1] = {0};
    bool is_sound = count_history(history_counts) && torn_requests == 0;
    uint64_t injected = 0;
    for (int index = 0; index < thread_count; index++) {
        const tally *each = &tallies[index];
        is_sound = is_sound && each->wrong == 0 &&
                   each->succeeded + each->failed_as_injected == EXECUTIONS_PER_THREAD &&
                   history_counts[each->number] == EXECUTIONS_PER_THREAD;
        injected += each->failed_as_injected;
    }
    uint64_t calls = mock_backend_call_count(mock, MOCK_BACKEND_EXECUTE);
    printf("%llu executions, %llu injected errors: %s\n", (unsigned long long)calls,
           (unsigned long long)injected, is_sound ? "sound" : "NOT SOUND");
    return is_sound && calls == (uint64_t)thread_count * EXECUTIONS_PER_THREAD;
}

/* Creates, uses and destroys one mock. */
static int pass(int asked_thread_count) {
    thread_count = asked_thread_count;
    if (!set_up()) {
        fputs("the mock could not be set up\n", stderr);
        return 1;
    }
    tally tallies[LOAD_THREADS_MOST] = {0};
    pthread_t controller;
    uint64_t torn_requests = 0;
    atomic_store(&is_finished, false);
    if (pthread_create(&controller, NULL, change_configuration, &torn_requests) != 0) {
        return 1;
    }
    for (int index = 0; index < thread_count; index++) {
        tallies[index].number = (uint8_t)(index + 1);
        if (pthread_create(&tallies[index].thread, NULL, execute_often, &tallies[index]) != 0) {
            return 1;
        }
    }
    for (int index = 0; index < thread_count; index++) {
        pthread_join(tallies[index].thread, NULL);
    }
    atomic_store(&is_finished, true);
    pthread_join(controller, NULL);
    bool is_sound = check_balance(tallies, torn_requests);
    rein_backend_destroy(&backend);
    return is_sound ? 0 : 1;
}

int main(int count, char **arguments) {
    return load_main("stress_mock_backend", count, arguments, DEFAULT_THREADS, pass);
}
