/* A manifest on a device: every number that the verdict rests on, where it comes from, and the
 * verdict. Nothing here reads or writes anything. */
#ifndef REIN_CLI_FLEET_FLEET_H
#define REIN_CLI_FLEET_FLEET_H

#include "cli/fleet/planned_lifetimes.h"
#include "cli/read/manifest.h"
#include "contract/admission.h"
#include "node/reservation.h"

/* The device that the models are checked against. */
typedef struct fleet_device {
    bool is_found;
    const char *path;            /* of its profile; "auto" for the device of this machine */
    const char *reason;          /* why it was not found, else NULL */
    rein_device_profile profile; /* as it was found; nothing known if it was not */
    bool is_judged_by_total;     /* its free memory is then left out of the judgement */
} fleet_device;

typedef enum number_origin {
    NUMBER_UNKNOWN,
    NUMBER_DEFAULT,
    NUMBER_FROM_PROFILE,
    NUMBER_FROM_MANIFEST
} number_origin;

/* A number, and where it comes from. */
typedef struct sourced_number {
    rein_fact_u64 fact;
    number_origin origin;
    position at;              /* in the manifest */
    rein_fact_u64 overridden; /* what the profile says if the manifest says otherwise */
} sourced_number;

typedef enum activation_origin {
    ACTIVATIONS_UNKNOWN,
    ACTIVATIONS_STATED, /* as stated, not verified: the model needs exactly that */
    ACTIVATIONS_PLANNED
} activation_origin;

typedef struct fleet_model {
    const manifest_model *stated;
    activation_origin origin;
    const char *lifetimes_path; /* of a plan, else NULL */
    size_t tensor_count;        /* of a plan, else 0 */
    planned_lifetimes planned;  /* of a plan, without the offsets */
    rein_model_verdict verdict;
} fleet_model;

typedef struct fleet {
    const manifest *from;
    fleet_device device;
    sourced_number headroom;
    sourced_number reserved;
    sourced_number processes; /* of all models together */
    bool has_own_processes;   /* each model runs in its own: a model states so */
    sourced_number context_overhead;
    sourced_number granularity;
    sourced_number pool_growth;
    rein_reservation_summary live; /* reservations of other processes on the device */
    fleet_model *models;
    size_t model_count;
    rein_admission_verdict verdict;
} fleet;

/* The steps in which a budget counts on the device. */
const sourced_number *fleet_budget_steps(const fleet *gathered);

/* The device's free memory as the judgement takes it: unknown if the total alone decides. */
rein_fact_u64 fleet_free_bytes(const fleet *gathered);

/* The question to admission, without the live reservations. What it points to lives as long as
 * `memory`. */
rein_admission_request fleet_request(arena *memory, const fleet *gathered);

/* Keeps what was judged of the fleet beside the reservations on its device; a verdict on each model
 * in their order. */
void fleet_set_verdict(fleet *target, const rein_reservation_verdict *judged,
                       const rein_model_verdict *models);

/* Judges the set beside the live reservations, as `rein run` does, and keeps the verdict. Fails as
 * rein_reservation_judge does. */
rein_result_void fleet_judge(arena *memory, fleet *gathered);

/* "profile", "manifest", "default", "unknown". */
const char *number_origin_name(number_origin origin);

#endif
