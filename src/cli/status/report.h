/* The node's reservations as `rein status` reports them, and the forms of its report. */
#ifndef REIN_CLI_STATUS_REPORT_H
#define REIN_CLI_STATUS_REPORT_H

#include "cli/base/diagnostics.h"
#include "node/reservation.h"

/* A file in a device's folder. */
typedef struct status_entry {
    const char *file_name;
    const char *reason; /* why it is unknown; NULL: it is live */
    rein_reservation_record record;
} status_entry;

typedef struct status_device {
    const char *uuid;
    const char *failure; /* why its folder cannot be read, else NULL */
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

/* Gathers the node's reservations, and the device of `profile` unless it is NULL. Reports what is
 * wrong and returns false. */
bool status_gather(diagnostics *sink, const rein_device_profile *profile, status *out_status);

/* The bytes that are not reserved: unknown if the total is, or if something else is. */
rein_fact_u64 status_free_bytes(const status_device *device);

/* Each writes to standard output; reports a failure and returns false. */
bool status_print_table(diagnostics *sink, const status *found);
bool status_print_json(diagnostics *sink, const status *found);
bool status_print_prometheus(diagnostics *sink, const status *found);

#endif
