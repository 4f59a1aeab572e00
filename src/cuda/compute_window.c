#include "cuda/compute_window.h"

#include <pthread.h>
#include <stdlib.h>

#include "cuda/compute_samples.h"
#include "cuda/failure.h"
#include "cuda/scope.h"

/* Upper bound of a valid elapsed time. Higher or negative values and NaN are errors. */
#define LONGEST_SPAN_MS 1e12f

typedef enum window_state {
    WINDOW_IDLE,
    WINDOW_BEGUN,
    WINDOW_ENDED, /* the device may still be working */
} window_state;

struct rein_cuda_compute_window {
    cuda_binding binding;
    rein_ledger *ledger;
    rein_clock clock;
    cudaEvent_t before;
    cudaEvent_t after;

    pthread_mutex_t mutex; /* guards the members below */
    window_state state;
    cudaStream_t stream;
    rein_timestamp deadline;
    bool is_refusing;
    rein_ledger_verdict overrun; /* the reason for refusing */
    compute_samples samples;
    rein_cuda_compute_statistics counts; /* percentiles not set */
};

static rein_result_void expect_state(const rein_cuda_compute_window *window, window_state expected,
                                     rein_source_location where, const char *message) {
    return window->state == expected
               ? rein_done()
               : rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_STATE, where, message));
}

static rein_result_void create_event(rein_cuda_compute_window *window, cuda_scope *scope,
                                     cudaEvent_t *out_event) {
    return rein_i_cuda_check(
        rein_i_cuda_scope_note(scope, cudaEventCreateWithFlags(out_event, cudaEventDefault)),
        REIN_HERE, "cudaEventCreateWithFlags" ON_DEVICE_FAILED, (uint64_t)window->binding.device,
        0);
}

static rein_result_void destroy_event(rein_cuda_compute_window *window, cuda_scope *scope,
                                      cudaEvent_t *event) {
    if (*event == NULL) {
        return rein_done();
    }
    rein_result_void destroyed =
        rein_i_cuda_check(rein_i_cuda_scope_note(scope, cudaEventDestroy(*event)), REIN_HERE,
                          "cudaEventDestroy" ON_DEVICE_FAILED, (uint64_t)window->binding.device, 0);
    if (destroyed.is_ok) {
        *event = NULL;
    }
    return destroyed;
}

static rein_result_void destroy_events(rein_cuda_compute_window *window, cuda_scope *scope) {
    REIN_TRY(rein_result_void, destroy_event(window, scope, &window->before));
    return destroy_event(window, scope, &window->after);
}

static rein_result_void set_up(rein_cuda_compute_window *window) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &window->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void created = create_event(window, &scope, &window->before);
    if (created.is_ok) {
        created = create_event(window, &scope, &window->after);
    }
    if (!created.is_ok) {
        (void)destroy_events(window, &scope);
    }
    rein_i_cuda_scope_leave(&scope);
    return created;
}

static void release_host(rein_cuda_compute_window *window) {
    pthread_mutex_destroy(&window->mutex);
    free(window);
}

rein_result_cuda_compute_window
rein_cuda_compute_window_create(const rein_cuda_compute_window_options *options) {
    if (options == NULL || options->ledger == NULL) {
        return rein_result_cuda_compute_window_fail(
            rein_error_make(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                            "the options and their ledger" MUST_NOT_BE_NULL));
    }
    rein_cuda_compute_window *window = calloc(1, sizeof *window);
    if (window == NULL) {
        return rein_result_cuda_compute_window_fail(rein_error_make(
            REIN_ERROR_OUT_OF_MEMORY, REIN_HERE, HOST_IS_OUT_OF_MEMORY "create a compute window"));
    }
    window->binding.device = options->device;
    window->ledger = options->ledger;
    window->clock = *(options->clock != NULL ? options->clock : rein_clock_system());
    pthread_mutex_init(&window->mutex, NULL);
    rein_result_void ready = set_up(window);
    if (!ready.is_ok) {
        release_host(window);
        return rein_result_cuda_compute_window_fail(REIN_ERROR(ready));
    }
    return rein_result_cuda_compute_window_ok(window);
}

static rein_result_void record(rein_cuda_compute_window *window, cudaEvent_t event,
                               cudaStream_t stream, rein_source_location where) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &window->binding, CUDA_INTENT_ACQUIRES));
    rein_result_void recorded = rein_i_cuda_refuse_capture(&scope, stream, where);
    if (recorded.is_ok) {
        recorded = rein_i_cuda_check(rein_i_cuda_scope_note(&scope, cudaEventRecord(event, stream)),
                                     where, "cudaEventRecord" ON_DEVICE_FAILED,
                                     (uint64_t)window->binding.device, 0);
    }
    rein_i_cuda_scope_leave(&scope);
    return recorded;
}

static rein_result_ledger_verdict begin_locked(rein_cuda_compute_window *window,
                                               cudaStream_t stream, rein_timestamp deadline) {
    REIN_TRY(rein_result_ledger_verdict,
             expect_state(window, WINDOW_IDLE, REIN_HERE,
                          "an execution is still being measured; end and collect it first"));
    if (window->is_refusing) {
        window->counts.refused_count++;
        return rein_result_ledger_verdict_ok(window->overrun);
    }
    REIN_TRY(rein_result_ledger_verdict, record(window, window->before, stream, REIN_HERE));
    window->state = WINDOW_BEGUN;
    window->stream = stream;
    window->deadline = deadline;
    int64_t limit = rein_ledger_budget(window->ledger).compute_budget.ns;
    return rein_result_ledger_verdict_ok((rein_ledger_verdict){
        .is_granted = true, .resource = REIN_RESOURCE_COMPUTE, .limit = (uint64_t)limit});
}

rein_result_ledger_verdict rein_cuda_compute_window_begin(rein_cuda_compute_window *window,
                                                          struct CUstream_st *stream,
                                                          rein_timestamp deadline) {
    REIN_TRY(rein_result_ledger_verdict,
             rein_i_cuda_refuse_null(window, REIN_HERE, "the window" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_ledger_verdict, rein_i_cuda_binding_check(&window->binding));
    pthread_mutex_lock(&window->mutex);
    rein_result_ledger_verdict result = begin_locked(window, stream, deadline);
    pthread_mutex_unlock(&window->mutex);
    return result;
}

static rein_result_void end_locked(rein_cuda_compute_window *window) {
    REIN_TRY(rein_result_void, expect_state(window, WINDOW_BEGUN, REIN_HERE,
                                            "no execution was begun; begin one first"));
    REIN_TRY(rein_result_void, record(window, window->after, window->stream, REIN_HERE));
    window->state = WINDOW_ENDED;
    return rein_done();
}

rein_result_void rein_cuda_compute_window_end(rein_cuda_compute_window *window) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(window, REIN_HERE, "the window" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_cuda_binding_check(&window->binding));
    pthread_mutex_lock(&window->mutex);
    rein_result_void result = end_locked(window);
    pthread_mutex_unlock(&window->mutex);
    return result;
}

/* Reads the time between the events, in ms. `out_is_complete` is false if the device has not
 * reached the second event. */
static rein_result_void read_span(rein_cuda_compute_window *window, bool waits,
                                  bool *out_is_complete, float *out_ms) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &window->binding, CUDA_INTENT_ACQUIRES));
    cudaError_t code = waits ? cudaEventSynchronize(window->after) : cudaEventQuery(window->after);
    code = rein_i_cuda_scope_note(&scope, code);
    *out_is_complete = code == cudaSuccess;
    rein_result_void read = rein_done();
    if (code == cudaSuccess) {
        code = rein_i_cuda_scope_note(&scope,
                                      cudaEventElapsedTime(out_ms, window->before, window->after));
        read = rein_i_cuda_check(code, REIN_HERE, "cudaEventElapsedTime" ON_DEVICE_FAILED,
                                 (uint64_t)window->binding.device, 0);
    } else if (code != cudaErrorNotReady) {
        read = rein_i_cuda_check(code, REIN_HERE, "waiting for an event" ON_DEVICE_FAILED,
                                 (uint64_t)window->binding.device, 0);
    }
    rein_i_cuda_scope_leave(&scope);
    return read;
}

static void count_execution(rein_cuda_compute_window *window,
                            const rein_cuda_execution_time *time) {
    rein_cuda_compute_statistics *counts = &window->counts;
    uint64_t ns = (uint64_t)time->elapsed.ns;
    counts->execution_count++;
    counts->over_budget_count += !time->budget.is_granted;
    counts->late_count += !time->deadline_met;
    counts->total_ns = ns > UINT64_MAX - counts->total_ns ? UINT64_MAX : counts->total_ns + ns;
    rein_i_compute_samples_add(&window->samples, time->elapsed);
    if (!time->budget.is_granted) {
        window->is_refusing = true;
        window->overrun = time->budget;
    }
}

static rein_result_cuda_execution_time account(rein_cuda_compute_window *window, float ms) {
    window->state = WINDOW_IDLE;
    if (!(ms >= 0.0f && ms <= LONGEST_SPAN_MS)) {
        return rein_result_cuda_execution_time_fail(rein_error_make(
            REIN_ERROR_INTERNAL_ERROR, REIN_HERE, "cudaEventElapsedTime returned an invalid time"));
    }
    rein_duration elapsed = rein_duration_from_ns((int64_t)((double)ms * 1e6 + 0.5));
    rein_ledger_verdict budget = REIN_UNWRAP(rein_ledger_account_compute(window->ledger, elapsed));
    rein_cuda_execution_time time = {
        .is_complete = true,
        .elapsed = elapsed,
        .budget = budget,
        .deadline_met =
            rein_timestamp_compare(rein_clock_now(&window->clock), window->deadline) <= 0};
    count_execution(window, &time);
    return rein_result_cuda_execution_time_ok(time);
}

static rein_result_cuda_execution_time collect_locked(rein_cuda_compute_window *window,
                                                      bool waits) {
    REIN_TRY(
        rein_result_cuda_execution_time,
        expect_state(window, WINDOW_ENDED, REIN_HERE, "no execution was ended; end one first"));
    bool is_complete = false;
    float ms = 0.0f;
    REIN_TRY(rein_result_cuda_execution_time, read_span(window, waits, &is_complete, &ms));
    if (!is_complete) {
        return rein_result_cuda_execution_time_ok((rein_cuda_execution_time){.is_complete = false});
    }
    return account(window, ms);
}

static rein_result_cuda_execution_time collect(rein_cuda_compute_window *window, bool waits) {
    REIN_TRY(rein_result_cuda_execution_time,
             rein_i_cuda_refuse_null(window, REIN_HERE, "the window" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_cuda_execution_time, rein_i_cuda_binding_check(&window->binding));
    pthread_mutex_lock(&window->mutex);
    rein_result_cuda_execution_time result = collect_locked(window, waits);
    pthread_mutex_unlock(&window->mutex);
    return result;
}

rein_result_cuda_execution_time rein_cuda_compute_window_collect(rein_cuda_compute_window *window) {
    return collect(window, false);
}

rein_result_cuda_execution_time rein_cuda_compute_window_wait(rein_cuda_compute_window *window) {
    return collect(window, true);
}

static rein_result_void abandon_locked(rein_cuda_compute_window *window) {
    if (window->state == WINDOW_IDLE) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INVALID_STATE, REIN_HERE,
                            "no execution is being measured; begin one first"));
    }
    window->state = WINDOW_IDLE;
    window->counts.abandoned_count++;
    return rein_done();
}

rein_result_void rein_cuda_compute_window_abandon(rein_cuda_compute_window *window) {
    REIN_TRY(rein_result_void,
             rein_i_cuda_refuse_null(window, REIN_HERE, "the window" MUST_NOT_BE_NULL));
    REIN_TRY(rein_result_void, rein_i_cuda_binding_check(&window->binding));
    pthread_mutex_lock(&window->mutex);
    rein_result_void result = abandon_locked(window);
    pthread_mutex_unlock(&window->mutex);
    return result;
}

void rein_cuda_compute_window_resume(rein_cuda_compute_window *window) {
    if (window == NULL || rein_i_cuda_is_forked_child()) {
        return;
    }
    pthread_mutex_lock(&window->mutex);
    window->is_refusing = false;
    pthread_mutex_unlock(&window->mutex);
}

rein_cuda_compute_statistics rein_cuda_compute_window_read(rein_cuda_compute_window *window) {
    if (window == NULL || rein_i_cuda_is_forked_child()) {
        return (rein_cuda_compute_statistics){.execution_count = 0};
    }
    pthread_mutex_lock(&window->mutex);
    rein_cuda_compute_statistics statistics = window->counts;
    rein_i_compute_samples_summarise(&window->samples, &statistics);
    pthread_mutex_unlock(&window->mutex);
    return statistics;
}

static rein_result_void destroy_on_device(rein_cuda_compute_window *window) {
    cuda_scope scope;
    REIN_TRY(rein_result_void,
             rein_i_cuda_scope_enter(&scope, &window->binding, CUDA_INTENT_RELEASES));
    rein_result_void destroyed = destroy_events(window, &scope);
    rein_i_cuda_scope_leave(&scope);
    return destroyed;
}

rein_result_void rein_cuda_compute_window_destroy(rein_cuda_compute_window *window) {
    if (window == NULL) {
        return rein_done();
    }
    if (rein_i_cuda_is_forked_child()) {
        free(window); /* a thread of the parent may have held the lock */
        return rein_done();
    }
    if (!rein_i_cuda_binding_is_lost(&window->binding)) {
        rein_result_void destroyed = destroy_on_device(window);
        if (!destroyed.is_ok && !rein_i_cuda_binding_is_lost(&window->binding)) {
            return destroyed;
        }
    }
    release_host(window);
    return rein_done();
}
