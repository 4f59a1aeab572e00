#include "cuda/runtime_under_test.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

const char runtime_name[] = "simulated";
const bool runtime_can_fragment = false;

bool runtime_prepare(void) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    return true;
}

bool runtime_submit_work(cudaStream_t stream, uint64_t ns) {
    simulated_cudart_submit_work(stream, ns);
    return true;
}

void runtime_advance(uint64_t ns) {
    simulated_cudart_advance(ns);
}

void runtime_finish_work(void) {
    simulated_cudart_advance(UINT64_C(1000000));
}

bool runtime_holds_allocations(size_t count) {
    return simulated_cudart_handles().allocations == count;
}

bool runtime_holds_nothing(void) {
    simulated_handles held = simulated_cudart_handles();
    return held.allocations + held.pools + held.events + held.streams == 0;
}

bool runtime_lose_device(cudaStream_t stream) {
    (void)stream;
    simulated_cudart_lose_device(0, cudaErrorIllegalAddress);
    return true;
}
