/* A connection to NVML, the driver's management library, which is loaded at run time. NVML sees a
 * device without a context. Used by the CUDA module and by the command. */
#ifndef REIN_NVML_SESSION_H
#define REIN_NVML_SESSION_H

#include "contract/device.h"

/* The file name of the library. */
#define NVML_LIBRARY "libnvidia-ml.so.1"

/* NVML's return codes. */
enum { NVML_DONE = 0, NVML_NOT_SUPPORTED = 3, NVML_INSUFFICIENT_SIZE = 7 };

typedef enum nvml_condition {
    NVML_CLOSED, /* of a zeroed session */
    NVML_OPEN,
    NVML_NO_LIBRARY, /* it cannot be loaded, or lacks a function */
    NVML_NO_DRIVER,  /* it does not start */
    NVML_NO_DEVICE   /* it does not know the device */
} nvml_condition;

typedef struct nvml_memory nvml_memory;
typedef struct nvml_entry nvml_entry; /* defined in processes.c */

/* Writes at most *count entries, and sets *count to their number. If there are more, writes none
 * and returns NVML_INSUFFICIENT_SIZE. */
typedef int nvml_list(void *device, unsigned *count, nvml_entry *out_entries);

enum { NVML_LISTS = 3 };

/* A connection for one device. Opening and closing it takes 16 to 19 ms (docs/hardware). One thread
 * at a time. */
typedef struct nvml_session {
    nvml_condition condition; /* NVML_OPEN: the fields below are set */
    void *library;
    void *device;
    int (*shutdown)(void);
    int (*memory_info)(void *device, nvml_memory *out_memory);
    /* Compute, clients of MPS and graphics; NULL if the library lacks the function. */
    nvml_list *lists[NVML_LISTS];
} nvml_session;

/* Loads the library and connects to the device with this PCI id. Always close the result. If its
 * condition is not NVML_OPEN, every query returns unknown. */
nvml_session rein_i_nvml_open_by_pci_id(const char *pci_id);

/* As rein_i_nvml_open_by_pci_id, by a UUID as NVML prints it (rein_device_uuid_normalize), which
 * may be that of a MIG device. */
nvml_session rein_i_nvml_open_by_uuid(const char *uuid);

/* Does nothing to a zeroed session. Keeps the condition, unless it was NVML_OPEN. */
void rein_i_nvml_close(nvml_session *session);

/* Returns the bytes in use on the device by all processes; unknown if NVML does not report them. */
rein_fact_u64 rein_i_nvml_used_bytes(const nvml_session *session);

#endif
