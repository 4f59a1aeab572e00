#include "cli/status/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/fleet/reservations.h"

/* The context of the visitors below. */
typedef struct gathering {
    arena *memory;
    status *found;
    status_device *device; /* the device whose entries are visited */
} gathering;

static const char *copy_text(arena *memory, const char *text) {
    return arena_copy(memory, text, strlen(text));
}

static status_device *add_device(gathering *into, const char *uuid) {
    status *found = into->found;
    found->devices = arena_grow(into->memory, found->devices, found->device_count,
                                &found->device_capacity, sizeof *found->devices);
    status_device *device = &found->devices[found->device_count++];
    *device = (status_device){.uuid = copy_text(into->memory, uuid)};
    return device;
}

static status_device *find_or_add_device(gathering *into, const char *uuid) {
    status *found = into->found;
    for (size_t index = 0; index < found->device_count; index++) {
        if (strcmp(found->devices[index].uuid, uuid) == 0) {
            return &found->devices[index];
        }
    }
    return add_device(into, uuid);
}

static void take_device(const char *uuid, void *context) {
    add_device(context, uuid);
}

static status_entry *add_entry(arena *memory, status_device *device,
                               const rein_reservation_entry *entry) {
    device->entries = arena_grow(memory, device->entries, device->entry_count,
                                 &device->entry_capacity, sizeof *device->entries);
    status_entry *added = &device->entries[device->entry_count++];
    *added =
        (status_entry){.file_name = copy_text(memory, entry->file_name), .reason = entry->reason};
    if (entry->record != NULL) {
        added->record = *entry->record;
    }
    return added;
}

static void take_entry(const rein_reservation_entry *entry, void *context) {
    gathering *into = context;
    add_entry(into->memory, into->device, entry);
}

static bool has_entry(const status_device *device, const char *file_name) {
    for (size_t index = 0; index < device->entry_count; index++) {
        if (strcmp(device->entries[index].file_name, file_name) == 0) {
            return true;
        }
    }
    return false;
}

/* Several processes may hold one reservation; only the first one found is named. */
static void take_removed(const rein_reservation_entry *entry, void *context) {
    gathering *into = context;
    status_device *device = find_or_add_device(into, entry->record->device_uuid);
    if (has_entry(device, entry->file_name)) {
        return;
    }
    device->summary.unknown_count++;
    add_entry(into->memory, device, entry)->reason =
        arena_print(into->memory,
                    "the file was removed while process %" PRId64 " holds %s; restart that process",
                    entry->record->pid, exact_bytes(into->memory, entry->record->bytes));
}

static int compare_devices(const void *left, const void *right) {
    return strcmp(((const status_device *)left)->uuid, ((const status_device *)right)->uuid);
}

/* Sorts the oldest entry first. */
static int compare_entries(const void *left, const void *right) {
    const status_entry *first = left;
    const status_entry *second = right;
    int64_t before = first->record.since_unix_s;
    int64_t after = second->record.since_unix_s;
    return before != after ? (before > after) - (before < after)
                           : strcmp(first->file_name, second->file_name);
}

static void sort(void *elements, size_t count, size_t size_bytes,
                 int (*compare)(const void *, const void *)) {
    if (count > 1) {
        qsort(elements, count, size_bytes, compare);
    }
}

/* Compares the totals of the reservations with the profile's. Without a profile, uses the total
 * that the reservations state. */
static void compare_totals(arena *memory, status_device *device) {
    rein_fact_u64 stated = device->summary.device_total_bytes;
    if (!device->total_bytes.is_known) {
        device->total_bytes = stated;
    } else if (stated.is_known && stated.value != device->total_bytes.value) {
        device->failure =
            arena_print(memory, "%s; use one profile of the device for all commands",
                        contradicted_totals_text(memory, device->total_bytes.value, stated.value));
    }
}

static void look_into(gathering *into, const rein_state_directory *directory,
                      status_device *device) {
    into->device = device;
    rein_result_reservation_summary visited =
        rein_reservation_visit(directory, device->uuid, take_entry, into);
    if (rein_result_reservation_summary_is_error(visited)) {
        device->failure = state_error_text(into->memory, &REIN_ERROR(visited));
        return;
    }
    device->summary = REIN_VALUE(visited);
    compare_totals(into->memory, device);
    sort(device->entries, device->entry_count, sizeof *device->entries, compare_entries);
}

/* Adds the device of the profile even if nothing was ever reserved on it. */
static void add_profile(gathering *into, const rein_device_profile *profile) {
    char uuid[REIN_DEVICE_UUID_CAPACITY];
    if (rein_result_void_is_ok(rein_device_uuid_normalize(profile->uuid, uuid))) {
        find_or_add_device(into, uuid)->total_bytes = profile->total_bytes;
    }
}

static bool visit_devices(diagnostics *sink, const node_state *state, gathering *into) {
    if (!state->is_open) {
        return true;
    }
    rein_result_void listed =
        rein_state_directory_visit_devices(&state->directory, take_device, into);
    if (rein_result_void_is_error(listed)) {
        report(sink, "%s", state_error_text(sink->memory, &REIN_ERROR(listed)));
    }
    return listed.is_ok;
}

static void gather_devices(gathering *into, const node_state *state,
                           const rein_device_profile *profile) {
    status *found = into->found;
    if (profile != NULL) {
        add_profile(into, profile);
    }
    for (size_t index = 0; index < found->device_count && state->is_open; index++) {
        look_into(into, &state->directory, &found->devices[index]);
    }
    rein_reservation_visit_removed(state->path, take_removed, into);
    sort(found->devices, found->device_count, sizeof *found->devices, compare_devices);
}

bool status_gather(diagnostics *sink, const rein_device_profile *profile, status *out_status) {
    node_state state;
    if (!state_open(sink, &state)) {
        return false;
    }
    *out_status = (status){.device_count = 0};
    gathering into = {.memory = sink->memory, .found = out_status};
    bool is_listed = visit_devices(sink, &state, &into);
    if (is_listed) {
        gather_devices(&into, &state, profile);
    }
    state_close(&state);
    return is_listed;
}

rein_fact_u64 status_free_bytes(const status_device *device) {
    bool is_known = device->total_bytes.is_known && device->failure == NULL &&
                    device->summary.unknown_count == 0 &&
                    device->summary.live_bytes <= device->total_bytes.value;
    return is_known ? rein_fact_u64_known(device->total_bytes.value - device->summary.live_bytes)
                    : rein_fact_u64_unknown();
}
