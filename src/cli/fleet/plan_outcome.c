#include "cli/fleet/plan_outcome.h"

#include "cli/base/numbers.h"

bool plan_is_exact(const rein_plan_outcome *outcome) {
    return outcome->height_bytes == outcome->lower_bound_bytes;
}

const char *plan_precision(arena *memory, const rein_plan_outcome *outcome) {
    if (plan_is_exact(outcome)) {
        return "exact";
    }
    uint64_t gap = outcome->height_bytes - outcome->lower_bound_bytes;
    return arena_print(memory, "within %s",
                       percent_at_most(memory, gap, outcome->lower_bound_bytes));
}

static const char *proof_name(rein_plan_proof proof) {
    static const char *const names[] = {[REIN_PLAN_PROOF_PEAK] = "peak",
                                        [REIN_PLAN_PROOF_SEARCH] = "search",
                                        [REIN_PLAN_PROOF_REFUTATION] = "refutation",
                                        [REIN_PLAN_PROOF_FIXED] = "fixed"};
    return names[proof];
}

static const char *stop_name(rein_plan_stop stop) {
    static const char *const names[] = {[REIN_PLAN_STOP_DONE] = "done",
                                        [REIN_PLAN_STOP_EFFORT] = "effort",
                                        [REIN_PLAN_STOP_DEADLINE] = "deadline",
                                        [REIN_PLAN_STOP_CANCEL] = "cancel",
                                        [REIN_PLAN_STOP_SIZE] = "size"};
    return names[stop];
}

void json_add_plan_outcome(arena *memory, json_object *object, const rein_plan_outcome *outcome) {
    json_add_unsigned(object, "lower_bound_bytes", outcome->lower_bound_bytes);
    json_add_bool(object, "is_optimal", plan_is_exact(outcome));
    json_add_text(object, "precision", plan_precision(memory, outcome));
    json_add_text(object, "bound_proof", proof_name(outcome->proof));
    json_add_unsigned(object, "steps", outcome->steps);
    json_add_text(object, "stopped_by", stop_name(outcome->stop));
}
