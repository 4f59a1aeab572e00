#include "cuda/error.h"

#include <criterion/criterion.h>
#include <cuda_runtime_api.h>
#include <string.h>

Test(cuda_error, every_sticky_code_is_lost) {
    static const int32_t codes[] = {700, 702, 710, 714, 715, 716, 717, 718, 719, 721, 810, 911};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        cr_assert(rein_cuda_error_classify(codes[i]) == REIN_CUDA_LOST, "%d", codes[i]);
    }
}

Test(cuda_error, classes) {
    static const struct {
        int32_t code;
        rein_cuda_error_class expected;
    } rows[] = {
        {cudaErrorNotReady, REIN_CUDA_TRANSIENT},
        {cudaErrorStreamCaptureImplicit, REIN_CUDA_TRANSIENT},
        {cudaErrorMemoryAllocation, REIN_CUDA_EXHAUSTED},
        {cudaErrorInsufficientDriver, REIN_CUDA_UNAVAILABLE},
        {cudaErrorNoDevice, REIN_CUDA_UNAVAILABLE},
        {cudaErrorDevicesUnavailable, REIN_CUDA_UNAVAILABLE},
        {cudaErrorInvalidValue, REIN_CUDA_REJECTED},
        {cudaErrorNotSupported, REIN_CUDA_REJECTED},
        {123456, REIN_CUDA_REJECTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_assert(rein_cuda_error_classify(rows[i].code) == rows[i].expected, "%d is %s",
                  rows[i].code, rein_cuda_error_class_name(rein_cuda_error_classify(rows[i].code)));
    }
}

Test(cuda_error, names) {
    static const char *const classes[] = {"unknown",     "transient", "exhausted", "lost",
                                          "unavailable", "rejected",  "unknown"};
    for (int value = 0; value < (int)(sizeof classes / sizeof *classes); value++) {
        const char *name = rein_cuda_error_class_name((rein_cuda_error_class)value);
        cr_assert(name != NULL && strcmp(name, classes[value]) == 0, "class %d", value);
    }
    static const char *const conditions[] = {
        "unknown",     "ready",         "no driver",    "driver too old", "no device",
        "device busy", "no permission", "forked child", "unusable",       "unknown"};
    for (int value = 0; value < (int)(sizeof conditions / sizeof *conditions); value++) {
        const char *name = rein_cuda_condition_name((rein_cuda_condition)value);
        cr_assert(name != NULL && strcmp(name, conditions[value]) == 0, "condition %d", value);
    }
}

Test(cuda_error, another_error_reports_no_condition) {
    rein_error error = rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, "too late");
    cr_assert(rein_cuda_condition_of(&error) == REIN_CUDA_READY, "CUDA itself is well");
}
