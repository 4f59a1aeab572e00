/* `rein check --largest`: the largest context, number of sequences or number of instances of a
 * model that fits. */
#ifndef REIN_CLI_CHECK_LARGEST_H
#define REIN_CLI_CHECK_LARGEST_H

#include "cli/fleet/fleet.h"

typedef enum largest_kind {
    LARGEST_CONTEXT,
    LARGEST_PARALLEL,
    LARGEST_INSTANCES,
    LARGEST_KIND_COUNT
} largest_kind;

/* The fleet, and the number in it that varies. */
typedef struct largest_question {
    largest_kind kind;
    const fleet *stated;  /* with the live reservations */
    size_t model;         /* index of the model that varies */
    opened_model *opened; /* its files, if its state follows from them; else NULL */
    /* False for a model file: the model may use what the device has available. */
    bool has_budget;
} largest_question;

/* The fleet with one value of the number. */
typedef struct largest_step {
    uint64_t number;
    rein_admission_outcome outcome;
    const char
        *refusal; /* why the number cannot be judged, such as the engine's error; else NULL */
    fleet judged; /* valid if `refusal` is NULL */
} largest_step;

/* A sum that decides about a step, and its limit. */
typedef enum largest_limit {
    LARGEST_LIMIT_BUDGET, /* of the model that varies */
    LARGEST_LIMIT_DEVICE,
    LARGEST_LIMIT_OTHER_MODEL, /* the budget of another model */
    LARGEST_REFUSED            /* the number cannot be judged, so the sizes are unknown */
} largest_limit;

typedef struct largest_sizes {
    largest_limit limit;
    size_t model; /* whose budget it is */
    uint64_t needed_bytes;
    bool is_at_least; /* the needed bytes are a lower bound */
    rein_fact_u64 limit_bytes;
    uint64_t shortfall_bytes; /* 0 unless it does not fit */
} largest_sizes;

enum { LARGEST_STEPS_MAX = 3 };

typedef struct largest_answer {
    const largest_question *asked;
    rein_admission_outcome outcome; /* cannot tell: see fitting_count and possible_count */
    uint64_t maximum;               /* no larger number is tried */
    uint64_t fitting_count;         /* the largest number that fits with all below it; 0: none */
    uint64_t possible_count;        /* the next number does not fit, whatever is unknown */
    /* The least number that fits above one that does not. Known for `parallel` only. */
    rein_fact_u64 fits_again;
    /* The steps of fitting_count, of possible_count and of the number after it, without a number
     * that is 0, above the maximum or there already. */
    largest_step steps[LARGEST_STEPS_MAX];
    size_t step_count;
    largest_step first;  /* of the number 1 */
    largest_step unsure; /* the least number that is neither, if the outcome is "cannot tell" */
} largest_answer;

/* Returns "context", "parallel" or "instances". */
const char *largest_kind_name(largest_kind kind);

/* Judges the fleet with a value of the number. Returns false after reporting why the number cannot
 * be judged. */
bool largest_step_try(diagnostics *sink, const largest_question *asked, uint64_t number,
                      largest_step *out_step);

/* As largest_step_try, but a report becomes the step's refusal. */
largest_step largest_step_make(arena *memory, const largest_question *asked, uint64_t number);

/* Returns the sizes that decide about the step. */
largest_sizes largest_sizes_of(const largest_question *asked, const largest_step *step);

/* Finds the answer. The question must outlive it. Returns false after reporting why the number 1
 * cannot be judged, or that a file of the model cannot be read. */
bool largest_find(diagnostics *sink, const largest_question *asked, largest_answer *out_answer);

/* Returns the model that varies, with the number of the step. */
const fleet_model *largest_model(const largest_question *asked, const largest_step *step);

/* Write the answer to standard output. Return false after reporting a failure. */
bool largest_print_table(diagnostics *sink, const largest_answer *answer);
bool largest_print_json(diagnostics *sink, const largest_answer *answer);

#endif
