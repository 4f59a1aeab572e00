/* The model that `rein run` runs, from a manifest or from options. */
#ifndef REIN_CLI_RUN_MODEL_H
#define REIN_CLI_RUN_MODEL_H

#include "cli/fleet/fleet.h"

/* Option values; NULL if not given. */
typedef struct run_options {
    const char *device;
    const char *model;
    const char *memory;
    const char *streams;
    const char *compute;
    const char *manifest;
    const char *effort;
    bool stays; /* this process does not become the command */
} run_options;

/* Gathers a fleet of this one model in one process. Returns false after reporting an error. */
bool run_model_gather(diagnostics *sink, const run_options *options, fleet *out_fleet);

#endif
