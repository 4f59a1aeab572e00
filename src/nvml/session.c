#include "nvml/session.h"

#include <dlfcn.h>
#include <string.h>

/* Layout of NVML's stable binary interface, like the functions' names and types. */
struct nvml_memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

static const char *const list_names[NVML_LISTS] = {"nvmlDeviceGetComputeRunningProcesses_v3",
                                                   "nvmlDeviceGetMPSComputeRunningProcesses_v3",
                                                   "nvmlDeviceGetGraphicsRunningProcesses_v3"};

/* POSIX permits storing a function's address in a data pointer; ISO C has no cast for it. */
static bool find(void *library, const char *name, void *out_function) {
    void *address = dlsym(library, name);
    memcpy(out_function, &address, sizeof address);
    return address != NULL;
}

/* Sets `shutdown` if the library must be shut down again. */
static nvml_condition connect(nvml_session *session, const char *lookup, const char *name) {
    int (*init)(void) = NULL;
    int (*device_by_name)(const char *name, void **out_device) = NULL;
    int (*shutdown)(void) = NULL;
    if (!find(session->library, "nvmlInit_v2", &init) ||
        !find(session->library, "nvmlShutdown", &shutdown) ||
        !find(session->library, lookup, &device_by_name) ||
        !find(session->library, "nvmlDeviceGetMemoryInfo", &session->memory_info)) {
        return NVML_NO_LIBRARY;
    }
    if (init() != NVML_DONE) {
        return NVML_NO_DRIVER;
    }
    session->shutdown = shutdown;
    for (size_t index = 0; index < NVML_LISTS; index++) {
        find(session->library, list_names[index], &session->lists[index]);
    }
    return device_by_name(name, &session->device) == NVML_DONE ? NVML_OPEN : NVML_NO_DEVICE;
}

static nvml_session open_device(const char *lookup, const char *name) {
    nvml_session session = {.condition = NVML_NO_LIBRARY,
                            .library = dlopen(NVML_LIBRARY, RTLD_NOW | RTLD_LOCAL)};
    if (session.library != NULL) {
        session.condition = connect(&session, lookup, name);
    }
    if (session.condition != NVML_OPEN) {
        rein_i_nvml_close(&session);
    }
    return session;
}

nvml_session rein_i_nvml_open_by_pci_id(const char *pci_id) {
    return open_device("nvmlDeviceGetHandleByPciBusId_v2", pci_id);
}

nvml_session rein_i_nvml_open_by_uuid(const char *uuid) {
    return open_device("nvmlDeviceGetHandleByUUID", uuid);
}

void rein_i_nvml_close(nvml_session *session) {
    if (session->shutdown != NULL) {
        (void)session->shutdown();
    }
    if (session->library != NULL) {
        dlclose(session->library);
    }
    bool was_open = session->condition == NVML_OPEN;
    *session = (nvml_session){.condition = was_open ? NVML_CLOSED : session->condition};
}

rein_fact_u64 rein_i_nvml_used_bytes(const nvml_session *session) {
    nvml_memory memory = {.used = 0};
    if (session->condition != NVML_OPEN ||
        session->memory_info(session->device, &memory) != NVML_DONE) {
        return rein_fact_u64_unknown();
    }
    return rein_fact_u64_known(memory.used);
}
