/* What the driver's management library says, where it is there: it sees a device without a context.
 */
#ifndef REIN_CUDA_NVML_H
#define REIN_CUDA_NVML_H

#include "contract/device.h"

typedef struct nvml_memory nvml_memory;
typedef struct nvml_process nvml_process;

/* Writes at most *count processes, and to *count how many there are. */
typedef int nvml_list_processes(void *device, unsigned *count, nvml_process *out_processes);

/* A connection about one device; to open and to close it takes 16 to 19 ms (docs/hardware). All
 * zero where there is none: the library is not there, or does not know the device. */
typedef struct nvml_session {
    void *library;
    void *device;
    int (*shutdown)(void);
    int (*memory_info)(void *device, nvml_memory *out_memory);
    nvml_list_processes *list_processes;     /* NULL where the library has it not */
    nvml_list_processes *list_mps_processes; /* the same */
} nvml_session;

/* About the device of this PCI id; loads the library. Close it in any case. */
nvml_session rein_i_nvml_open(const char *pci_id);
void rein_i_nvml_close(nvml_session *session);

/* Bytes in use on the device, by all processes; unknown where nobody says. */
rein_fact_u64 rein_i_nvml_used_bytes(const nvml_session *session);

/* Bytes in use on the device by the calling process; unknown where it is not listed, as without a
 * context, or in a container that has process ids of its own. */
rein_fact_u64 rein_i_nvml_own_bytes(const nvml_session *session);

#endif
