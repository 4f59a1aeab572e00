#include "host/contract/admission_need.h"

#include "host/contract/admission_processes.h"

/* Returns the part, or only what is known of it if the measured peak stands for the rest. */
static amount counted(amount part, bool is_measured) {
    return is_measured && !part.is_bounded ? amount_exactly(part.at_least) : part;
}

/* Adds `count` times `part`, each rounded up. Returns false if that does not fit in 64 bits. */
static bool add_parts(amount *sum, amount part, uint64_t count, rein_fact_u64 granularity) {
    if (count == 0) {
        return true;
    }
    return amount_round_up(&part, granularity) && amount_multiply(&part, count) &&
           amount_add(sum, part);
}

static amount activations_of(const rein_model_demand *model) {
    amount activations = amount_of_fact(model->activation_bytes);
    activations.at_least = amount_of_fact(model->activation_lower_bound_bytes).at_least;
    return activations;
}

static uint64_t executions_of(const rein_model_demand *model) {
    return model->concurrent_executions > 0 ? model->concurrent_executions : 1;
}

static bool sum_while_running(const rein_model_demand *model, rein_fact_u64 granularity,
                              amount *out_sum) {
    bool is_measured = model->measured_peak_bytes.is_known;
    amount weights = counted(amount_of_fact(model->weights_bytes), is_measured);
    amount activations = counted(activations_of(model), is_measured);
    amount state = counted(amount_of_fact(model->state_bytes_per_sequence), is_measured);
    *out_sum = amount_exactly(0);
    return add_parts(out_sum, weights, 1, granularity) &&
           add_parts(out_sum, activations, executions_of(model), granularity) &&
           add_parts(out_sum, state, model->sequence_count, granularity);
}

/* Rounds a peak up. An unknown peak counts as 0: it is assumed to be within the other amounts. */
static bool round_peak(rein_fact_u64 peak, rein_fact_u64 granularity, amount *out_peak) {
    *out_peak = amount_exactly(amount_of_fact(peak).at_least);
    return amount_round_up(out_peak, granularity);
}

/* Adds the part of the limit that the contexts take, if it covers them. */
static bool add_contexts(const rein_model_demand *model, rein_fact_u64 overhead, amount *need) {
    bool is_measured = model->measured_peak_bytes.is_known && model->measured_includes_contexts;
    amount contexts = counted(amount_of_fact(overhead), is_measured);
    return !rein_model_demand_covers_contexts(model) ||
           (amount_multiply(&contexts, rein_i_admission_processes_of(model)) &&
            amount_add(need, contexts));
}

bool rein_i_admission_need(const rein_model_demand *model, const rein_device_profile *device,
                           model_need *out_need) {
    rein_fact_u64 granularity = device->allocation_granularity_bytes;
    rein_fact_u64 overhead = device->context_overhead_bytes;
    amount running;
    amount loading;
    amount measured;
    if (!sum_while_running(model, granularity, &running) ||
        !round_peak(model->load_peak_bytes, granularity, &loading) ||
        !round_peak(model->measured_peak_bytes, granularity, &measured)) {
        return false;
    }
    bool includes_contexts = model->measured_includes_contexts;
    amount by_facts = amount_larger(running, loading);
    amount needed = includes_contexts ? by_facts : amount_larger(by_facts, measured);
    if (!add_contexts(model, overhead, &by_facts) || !add_contexts(model, overhead, &needed)) {
        return false;
    }
    *out_need = (model_need){
        .by_facts = by_facts,
        .needed = includes_contexts ? amount_larger(needed, measured) : needed,
    };
    return true;
}
