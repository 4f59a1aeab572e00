#include "contract/demand.h"

/* Returns the larger of two facts, or the one that is known. */
static rein_fact_u64 larger(rein_fact_u64 left, rein_fact_u64 right) {
    bool is_left = left.is_known && (!right.is_known || left.value >= right.value);
    return is_left ? left : right;
}

/* Returns the activations, or unknown if they are below the proven lower bound: a plan that is too
 * low does not say how much an execution needs. */
static rein_fact_u64 at_least(rein_fact_u64 bytes, rein_fact_u64 lower_bound_bytes) {
    bool is_too_low =
        bytes.is_known && lower_bound_bytes.is_known && bytes.value < lower_bound_bytes.value;
    return is_too_low ? rein_fact_u64_unknown() : bytes;
}

rein_model_demand rein_model_demand_from_estimate(rein_model_id id, rein_resource_budget budget,
                                                  const rein_memory_estimate *estimate,
                                                  rein_fact_u64 planned_bytes,
                                                  rein_fact_u64 planned_lower_bound_bytes) {
    rein_model_demand demand = rein_model_demand_make(id, budget);
    demand.activation_bytes = planned_bytes;
    demand.activation_lower_bound_bytes = planned_lower_bound_bytes;
    if (estimate != NULL) {
        demand.weights_bytes = estimate->weights_bytes;
        demand.load_peak_bytes = estimate->load_peak_bytes;
        demand.activation_lower_bound_bytes =
            larger(estimate->activation_lower_bound_bytes, planned_lower_bound_bytes);
        demand.activation_bytes = at_least(larger(estimate->activation_bytes, planned_bytes),
                                           demand.activation_lower_bound_bytes);
    }
    return demand;
}
