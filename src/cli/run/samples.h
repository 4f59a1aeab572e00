/* The device memory that a command was seen to use, from samples. Pure arithmetic. */
#ifndef REIN_CLI_RUN_SAMPLES_H
#define REIN_CLI_RUN_SAMPLES_H

#include "cli/read/measurement.h"

/* The time between two samples. */
enum { SAMPLE_INTERVAL_MS = 20 };

/* The state of the device at one moment. */
typedef struct sample {
    bool has_list; /* whether NVML listed the processes of the device */
    /* The sum over the command's processes whose bytes are known; unknown if there is none. */
    rein_fact_u64 command_bytes;
    bool is_partial; /* the sum lacks a process of the command, whose bytes are unknown */
    rein_fact_u64 device_bytes; /* in use by all processes */
} sample;

/* The samples of one method. */
typedef struct sample_series {
    uint64_t count; /* samples that could be taken */
    uint64_t peak_bytes;
    uint64_t final_bytes; /* of the last sample above 0 */
} sample_series;

typedef struct samples {
    rein_fact_u64 device_bytes_before; /* just before the command started */
    uint64_t count;                    /* samples that were tried */
    uint64_t partial_count;            /* samples whose sum lacks a process */
    sample_series processes;
    sample_series growth; /* of the memory in use on the device */
} samples;

void samples_add(samples *all, const sample *taken);

/* Makes a measurement of the samples, without a path and a device. It rests on the processes if any
 * of them was ever listed with its bytes, otherwise on the growth of the memory in use on the
 * device. Returns false if the command was never seen on the device: its use is then unknown. */
bool samples_measurement(const samples *all, measurement *out_measured);

/* Returns the number of samples that could not be taken by the method, or lack a process. */
uint64_t samples_failed(const samples *all, measurement_method method);

#endif
