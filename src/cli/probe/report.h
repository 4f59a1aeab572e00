/* What `rein probe` shows of a device. */
#ifndef REIN_CLI_PROBE_REPORT_H
#define REIN_CLI_PROBE_REPORT_H

#include "cli/fleet/local_device.h"
#include "cli/write/json.h"
#include "cli/write/output.h"

/* Lines for a reader. */
void probe_write_text(arena *memory, const local_device *device, FILE *stream);

void probe_add_json(arena *memory, const local_device *device, json_object *object);

/* The profile's file, as profile_file_read reads it; its source is then "recorded". */
void probe_write_profile(arena *memory, const local_device *device, FILE *stream);

#endif
