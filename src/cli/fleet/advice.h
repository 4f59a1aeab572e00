/* Sentences that say what to change so that a fleet fits or a verdict is possible. */
#ifndef REIN_CLI_FLEET_ADVICE_H
#define REIN_CLI_FLEET_ADVICE_H

#include "cli/fleet/fleet.h"

typedef struct advice {
    const char **sentences;
    size_t count;
    size_t capacity;
} advice;

/* Said beside a size that rests on a measurement. */
#define MEASURED_CAUTION "a measured peak is a lower bound"

/* Returns the advice; empty if the fleet fits. Each sentence alone solves the problem it names. */
advice advice_make(arena *memory, const fleet *checked);

/* Returns what to do about a missing fact: one of REIN_MISSING_*, but not REIN_MISSING_EXACT_PLAN.
 */
const char *advice_remedy(arena *memory, const fleet *checked, uint32_t missing_bit);

/* Returns the smallest budget in whole MiB in which a model of this verdict fits, as far as its
 * needs are known. */
uint64_t advice_fitting_bytes(const rein_model_verdict *verdict);

#endif
