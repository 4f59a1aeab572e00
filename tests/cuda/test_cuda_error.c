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
    cr_assert(strcmp(rein_cuda_error_class_name(REIN_CUDA_TRANSIENT), "transient") == 0, "first");
    cr_assert(strcmp(rein_cuda_error_class_name(REIN_CUDA_EXHAUSTED), "exhausted") == 0, "second");
    cr_assert(strcmp(rein_cuda_error_class_name(REIN_CUDA_LOST), "lost") == 0, "lost");
    cr_assert(strcmp(rein_cuda_error_class_name(REIN_CUDA_REJECTED), "rejected") == 0, "last");
    cr_assert(strcmp(rein_cuda_error_class_name((rein_cuda_error_class)0), "unknown") == 0, "0");
    cr_assert(strcmp(rein_cuda_error_class_name((rein_cuda_error_class)6), "unknown") == 0, "6");
    cr_assert(strcmp(rein_cuda_condition_name(REIN_CUDA_FORKED_CHILD), "forked child") == 0, "7");
    cr_assert(strcmp(rein_cuda_condition_name(REIN_CUDA_READY), "ready") == 0, "the first");
    cr_assert(strcmp(rein_cuda_condition_name((rein_cuda_condition)9), "unknown") == 0, "9");
}

Test(cuda_error, another_error_reports_no_condition) {
    rein_error error = rein_error_make(REIN_ERROR_TIMEOUT, REIN_HERE, "too late");
    cr_assert(rein_cuda_condition_of(&error) == REIN_CUDA_READY, "CUDA itself is well");
}
