#include "nvml/processes.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Layout of NVML's stable binary interface. */
struct nvml_entry {
    unsigned pid;
    unsigned long long used; /* 0 or ULLONG_MAX: not available */
    unsigned gpu_instance;
    unsigned compute_instance;
};

enum { FIRST_CAPACITY = 64 };

/* The old entries are lost. */
static bool make_room(nvml_process_list *list, unsigned count) {
    free(list->entries);
    list->entries = calloc(count, sizeof *list->entries);
    list->entry_capacity = list->entries == NULL ? 0 : count;
    return list->entries != NULL;
}

/* Reads one list of the device into the entries. Returns NVML's code, which is
 * NVML_INSUFFICIENT_SIZE only if memory is exhausted. */
static int read_entries(nvml_list *read, void *device, nvml_process_list *list,
                        unsigned *out_count) {
    *out_count = list->entry_capacity;
    int code = read(device, out_count, list->entries);
    /* Processes may begin between two tries. */
    while (code == NVML_INSUFFICIENT_SIZE && *out_count > list->entry_capacity &&
           make_room(list, *out_count)) {
        code = read(device, out_count, list->entries);
    }
    return code;
}

/* Returns the process with this id, which is added if it is missing; NULL without memory. */
static nvml_process *process_of(nvml_process_list *list, int64_t pid) {
    for (size_t index = 0; index < list->count; index++) {
        if (list->processes[index].pid == pid) {
            return &list->processes[index];
        }
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : 2 * list->capacity;
        nvml_process *grown = realloc(list->processes, capacity * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        list->processes = grown;
        list->capacity = capacity;
    }
    list->processes[list->count] = (nvml_process){.pid = pid};
    return &list->processes[list->count++];
}

static bool merge(nvml_process_list *list, unsigned count) {
    for (unsigned index = 0; index < count; index++) {
        nvml_process *process = process_of(list, list->entries[index].pid);
        if (process == NULL) {
            return false;
        }
        /* Larger than 0, which is also the value of an unknown fact. */
        uint64_t used = list->entries[index].used;
        if (used != ULLONG_MAX && used > process->used_bytes.value) {
            process->used_bytes = rein_fact_u64_known(used);
        }
    }
    return true;
}

/* Returns false if the list exists but cannot be read, or memory is exhausted: processes would then
 * be missing. */
static bool add_list(const nvml_session *session, nvml_list *read, nvml_process_list *list,
                     bool *is_listed) {
    unsigned count = 0;
    int code = read_entries(read, session->device, list, &count);
    if (code == NVML_NOT_SUPPORTED) {
        return true;
    }
    *is_listed = *is_listed || code == NVML_DONE;
    return code == NVML_DONE && merge(list, count);
}

bool rein_i_nvml_processes_read(const nvml_session *session, nvml_process_list *list) {
    list->count = 0;
    bool is_listed = false;
    bool is_complete = list->entries != NULL || make_room(list, FIRST_CAPACITY);
    for (size_t index = 0; is_complete && index < NVML_LISTS; index++) {
        is_complete = session->lists[index] == NULL ||
                      add_list(session, session->lists[index], list, &is_listed);
    }
    list->count = is_complete ? list->count : 0;
    return is_complete && is_listed;
}

void rein_i_nvml_processes_free(nvml_process_list *list) {
    free(list->processes);
    free(list->entries);
    *list = (nvml_process_list){.count = 0};
}

rein_fact_u64 rein_i_nvml_own_bytes(const nvml_session *session) {
    nvml_process_list list = {.count = 0};
    rein_fact_u64 own = rein_fact_u64_unknown();
    (void)rein_i_nvml_processes_read(session, &list);
    for (size_t index = 0; index < list.count; index++) {
        if (list.processes[index].pid == getpid()) {
            own = list.processes[index].used_bytes;
        }
    }
    rein_i_nvml_processes_free(&list);
    return own;
}
