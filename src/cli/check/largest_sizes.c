#include "cli/check/largest.h"

/* Returns a model's need and its budget. */
static largest_sizes sizes_of_budget(const fleet *judged, size_t model, largest_limit limit) {
    const rein_model_verdict *verdict = &judged->models[model].verdict;
    bool is_known =
        verdict->needed_bytes.is_known && verdict->outcome != REIN_ADMISSION_DOES_NOT_FIT;
    return (largest_sizes){
        .limit = limit,
        .model = model,
        .needed_bytes = is_known ? verdict->needed_bytes.value : verdict->needed_at_least_bytes,
        .is_at_least = !verdict->needed_bytes.is_known ||
                       verdict->needed_bytes.value != verdict->needed_at_least_bytes,
        .limit_bytes = rein_fact_u64_known(verdict->limit_bytes),
        .shortfall_bytes = verdict->shortfall_bytes};
}

/* Returns the sum of the budgets and the available memory. If it does not fit, the memory is the
 * most that may be available. */
static largest_sizes sizes_of_device(const largest_question *asked, const fleet *judged) {
    const rein_device_verdict *device = &judged->verdict.device;
    const rein_model_verdict *model = &judged->models[asked->model].verdict;
    bool is_refused = device->outcome == REIN_ADMISSION_DOES_NOT_FIT;
    uint64_t requested = device->requested_bytes;
    uint64_t short_by = device->shortfall_bytes;
    return (largest_sizes){
        .limit = LARGEST_LIMIT_DEVICE,
        .needed_bytes = requested,
        .is_at_least = !asked->has_budget && !model->needed_bytes.is_known,
        .limit_bytes = is_refused
                           ? rein_fact_u64_known(requested > short_by ? requested - short_by : 0)
                           : device->available_bytes,
        .shortfall_bytes = short_by};
}

static bool is_refused(const fleet *judged, size_t model) {
    return judged->models[model].verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT;
}

largest_sizes largest_sizes_of(const largest_question *asked, const largest_step *step) {
    const fleet *judged = &step->judged;
    if (step->refusal != NULL) {
        return (largest_sizes){.limit = LARGEST_REFUSED};
    }
    bool is_budget = step->outcome == REIN_ADMISSION_DOES_NOT_FIT
                         ? is_refused(judged, asked->model)
                         : asked->has_budget && asked->kind != LARGEST_INSTANCES;
    if (is_budget) {
        return sizes_of_budget(judged, asked->model, LARGEST_LIMIT_BUDGET);
    }
    bool is_device_refused = judged->verdict.device.outcome == REIN_ADMISSION_DOES_NOT_FIT;
    size_t other = 0;
    while (other < judged->model_count && !is_refused(judged, other)) {
        other++;
    }
    return is_device_refused || other == judged->model_count
               ? sizes_of_device(asked, judged)
               : sizes_of_budget(judged, other, LARGEST_LIMIT_OTHER_MODEL);
}
