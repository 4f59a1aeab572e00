/* Scopes for CUDA calls on behalf of an object. They preserve the state of the caller's thread. */
#ifndef REIN_CUDA_SCOPE_H
#define REIN_CUDA_SCOPE_H

#include <cuda_runtime_api.h>

#include "cuda/error.h"

/* Ties an object to its device. Thread-safe. */
typedef struct cuda_binding {
    int device;
    int32_t lost_code; /* 0, or the CUDA code that reported the device as lost; atomic access */
} cuda_binding;

/* Errors: DeviceUnavailable in a forked child, DeviceLost. Makes no CUDA call. */
rein_result_void rein_i_cuda_binding_check(const cuda_binding *binding);

bool rein_i_cuda_binding_is_lost(const cuda_binding *binding);

/* Errors: InvalidArgument with `message`, which must have static storage, if `argument` is NULL.
 * Makes no CUDA call. Inline, so that a valid argument costs only a comparison. */
static inline rein_result_void
rein_i_cuda_refuse_null(const void *argument, rein_source_location where, const char *message) {
    if (__builtin_expect(argument == NULL, 0)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, message));
    }
    return rein_done();
}

/* Returns whether this process is a child of one that used CUDA through this module. One load. */
bool rein_i_cuda_is_forked_child(void);

/* Errors: DeviceUnavailable in a forked child. One load; makes no CUDA call. */
rein_result_void rein_i_cuda_refuse_forked_child(void);

/* Marks this process as a user of CUDA. Errors: DeviceUnavailable in a forked child; OutOfMemory if
 * children could not be detected. Makes no CUDA call. */
rein_result_void rein_i_cuda_process_enter(void);

/* Only a release may proceed while the caller has an error pending, which a failure of the
 * operation would overwrite. */
typedef enum cuda_intent { CUDA_INTENT_ACQUIRES = 1, CUDA_INTENT_RELEASES = 2 } cuda_intent;

/* State of one operation, on its stack. */
typedef struct cuda_scope {
    cuda_binding *binding; /* NULL: a scope without a device */
    cudaError_t pending;   /* the caller's error */
    bool has_failed;       /* a call in this scope failed */
    int caller_device;
    enum cudaStreamCaptureMode caller_mode;
} cuda_scope;

/* Makes the binding's device current, and allows this thread to create objects while another thread
 * captures a graph. After an error the caller must not leave the scope. Errors: InvalidState if a
 * CUDA error is pending; as rein_i_cuda_binding_check; errors of CUDA. */
rein_result_void rein_i_cuda_scope_enter(cuda_scope *out_scope, cuda_binding *binding,
                                         cuda_intent intent);

/* Does the same for calls that need no current device and create no context. */
void rein_i_cuda_scope_enter_plain(cuda_scope *out_scope);

/* For operations in plain scopes that must not overwrite a pending error. Errors: InvalidState if a
 * CUDA error is pending. */
rein_result_void rein_i_cuda_refuse_pending(void);

/* Returns whether a failure may overwrite the thread's error: none of the caller's is pending, or
 * only cudaErrorNotReady. */
bool rein_i_cuda_scope_may_overwrite(const cuda_scope *scope);

/* Restores the device and the mode, and clears an error of this scope from the thread. */
void rein_i_cuda_scope_leave(cuda_scope *scope);

/* Errors: InvalidState if the stream is capturing a graph, whose work runs later and cannot be
 * accounted now; errors of CUDA. */
rein_result_void rein_i_cuda_refuse_capture(cuda_scope *scope, cudaStream_t stream,
                                            rein_source_location where);

/* Returns `code`, records a failure, and marks the binding if the device is lost. Every call in a
 * scope must be passed through here. */
cudaError_t rein_i_cuda_scope_note(cuda_scope *scope, cudaError_t code);

#endif
