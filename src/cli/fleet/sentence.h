/* The findings of `rein check` in sentences, the same in all forms of its report. */
#ifndef REIN_CLI_FLEET_SENTENCE_H
#define REIN_CLI_FLEET_SENTENCE_H

#include "cli/fleet/fleet.h"

/* The verdict on the fleet, in parts that are printed in this order. */
typedef struct check_verdict {
    const char *name;      /* outcome, or "budgets fit" if models are not judged */
    const char *separator; /* ": " or "; " */
    const char *sentence;  /* "the device is 264.0 MiB short"; "models not judged: a, b" */
} check_verdict;

check_verdict check_verdict_of(arena *memory, const fleet *checked);

/* Returns "models not judged: a, b"; NULL if all models are judged. */
const char *check_caps_sentence(arena *memory, const fleet *checked);

/* The sizes of a model that is above its budget, formatted by the caller. */
typedef struct shortage_sizes {
    const char *needed_at_least;
    const char *limit;
    const char *shortfall;
    const char *fitting; /* advice_fitting_bytes */
} shortage_sizes;

/* Returns "needs 1002MiB, its budget is 1001MiB: 1MiB short; raise it to 1002MiB". */
const char *check_shortage(arena *memory, const rein_model_verdict *verdict,
                           const shortage_sizes *sizes);

/* Returns a model's result against its own budget: "needs 172.0 MiB of its 512.0 MiB". */
const char *check_model_sentence(arena *memory, const rein_model_verdict *verdict);

/* Returns why it is unknown whether a model fits its budget: "activations unknown". "" if only a
 * fact of the device is missing. */
const char *check_model_doubt(arena *memory, const rein_model_verdict *verdict);

/* Returns the available size: "72MiB to 396MiB", or a single size if it does not depend on how much
 * of the reservations is in use. The caller formats the sizes. */
const char *check_available(arena *memory, const rein_device_verdict *device, const char *at_least,
                            const char *at_most);

/* Returns the models' total on the device: "4.0 GiB requested, 3.7 GiB available: 264.0 MiB
 * short". */
const char *check_device_sentence(arena *memory, const fleet *checked);

/* Returns why it is unknown whether the budgets fit the device: "the device's granularity is
 * unknown"; "" if it is known. */
const char *check_device_doubt(arena *memory, const fleet *checked);

/* Returns a warning about the streams, or NULL. */
const char *check_stream_warning(arena *memory, const fleet *checked);

#endif
