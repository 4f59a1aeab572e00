#include "host/contract/admission_need.h"

#include "host/contract/admission_processes.h"

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
    amount state = amount_of_fact(model->state_bytes_per_sequence);
    *out_sum = amount_exactly(0);
    return add_parts(out_sum, amount_of_fact(model->weights_bytes), 1, granularity) &&
           add_parts(out_sum, activations_of(model), executions_of(model), granularity) &&
           add_parts(out_sum, state, model->sequence_count, granularity);
}

/* Rounds the load peak up. An unknown peak counts as 0: it is assumed to be within the need after
 * loading. */
static bool round_load_peak(const rein_model_demand *model, rein_fact_u64 granularity,
                            amount *out_peak) {
    *out_peak = amount_exactly(amount_of_fact(model->load_peak_bytes).at_least);
    return amount_round_up(out_peak, granularity);
}

/* Adds the part of the limit that the contexts take, if it includes them. */
static bool add_contexts(const rein_model_demand *model, rein_fact_u64 overhead, amount *need) {
    amount contexts = amount_of_fact(overhead);
    return !model->limit_includes_context ||
           (amount_multiply(&contexts, rein_i_admission_processes_of(model)) &&
            amount_add(need, contexts));
}

bool rein_i_admission_need(const rein_model_demand *model, const rein_device_profile *device,
                           amount *out_need) {
    rein_fact_u64 granularity = device->allocation_granularity_bytes;
    amount running;
    amount loading;
    if (!sum_while_running(model, granularity, &running) ||
        !round_load_peak(model, granularity, &loading)) {
        return false;
    }
    *out_need = amount_larger(running, loading);
    return add_contexts(model, device->context_overhead_bytes, out_need);
}
