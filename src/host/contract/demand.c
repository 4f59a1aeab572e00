#include "contract/demand.h"

/* The larger of two facts, or the one that is known. */
static rein_fact_u64 larger(rein_fact_u64 left, rein_fact_u64 right) {
    bool is_left = left.is_known && (!right.is_known || left.value >= right.value);
    return is_left ? left : right;
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
        demand.activation_bytes = larger(estimate->activation_bytes, planned_bytes);
        demand.activation_lower_bound_bytes =
            larger(estimate->activation_lower_bound_bytes, planned_lower_bound_bytes);
        demand.state_bytes_per_sequence = estimate->state_bytes_per_sequence;
    }
    return demand;
}
