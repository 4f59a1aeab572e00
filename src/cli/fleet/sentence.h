/* The findings of `rein check` in sentences: the same in every form of its report. */
#ifndef REIN_CLI_FLEET_SENTENCE_H
#define REIN_CLI_FLEET_SENTENCE_H

#include "cli/fleet/fleet.h"

/* The verdict on the whole fleet, to be shown one part after the other. */
typedef struct check_verdict {
    const char *name;      /* the outcome, or "budgets fit" if models are not judged */
    const char *separator; /* ": " or "; " */
    const char *sentence;  /* "the device is 264.0 MiB short"; "models not judged: a, b" */
} check_verdict;

check_verdict check_verdict_of(arena *memory, const fleet *checked);

/* "models not judged: a, b"; NULL if there is no cap. */
const char *check_caps_sentence(arena *memory, const fleet *checked);

/* The sizes of a model that is above its budget, in the form in which they are shown. */
typedef struct shortage_sizes {
    const char *needed_at_least;
    const char *limit;
    const char *shortfall;
    const char *fitting; /* advice_fitting_bytes */
} shortage_sizes;

/* "needs 1002MiB, its budget is 1001MiB: 1MiB short; raise it to 1002MiB". */
const char *check_shortage(arena *memory, const rein_model_verdict *verdict,
                           const shortage_sizes *sizes);

/* Of one model against its own budget: "needs 172.0 MiB of its 512.0 MiB". */
const char *check_model_sentence(arena *memory, const rein_model_verdict *verdict);

/* Why it cannot be told whether a model fits its budget: "activations unknown". "" if nothing but a
 * fact of the device is missing. */
const char *check_model_doubt(arena *memory, const rein_model_verdict *verdict);

/* "72MiB to 396MiB": what is available at least and at most, each as the caller shows it; one size
 * if it does not depend on how much of the reservations is in use. */
const char *check_available(arena *memory, const rein_device_verdict *device, const char *at_least,
                            const char *at_most);

/* Of the models together against the device: "4.0 GiB requested, 3.7 GiB available: 264.0 MiB
 * short". */
const char *check_device_sentence(arena *memory, const fleet *checked);

/* Why it cannot be told whether the budgets fit the device: "the device's granularity is unknown";
 * "" if it can be told. */
const char *check_device_doubt(arena *memory, const fleet *checked);

/* A warning about the streams, or NULL. */
const char *check_stream_warning(arena *memory, const fleet *checked);

#endif
