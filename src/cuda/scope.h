/* Calls of CUDA on behalf of an object, such that the caller's thread is left as it was found. */
#ifndef REIN_CUDA_SCOPE_H
#define REIN_CUDA_SCOPE_H

#include <cuda_runtime_api.h>

#include "cuda/error.h"

/* What ties an object to its device. Any thread may use it. */
typedef struct cuda_binding {
    int device;
    int32_t lost_code; /* 0, or the CUDA code that told that the device is lost; atomic access */
} cuda_binding;

/* Errors: DeviceUnavailable in a forked child, DeviceLost. Makes no CUDA call. */
rein_result_void rein_i_cuda_binding_check(const cuda_binding *binding);

bool rein_i_cuda_binding_is_lost(const cuda_binding *binding);

/* Errors: InvalidArgument with `message`, which has static storage, if `argument` is NULL. Makes no
 * CUDA call. Inline: what is right costs a comparison. */
static inline rein_result_void
rein_i_cuda_refuse_null(const void *argument, rein_source_location where, const char *message) {
    if (__builtin_expect(argument == NULL, 0)) {
        return rein_result_void_fail(rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, message));
    }
    return rein_done();
}

/* Whether this process is the child of one that used CUDA through this module. One load. */
bool rein_i_cuda_is_forked_child(void);

/* Errors: DeviceUnavailable in a forked child. One load; makes no CUDA call. */
rein_result_void rein_i_cuda_refuse_forked_child(void);

/* Remembers that this process uses CUDA. Errors: DeviceUnavailable in a forked child; OutOfMemory
 * if its children could not be known as such. Makes no CUDA call. */
rein_result_void rein_i_cuda_process_enter(void);

/* Whether an operation may go on while the caller has an error pending: a failure of its own would
 * overwrite it. */
typedef enum cuda_intent { CUDA_INTENT_ACQUIRES = 1, CUDA_INTENT_RELEASES = 2 } cuda_intent;

/* Lives on the stack of one operation. */
typedef struct cuda_scope {
    cuda_binding *binding; /* NULL: a scope without a device */
    cudaError_t pending;   /* the caller's error */
    bool has_failed;       /* a call in this scope */
    int caller_device;
    enum cudaStreamCaptureMode caller_mode;
} cuda_scope;

/* Makes the binding's device current, and allows this thread to create things while another one
 * captures a graph. On an error nothing is to be left. Errors: InvalidState where a CUDA error is
 * pending; as rein_i_cuda_binding_check; what CUDA answers. */
rein_result_void rein_i_cuda_scope_enter(cuda_scope *out_scope, cuda_binding *binding,
                                         cuda_intent intent);

/* The same for calls that need no current device and create no context. */
void rein_i_cuda_scope_enter_plain(cuda_scope *out_scope);

/* For an operation of plain scopes that must not overwrite what is pending. Errors: InvalidState
 * where a CUDA error is. */
rein_result_void rein_i_cuda_refuse_pending(void);

/* Whether nothing of the caller's is pending that a failure of ours would overwrite;
 * cudaErrorNotReady is no failure. */
bool rein_i_cuda_scope_may_overwrite(const cuda_scope *scope);

/* Puts the device and the mode back and takes our own error from the thread, if any. */
void rein_i_cuda_scope_leave(cuda_scope *scope);

/* Every call in a scope goes through here: returns `code`, remembers a failure, and marks the
 * binding where the device is lost. */
cudaError_t rein_i_cuda_scope_note(cuda_scope *scope, cudaError_t code);

#endif
