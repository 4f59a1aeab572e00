/* The outcome of a plan in words, the same in every report. */
#ifndef REIN_CLI_FLEET_PLAN_OUTCOME_H
#define REIN_CLI_FLEET_PLAN_OUTCOME_H

#include "cli/write/json.h"
#include "plan/plan.h"

/* Returns whether it is proven that no placement is lower. */
bool plan_is_exact(const rein_plan_outcome *outcome);

/* Returns `exact`, or an upper bound of the distance to the least height: `within 4.8%`. */
const char *plan_precision(arena *memory, const rein_plan_outcome *outcome);

/* Adds the height, its proof and the effort. */
void json_add_plan_outcome(arena *memory, json_object *object, const rein_plan_outcome *outcome);

#endif
