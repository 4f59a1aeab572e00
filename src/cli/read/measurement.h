/* Measurements as files: the device memory that a model's command was seen to use. YAML or JSON,
 * parsed as strictly as manifests.
 *
 *     schema: 1
 *     device: GPU-5a1f2c3d-1111-2222-3333-444455556666
 *     peak: 5476083712B           # the most at once; above 0
 *     final: 5100273664B          # the last sample in which the command used the device
 *     includes_contexts: true     # whether the figures include the contexts of the processes
 *     method: processes           # processes, free-memory or engine
 *     interval: 20ms              # between samples
 *     samples: 1571
 *
 * schema, peak and includes_contexts are required. A method that samples requires the interval. */
#ifndef REIN_CLI_READ_MEASUREMENT_H
#define REIN_CLI_READ_MEASUREMENT_H

#include "cli/base/diagnostics.h"
#include "cli/read/input_file.h"
#include "contract/clock.h"
#include "contract/device.h"

/* Where the figures come from. */
typedef enum measurement_method {
    METHOD_UNKNOWN,     /* not stated */
    METHOD_PROCESSES,   /* samples of the memory of each process of the command */
    METHOD_FREE_MEMORY, /* samples of the device's free memory, compared with that before */
    METHOD_ENGINE       /* stated by the engine itself */
} measurement_method;

typedef struct measurement {
    const char *path;
    const char *device_uuid;   /* normalised, see rein_device_uuid_normalize; "": unknown */
    uint64_t peak_bytes;       /* above 0 */
    rein_fact_u64 final_bytes; /* at most the peak */
    bool includes_contexts;
    measurement_method method;
    rein_duration interval; /* 0: not stated; above 0 if the method samples */
    uint64_t sample_count;  /* 0: not stated */
} measurement;

/* Returns the method as a file states it: "processes", "free-memory" or "engine"; "unknown" for any
 * other value. Static storage. */
const char *measurement_method_name(measurement_method method);

/* Returns whether the figures are samples: the true peak is at least the largest of them. */
bool measurement_is_sampled(const measurement *measured);

/* Reads the measurement at `path`. Reports errors and returns false. */
bool measurement_read(diagnostics *sink, const char *path, measurement *out);

/* As measurement_read, for a text in memory. */
bool measurement_read_text(diagnostics *sink, const input_file *file, measurement *out);

#endif
