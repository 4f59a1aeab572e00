/* The processes that use a device, as NVML lists them. */
#ifndef REIN_NVML_PROCESSES_H
#define REIN_NVML_PROCESSES_H

#include "nvml/session.h"

typedef struct nvml_process {
    int64_t pid; /* in the PID namespace of the caller, as far as NVML can tell */
    /* Unknown if NVML does not report it, as in a container: it then lists 0 or all ones. */
    rein_fact_u64 used_bytes;
} nvml_process;

/* Zero-initialised: empty. */
typedef struct nvml_process_list {
    nvml_process *processes;
    size_t count;
    size_t capacity;
    nvml_entry *entries; /* as NVML writes them */
    unsigned entry_capacity;
} nvml_process_list;

/* Replaces the list by the processes of the device: those with a compute or graphics context, and
 * the clients of MPS. A process that is listed more than once counts once, with its largest figure.
 * Allocates; the caller frees the list. Returns false, with an empty list, if NVML has none of
 * these lists, fails to read one, or memory is exhausted. */
bool rein_i_nvml_processes_read(const nvml_session *session, nvml_process_list *list);

void rein_i_nvml_processes_free(nvml_process_list *list);

/* Returns the bytes in use on the device by the calling process. Unknown if NVML does not list the
 * process: it has no context, or it runs in a container with its own process ids. Allocates during
 * the call. */
rein_fact_u64 rein_i_nvml_own_bytes(const nvml_session *session);

#endif
