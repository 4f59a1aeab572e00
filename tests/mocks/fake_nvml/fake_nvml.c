/* A fake NVML whose used memory grows by 300 MiB between two queries. FAKE_NVML controls it:
 * no_init, no_device and no_memory make that call fail, no_first and no_second only that query, and
 * shrinks lets the used memory shrink.
 *
 * It lists a process other than the caller, and the caller if its bytes are set: in FAKE_NVML_OWN
 * if the used memory was queried twice, otherwise in FAKE_NVML_OWN_BEFORE. With FAKE_NVML=mps it
 * lists them only among the clients of MPS. The entry after the end of the list is garbage.
 * FAKE_NVML_IS_OPEN is set until shutdown. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
} memory;

typedef struct process {
    unsigned pid;
    unsigned long long used;
    unsigned gpu_instance;
    unsigned compute_instance;
} process;

int nvmlInit_v2(void);
int nvmlShutdown(void);
int nvmlDeviceGetHandleByPciBusId_v2(const char *pci_id, void **out_device);
int nvmlDeviceGetMemoryInfo(void *device, memory *out_memory);
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process *out_processes);
int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *count,
                                               process *out_processes);

static int refuses(const char *call) {
    const char *wanted = getenv("FAKE_NVML");
    return wanted != NULL && strcmp(wanted, call) == 0;
}

int nvmlInit_v2(void) {
    setenv("FAKE_NVML_IS_OPEN", "yes", 1);
    return refuses("no_init");
}

int nvmlShutdown(void) {
    unsetenv("FAKE_NVML_IS_OPEN");
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

static int list_caller(void *device, unsigned *count, process *out_processes) {
    const char *asked = getenv("FAKE_NVML_ASKED");
    const char *own =
        getenv(asked != NULL && strcmp(asked, "2") == 0 ? "FAKE_NVML_OWN" : "FAKE_NVML_OWN_BEFORE");
    unsigned capacity = *count;
    *count = own == NULL ? 1 : 2;
    if (device == NULL || capacity < *count) {
        return 7;
    }
    /* The caller is the first of two among the clients of MPS, otherwise the last. */
    int other = own != NULL && refuses("mps");
    out_processes[other] = (process){.pid = 1, .used = 1ULL << 30};
    if (own != NULL) {
        out_processes[!other] =
            (process){.pid = (unsigned)getpid(), .used = strtoull(own, NULL, 10)};
    }
    if (capacity > *count) {
        out_processes[*count] = (process){.pid = (unsigned)getpid(), .used = 1};
    }
    return 0;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process *out_processes) {
    return refuses("mps") ? 1 : list_caller(device, count, out_processes);
}

int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *count,
                                               process *out_processes) {
    return refuses("mps") ? list_caller(device, count, out_processes) : 1;
}
