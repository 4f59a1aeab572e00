/* Output formats of `rein probe`. */
#ifndef REIN_CLI_PROBE_REPORT_H
#define REIN_CLI_PROBE_REPORT_H

#include "cli/fleet/local_device.h"
#include "cli/write/json.h"
#include "cli/write/output.h"

/* Writes lines for a reader. */
void probe_write_text(arena *memory, const local_device *device, FILE *stream);

void probe_add_json(arena *memory, const local_device *device, json_object *object);

/* Writes a profile that profile_file_read can read, with the source "recorded". */
void probe_write_profile(arena *memory, const local_device *device, FILE *stream);

#endif
