/* What the driver's management library says, where it is there: it sees a device without a context.
 */
#ifndef REIN_CUDA_NVML_H
#define REIN_CUDA_NVML_H

#include "contract/device.h"

/* Bytes in use on the device of this PCI id, by all processes; unknown where the library is not
 * there or does not say. Loads it for the call. */
rein_fact_u64 nvml_used_bytes(const char *pci_id);

#endif
