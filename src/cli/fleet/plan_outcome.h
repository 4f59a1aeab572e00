/* The outcome of a plan in words: the same in every report. */
#ifndef REIN_CLI_FLEET_PLAN_OUTCOME_H
#define REIN_CLI_FLEET_PLAN_OUTCOME_H

#include "cli/write/json.h"
#include "plan/plan.h"

/* Proven: no placement is lower. */
bool plan_is_exact(const rein_plan_outcome *outcome);

/* `exact`, or `within 4.8%`: at most that above the least height. */
const char *plan_precision(arena *memory, const rein_plan_outcome *outcome);

/* Adds what is known of the height, of how, and at what effort. */
void json_add_plan_outcome(arena *memory, json_object *object, const rein_plan_outcome *outcome);

#endif
