/* Classes of CUDA error codes, and reasons why a process cannot use CUDA.
 *
 * Every error of this module carries the CUDA code as its native code. Its message names the call,
 * its arguments and CUDA's name for the code, followed by CUDA's text if all of it fits.
 *
 * A CUDA error that the calling thread had pending before a call of this module belongs to the
 * caller: this module neither clears it nor reports it as its own. A call that acquires something
 * refuses with InvalidState while such an error is pending, because its own failure would overwrite
 * it. A call that releases something proceeds; its code replaces the pending one only if CUDA
 * refuses the release. Codes that stay pending by themselves (a lost device, no driver) and
 * cudaErrorNotReady do not block a call.
 *
 * A child of a process that used CUDA through this module cannot use CUDA. The module's first call
 * that uses CUDA registers a pthread_atfork handler, so that every object detects such a child. If
 * the handler cannot be registered, that call fails with OutOfMemory. Children made by _Fork or
 * clone run no handlers and are not detected.
 *
 * Threads: any function at any time.
 *
 * Fork: any function; an error is a plain value. */
#ifndef REIN_CUDA_ERROR_H
#define REIN_CUDA_ERROR_H

#include "contract/api.h"
#include "contract/result.h"

REIN_API_BEGIN

/* Class of a CUDA code: how a caller can react to it. Values are stable. */
typedef enum rein_cuda_error_class {
    REIN_CUDA_TRANSIENT = 1,   /* retry: not ready, timed out, or blocked by a graph capture */
    REIN_CUDA_EXHAUSTED = 2,   /* the device has none left; retry after something is released */
    REIN_CUDA_LOST = 3,        /* the context is gone: every further call on this device fails */
    REIN_CUDA_UNAVAILABLE = 4, /* no driver, no device, or none that this process may use */
    REIN_CUDA_REJECTED = 5     /* the call is not valid: an argument, an unsupported feature */
} rein_cuda_error_class;

/* Returns the class of a CUDA code, such as the native code of an error. `cuda_code` is a
 * cudaError_t other than cudaSuccess; an unrecognised code is REJECTED. */
rein_cuda_error_class rein_cuda_error_classify(int32_t cuda_code);

/* Returns "transient", "exhausted", "lost", "unavailable" or "rejected"; "unknown" for any other
 * value. Static storage. */
const char *rein_cuda_error_class_name(rein_cuda_error_class error_class);

/* Whether this process can use CUDA, and if not, why. Values are stable. */
typedef enum rein_cuda_condition {
    REIN_CUDA_READY = 1,          /* a driver and at least one device answer */
    REIN_CUDA_NO_DRIVER = 2,      /* no NVIDIA driver is installed or loaded */
    REIN_CUDA_DRIVER_TOO_OLD = 3, /* for the linked CUDA runtime */
    REIN_CUDA_NO_DEVICE = 4,      /* there is none, or CUDA_VISIBLE_DEVICES hides all of them */
    REIN_CUDA_DEVICE_BUSY = 5,    /* in exclusive use, or it accepts no more clients */
    REIN_CUDA_NO_PERMISSION = 6,  /* the process may not open the device's files for writing */
    REIN_CUDA_FORKED_CHILD = 7,   /* the parent used CUDA before fork: the child must call exec */
    REIN_CUDA_UNUSABLE = 8        /* another failure; see the error */
} rein_cuda_condition;

/* Returns "ready", "no driver", "driver too old", "no device", "device busy", "no permission",
 * "forked child" or "unusable"; "unknown" for any other value. Static storage. */
const char *rein_cuda_condition_name(rein_cuda_condition condition);

/* Returns the condition that an error of this module reports. Returns READY if the error is NULL or
 * does not concern whether CUDA can be used. `error` must come from this process. */
rein_cuda_condition rein_cuda_condition_of(const rein_error *error);

REIN_API_END

#endif
