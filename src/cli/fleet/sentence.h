/* The findings of `rein check` in sentences, the same in all forms of its report. */
#ifndef REIN_CLI_FLEET_SENTENCE_H
#define REIN_CLI_FLEET_SENTENCE_H

#include "cli/fleet/fleet.h"

/* After an outcome or a size that rests on a measurement. */
#define AS_MEASURED ", as measured"

/* The verdict on the fleet, in parts that are printed in this order. */
typedef struct check_verdict {
    /* The outcome, or "budgets fit" if models are not judged; with AS_MEASURED if it rests on
     * measurements. */
    const char *name;
    const char *separator; /* ": " or "; " */
    const char *sentence;  /* "the device's total memory is 2.0 MiB short" */
} check_verdict;

check_verdict check_verdict_of(arena *memory, const fleet *checked);

/* Returns "models not judged: a, b"; NULL if all models are judged. */
const char *check_caps_sentence(arena *memory, const fleet *checked);

/* Returns "measured: a, b" if the outcome rests on the measurements of these models, else NULL. */
const char *check_measured_sentence(arena *memory, const fleet *checked);

/* Returns the largest unit in which the sizes of check_shortage are whole numbers. */
size_t check_shortage_unit(const rein_model_verdict *verdict);

/* Returns "needs 1002MiB, its budget is 1001MiB: 1MiB short; raise it to 1002MiB". `unit` must be
 * at most check_shortage_unit. */
const char *check_shortage(arena *memory, const rein_model_verdict *verdict, size_t unit);

/* Returns a model's result against its own budget: "needs 172.0 MiB of its 512.0 MiB". */
const char *check_model_sentence(arena *memory, const rein_model_verdict *verdict);

/* Returns why it is unknown whether a model fits its budget: "activations are unknown". "" if only
 * a fact of the device is missing. */
const char *check_model_doubt(arena *memory, const rein_model_verdict *verdict);

/* bytes_in_unit or rounded_in_unit. */
typedef const char *(*size_text)(arena *memory, uint64_t bytes, size_t unit);

/* Returns the available size: "72MiB to 396MiB", or a single size if it does not depend on how much
 * of the reservations is in use. */
const char *check_available(arena *memory, const rein_device_verdict *device, size_t unit,
                            size_text text_of);

/* Returns the models' total on the device: "requested 4.0 GiB, available 3.0 GiB: the device's
 * total memory is 1.0 GiB short". */
const char *check_device_sentence(arena *memory, const fleet *checked);

/* Returns why it is unknown whether the budgets fit the device: "the device's granularity is
 * unknown"; "" if it is known. */
const char *check_device_doubt(arena *memory, const fleet *checked);

/* Returns a warning about the streams, or NULL. */
const char *check_stream_warning(arena *memory, const fleet *checked);

#endif
