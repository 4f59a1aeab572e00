#include "cuda/scope.h"

#include <pthread.h>

#include "cuda/failure.h"

/* State of fork detection in this process. */
enum {
    PROCESS_UNWATCHED = 0,    /* CUDA was not used through this module: a child may use it */
    PROCESS_WATCHED = 1,      /* the handler is registered: a child is detected */
    PROCESS_FORKED_CHILD = 2, /* set by the handler; final */
};

/* One of the above; atomic access. Calling getpid in every operation instead would cost more than
 * nearly all of the rest of it. */
static int process_state;

/* Number of attempts to restore the caller's device or mode. */
enum { RESTORE_ATTEMPT_COUNT = 3 };

static void note_fork(void) {
    __atomic_store_n(&process_state, PROCESS_FORKED_CHILD, __ATOMIC_RELAXED);
}

/* Concurrent first calls register the handler more than once, which is harmless. A process that
 * became a child in the meantime stays marked as a child. */
static rein_result_void watch_forks(void) {
    if (pthread_atfork(NULL, NULL, note_fork) != 0) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_OUT_OF_MEMORY, REIN_HERE,
                                                     HOST_IS_OUT_OF_MEMORY
                                                     "register a handler of fork"));
    }
    int expected = PROCESS_UNWATCHED;
    (void)__atomic_compare_exchange_n(&process_state, &expected, PROCESS_WATCHED, false,
                                      __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return rein_done();
}

bool rein_i_cuda_is_forked_child(void) {
    return __atomic_load_n(&process_state, __ATOMIC_RELAXED) == PROCESS_FORKED_CHILD;
}

rein_result_void rein_i_cuda_refuse_forked_child(void) {
    return !rein_i_cuda_is_forked_child() ? rein_done()
                                          : rein_result_void_fail(rein_i_cuda_condition_error(
                                                REIN_CUDA_FORKED_CHILD, cudaSuccess, REIN_HERE));
}

rein_result_void rein_i_cuda_process_enter(void) {
    return __atomic_load_n(&process_state, __ATOMIC_RELAXED) == PROCESS_UNWATCHED
               ? watch_forks()
               : rein_i_cuda_refuse_forked_child();
}

bool rein_i_cuda_binding_is_lost(const cuda_binding *binding) {
    return __atomic_load_n(&binding->lost_code, __ATOMIC_ACQUIRE) != 0;
}

static rein_result_void refuse_lost(const cuda_binding *binding) {
    int32_t lost_code = __atomic_load_n(&binding->lost_code, __ATOMIC_ACQUIRE);
    if (lost_code == 0) {
        return rein_done();
    }
    return rein_result_void_fail(rein_i_cuda_failure(
        (cudaError_t)lost_code, REIN_HERE,
        "device {u} was lost earlier; the object can only be read and destroyed ({text})",
        (uint64_t)binding->device, 0));
}

rein_result_void rein_i_cuda_binding_check(const cuda_binding *binding) {
    rein_result_void usable = rein_i_cuda_refuse_forked_child();
    return usable.is_ok ? refuse_lost(binding) : usable;
}

/* Records a failure of a call that does not concern the binding's device. */
static cudaError_t note_elsewhere(cuda_scope *scope, cudaError_t code) {
    if (code != cudaSuccess) {
        scope->has_failed = true;
    }
    return code;
}

cudaError_t rein_i_cuda_scope_note(cuda_scope *scope, cudaError_t code) {
    note_elsewhere(scope, code);
    if (code != cudaSuccess && scope->binding != NULL &&
        rein_cuda_error_classify((int32_t)code) == REIN_CUDA_LOST) {
        __atomic_store_n(&scope->binding->lost_code, (int32_t)code, __ATOMIC_RELEASE);
    }
    return code;
}

bool rein_i_cuda_scope_may_overwrite(const cuda_scope *scope) {
    return scope->pending == cudaSuccess || scope->pending == cudaErrorNotReady;
}

/* Returns whether an earlier call of the caller left an error that cudaGetLastError would clear. */
static bool is_in_the_way(const cuda_scope *scope) {
    return !rein_i_cuda_scope_may_overwrite(scope) &&
           scope->pending != cudaErrorInsufficientDriver &&
           rein_cuda_error_classify((int32_t)scope->pending) != REIN_CUDA_LOST;
}

static rein_result_void refuse_pending(cudaError_t pending) {
    return rein_result_void_fail(rein_i_cuda_error_make(
        REIN_ERROR_INVALID_STATE, pending, REIN_HERE,
        "an earlier CUDA error of this thread is pending: {text}; clear it with cudaGetLastError"));
}

static rein_result_void start(cuda_scope *scope, cuda_binding *binding, cuda_intent intent) {
    *scope = (cuda_scope){.binding = binding, .pending = cudaPeekAtLastError()};
    if (intent == CUDA_INTENT_ACQUIRES && is_in_the_way(scope)) {
        return refuse_pending(scope->pending);
    }
    return rein_done();
}

static void take_own_error(cuda_scope *scope) {
    if (scope->has_failed && rein_i_cuda_scope_may_overwrite(scope)) {
        (void)cudaGetLastError();
    }
}

static void restore_device(cuda_scope *scope) {
    if (scope->caller_device == scope->binding->device) {
        return;
    }
    for (int i = 0; i < RESTORE_ATTEMPT_COUNT; i++) {
        if (note_elsewhere(scope, cudaSetDevice(scope->caller_device)) == cudaSuccess) {
            return;
        }
    }
}

static rein_result_void fail_to_enter(cuda_scope *scope, cudaError_t code,
                                      rein_source_location where, const char *message) {
    take_own_error(scope);
    return rein_result_void_fail(
        rein_i_cuda_failure(code, where, message, (uint64_t)scope->binding->device, 0));
}

static rein_result_void enter_device(cuda_scope *scope) {
    int device = scope->binding->device;
    cudaError_t code = note_elsewhere(scope, cudaGetDevice(&scope->caller_device));
    if (code != cudaSuccess) {
        return fail_to_enter(scope, code, REIN_HERE,
                             "cudaGetDevice to enter device {u} failed: {text}");
    }
    if (scope->caller_device != device) {
        code = rein_i_cuda_scope_note(scope, cudaSetDevice(device));
        if (code != cudaSuccess) {
            restore_device(scope); /* cudaSetDevice may have made a lost device current */
            return fail_to_enter(scope, code, REIN_HERE, "cudaSetDevice of {u} failed: {text}");
        }
    }
    return rein_done();
}

static rein_result_void relax_capture_mode(cuda_scope *scope) {
    scope->caller_mode = cudaStreamCaptureModeRelaxed;
    cudaError_t code =
        rein_i_cuda_scope_note(scope, cudaThreadExchangeStreamCaptureMode(&scope->caller_mode));
    if (code != cudaSuccess) {
        restore_device(scope);
        return fail_to_enter(scope, code, REIN_HERE,
                             "cudaThreadExchangeStreamCaptureMode" ON_DEVICE_FAILED);
    }
    return rein_done();
}

rein_result_void rein_i_cuda_scope_enter(cuda_scope *out_scope, cuda_binding *binding,
                                         cuda_intent intent) {
    REIN_TRY(rein_result_void, rein_i_cuda_process_enter());
    REIN_TRY(rein_result_void, refuse_lost(binding));
    REIN_TRY(rein_result_void, start(out_scope, binding, intent));
    REIN_TRY(rein_result_void, enter_device(out_scope));
    return relax_capture_mode(out_scope);
}

void rein_i_cuda_scope_enter_plain(cuda_scope *out_scope) {
    *out_scope = (cuda_scope){.pending = cudaPeekAtLastError()};
}

rein_result_void rein_i_cuda_refuse_pending(void) {
    cuda_scope scope;
    return start(&scope, NULL, CUDA_INTENT_ACQUIRES);
}

static void restore_mode(cuda_scope *scope) {
    for (int i = 0; i < RESTORE_ATTEMPT_COUNT; i++) {
        enum cudaStreamCaptureMode mode = scope->caller_mode;
        if (rein_i_cuda_scope_note(scope, cudaThreadExchangeStreamCaptureMode(&mode)) ==
            cudaSuccess) {
            return;
        }
    }
}

void rein_i_cuda_scope_leave(cuda_scope *scope) {
    if (scope->binding != NULL) {
        restore_mode(scope);
        restore_device(scope);
    }
    take_own_error(scope);
}

rein_result_void rein_i_cuda_refuse_capture(cuda_scope *scope, cudaStream_t stream,
                                            rein_source_location where) {
    enum cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    REIN_TRY(rein_result_void,
             rein_i_cuda_check(
                 rein_i_cuda_scope_note(scope, cudaStreamIsCapturing(stream, &status)), where,
                 "cudaStreamIsCapturing" ON_DEVICE_FAILED, (uint64_t)scope->binding->device, 0));
    return status == cudaStreamCaptureStatusNone
               ? rein_done()
               : rein_result_void_fail(rein_error_make(
                     REIN_ERROR_INVALID_STATE, where,
                     "the stream is capturing a graph, whose work cannot be accounted now; end the "
                     "capture first"));
}
