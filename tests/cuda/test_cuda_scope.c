/* The caller's thread, where CUDA does not let it be put back as it was. */
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

Test(cuda_scope, a_mode_that_cannot_be_put_back_is_given_up) {
    static const char exchange[] = "cudaThreadExchangeStreamCaptureMode";
    static const char *const thrice[] = {exchange, exchange, exchange};
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    rein_cuda_binding binding = {.device = 0};
    rein_cuda_scope scope;
    cr_assert(rein_cuda_scope_enter(&scope, &binding, REIN_CUDA_ACQUIRES).is_ok, "it enters");
    uint64_t before = count_calls(exchange);
    simulated_cudart_fail_functions(thrice, 3, cudaErrorUnknown);
    rein_cuda_scope_leave(&scope);
    uint64_t attempts = count_calls(exchange) - before;
    cr_assert(attempts == 3, "%d attempts", (int)attempts);
    cr_assert(cudaPeekAtLastError() == cudaSuccess, "our own error is not left to the caller");
    cr_assert(!rein_cuda_binding_is_lost(&binding), "the device is not lost");
}
