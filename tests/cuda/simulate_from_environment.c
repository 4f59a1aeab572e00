/* Linked with the simulated runtime into a separate `rein`. The environment describes the devices
 * of the machine. REIN_SIMULATED_DEVICES is their number: the first has 8 GiB, the second has no
 * memory pools, the third accepts one process at a time. REIN_SIMULATED_FAULT names a CUDA function
 * whose next call fails. */
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
