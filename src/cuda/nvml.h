/* Queries NVML, the driver's management library, if installed. It sees a device without a context.
 */
#ifndef REIN_CUDA_NVML_H
#define REIN_CUDA_NVML_H

#include "contract/device.h"

typedef struct nvml_memory nvml_memory;
typedef struct nvml_process nvml_process;

/* Writes at most *count processes, and sets *count to their number. */
typedef int nvml_list_processes(void *device, unsigned *count, nvml_process *out_processes);

/* A connection to NVML for one device. Opening and closing it takes 16 to 19 ms (docs/hardware).
 * All zero if the library is missing or does not know the device. */
typedef struct nvml_session {
    void *library;
    void *device;
    int (*shutdown)(void);
    int (*memory_info)(void *device, nvml_memory *out_memory);
    nvml_list_processes *list_processes;     /* NULL if the library lacks the function */
    nvml_list_processes *list_mps_processes; /* likewise */
} nvml_session;

/* Loads the library and connects to the device with this PCI id. Always close the result. */
nvml_session rein_i_nvml_open(const char *pci_id);
void rein_i_nvml_close(nvml_session *session);

/* Returns the bytes in use on the device by all processes; unknown if NVML does not report them. */
rein_fact_u64 rein_i_nvml_used_bytes(const nvml_session *session);

/* Returns the bytes in use on the device by the calling process. Unknown if NVML does not list the
 * process: it has no context, or it runs in a container with its own process ids. */
rein_fact_u64 rein_i_nvml_own_bytes(const nvml_session *session);

#endif
