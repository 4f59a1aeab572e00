/* A manifest on a device: the numbers of the verdict, their sources, and the verdict. The functions
 * do no I/O. */
#ifndef REIN_CLI_FLEET_FLEET_H
#define REIN_CLI_FLEET_FLEET_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/models/description.h"
#include "cli/read/manifest.h"
#include "cli/read/measurement.h"
#include "contract/admission.h"
#include "node/reservation.h"

/* The device that the models are checked against. */
typedef struct fleet_device {
    bool is_found;
    const char *path;            /* of its profile; "auto" for this machine's device */
    const char *reason;          /* why it was not found, else NULL */
    rein_device_profile profile; /* as found; all unknown if not found */
    bool is_judged_by_total;     /* free memory is then ignored */
} fleet_device;

typedef enum number_origin {
    NUMBER_UNKNOWN,
    NUMBER_DEFAULT,
    NUMBER_FROM_PROFILE,
    NUMBER_FROM_MANIFEST,
    NUMBER_FROM_FILE /* of the model */
} number_origin;

/* A number and its source. */
typedef struct sourced_number {
    rein_fact_u64 fact;
    number_origin origin;
    position at;              /* in the manifest */
    rein_fact_u64 overridden; /* the profile's value if it differs */
} sourced_number;

typedef enum activation_origin {
    ACTIVATIONS_UNKNOWN,
    ACTIVATIONS_STATED, /* as stated, not verified; taken as the exact need */
    ACTIVATIONS_PLANNED
} activation_origin;

typedef struct fleet_model {
    const manifest_model *stated;
    const model_description *described; /* NULL if the manifest names no file of the model */
    const measurement *measured;        /* NULL if the manifest names none */
    sourced_number weights;
    sourced_number state;    /* of each sequence; of all together if it is from a file */
    uint64_t sequence_count; /* states that count; 1 if the state is from a file */
    activation_origin origin;
    const char *lifetimes_path; /* of a plan, else NULL */
    position lifetimes_at;      /* the place in the manifest that names that file */
    size_t tensor_count;        /* of a plan, else 0 */
    planned_lifetimes planned;  /* of a plan, without offsets */
    rein_model_verdict verdict;
} fleet_model;

typedef struct fleet {
    const manifest *from;
    fleet_device device;
    sourced_number headroom;
    sourced_number reserved;
    sourced_number processes; /* of all models together */
    /* Each model runs in its own processes, because a model's manifest entry requires it. */
    bool has_own_processes;
    sourced_number context_overhead;
    sourced_number granularity;
    sourced_number pool_growth;
    rein_reservation_summary live; /* other processes' reservations on the device */
    fleet_model *models;
    size_t model_count;
    rein_admission_verdict verdict;
} fleet;

/* Returns whether the model's memory limit covers the contexts of its processes. */
bool fleet_covers_contexts(const fleet_model *model);

/* Returns whether the need of a judged model rests on its measurement: it is a lower bound then. */
bool fleet_need_is_measured(const fleet_model *model);

/* Returns whether fleet_need_is_measured is true of any model. */
bool fleet_is_any_need_measured(const fleet *checked);

/* Returns the step that budgets are rounded up to on the device. */
const sourced_number *fleet_budget_steps(const fleet *gathered);

/* Returns the free memory that the verdict uses: unknown if it depends on total memory only. */
rein_fact_u64 fleet_free_bytes(const fleet *gathered);

/* Returns the admission request without the live reservations. It points to memory of `memory`. */
rein_admission_request fleet_request(arena *memory, const fleet *gathered);

/* Stores `judged`, a verdict that includes the reservations on the device, and the verdicts on the
 * models, in their order. */
void fleet_set_verdict(fleet *target, const rein_reservation_verdict *judged,
                       const rein_model_verdict *models);

/* Judges the fleet together with the live reservations, as `rein run` does, and stores the verdict.
 * Fails as rein_reservation_judge does. */
rein_result_void fleet_judge(arena *memory, fleet *gathered);

/* Returns "profile", "manifest", "file", "default" or "unknown". */
const char *number_origin_name(number_origin origin);

#endif
