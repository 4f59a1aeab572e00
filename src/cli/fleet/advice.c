#include "cli/fleet/advice.h"

#include "cli/base/numbers.h"
#include "cli/fleet/missing.h"
#include "contract/units.h"

static void add(arena *memory, advice *target, const char *sentence) {
    target->sentences = arena_grow(memory, target->sentences, target->count, &target->capacity,
                                   sizeof *target->sentences);
    target->sentences[target->count++] = sentence;
}

/* Rounds up to whole MiB, as people write sizes in manifests, if the result fits in 64 bits. */
static uint64_t whole_mebibytes(uint64_t bytes) {
    rein_result_bytes rounded = rein_bytes_round_up(bytes, REIN_MIB);
    return rein_result_bytes_is_ok(rounded) ? REIN_VALUE(rounded) : bytes;
}

static const char *id_of(const fleet_model *model) {
    return rein_model_id_text(&model->stated->id);
}

uint64_t advice_fitting_bytes(const rein_model_verdict *verdict) {
    rein_fact_u64 needed = verdict->needed_bytes;
    return whole_mebibytes(needed.is_known ? needed.value : verdict->needed_at_least_bytes);
}

/* Reservations are rounded up to steps of the device, so the larger budget may already be set
 * aside. The model is still limited by its budget. */
static void advise_larger_budget(arena *memory, const fleet_model *model, advice *target) {
    const rein_model_verdict *verdict = &model->verdict;
    uint64_t fitting_bytes = advice_fitting_bytes(verdict);
    const uint64_t sizes[] = {verdict->limit_bytes, fitting_bytes};
    size_t unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    bool is_known = verdict->needed_bytes.is_known;
    bool is_set_aside = is_known && fitting_bytes <= verdict->reserved_bytes;
    bool is_measured = fleet_need_is_measured(model);
    add(memory, target,
        arena_print(memory, "%s: raise its memory budget from %s to %s%s%s%s", id_of(model),
                    bytes_in_unit(memory, verdict->limit_bytes, unit),
                    bytes_in_unit(memory, fitting_bytes, unit),
                    is_known && !is_measured ? "" : " or more",
                    is_set_aside ? "; that much is set aside already" : "",
                    is_measured ? "; " MEASURED_CAUTION : ""));
}

/* Returns the remedy for a fact that the model misses: weights, state or activations. Its files may
 * have the fact in part. */
static const char *remedy_of_model(arena *memory, const fleet_model *model,
                                   const missing_fact *fact) {
    const model_description *described = model->described;
    if (described == NULL) {
        return fact->remedy;
    }
    if (fact->bit == REIN_MISSING_STATE) {
        bool needs_context = described->state.bytes_per_token.is_known &&
                             !described->context.tokens_per_sequence.is_known;
        return needs_context ? "state the context of its engine"
                             : "state its sequences, and the size of the state of each";
    }
    if (fact->bit == REIN_MISSING_WEIGHTS) {
        return described->weights.file_bytes.is_known
                   ? arena_print(memory, "state its weights on the device; its files have %s",
                                 exact_bytes(memory, described->weights.file_bytes.value))
                   : fact->remedy;
    }
    return described->lifetimes == NULL
               ? "state its activations, or measure it with 'rein run --measure'"
               : "state its activations, or follows_plan if its runtime follows the plan";
}

static void advise_missing_of_model(arena *memory, const fleet_model *model, advice *target) {
    for (size_t index = 0; index < missing_fact_count; index++) {
        const missing_fact *fact = &missing_facts[index];
        if ((model->verdict.missing & fact->bit) == 0 || !fact->is_of_model) {
            continue;
        }
        if (fact->remedy == NULL) {
            advise_larger_budget(memory, model, target);
        } else {
            add(memory, target,
                arena_print(memory, "%s: %s", id_of(model), remedy_of_model(memory, model, fact)));
        }
    }
}

static void advise_models(arena *memory, const fleet *checked, advice *target) {
    for (size_t index = 0; index < checked->model_count; index++) {
        const fleet_model *model = &checked->models[index];
        if (model->verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT) {
            advise_larger_budget(memory, model, target);
        } else if (model->verdict.outcome == REIN_ADMISSION_CANNOT_TELL) {
            advise_missing_of_model(memory, model, target);
        }
    }
}

static const char *remedy_of(arena *memory, const missing_fact *fact, const fleet *checked) {
    if (fact->bit == REIN_MISSING_DEVICE_MEMORY && !checked->device.is_found) {
        return "name a device profile: --device PROFILE";
    }
    bool needs_total =
        fact->bit == REIN_MISSING_RESERVED_IN_USE && !checked->device.profile.total_bytes.is_known;
    return needs_total ? arena_print(memory, "%s; state 'total' in the profile", fact->remedy)
                       : fact->remedy;
}

const char *advice_remedy(arena *memory, const fleet *checked, uint32_t missing_bit) {
    const missing_fact *fact = missing_facts;
    while (fact->bit != missing_bit) {
        fact++;
    }
    return remedy_of(memory, fact, checked);
}

/* Advises on facts of the device that the device or its models miss. */
static void advise_missing_of_device(arena *memory, const fleet *checked, advice *target) {
    uint32_t missing = checked->verdict.device.missing;
    for (size_t index = 0; index < checked->model_count; index++) {
        missing |= checked->models[index].verdict.missing;
    }
    for (size_t index = 0; index < missing_fact_count; index++) {
        const missing_fact *fact = &missing_facts[index];
        if ((missing & fact->bit) != 0 && !fact->is_of_model) {
            add(memory, target, remedy_of(memory, fact, checked));
        }
    }
}

/* Returns whether the shortfall is exact, so that adding that much memory is enough. */
static bool is_lack_known(const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    bool is_use_known = !fleet_free_bytes(checked).is_known ||
                        checked->reserved.fact.value + checked->live.live_bytes == 0;
    return device->available_bytes.is_known && checked->granularity.fact.is_known &&
           fleet_budget_steps(checked)->fact.is_known && is_use_known &&
           checked->live.unknown_count == 0;
}

static void advise_smaller_budgets(arena *memory, const fleet *checked, advice *target) {
    const rein_device_verdict *device = &checked->verdict.device;
    bool is_enough = device->needed_bytes.is_known && is_lack_known(checked) &&
                     device->needed_bytes.value <= device->available_bytes.value;
    if (is_enough) {
        const uint64_t sizes[] = {device->requested_bytes, device->needed_bytes.value};
        size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
        add(memory, target,
            arena_print(
                memory, "reduce the budgets to what the models need: from %s to %s in total%s",
                rounded_in_unit(memory, device->requested_bytes, unit),
                rounded_in_unit(memory, device->needed_bytes.value, unit),
                fleet_is_any_need_measured(checked) ? "; " MEASURED_CAUTION ", so leave a margin"
                                                    : ""));
    }
}

static void advise_smaller_headroom(arena *memory, const fleet *checked, advice *target) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (!is_lack_known(checked) || device->headroom_bytes < device->shortfall_bytes) {
        return;
    }
    uint64_t fitting_bytes = device->headroom_bytes - device->shortfall_bytes;
    const uint64_t sizes[] = {device->headroom_bytes, fitting_bytes};
    size_t unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    add(memory, target,
        arena_print(memory, "lower the headroom from %s to %s",
                    bytes_in_unit(memory, device->headroom_bytes, unit),
                    bytes_in_unit(memory, fitting_bytes, unit)));
}

/* Judges the device as if each budget that is too small were as large as advise_larger_budget says.
 * Returns the verdict as it is if the sums do not fit in 64 bits. */
static rein_device_verdict judge_larger_budgets(arena *memory, const fleet *checked) {
    rein_admission_request request = fleet_request(memory, checked);
    rein_model_demand *larger = arena_allocate(memory, checked->model_count, sizeof *larger);
    for (size_t index = 0; index < checked->model_count; index++) {
        const rein_model_verdict *verdict = &checked->models[index].verdict;
        larger[index] = request.models[index];
        if (verdict->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
            larger[index].budget.memory_limit_bytes = advice_fitting_bytes(verdict);
        }
    }
    request.models = larger;
    rein_model_verdict *verdicts = arena_allocate(memory, checked->model_count, sizeof *verdicts);
    rein_result_reservation_verdict judged =
        rein_reservation_judge(&request, &checked->live, verdicts);
    return rein_result_reservation_verdict_is_ok(judged) ? REIN_VALUE(judged).admission.device
                                                         : checked->verdict.device;
}

/* A measured need is a lower bound. */
static bool are_larger_budgets_known(const fleet *checked) {
    for (size_t index = 0; index < checked->model_count; index++) {
        const fleet_model *model = &checked->models[index];
        bool is_exact = model->verdict.needed_bytes.is_known && !fleet_need_is_measured(model);
        if (model->verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT && !is_exact) {
            return false;
        }
    }
    return true;
}

/* The memory that is missing counts larger budgets, so that this advice holds beside theirs. */
static void advise_larger_device(arena *memory, const fleet *checked, advice *target) {
    rein_device_verdict larger = judge_larger_budgets(memory, checked);
    if (larger.outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        bool is_exact = is_lack_known(checked) && are_larger_budgets_known(checked);
        add(memory, target,
            arena_print(memory, "use a device with %s%s more memory", is_exact ? "" : "at least ",
                        exact_bytes(memory, whole_mebibytes(larger.shortfall_bytes))));
    }
}

static void advise_device(arena *memory, const fleet *checked, advice *target) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        advise_smaller_budgets(memory, checked, target);
        if (device->removable_model < checked->model_count) {
            const fleet_model *removable = &checked->models[device->removable_model];
            add(memory, target,
                arena_print(memory, "move %s to another device: its budget is %s", id_of(removable),
                            exact_bytes(memory, removable->verdict.limit_bytes)));
        }
        advise_smaller_headroom(memory, checked, target);
    }
    advise_larger_device(memory, checked, target);
}

advice advice_make(arena *memory, const fleet *checked) {
    advice made = {.count = 0};
    advise_models(memory, checked, &made);
    advise_device(memory, checked, &made);
    advise_missing_of_device(memory, checked, &made);
    return made;
}
