#include <inttypes.h>

#include "cli/status/report.h"
#include "cli/write/escape.h"
#include "cli/write/output.h"

/* Prints a label. Line feeds need no entry: characters that are not visible are always escaped. */
static void print_label(FILE *stream, const char *name, const char *value) {
    static const escape escapes[] = {{'\\', "\\\\"}, {'"', "\\\""}, {0, NULL}};
    fprintf(stream, "%s=\"", name);
    print_escaped(stream, value, escapes);
    fputc('"', stream);
}

/* Returns false if the device does not have the number. */
typedef bool (*device_number)(const status_device *device, uint64_t *out_number);

static bool reserved_bytes(const status_device *device, uint64_t *out_number) {
    *out_number = device->summary.live_bytes;
    return device->failure == NULL;
}

static bool reservation_count(const status_device *device, uint64_t *out_number) {
    *out_number = device->summary.live_count;
    return device->failure == NULL;
}

static bool unknown_count(const status_device *device, uint64_t *out_number) {
    *out_number = device->summary.unknown_count + (device->failure != NULL);
    return true;
}

static bool total_bytes(const status_device *device, uint64_t *out_number) {
    *out_number = device->total_bytes.value;
    return device->total_bytes.is_known;
}

static bool free_bytes(const status_device *device, uint64_t *out_number) {
    *out_number = status_free_bytes(device).value;
    return status_free_bytes(device).is_known;
}

typedef struct metric {
    const char *name;
    const char *help;
    device_number number;
} metric;

static const metric metrics[] = {
    {"rein_device_reserved_bytes", "Device memory held by live reservations.", reserved_bytes},
    {"rein_device_reservations", "Number of live reservations.", reservation_count},
    {"rein_device_unknown_files", "Unrecognised files, which block new reservations.",
     unknown_count},
    {"rein_device_total_bytes", "Total device memory.", total_bytes},
    {"rein_device_free_bytes", "Device memory that is not reserved.", free_bytes},
};

static void print_metric(FILE *stream, const metric *shown, const status *found) {
    fprintf(stream, "# HELP %s %s\n# TYPE %s gauge\n", shown->name, shown->help, shown->name);
    for (size_t index = 0; index < found->device_count; index++) {
        uint64_t number = 0;
        if (shown->number(&found->devices[index], &number)) {
            fprintf(stream, "%s{", shown->name);
            print_label(stream, "device", found->devices[index].uuid);
            fprintf(stream, "} %" PRIu64 "\n", number);
        }
    }
}

static void print_entry(FILE *stream, const char *name, const status_entry *entry,
                        uint64_t number) {
    const rein_reservation_record *record = &entry->record;
    fprintf(stream, "%s{", name);
    print_label(stream, "device", record->device_uuid);
    print_label(stream, ",reservation", entry->file_name);
    print_label(stream, ",holder", record->holder);
    fprintf(stream, ",uid=\"%" PRIu64 "\"} %" PRIu64 "\n", record->uid, number);
}

static void print_entries(FILE *stream, const char *name, const char *help, const status *found,
                          uint64_t (*number)(const rein_reservation_record *record)) {
    fprintf(stream, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
    for (size_t index = 0; index < found->device_count; index++) {
        const status_device *device = &found->devices[index];
        for (size_t entry = 0; entry < device->entry_count; entry++) {
            if (device->entries[entry].reason == NULL) {
                print_entry(stream, name, &device->entries[entry],
                            number(&device->entries[entry].record));
            }
        }
    }
}

static uint64_t bytes_of(const rein_reservation_record *record) {
    return record->bytes;
}

static uint64_t since_of(const rein_reservation_record *record) {
    return (uint64_t)record->since_unix_s;
}

bool status_print_prometheus(diagnostics *sink, const status *found) {
    output_text *text = output_open(sink->memory);
    for (size_t index = 0; index < sizeof metrics / sizeof metrics[0]; index++) {
        print_metric(text->stream, &metrics[index], found);
    }
    print_entries(text->stream, "rein_reservation_bytes", "Device memory held by a reservation.",
                  found, bytes_of);
    print_entries(text->stream, "rein_reservation_since_seconds",
                  "Time when a reservation was taken or last changed, in Unix time.", found,
                  since_of);
    return output_to_standard(sink, text);
}
