#include "host/contract/admission_missing.h"

#include "host/contract/admission_steps.h"

static uint32_t missing_unless(bool is_known, int fact) {
    return is_known ? 0U : (uint32_t)fact;
}

/* Returns the facts that the need of the model depends on and that are unknown. */
static uint32_t unknown_facts(const rein_model_demand *model, const rein_device_profile *device) {
    bool is_state_known = model->sequence_count == 0 || model->state_bytes_per_sequence.is_known;
    bool is_context_known =
        !rein_model_demand_covers_contexts(model) || device->context_overhead_bytes.is_known;
    bool is_granularity_known = device->allocation_granularity_bytes.is_known;
    return missing_unless(model->weights_bytes.is_known, REIN_MISSING_WEIGHTS) |
           missing_unless(model->activation_bytes.is_known, REIN_MISSING_ACTIVATIONS) |
           missing_unless(is_state_known, REIN_MISSING_STATE) |
           missing_unless(is_context_known, REIN_MISSING_CONTEXT_OVERHEAD) |
           missing_unless(is_granularity_known, REIN_MISSING_GRANULARITY);
}

/* Returns the facts that the model's measured peak includes. */
static uint32_t measured_facts(const rein_model_demand *model) {
    uint32_t facts = REIN_MISSING_WEIGHTS | REIN_MISSING_ACTIVATIONS | REIN_MISSING_STATE;
    facts |= model->measured_includes_contexts ? REIN_MISSING_CONTEXT_OVERHEAD : 0U;
    return model->measured_peak_bytes.is_known ? facts : 0;
}

bool rein_i_admission_replaces_unknown(const rein_model_demand *model,
                                       const rein_device_profile *device) {
    return (unknown_facts(model, device) & measured_facts(model)) != 0;
}

uint32_t rein_i_admission_missing_of_model(const rein_model_demand *model,
                                           const rein_device_profile *device) {
    uint32_t missing = unknown_facts(model, device) & ~measured_facts(model);
    return missing | missing_unless(missing != 0, REIN_MISSING_EXACT_PLAN);
}

/* Returns whether the holders of reservations know another total of the device. */
static bool is_total_contradicted(const rein_admission_request *request) {
    rein_fact_u64 ours = request->device->total_bytes;
    rein_fact_u64 theirs = request->others_total_bytes;
    return ours.is_known && theirs.is_known && ours.value != theirs.value;
}

uint32_t rein_i_admission_missing_of_device(const rein_admission_request *request,
                                            rein_memory_basis basis, bool is_use_known,
                                            uint64_t context_count) {
    const rein_device_profile *device = request->device;
    memory_steps steps = memory_steps_of(device);
    bool is_context_known = context_count == 0 || device->context_overhead_bytes.is_known;
    return missing_unless(basis != REIN_MEMORY_BASIS_UNKNOWN, REIN_MISSING_DEVICE_MEMORY) |
           missing_unless(is_context_known, REIN_MISSING_CONTEXT_OVERHEAD) |
           missing_unless(steps.granularity.is_known, REIN_MISSING_GRANULARITY) |
           missing_unless(steps.growth.is_known, REIN_MISSING_POOL_GROWTH) |
           missing_unless(is_use_known, REIN_MISSING_RESERVED_IN_USE) |
           missing_unless(!request->has_unknown_reservations, REIN_MISSING_RESERVATIONS) |
           missing_unless(!is_total_contradicted(request), REIN_MISSING_DEVICE_TOTAL);
}
