/* Sentences that say what to change so that a fleet fits, or that a verdict is possible. */
#ifndef REIN_CLI_FLEET_ADVICE_H
#define REIN_CLI_FLEET_ADVICE_H

#include "cli/fleet/fleet.h"

typedef struct advice {
    const char **sentences;
    size_t count;
    size_t capacity;
} advice;

/* Empty if the fleet fits. Each sentence is a remedy by itself for what it names. */
advice advice_make(arena *memory, const fleet *checked);

/* The smallest budget of whole MiB in which a model of this verdict fits, as far as what it needs
 * is known. */
uint64_t advice_fitting_bytes(const rein_model_verdict *verdict);

#endif
