/* Linked into a `rein` of its own with the simulated runtime: the devices of a machine, as the
 * environment says. REIN_SIMULATED_DEVICES: how many; the first 8 GiB, the second without memory
 * pools, the third for one process at a time. REIN_SIMULATED_FAULT: the next call of this function
 * of CUDA's fails. */
#include <stdlib.h>

#include "mocks/simulated_cudart/simulated_cudart.h"

__attribute__((constructor)) static void simulate(void) {
    const char *text = getenv("REIN_SIMULATED_DEVICES");
    simulated_device devices[] = {simulated_device_default(), simulated_device_default(),
                                  simulated_device_default()};
    devices[1].pci_bus = 2;
    devices[1].profile.supports_memory_pools = rein_fact_bool_known(false);
    devices[2].pci_bus = 3;
    devices[2].compute_mode = cudaComputeModeExclusiveProcess;
    int count = text == NULL ? 0 : (int)strtol(text, NULL, 10);
    simulated_cudart_reset(devices, count, CUDART_VERSION);
    if (getenv("REIN_SIMULATED_FAULT") != NULL) {
        simulated_cudart_fail_function(getenv("REIN_SIMULATED_FAULT"), cudaErrorUnknown);
    }
}
