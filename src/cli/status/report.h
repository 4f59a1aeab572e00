/* The node's reservations, and the output formats of `rein status`. */
#ifndef REIN_CLI_STATUS_REPORT_H
#define REIN_CLI_STATUS_REPORT_H

#include "cli/base/diagnostics.h"
#include "node/reservation.h"

/* A file in a device's folder. */
typedef struct status_entry {
    const char *file_name;
    const char *reason; /* why the entry is unknown; NULL if it is live */
    rein_reservation_record record;
} status_entry;

typedef struct status_device {
    const char *uuid;
    const char *failure; /* why the folder cannot be read, or NULL */
    rein_fact_u64 total_bytes;
    rein_reservation_summary summary;
    status_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
} status_device;

typedef struct status {
    status_device *devices;
    size_t device_count;
    size_t device_capacity;
} status;

/* Gathers the node's reservations, and the device of `profile` unless it is NULL. Returns false
 * after reporting an error. */
bool status_gather(diagnostics *sink, const rein_device_profile *profile, status *out_status);

/* Returns the bytes that are not reserved. Unknown if the total, or anything else about the device,
 * is unknown. */
rein_fact_u64 status_free_bytes(const status_device *device);

/* Write to standard output. Return false after reporting a failure. */
bool status_print_table(diagnostics *sink, const status *found);
bool status_print_json(diagnostics *sink, const status *found);
bool status_print_prometheus(diagnostics *sink, const status *found);

#endif
