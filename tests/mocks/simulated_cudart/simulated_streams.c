#include "mocks/simulated_cudart/simulated_state.h"

/* Sets NULL for the default stream, which never has work in the simulation. */
static cudaError_t find_stream(cudaStream_t handle, object **out_stream) {
    *out_stream = simulated_find((void *)handle, OBJECT_STREAM);
    return handle != NULL && *out_stream == NULL ? cudaErrorInvalidResourceHandle : cudaSuccess;
}

static cudaError_t find_event(cudaEvent_t handle, object **out_event) {
    *out_event = simulated_find((void *)handle, OBJECT_EVENT);
    return *out_event == NULL ? cudaErrorInvalidResourceHandle : cudaSuccess;
}

/* Begins a call that needs the context. */
static cudaError_t begin(const char *function) {
    cudaError_t code = simulated_enter(function);
    device_state *device = NULL;
    return code != cudaSuccess ? code : simulated_context(&device);
}

static cudaError_t begin_creation(const char *function) {
    cudaError_t code = begin(function);
    return code != cudaSuccess ? code : simulated_may_create();
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t *pStream, unsigned int flags, int priority) {
    cudaError_t code = begin_creation("cudaStreamCreateWithPriority");
    (void)flags;
    if (code == cudaSuccess) {
        object *made = simulated_add(OBJECT_STREAM, simulated_thread()->device);
        made->priority = priority;
        *pStream = (cudaStream_t)(void *)made;
    }
    return simulated_leave(code);
}

cudaError_t cudaStreamGetPriority(cudaStream_t hStream, int *priority) {
    cudaError_t code = begin("cudaStreamGetPriority");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_stream(hStream, &found);
    }
    if (code == cudaSuccess) {
        *priority = found == NULL ? 0 : found->priority;
    }
    return simulated_leave(code);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *pStream, unsigned int flags) {
    cudaError_t code = begin_creation("cudaStreamCreateWithFlags");
    (void)flags;
    if (code == cudaSuccess) {
        *pStream = (cudaStream_t)(void *)simulated_add(OBJECT_STREAM, simulated_thread()->device);
    }
    return simulated_leave(code);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    cudaError_t code = begin("cudaStreamDestroy");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = stream == NULL ? cudaErrorInvalidResourceHandle : find_stream(stream, &found);
    }
    if (code == cudaSuccess) {
        simulated_remove(found);
    }
    return simulated_leave(code);
}

cudaError_t cudaStreamQuery(cudaStream_t stream) {
    cudaError_t code = begin("cudaStreamQuery");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_stream(stream, &found);
    }
    if (code == cudaSuccess && found != NULL && found->ready_ns > simulation.now_ns) {
        code = cudaErrorNotReady;
    }
    return simulated_leave(code);
}

/* The function runs at the next wait for a stream or an event. It delays nothing before that. */
cudaError_t cudaLaunchHostFunc(cudaStream_t stream, cudaHostFn_t fn, void *userData) {
    cudaError_t code = begin("cudaLaunchHostFunc");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_stream(stream, &found);
    }
    if (code == cudaSuccess) {
        object *made = simulated_add(OBJECT_HOST_FUNCTION, simulated_thread()->device);
        made->run = fn;
        made->argument = userData;
    }
    return simulated_leave(code);
}

static void wait_until(uint64_t ns) {
    if (ns > simulation.now_ns) {
        simulation.now_ns = ns;
        simulated_settle();
    }
}

/* Runs the functions without the lock: a host function may wait for another thread. */
static void run_host_functions(void) {
    simulated_lock();
    for (object *each = simulated_any(OBJECT_HOST_FUNCTION); each != NULL;
         each = simulated_any(OBJECT_HOST_FUNCTION)) {
        object submitted = *each;
        simulated_remove(each);
        simulated_unlock();
        submitted.run(submitted.argument);
        simulated_lock();
    }
    simulated_unlock();
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
    run_host_functions();
    cudaError_t code = begin("cudaStreamSynchronize");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_stream(stream, &found);
    }
    if (code == cudaSuccess) {
        wait_until(found == NULL ? 0 : found->ready_ns);
        simulated_shrink_pools();
    }
    return simulated_leave(code);
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream,
                                  enum cudaStreamCaptureStatus *pCaptureStatus) {
    cudaError_t code = begin("cudaStreamIsCapturing");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_stream(stream, &found);
    }
    if (code == cudaSuccess) {
        bool is_capturing = found != NULL && found->is_capturing;
        *pCaptureStatus =
            is_capturing ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
    }
    return simulated_leave(code);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned int flags) {
    cudaError_t code = begin_creation("cudaEventCreateWithFlags");
    (void)flags;
    if (code == cudaSuccess) {
        *event = (cudaEvent_t)(void *)simulated_add(OBJECT_EVENT, simulated_thread()->device);
    }
    return simulated_leave(code);
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
    cudaError_t code = begin("cudaEventDestroy");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_event(event, &found);
    }
    if (code == cudaSuccess) {
        simulated_remove(found);
    }
    return simulated_leave(code);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
    cudaError_t code = begin("cudaEventRecord");
    object *found = NULL;
    object *where = NULL;
    if (code == cudaSuccess) {
        code = find_event(event, &found);
    }
    if (code == cudaSuccess) {
        code = find_stream(stream, &where);
    }
    if (code == cudaSuccess) {
        uint64_t end = where == NULL ? 0 : where->ready_ns;
        found->is_recorded = true;
        found->ready_ns = end > simulation.now_ns ? end : simulation.now_ns;
    }
    return simulated_leave(code);
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
    cudaError_t code = begin("cudaEventQuery");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_event(event, &found);
    }
    if (code == cudaSuccess && found->ready_ns > simulation.now_ns) {
        code = cudaErrorNotReady;
    }
    return simulated_leave(code);
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
    run_host_functions();
    cudaError_t code = begin("cudaEventSynchronize");
    object *found = NULL;
    if (code == cudaSuccess) {
        code = find_event(event, &found);
    }
    if (code == cudaSuccess) {
        wait_until(found->ready_ns);
        simulated_shrink_pools();
    }
    return simulated_leave(code);
}

static cudaError_t span(const object *start, const object *end, float *out_ms) {
    if (!start->is_recorded || !end->is_recorded) {
        return cudaErrorInvalidResourceHandle;
    }
    if (start->ready_ns > simulation.now_ns || end->ready_ns > simulation.now_ns) {
        return cudaErrorNotReady;
    }
    *out_ms = (float)((double)(end->ready_ns - start->ready_ns) / 1e6);
    if (simulation.has_next_span) {
        *out_ms = simulation.next_span_ms;
        simulation.has_next_span = false;
    }
    return cudaSuccess;
}

cudaError_t cudaEventElapsedTime(float *ms, cudaEvent_t start, cudaEvent_t end) {
    cudaError_t code = begin("cudaEventElapsedTime");
    object *first = NULL;
    object *second = NULL;
    if (code == cudaSuccess) {
        code = find_event(start, &first);
    }
    if (code == cudaSuccess) {
        code = find_event(end, &second);
    }
    if (code == cudaSuccess) {
        code = span(first, second, ms);
    }
    return simulated_leave(code);
}

void simulated_cudart_advance(uint64_t ns) {
    simulated_lock();
    wait_until(simulation.now_ns + ns);
    simulated_unlock();
}

uint64_t simulated_cudart_now_ns(void) {
    simulated_lock();
    uint64_t now = simulation.now_ns;
    simulated_unlock();
    return now;
}

void simulated_cudart_submit_work(cudaStream_t stream, uint64_t ns) {
    simulated_lock();
    object *found = simulated_find((void *)stream, OBJECT_STREAM);
    if (found != NULL) {
        uint64_t start = found->ready_ns > simulation.now_ns ? found->ready_ns : simulation.now_ns;
        found->ready_ns = start + ns;
    }
    simulated_unlock();
}

void simulated_cudart_set_capturing(cudaStream_t stream, bool is_capturing) {
    simulated_lock();
    object *found = simulated_find((void *)stream, OBJECT_STREAM);
    if (found != NULL) {
        found->is_capturing = is_capturing;
    }
    simulated_unlock();
}

void simulated_cudart_set_next_span(float ms) {
    simulated_lock();
    simulation.next_span_ms = ms;
    simulation.has_next_span = true;
    simulated_unlock();
}
