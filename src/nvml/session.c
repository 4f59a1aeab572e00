#include "nvml/session.h"

#include <dlfcn.h>
#include <string.h>

/* Layout of NVML's stable binary interface, like the functions' names and types. */
struct nvml_memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};

enum { LIST_VERSIONS = 2 };

/* The functions of each list, the newest version first. Their entries have one layout. */
static const char *const list_names[NVML_LISTS][LIST_VERSIONS] = {
    {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"},
    {"nvmlDeviceGetMPSComputeRunningProcesses_v3", "nvmlDeviceGetMPSComputeRunningProcesses_v2"},
    {"nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2"}};

/* POSIX permits storing a function's address in a data pointer; ISO C has no cast for it. */
static bool find(void *library, const char *name, void *out_function) {
    void *address = dlsym(library, name);
    memcpy(out_function, &address, sizeof address);
    return address != NULL;
}

/* Returns the newest usable version of the lists. In release 535, the early drivers write longer
 * entries to the third version than all others do, and the later ones lack it. */
static size_t newest_list_version(const nvml_session *session) {
    enum { VERSION_LENGTH = 80 };
    int (*driver_version)(char *out_version, unsigned length) = NULL;
    char version[VERSION_LENGTH] = "";
    bool is_known = find(session->library, "nvmlSystemGetDriverVersion", &driver_version) &&
                    driver_version(version, VERSION_LENGTH) == NVML_DONE;
    return is_known && strncmp(version, "535.", strlen("535.")) != 0 ? 0 : 1;
}

/* A list that the library lacks stays NULL. */
static void find_lists(nvml_session *session) {
    size_t newest = newest_list_version(session);
    for (size_t index = 0; index < NVML_LISTS; index++) {
        size_t version = newest;
        while (version < LIST_VERSIONS &&
               !find(session->library, list_names[index][version], &session->lists[index])) {
            version++;
        }
    }
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
    find_lists(session);
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
