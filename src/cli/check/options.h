/* The options of `rein check`, and what several of them decide together. */
#ifndef REIN_CLI_CHECK_OPTIONS_H
#define REIN_CLI_CHECK_OPTIONS_H

#include "cli/base/command.h"
#include "cli/fleet/fleet.h"
#include "cli/models/engine_options.h"

enum {
    OPTION_DEVICE,
    OPTION_BY_TOTAL,
    OPTION_EFFORT,
    OPTION_EXPLAIN,
    OPTION_FORMAT,
    OPTION_JSON,
    OPTION_SVG,
    OPTION_LARGEST,
    OPTION_MODEL,
    /* For a model file alone. */
    OPTION_ACTIVATIONS,
    OPTION_HEADROOM,
    OPTION_CONTEXT_OVERHEAD,
    OPTION_GRANULARITY,
    OPTION_ENGINE, /* the first of ENGINE_COMMAND_OPTIONS */
    OPTION_COUNT = OPTION_ENGINE + ENGINE_OPTION_COUNT
};

extern const command_option check_options[OPTION_COUNT];

/* Gathers the fleet of the manifest `from`, with the live reservations on its device. Reports
 * errors and returns false. */
bool check_gather(const invocation *called, diagnostics *sink, const manifest *from,
                  fleet *out_gathered);

#endif
