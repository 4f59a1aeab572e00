#include "cuda/runtime_under_test.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

const char runtime_name[] = "simulated";

bool runtime_prepare(void) {
    simulated_device device = simulated_device_default();
    simulated_cudart_reset(&device, 1, CUDART_VERSION);
    return true;
}
