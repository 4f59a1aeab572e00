/* A fake NVML. FAKE_NVML controls it: no_init, no_device and no_memory make that call fail,
 * no_first and no_second only that query, and shrinks lets the used memory shrink. If
 * FAKE_NVML_UUID is set, only the device with that UUID is found by one. FAKE_NVML_IS_OPEN is set
 * until shutdown. FAKE_NVML_VERSION is the version of the driver; no_version makes that query fail.
 * The third version of the lists fails if that version is unknown or of release 535.
 *
 * By default the used memory grows by 300 MiB between two queries. The fake lists a process other
 * than the caller, and the caller if its bytes are set: in FAKE_NVML_OWN if the used memory was
 * queried twice, otherwise in FAKE_NVML_OWN_BEFORE. With FAKE_NVML=mps it lists them only among the
 * clients of MPS. The entry after the end of the list is garbage.
 *
 * If FAKE_NVML_FOLDER is set, files of that folder answer instead, and are read at each query.
 * "used" has the used memory. "compute", "mps" and "graphics" have a line "pid bytes" for each
 * process; with FAKE_NVML=no_size these lists do not fit in any buffer. A list whose file is
 * missing is not supported; one with other text fails. A query of the used memory whose file is
 * missing fails. Each query of the used memory then appends a byte to "asked". */
#include <stdio.h>
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
int nvmlDeviceGetHandleByUUID(const char *uuid, void **out_device);
int nvmlDeviceGetMemoryInfo(void *device, memory *out_memory);
int nvmlSystemGetDriverVersion(char *out_version, unsigned length);
int nvmlDeviceGetComputeRunningProcesses_v2(void *device, unsigned *count, process *out_processes);
int nvmlDeviceGetMPSComputeRunningProcesses_v2(void *device, unsigned *count,
                                               process *out_processes);
int nvmlDeviceGetGraphicsRunningProcesses_v2(void *device, unsigned *count, process *out_processes);
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process *out_processes);
int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *count,
                                               process *out_processes);
int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, unsigned *count, process *out_processes);

enum { UNKNOWN_ERROR = 999, NOT_SUPPORTED = 3, INSUFFICIENT_SIZE = 7 };

static int refuses(const char *call) {
    const char *wanted = getenv("FAKE_NVML");
    return wanted != NULL && strcmp(wanted, call) == 0;
}

/* Opens a file of the folder; NULL if it is missing. */
static FILE *open_file(const char *name, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("FAKE_NVML_FOLDER"), name);
    return fopen(path, mode);
}

static int used_by_file(memory *out_memory) {
    FILE *file = open_file("used", "r");
    int is_read = file != NULL && fscanf(file, "%llu", &out_memory->used) == 1;
    if (file != NULL) {
        fclose(file);
    }
    FILE *asked = open_file("asked", "a");
    if (asked != NULL) {
        fputc('.', asked);
        fclose(asked);
    }
    return is_read ? 0 : UNKNOWN_ERROR;
}

static int list_of_file(const char *name, unsigned *count, process *out_processes) {
    FILE *file = open_file(name, "r");
    unsigned capacity = *count;
    process listed = {.pid = 0};
    if (file == NULL) {
        return NOT_SUPPORTED;
    }
    *count = 0;
    while (fscanf(file, "%u %llu", &listed.pid, &listed.used) == 2) {
        if (*count < capacity) {
            out_processes[*count] = listed;
        }
        ++*count;
    }
    int is_whole = feof(file);
    fclose(file);
    if (!is_whole) {
        return UNKNOWN_ERROR;
    }
    if (refuses("no_size")) {
        *count = 0;
        return INSUFFICIENT_SIZE;
    }
    return *count > capacity ? INSUFFICIENT_SIZE : 0;
}

static int has_folder(void) {
    return getenv("FAKE_NVML_FOLDER") != NULL;
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

int nvmlDeviceGetHandleByUUID(const char *uuid, void **out_device) {
    const char *only = getenv("FAKE_NVML_UUID");
    int is_other = only != NULL && strcmp(uuid, only) != 0;
    return nvmlDeviceGetHandleByPciBusId_v2(is_other ? "" : uuid, out_device);
}

int nvmlDeviceGetMemoryInfo(void *device, memory *out_memory) {
    if (has_folder()) {
        return used_by_file(out_memory);
    }
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
        return INSUFFICIENT_SIZE;
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

static const char *driver_version(void) {
    const char *stated = getenv("FAKE_NVML_VERSION");
    return stated == NULL ? "580.65.06" : stated;
}

int nvmlSystemGetDriverVersion(char *out_version, unsigned length) {
    snprintf(out_version, length, "%s", driver_version());
    return refuses("no_version");
}

int nvmlDeviceGetComputeRunningProcesses_v2(void *device, unsigned *count, process *out_processes) {
    if (has_folder()) {
        return list_of_file("compute", count, out_processes);
    }
    return refuses("mps") ? NOT_SUPPORTED : list_caller(device, count, out_processes);
}

int nvmlDeviceGetMPSComputeRunningProcesses_v2(void *device, unsigned *count,
                                               process *out_processes) {
    if (has_folder()) {
        return list_of_file("mps", count, out_processes);
    }
    return refuses("mps") ? list_caller(device, count, out_processes) : NOT_SUPPORTED;
}

int nvmlDeviceGetGraphicsRunningProcesses_v2(void *device, unsigned *count,
                                             process *out_processes) {
    (void)device;
    return has_folder() ? list_of_file("graphics", count, out_processes) : NOT_SUPPORTED;
}

/* Entries of this version may be too long for the caller. */
static int is_long(void) {
    return strncmp(driver_version(), "535.", strlen("535.")) == 0 || refuses("no_version");
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, process *out_processes) {
    return is_long() ? UNKNOWN_ERROR
                     : nvmlDeviceGetComputeRunningProcesses_v2(device, count, out_processes);
}

int nvmlDeviceGetMPSComputeRunningProcesses_v3(void *device, unsigned *count,
                                               process *out_processes) {
    return is_long() ? UNKNOWN_ERROR
                     : nvmlDeviceGetMPSComputeRunningProcesses_v2(device, count, out_processes);
}

int nvmlDeviceGetGraphicsRunningProcesses_v3(void *device, unsigned *count,
                                             process *out_processes) {
    return is_long() ? UNKNOWN_ERROR
                     : nvmlDeviceGetGraphicsRunningProcesses_v2(device, count, out_processes);
}
