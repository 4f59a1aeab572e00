#include "cuda/nvml.h"

#include <dlfcn.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Layouts of NVML's stable binary interface, like the functions' names and types. */
struct nvml_memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

struct nvml_process {
    unsigned pid;
    unsigned long long used; /* ULLONG_MAX: not available */
    unsigned gpu_instance;
    unsigned compute_instance;
};

/* More than the number of clients that MPS permits. */
enum { PROCESSES_MAX = 256 };

/* POSIX permits storing a function's address in a data pointer; ISO C has no cast for it. */
static bool find(void *library, const char *name, void *out_function) {
    void *address = dlsym(library, name);
    memcpy(out_function, &address, sizeof address);
    return address != NULL;
}

/* Sets `shutdown` if the library must be shut down again. */
static bool connect(nvml_session *session, const char *pci_id) {
    int (*init)(void) = NULL;
    int (*device_by_pci_id)(const char *pci_id, void **out_device) = NULL;
    int (*shutdown)(void) = NULL;
    if (!find(session->library, "nvmlInit_v2", &init) ||
        !find(session->library, "nvmlShutdown", &shutdown) ||
        !find(session->library, "nvmlDeviceGetHandleByPciBusId_v2", &device_by_pci_id) ||
        !find(session->library, "nvmlDeviceGetMemoryInfo", &session->memory_info) || init() != 0) {
        return false;
    }
    session->shutdown = shutdown;
    find(session->library, "nvmlDeviceGetComputeRunningProcesses_v3", &session->list_processes);
    find(session->library, "nvmlDeviceGetMPSComputeRunningProcesses_v3",
         &session->list_mps_processes);
    return device_by_pci_id(pci_id, &session->device) == 0;
}

nvml_session rein_i_nvml_open(const char *pci_id) {
    nvml_session session = {.library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL)};
    if (session.library != NULL && !connect(&session, pci_id)) {
        rein_i_nvml_close(&session);
    }
    return session;
}

void rein_i_nvml_close(nvml_session *session) {
    if (session->shutdown != NULL) {
        (void)session->shutdown();
    }
    if (session->library != NULL) {
        dlclose(session->library);
    }
    *session = (nvml_session){.library = NULL};
}

rein_fact_u64 rein_i_nvml_used_bytes(const nvml_session *session) {
    nvml_memory memory = {.used = 0};
    if (session->library == NULL || session->memory_info(session->device, &memory) != 0) {
        return rein_fact_u64_unknown();
    }
    return rein_fact_u64_known(memory.used);
}

static rein_fact_u64 own_bytes_in(nvml_list_processes *list, void *device) {
    nvml_process processes[PROCESSES_MAX];
    unsigned count = PROCESSES_MAX;
    if (list == NULL || list(device, &count, processes) != 0) {
        return rein_fact_u64_unknown();
    }
    for (unsigned i = 0; i < count; i++) {
        if (processes[i].pid == (unsigned)getpid() && processes[i].used != ULLONG_MAX) {
            return rein_fact_u64_known(processes[i].used);
        }
    }
    return rein_fact_u64_unknown();
}

rein_fact_u64 rein_i_nvml_own_bytes(const nvml_session *session) {
    rein_fact_u64 listed = own_bytes_in(session->list_processes, session->device);
    return listed.is_known ? listed : own_bytes_in(session->list_mps_processes, session->device);
}
