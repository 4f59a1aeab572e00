#include "cuda/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "cuda/failure.h"

/* Codes without a name in the header of the oldest supported toolkit. */
enum {
    CODE_CONTAINED = 226,
    CODE_TENSOR_MEMORY_LEAK = 721,
    CODE_EXTERNAL_DEVICE = 911,
};

typedef struct translation {
    int32_t cuda_code;
    rein_cuda_error_class error_class;
    rein_error_code code;
} translation;

/* Codes that are not listed here are REJECTED and become a BackendError. */
static const translation translations[] = {
    {cudaErrorNotReady, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorTimeout, REIN_CUDA_TRANSIENT, REIN_ERROR_TIMEOUT},
    {cudaErrorStreamCaptureUnsupported, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureInvalidated, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureMerge, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureUnmatched, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureUnjoined, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureIsolation, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureImplicit, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorCapturedEvent, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},
    {cudaErrorStreamCaptureWrongThread, REIN_CUDA_TRANSIENT, REIN_ERROR_INVALID_STATE},

    {cudaErrorMemoryAllocation, REIN_CUDA_EXHAUSTED, REIN_ERROR_OUT_OF_MEMORY},
    {cudaErrorMemoryValueTooLarge, REIN_CUDA_EXHAUSTED, REIN_ERROR_OUT_OF_MEMORY},
    {cudaErrorLaunchOutOfResources, REIN_CUDA_EXHAUSTED, REIN_ERROR_OUT_OF_MEMORY},

    {cudaErrorECCUncorrectable, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorNvlinkUncorrectable, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {CODE_CONTAINED, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorIllegalAddress, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorLaunchTimeout, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorContextIsDestroyed, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorAssert, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorHardwareStackError, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorIllegalInstruction, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorMisalignedAddress, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorInvalidAddressSpace, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorInvalidPc, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorLaunchFailure, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {CODE_TENSOR_MEMORY_LEAK, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {cudaErrorMpsClientTerminated, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},
    {CODE_EXTERNAL_DEVICE, REIN_CUDA_LOST, REIN_ERROR_DEVICE_LOST},

    {cudaErrorInitializationError, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorCudartUnloading, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorStubLibrary, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorInsufficientDriver, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorCallRequiresNewerDriver, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorDevicesUnavailable, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorNoDevice, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorDeviceNotLicensed, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorStartupFailure, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorDeviceAlreadyInUse, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorOperatingSystem, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorNotPermitted, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorSystemNotReady, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorSystemDriverMismatch, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorCompatNotSupportedOnDevice, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorMpsConnectionFailed, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorMpsRpcFailure, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorMpsServerNotReady, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorMpsMaxClientsReached, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorMpsMaxConnectionsReached, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},
    {cudaErrorUnknown, REIN_CUDA_UNAVAILABLE, REIN_ERROR_DEVICE_UNAVAILABLE},

    {cudaErrorInvalidDevice, REIN_CUDA_REJECTED, REIN_ERROR_NOT_FOUND},
    {cudaErrorUnsupportedLimit, REIN_CUDA_REJECTED, REIN_ERROR_UNSUPPORTED},
    {cudaErrorNotSupported, REIN_CUDA_REJECTED, REIN_ERROR_UNSUPPORTED},
};

static translation translate(int32_t cuda_code) {
    for (size_t i = 0; i < sizeof translations / sizeof translations[0]; i++) {
        if (translations[i].cuda_code == cuda_code) {
            return translations[i];
        }
    }
    return (translation){cuda_code, REIN_CUDA_REJECTED, REIN_ERROR_BACKEND_ERROR};
}

rein_cuda_error_class rein_cuda_error_classify(int32_t cuda_code) {
    return translate(cuda_code).error_class;
}

static const char *name_of(const char *const *names, int count, int value) {
    return value >= 1 && value < count ? names[value] : "unknown";
}

const char *rein_cuda_error_class_name(rein_cuda_error_class error_class) {
    static const char *const names[] = {
        [REIN_CUDA_TRANSIENT] = "transient", [REIN_CUDA_EXHAUSTED] = "exhausted",
        [REIN_CUDA_LOST] = "lost",           [REIN_CUDA_UNAVAILABLE] = "unavailable",
        [REIN_CUDA_REJECTED] = "rejected",
    };
    return name_of(names, sizeof names / sizeof names[0], (int)error_class);
}

const char *rein_cuda_condition_name(rein_cuda_condition condition) {
    static const char *const names[] = {
        [REIN_CUDA_READY] = "ready",
        [REIN_CUDA_NO_DRIVER] = "no driver",
        [REIN_CUDA_DRIVER_TOO_OLD] = "driver too old",
        [REIN_CUDA_NO_DEVICE] = "no device",
        [REIN_CUDA_DEVICE_BUSY] = "device busy",
        [REIN_CUDA_NO_PERMISSION] = "no permission",
        [REIN_CUDA_FORKED_CHILD] = "forked child",
        [REIN_CUDA_UNUSABLE] = "unusable",
    };
    return name_of(names, sizeof names / sizeof names[0], (int)condition);
}

/* The condition of an error is recovered from the address of its message. */
static const char *const condition_messages[] = {
    [REIN_CUDA_READY] = "",
    [REIN_CUDA_NO_DRIVER] = "no CUDA driver is installed; install an NVIDIA driver ({text})",
    [REIN_CUDA_DRIVER_TOO_OLD] =
        "the CUDA driver is too old: it supports version {u}; update it to at least {u} ({text})",
    [REIN_CUDA_NO_DEVICE] = "no CUDA device is visible; check CUDA_VISIBLE_DEVICES ({text})",
    [REIN_CUDA_DEVICE_BUSY] =
        "the CUDA device is busy: in exclusive use, or full of MPS clients ({text})",
    [REIN_CUDA_NO_PERMISSION] =
        "this process may not use the CUDA device; give it read and write access ({text})",
    [REIN_CUDA_FORKED_CHILD] =
        "CUDA was used before fork and cannot be used in this child; start the child by exec",
    [REIN_CUDA_UNUSABLE] =
        "CUDA cannot be used: the driver or the device does not respond ({text})",
};

rein_cuda_condition rein_cuda_condition_of(const rein_error *error) {
    for (int i = REIN_CUDA_NO_DRIVER; error != NULL && i <= REIN_CUDA_UNUSABLE; i++) {
        if (error->message == condition_messages[i]) {
            return (rein_cuda_condition)i;
        }
    }
    return REIN_CUDA_READY;
}

/* A driver without permission to open its device reports that there is none. */
static bool is_device_forbidden(void) {
    int file = open("/dev/nvidiactl", O_RDWR | O_CLOEXEC);
    if (file >= 0) {
        close(file);
        return false;
    }
    return errno == EACCES || errno == EPERM;
}

static uint64_t driver_version(void) {
    int version = 0;
    return cudaDriverGetVersion(&version) == cudaSuccess ? (uint64_t)version : 0;
}

static rein_cuda_condition condition_of_code(cudaError_t code) {
    switch ((int)code) {
    case cudaErrorStubLibrary:
        return REIN_CUDA_NO_DRIVER;
    case cudaErrorInsufficientDriver:
        return driver_version() == 0 ? REIN_CUDA_NO_DRIVER : REIN_CUDA_DRIVER_TOO_OLD;
    case cudaErrorCallRequiresNewerDriver:
    case cudaErrorCompatNotSupportedOnDevice:
        return REIN_CUDA_DRIVER_TOO_OLD;
    case cudaErrorNoDevice:
        return is_device_forbidden() ? REIN_CUDA_NO_PERMISSION : REIN_CUDA_NO_DEVICE;
    case cudaErrorDevicesUnavailable:
    case cudaErrorDeviceAlreadyInUse:
    case cudaErrorMpsServerNotReady:
    case cudaErrorMpsMaxClientsReached:
    case cudaErrorMpsMaxConnectionsReached:
        return REIN_CUDA_DEVICE_BUSY;
    case cudaErrorNotPermitted:
        return REIN_CUDA_NO_PERMISSION;
    default:
        return is_device_forbidden() ? REIN_CUDA_NO_PERMISSION : REIN_CUDA_UNUSABLE;
    }
}

static rein_error with_cuda_text(rein_error error, cudaError_t code) {
    char text[2 * REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    snprintf(text, sizeof text, "%s: %s", cudaGetErrorName(code), cudaGetErrorString(code));
    return rein_error_with_native_code(rein_error_with_text(error, text), (int32_t)code);
}

rein_error rein_i_cuda_error_make(rein_error_code error_code, cudaError_t code,
                                  rein_source_location where, const char *message) {
    return with_cuda_text(rein_error_make(error_code, where, message), code);
}

rein_error rein_i_cuda_condition_error(rein_cuda_condition condition, cudaError_t code,
                                       rein_source_location where) {
    rein_error error =
        rein_error_make(REIN_ERROR_DEVICE_UNAVAILABLE, where, condition_messages[condition]);
    if (condition == REIN_CUDA_DRIVER_TOO_OLD) {
        error = rein_error_with_numbers(error, driver_version(), CUDART_VERSION, 0);
    }
    return condition == REIN_CUDA_FORKED_CHILD ? error : with_cuda_text(error, code);
}

rein_error rein_i_cuda_failure(cudaError_t code, rein_source_location where, const char *message,
                               uint64_t first, uint64_t second) {
    translation found = translate((int32_t)code);
    if (found.error_class == REIN_CUDA_UNAVAILABLE) {
        return rein_i_cuda_condition_error(condition_of_code(code), code, where);
    }
    rein_error error = rein_error_make(found.code, where, message);
    return with_cuda_text(rein_error_with_numbers(error, first, second, 0), code);
}

rein_result_void rein_i_cuda_check(cudaError_t code, rein_source_location where,
                                   const char *message, uint64_t first, uint64_t second) {
    return code == cudaSuccess
               ? rein_done()
               : rein_result_void_fail(rein_i_cuda_failure(code, where, message, first, second));
}
