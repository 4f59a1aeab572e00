/* The state of the caller's thread if CUDA refuses to restore it. */
#include <criterion/criterion.h>
#include <string.h>

#include "contract/device.h"
#include "cuda/scope.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

static uint64_t count_calls(const char *function) {
    uint64_t found = 0;
    for (uint64_t number = 1; number <= simulated_cudart_call_count(); number++) {
        found += strcmp(simulated_cudart_call_name(number), function) == 0;
    }
    return found;
}

/* Enters device 1 from device 0, and leaves while `function` fails this many times in a row. */
static void expect_attempts(const char *function, size_t failures, uint64_t attempts) {
    const char *const failing[] = {function, function, function};
    simulated_device devices[] = {simulated_device_default(), simulated_device_default()};
    simulated_cudart_reset(devices, 2, CUDART_VERSION);
    cuda_binding binding = {.device = 1};
    cuda_scope scope;
    cr_assert(rein_i_cuda_scope_enter(&scope, &binding, CUDA_INTENT_ACQUIRES).is_ok, "it enters");
    uint64_t before = count_calls(function);
    simulated_cudart_fail_functions(failing, failures, cudaErrorUnknown);
    rein_i_cuda_scope_leave(&scope);
    uint64_t made = count_calls(function) - before;
    cr_assert(made == attempts, "%s: %d attempts", function, (int)made);
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "our own error is not left to the caller");
    cr_assert(!rein_i_cuda_binding_is_lost(&binding), "the device is not lost");
}

static int current_device(void) {
    int device = -1;
    cr_assert(cudaGetDevice(&device) == cudaSuccess, "it is reported");
    return device;
}

Test(cuda_scope, a_capture_mode_that_cannot_be_restored_is_given_up) {
    static const char exchange[] = "cudaThreadExchangeStreamCaptureMode";
    expect_attempts(exchange, 2, 3);
    enum cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
    cr_assert(cudaThreadExchangeStreamCaptureMode(&mode) == cudaSuccess &&
                  mode == cudaStreamCaptureModeGlobal,
              "the third attempt put it back");
    expect_attempts(exchange, 3, 3);
}

Test(cuda_scope, a_device_that_cannot_be_restored_is_given_up) {
    expect_attempts("cudaSetDevice", 2, 3);
    cr_assert(current_device() == 0, "the third attempt put it back");
    expect_attempts("cudaSetDevice", 3, 3);
    cr_assert(current_device() == 1, "it stays where it was");
}
