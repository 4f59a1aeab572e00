#include "host/contract/admission_model.h"

#include "host/contract/admission_growth.h"
#include "host/contract/admission_missing.h"
#include "host/contract/admission_need.h"
#include "host/contract/admission_processes.h"
#include "host/contract/admission_steps.h"
#include "host/contract/invalid.h"

static rein_result_void validate_model(const rein_model_demand *model, size_t index) {
    if (model->struct_size != sizeof *model) {
        return rein_i_invalid(REIN_HERE, "model {u}" MUST_HAVE_STRUCT_SIZE, index,
                              model->struct_size, sizeof *model);
    }
    rein_result_void budget = rein_resource_budget_validate(&model->budget);
    if (!budget.is_ok) {
        return rein_result_void_fail(
            rein_i_error_within(&REIN_ERROR(budget), "the budget of model {u}: {text}", index));
    }
    rein_fact_u64 least = model->activation_lower_bound_bytes;
    rein_fact_u64 enough = model->activation_bytes;
    if (least.is_known && enough.is_known && least.value > enough.value) {
        return rein_i_invalid(REIN_HERE,
                              "model {u} has activation_lower_bound_bytes {bytes}; it must be at "
                              "most activation_bytes, {bytes}",
                              index, least.value, enough.value);
    }
    if (model->measured_peak_bytes.is_known && model->measured_peak_bytes.value == 0) {
        return rein_i_invalid(REIN_HERE, "model {u} has measured_peak_bytes 0B" MUST_BE_POSITIVE,
                              index, 0, 0);
    }
    return rein_done();
}

/* Returns whether every fact that could be compared with the model's budget is unknown. */
static bool is_cap(const rein_model_demand *model) {
    return !model->weights_bytes.is_known && !model->activation_bytes.is_known &&
           !model->activation_lower_bound_bytes.is_known && !model->load_peak_bytes.is_known &&
           !model->state_bytes_per_sequence.is_known && !model->measured_peak_bytes.is_known;
}

/* A cap is judged if the contexts that its limit covers are above the limit already. */
static rein_admission_outcome outcome_of(const rein_model_demand *model, amount needed) {
    rein_admission_outcome judged = amount_outcome(needed, model->budget.memory_limit_bytes);
    return is_cap(model) && judged != REIN_ADMISSION_DOES_NOT_FIT ? REIN_ADMISSION_CAP : judged;
}

/* Rounds up to what the device gives away to hold these bytes of the model. */
static bool round_to_device(const rein_model_demand *model, memory_steps steps, amount *bytes) {
    return amount_grow(bytes, model) && amount_round_up(bytes, steps.granularity) &&
           amount_round_up(bytes, steps.growth);
}

/* Returns whether the outcome rests on the measured peak: see rein_model_verdict. */
static bool is_measured(const rein_model_demand *model, const rein_device_profile *device,
                        const model_need *need, rein_admission_outcome outcome) {
    if (outcome == REIN_ADMISSION_FITS) {
        return need->needed.at_most > need->by_facts.at_most ||
               rein_i_admission_replaces_unknown(model, device);
    }
    return outcome == REIN_ADMISSION_DOES_NOT_FIT &&
           need->needed.at_least > need->by_facts.at_least;
}

bool rein_i_admission_judge_model(const rein_model_demand *model, const rein_device_profile *device,
                                  rein_model_verdict *out_verdict) {
    model_need need;
    uint64_t limit = model->budget.memory_limit_bytes;
    amount reserved = amount_exactly(limit);
    if (!rein_i_admission_need(model, device, &need) ||
        !round_to_device(model, memory_steps_of(device), &reserved)) {
        return false;
    }
    amount needed = need.needed;
    rein_admission_outcome outcome = outcome_of(model, needed);
    *out_verdict = (rein_model_verdict){
        .outcome = outcome,
        .missing = outcome == REIN_ADMISSION_CANNOT_TELL
                       ? rein_i_admission_missing_of_model(model, device)
                       : 0,
        .limit_bytes = limit,
        .reserved_bytes = reserved.at_least,
        .needed_bytes = amount_upper_bound(needed),
        .needed_at_least_bytes = needed.at_least,
        .shortfall_bytes = outcome == REIN_ADMISSION_DOES_NOT_FIT ? needed.at_least - limit : 0,
        .is_measured = is_measured(model, device, &need, outcome),
    };
    return true;
}

static bool add_model(demand_sum *sum, const rein_model_demand *model,
                      const rein_model_verdict *verdict, memory_steps steps) {
    amount reserved = amount_exactly(verdict->reserved_bytes);
    reserved.is_bounded = memory_steps_are_known(steps);
    amount needed = amount_of_fact(verdict->needed_bytes);
    needed.at_least = verdict->needed_at_least_bytes;
    sum->streams += (uint64_t)model->budget.stream_limit;
    sum->contexts += rein_i_admission_contexts_of(model);
    return checked_add(sum->processes, rein_i_admission_processes_of(model), &sum->processes) &&
           round_to_device(model, steps, &needed) && amount_add(&sum->reserved, reserved) &&
           amount_add(&sum->needed, needed);
}

static rein_result_void model_error(rein_source_location where, size_t index) {
    return rein_i_invalid(where, "the sum of the demands up to model {u}" MUST_FIT_64_BITS, index,
                          0, 0);
}

rein_result_void rein_i_admission_sum_models(const rein_admission_request *request,
                                             demand_sum *out_sum) {
    memory_steps steps = memory_steps_of(request->device);
    demand_sum sum = {.reserved = amount_exactly(0), .needed = amount_exactly(0)};
    for (size_t index = 0; index < request->model_count; index++) {
        const rein_model_demand *model = &request->models[index];
        REIN_TRY(rein_result_void, validate_model(model, index));
        rein_model_verdict verdict;
        if (!rein_i_admission_judge_model(model, request->device, &verdict) ||
            !add_model(&sum, model, &verdict, steps)) {
            return model_error(REIN_HERE, index);
        }
    }
    if (!rein_admission_has_own_processes(request)) {
        sum.contexts = request->process_count;
    }
    *out_sum = sum;
    return rein_done();
}
