/* The one model that `rein run` runs: from a manifest, or from options. */
#ifndef REIN_CLI_RUN_MODEL_H
#define REIN_CLI_RUN_MODEL_H

#include "cli/fleet/fleet.h"

/* The values of the options; NULL if one was not given. */
typedef struct run_options {
    const char *device;
    const char *model;
    const char *memory;
    const char *streams;
    const char *compute;
    const char *manifest;
    const char *effort;
} run_options;

/* Gathers a fleet of that one model in one process. Reports what is wrong and returns false. */
bool run_model_gather(diagnostics *sink, const run_options *options, fleet *out_fleet);

#endif
