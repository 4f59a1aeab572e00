/* What CUDA's error codes mean here, and why CUDA cannot be used.
 *
 * Every error of this module carries the CUDA code as its native code, and its message names the
 * call, what was asked of it, and CUDA's own name for the code, with CUDA's text where there is
 * room for all of it.
 *
 * A CUDA error that the calling thread had pending before a call of this module is the caller's: it
 * is neither taken nor reported as ours. A call that acquires something refuses with InvalidState
 * while one is pending, for a failure of its own would overwrite it; a call that releases something
 * goes on, and only if CUDA refuses that does its code take the place of the pending one. Codes
 * that stay pending by themselves (a lost device, no driver) and cudaErrorNotReady hinder nothing.
 *
 * A child of a process that used CUDA through this module cannot use CUDA. The module's first call
 * that uses CUDA registers a handler by pthread_atfork, so that every object knows such a child; if
 * the handler cannot be registered, that call fails with OutOfMemory. Children made by _Fork or
 * clone run no handlers and are not known.
 *
 * Threads: any function at any time.
 * Fork: any function; an error is a plain value. */
#ifndef REIN_CUDA_ERROR_H
#define REIN_CUDA_ERROR_H

#include "contract/api.h"
#include "contract/result.h"

REIN_API_BEGIN

/* What a caller can do about a CUDA code. Values are stable. */
typedef enum rein_cuda_error_class {
    REIN_CUDA_TRANSIENT = 1, /* not now: not ready, timed out, a graph capture is in the way */
    REIN_CUDA_EXHAUSTED = 2, /* the device has no more of it; works when something is given back */
    REIN_CUDA_LOST = 3,      /* the context is gone: no call on this device will work again */
    REIN_CUDA_UNAVAILABLE = 4, /* no driver, no device, or not for this process */
    REIN_CUDA_REJECTED = 5 /* the call itself was refused: an argument, an unsupported feature */
} rein_cuda_error_class;

/* The class of a CUDA code, such as an error's native code. `cuda_code` is a cudaError_t other than
 * cudaSuccess; one that is not known here is rejected. */
rein_cuda_error_class rein_cuda_error_classify(int32_t cuda_code);

/* "transient", "exhausted", "lost", "unavailable", "rejected"; "unknown" for a value that is none.
 * Static storage. */
const char *rein_cuda_error_class_name(rein_cuda_error_class error_class);

/* Whether and why CUDA can be used by this process. Values are stable. */
typedef enum rein_cuda_condition {
    REIN_CUDA_READY = 1,          /* a driver and at least one device answer */
    REIN_CUDA_NO_DRIVER = 2,      /* no NVIDIA driver is installed, or loaded */
    REIN_CUDA_DRIVER_TOO_OLD = 3, /* for the CUDA runtime that is linked */
    REIN_CUDA_NO_DEVICE = 4,      /* there is none, or CUDA_VISIBLE_DEVICES hides them all */
    REIN_CUDA_DEVICE_BUSY = 5,    /* in exclusive use, or no more clients are let in */
    REIN_CUDA_NO_PERMISSION = 6,  /* the process may not open the device's files for writing */
    REIN_CUDA_FORKED_CHILD = 7,   /* the parent used CUDA before fork: only exec helps */
    REIN_CUDA_UNUSABLE = 8        /* another failure: the error says which */
} rein_cuda_condition;

/* "ready", "no driver", "driver too old", "no device", "device busy", "no permission",
 * "forked child", "unusable"; "unknown" for a value that is none. Static storage. */
const char *rein_cuda_condition_name(rein_cuda_condition condition);

/* The condition that an error of this module reports; READY if the error is NULL, or about
 * something else than CUDA's being usable. `error` must stem from this process. */
rein_cuda_condition rein_cuda_condition_of(const rein_error *error);

REIN_API_END

#endif
