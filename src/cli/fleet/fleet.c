#include "cli/fleet/fleet.h"

const char *number_origin_name(number_origin origin) {
    static const char *const names[] = {[NUMBER_UNKNOWN] = "unknown",
                                        [NUMBER_DEFAULT] = "default",
                                        [NUMBER_FROM_PROFILE] = "profile",
                                        [NUMBER_FROM_MANIFEST] = "manifest",
                                        [NUMBER_FROM_FILE] = "file"};
    return names[origin];
}

static rein_model_demand demand_of(const fleet_model *model) {
    const manifest_model *stated = model->stated;
    rein_model_demand demand = rein_model_demand_make(stated->id, stated->budget);
    demand.weights_bytes = model->weights.fact;
    demand.activation_bytes = stated_bytes_fact(&stated->activations);
    demand.activation_lower_bound_bytes = stated_bytes_fact(&stated->activations);
    demand.load_peak_bytes = stated_bytes_fact(&stated->load_peak);
    demand.state_bytes_per_sequence = model->state.fact;
    demand.concurrent_executions = stated->concurrent.count;
    demand.sequence_count = model->sequence_count;
    demand.process_count = stated->processes.count;
    demand.growth_bytes = stated->growth.bytes;
    demand.growth_doubles = stated->growth.doubles;
    demand.limit_includes_context = stated->limit_includes_context.is_set;
    if (model->measured != NULL) {
        demand.measured_peak_bytes = rein_fact_u64_known(model->measured->peak_bytes);
        demand.measured_includes_contexts = model->measured->includes_contexts;
    }
    if (model->origin == ACTIVATIONS_PLANNED) {
        const rein_plan_outcome *outcome = &model->planned.outcome;
        demand.activation_bytes = rein_fact_u64_known(outcome->height_bytes);
        demand.activation_lower_bound_bytes = rein_fact_u64_known(outcome->lower_bound_bytes);
    }
    return demand;
}

bool fleet_covers_contexts(const fleet_model *model) {
    rein_model_demand demand = demand_of(model);
    return rein_model_demand_covers_contexts(&demand);
}

/* If the outcome is "cannot tell", the measurement may still stand for facts that are unknown. */
bool fleet_need_is_measured(const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    bool is_open = verdict->outcome == REIN_ADMISSION_CANNOT_TELL;
    return verdict->is_measured || (is_open && model->measured != NULL);
}

bool fleet_is_any_need_measured(const fleet *checked) {
    size_t index = 0;
    while (index < checked->model_count && !fleet_need_is_measured(&checked->models[index])) {
        index++;
    }
    return index < checked->model_count;
}

const sourced_number *fleet_budget_steps(const fleet *gathered) {
    rein_device_profile device = gathered->device.profile;
    device.pool_growth_bytes = gathered->pool_growth.fact;
    return rein_device_profile_counts_growth(&device) ? &gathered->pool_growth
                                                      : &gathered->granularity;
}

rein_fact_u64 fleet_free_bytes(const fleet *gathered) {
    return gathered->device.is_judged_by_total ? rein_fact_u64_unknown()
                                               : gathered->device.profile.free_bytes;
}

rein_admission_request fleet_request(arena *memory, const fleet *gathered) {
    size_t count = gathered->model_count;
    rein_model_demand *demands = arena_allocate(memory, count, sizeof *demands);
    for (size_t index = 0; index < count; index++) {
        demands[index] = demand_of(&gathered->models[index]);
    }
    rein_device_profile *device = arena_allocate(memory, 1, sizeof *device);
    *device = gathered->device.profile;
    device->free_bytes = fleet_free_bytes(gathered);
    device->context_overhead_bytes = gathered->context_overhead.fact;
    device->allocation_granularity_bytes = gathered->granularity.fact;
    device->pool_growth_bytes = gathered->pool_growth.fact;
    rein_admission_request request = rein_admission_request_make(demands, count, device);
    request.headroom_bytes = gathered->headroom.fact.value;
    request.reserved_bytes = gathered->reserved.fact.value;
    request.process_count = gathered->processes.fact.value;
    return request;
}

void fleet_set_verdict(fleet *target, const rein_reservation_verdict *judged,
                       const rein_model_verdict *models) {
    target->verdict = judged->admission;
    target->live = judged->others;
    for (size_t index = 0; index < target->model_count; index++) {
        target->models[index].verdict = models[index];
    }
}

rein_result_void fleet_judge(arena *memory, fleet *gathered) {
    rein_model_verdict *models = arena_allocate(memory, gathered->model_count, sizeof *models);
    rein_admission_request request = fleet_request(memory, gathered);
    rein_reservation_verdict judged =
        REIN_TRY(rein_result_void, rein_reservation_judge(&request, &gathered->live, models));
    fleet_set_verdict(gathered, &judged, models);
    return rein_done();
}
