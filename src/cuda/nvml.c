#include "cuda/nvml.h"

#include <dlfcn.h>
#include <string.h>

/* The part of NVML's stable binary interface that is used here. */
typedef struct nvml_memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} nvml_memory;

typedef struct nvml_library {
    int (*init)(void);
    int (*shutdown)(void);
    int (*device_by_pci_id)(const char *pci_id, void **out_device);
    int (*memory_info)(void *device, nvml_memory *out_memory);
} nvml_library;

/* POSIX lets a pointer to data hold a function's address; ISO C has no cast for it. */
static bool find(void *handle, const char *name, void *out_function) {
    void *address = dlsym(handle, name);
    memcpy(out_function, &address, sizeof address);
    return address != NULL;
}

static bool find_all(void *handle, nvml_library *out_library) {
    return find(handle, "nvmlInit_v2", &out_library->init) &&
           find(handle, "nvmlShutdown", &out_library->shutdown) &&
           find(handle, "nvmlDeviceGetHandleByPciBusId_v2", &out_library->device_by_pci_id) &&
           find(handle, "nvmlDeviceGetMemoryInfo", &out_library->memory_info);
}

static rein_fact_u64 ask(const nvml_library *library, const char *pci_id) {
    rein_fact_u64 used = rein_fact_u64_unknown();
    if (library->init() != 0) {
        return used;
    }
    void *device = NULL;
    nvml_memory memory = {.used = 0};
    if (library->device_by_pci_id(pci_id, &device) == 0 &&
        library->memory_info(device, &memory) == 0) {
        used = rein_fact_u64_known(memory.used);
    }
    (void)library->shutdown();
    return used;
}

rein_fact_u64 nvml_used_bytes(const char *pci_id) {
    void *handle = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return rein_fact_u64_unknown();
    }
    nvml_library library;
    rein_fact_u64 used =
        find_all(handle, &library) ? ask(&library, pci_id) : rein_fact_u64_unknown();
    dlclose(handle);
    return used;
}
