/* A management library that grows the used memory by 300 MiB between two questions, and says what
 * the environment wants: FAKE_NVML=no_init, no_device or no_memory refuses at that call, no_first
 * and no_second that question alone, shrinks makes it less. */
#include <stdlib.h>
#include <string.h>

typedef struct memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} memory;

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetHandleByPciBusId_v2(const char *pci_id, void **out_device);
int nvmlDeviceGetMemoryInfo(void *device, memory *out_memory);

static int refuses(const char *call) {
    const char *wanted = getenv("FAKE_NVML");
    return wanted != NULL && strcmp(wanted, call) == 0;
}

int nvmlInit_v2(void) {
    return refuses("no_init");
}

int nvmlShutdown(void) {
    return 0;
}

int nvmlDeviceGetHandleByPciBusId_v2(const char *pci_id, void **out_device) {
    *out_device = (void *)(size_t)1;
    return refuses("no_device") || pci_id[0] == '\0';
}

int nvmlDeviceGetMemoryInfo(void *device, memory *out_memory) {
    const char *asked = getenv("FAKE_NVML_ASKED");
    unsigned long long number = asked == NULL ? 0 : strtoull(asked, NULL, 10);
    setenv("FAKE_NVML_ASKED", number == 0 ? "1" : "2", 1);
    out_memory->used = (300ULL << 20) * (refuses("shrinks") ? 9 - number : number + 1);
    return device == NULL || refuses("no_memory") ||
           refuses(number == 0 ? "no_first" : "no_second");
}
