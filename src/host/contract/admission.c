#include "contract/admission.h"

#include <stddef.h>

#include "contract/units.h"
#include "host/base/checked.h"
#include "host/contract/invalid.h"

static const char *const outcome_names[] = {
    [REIN_ADMISSION_FITS] = "fits",
    [REIN_ADMISSION_DOES_NOT_FIT] = "does not fit",
    [REIN_ADMISSION_CANNOT_TELL] = "cannot tell",
    [REIN_ADMISSION_CAP] = "cap",
};

const char *rein_admission_outcome_name(rein_admission_outcome outcome) {
    bool is_outcome = outcome >= REIN_ADMISSION_FITS && outcome <= REIN_ADMISSION_CAP;
    return is_outcome ? outcome_names[outcome] : "unknown";
}

static const char *const basis_names[] = {
    [REIN_MEMORY_BASIS_UNKNOWN] = "unknown",
    [REIN_MEMORY_BASIS_FREE] = "free",
    [REIN_MEMORY_BASIS_TOTAL] = "total",
};

const char *rein_memory_basis_name(rein_memory_basis basis) {
    bool is_basis = basis >= REIN_MEMORY_BASIS_UNKNOWN && basis <= REIN_MEMORY_BASIS_TOTAL;
    return basis_names[is_basis ? basis : REIN_MEMORY_BASIS_UNKNOWN];
}

static rein_result_void validate_model(const rein_model_demand *model, size_t index) {
    if (!rein_resource_budget_is_valid(&model->budget)) {
        return rein_i_invalid(
            REIN_HERE,
            "model {u} has no valid budget, expected memory, streams and compute above 0 "
            "(rein_resource_budget_validate says which)",
            index, 0, 0);
    }
    rein_fact_u64 least = model->activation_lower_bound_bytes;
    rein_fact_u64 enough = model->activation_bytes;
    if (least.is_known && enough.is_known && least.value > enough.value) {
        return rein_i_invalid(
            REIN_HERE,
            "model {u} has activation_lower_bound_bytes {bytes}, expected at most its "
            "activation_bytes, {bytes}",
            index, least.value, enough.value);
    }
    return rein_done();
}

static rein_result_void validate_request(const rein_admission_request *request,
                                         const rein_model_verdict *out_models) {
    if (request == NULL || request->device == NULL) {
        return rein_i_invalid(REIN_HERE, "the request and its device must not be NULL", 0, 0, 0);
    }
    if (request->model_count > 0 && (request->models == NULL || out_models == NULL)) {
        return rein_i_invalid(REIN_HERE, "models and out_models must not be NULL: each holds {u}",
                              request->model_count, 0, 0);
    }
    if (request->process_count == 0) {
        return rein_i_invalid(REIN_HERE, "process_count is 0, expected at least 1", 0, 0, 0);
    }
    if (request->reserved_in_use_bytes > request->reserved_bytes) {
        return rein_i_invalid(
            REIN_HERE, "reserved_in_use_bytes is {bytes}, expected at most reserved_bytes, {bytes}",
            request->reserved_in_use_bytes, request->reserved_bytes, 0);
    }
    return rein_device_profile_validate(request->device);
}

/* An amount known from below, and from above where `is_bounded`: what is unknown may be as small as
 * 0 and as large as it likes. */
typedef struct amount {
    uint64_t at_least;
    bool is_bounded;
    uint64_t at_most;
} amount;

/*@ predicate is_range(amount a) = a.is_bounded ==> a.at_least <= a.at_most; */

/*@ assigns \nothing;
    ensures \result.is_bounded && \result.at_least == \result.at_most == value; */
static amount amount_exactly(uint64_t value) {
    return (amount){.at_least = value, .is_bounded = true, .at_most = value};
}

/* The value of an unknown fact is not looked at. */
/*@ assigns \nothing;
    ensures \result.is_bounded <==> fact.is_known;
    ensures \result.at_least == (fact.is_known ? fact.value : 0);
    ensures \result.at_most == \result.at_least; */
static amount amount_of_fact(rein_fact_u64 fact) {
    return fact.is_known ? amount_exactly(fact.value) : (amount){.at_least = 0};
}

static rein_fact_u64 upper_end(amount range) {
    return range.is_bounded ? rein_fact_u64_known(range.at_most) : rein_fact_u64_unknown();
}

/* Adds to both ends; false where a sum does not fit, with `sum` unchanged. */
/*@ requires \valid(sum);
    assigns *sum;
    ensures \result <==> \old(sum->at_least) + more.at_least <= UINT64_MAX &&
        (\old(sum->is_bounded) && more.is_bounded ==>
            \old(sum->at_most) + more.at_most <= UINT64_MAX);
    ensures \result ==> sum->at_least == \old(sum->at_least) + more.at_least;
    ensures \result ==> (sum->is_bounded <==> \old(sum->is_bounded) && more.is_bounded);
    ensures \result && sum->is_bounded ==> sum->at_most == \old(sum->at_most) + more.at_most;
    ensures !\result ==> *sum == \old(*sum); */
static bool add_amount(amount *sum, amount more) {
    amount total = {.is_bounded = sum->is_bounded && more.is_bounded};
    if (!checked_add(sum->at_least, more.at_least, &total.at_least)) {
        return false;
    }
    if (total.is_bounded && !checked_add(sum->at_most, more.at_most, &total.at_most)) {
        return false;
    }
    *sum = total;
    return true;
}

/* Rounds up to the granularity; by an unknown one the lower end stays and the upper end is lost. */
/*@ requires \valid(range) && is_range(*range);
    requires granularity.is_known ==> granularity.value > 0;
    assigns *range;
    ensures \result ==> \old(range->at_least) <= range->at_least && is_range(*range);
    ensures \result ==> (range->is_bounded <==> \old(range->is_bounded) && granularity.is_known);
    ensures \result && range->is_bounded ==> \old(range->at_most) <= range->at_most;
    ensures \result && granularity.is_known ==>
        range->at_least % granularity.value == 0 && range->at_most % granularity.value == 0 &&
        range->at_least < \old(range->at_least) + granularity.value; */
static bool round_amount(amount *range, rein_fact_u64 granularity) {
    if (!granularity.is_known) {
        range->is_bounded = false;
        return true;
    }
    return checked_round_up(range->at_least, granularity.value, &range->at_least) &&
           checked_round_up(range->at_most, granularity.value, &range->at_most);
}

/*@ assigns \nothing;
    ensures \result == REIN_ADMISSION_DOES_NOT_FIT <==> needed.at_least > available;
    ensures \result == REIN_ADMISSION_FITS <==>
        needed.is_bounded && needed.at_least <= available && needed.at_most <= available; */
static rein_admission_outcome outcome_within(amount needed, uint64_t available) {
    if (needed.at_least > available) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return needed.is_bounded && needed.at_most <= available ? REIN_ADMISSION_FITS
                                                            : REIN_ADMISSION_CANNOT_TELL;
}

static amount activations_of(const rein_model_demand *model) {
    amount activations = amount_of_fact(model->activation_bytes);
    activations.at_least = amount_of_fact(model->activation_lower_bound_bytes).at_least;
    return activations;
}

static uint32_t missing_of_model(const rein_model_demand *model, rein_fact_u64 granularity) {
    uint32_t missing = 0;
    missing |= model->weights_bytes.is_known ? 0U : (uint32_t)REIN_MISSING_WEIGHTS;
    missing |= model->activation_bytes.is_known ? 0U : (uint32_t)REIN_MISSING_ACTIVATIONS;
    missing |= granularity.is_known ? 0U : (uint32_t)REIN_MISSING_GRANULARITY;
    return missing == 0 ? (uint32_t)REIN_MISSING_EXACT_PLAN : missing;
}

/* Whether nothing is known that could be compared with the model's budget. */
static bool is_cap(const rein_model_demand *model) {
    return !model->weights_bytes.is_known && !model->activation_bytes.is_known &&
           !model->activation_lower_bound_bytes.is_known;
}

/* In which steps a device hands out memory. */
typedef struct memory_steps {
    rein_fact_u64 granularity; /* of an allocation */
    rein_fact_u64 growth;      /* of what a model holds of the device; 1 where there are no pools */
} memory_steps;

static memory_steps steps_of(const rein_device_profile *device) {
    return (memory_steps){.granularity = device->allocation_granularity_bytes,
                          .growth = rein_device_profile_counts_growth(device)
                                        ? device->pool_growth_bytes
                                        : rein_fact_u64_known(1)};
}

/* False where a number does not fit in 64 bits. */
static bool judge_model(const rein_model_demand *model, memory_steps steps,
                        rein_model_verdict *out_verdict) {
    amount weights = amount_of_fact(model->weights_bytes);
    amount needed = activations_of(model);
    amount reserved = amount_exactly(model->budget.memory_limit_bytes);
    if (!round_amount(&weights, steps.granularity) || !round_amount(&needed, steps.granularity) ||
        !round_amount(&reserved, steps.granularity) || !round_amount(&reserved, steps.growth) ||
        !add_amount(&needed, weights)) {
        return false;
    }
    uint64_t limit = model->budget.memory_limit_bytes;
    rein_admission_outcome outcome =
        is_cap(model) ? REIN_ADMISSION_CAP : outcome_within(needed, limit);
    *out_verdict = (rein_model_verdict){
        .outcome = outcome,
        .missing =
            outcome == REIN_ADMISSION_CANNOT_TELL ? missing_of_model(model, steps.granularity) : 0,
        .limit_bytes = limit,
        .reserved_bytes = reserved.at_least,
        .needed_bytes = upper_end(needed),
        .needed_at_least_bytes = needed.at_least,
        .shortfall_bytes = outcome == REIN_ADMISSION_DOES_NOT_FIT ? needed.at_least - limit : 0,
    };
    return true;
}

static bool are_known(memory_steps steps) {
    return steps.granularity.is_known && steps.growth.is_known;
}

/* What the models of a set ask for together. */
typedef struct demand_sum {
    amount reserved; /* their limits, rounded up */
    amount needed;   /* their needs, rounded up */
    uint64_t streams;
} demand_sum;

static bool add_model(demand_sum *sum, const rein_model_demand *model,
                      const rein_model_verdict *verdict, memory_steps steps) {
    amount reserved = amount_exactly(verdict->reserved_bytes);
    reserved.is_bounded = are_known(steps);
    amount needed = amount_of_fact(verdict->needed_bytes);
    needed.at_least = verdict->needed_at_least_bytes;
    sum->streams += (uint64_t)model->budget.stream_limit;
    return round_amount(&needed, steps.growth) && add_amount(&sum->reserved, reserved) &&
           add_amount(&sum->needed, needed);
}

static rein_result_void model_error(rein_source_location where, size_t index) {
    return rein_i_invalid(where, "the sum of the demands up to model {u} does not fit in 64 bits",
                          index, 0, 0);
}

/* Validates and sums; writes nothing but the sum. */
static rein_result_void sum_models(const rein_admission_request *request, demand_sum *out_sum) {
    memory_steps steps = steps_of(request->device);
    demand_sum sum = {.reserved = amount_exactly(0), .needed = amount_exactly(0)};
    for (size_t index = 0; index < request->model_count; index++) {
        const rein_model_demand *model = &request->models[index];
        rein_result_void valid = validate_model(model, index);
        REIN_RETURN_IF_ERROR(rein_result_void, valid);
        rein_model_verdict verdict;
        if (!judge_model(model, steps, &verdict) || !add_model(&sum, model, &verdict, steps)) {
            return model_error(REIN_HERE, index);
        }
    }
    *out_sum = sum;
    return rein_done();
}

/* One of the device's sizes, and what is taken of it before the models. */
typedef struct device_offer {
    rein_memory_basis basis;
    uint64_t basis_bytes;
    amount others;
    amount context;
    amount taken; /* context, headroom and others together */
} device_offer;

static rein_memory_basis preferred_basis(const rein_device_profile *device) {
    if (device->free_bytes.is_known) {
        return REIN_MEMORY_BASIS_FREE;
    }
    return device->total_bytes.is_known ? REIN_MEMORY_BASIS_TOTAL : REIN_MEMORY_BASIS_UNKNOWN;
}

/* Free memory already lacks what others use of their reservations, which may be all; total memory
 * lacks nothing. */
static device_offer offer_of(const rein_admission_request *request, rein_memory_basis basis) {
    const rein_device_profile *device = request->device;
    device_offer offer = {.basis = basis,
                          .others = amount_exactly(request->reserved_bytes),
                          .context = amount_of_fact(device->context_overhead_bytes)};
    if (basis == REIN_MEMORY_BASIS_FREE) {
        offer.basis_bytes = device->free_bytes.value;
        offer.others.at_least = 0;
        offer.others.at_most -= request->reserved_in_use_bytes;
    } else if (basis == REIN_MEMORY_BASIS_TOTAL) {
        offer.basis_bytes = device->total_bytes.value;
    }
    return offer;
}

static rein_result_void weigh_offer(const rein_admission_request *request, device_offer *offer) {
    bool fits =
        checked_multiply(offer->context.at_least, request->process_count, &offer->context.at_least);
    offer->context.at_most = offer->context.at_least;
    offer->taken = offer->context;
    fits = fits && add_amount(&offer->taken, amount_exactly(request->headroom_bytes)) &&
           add_amount(&offer->taken, offer->others);
    if (!fits) {
        return rein_i_invalid(
            REIN_HERE,
            "the sum of {u} contexts, headroom {bytes} and reservations {bytes} does not fit "
            "in 64 bits",
            request->process_count, request->headroom_bytes, offer->others.at_most);
    }
    return rein_done();
}

/* The others were judged by another size of the device. */
static bool is_total_contradicted(const rein_admission_request *request) {
    rein_fact_u64 ours = request->device->total_bytes;
    rein_fact_u64 theirs = request->others_total_bytes;
    return ours.is_known && theirs.is_known && ours.value != theirs.value;
}

static uint32_t missing_of_device(const rein_admission_request *request,
                                  const device_offer *offer) {
    const rein_device_profile *device = request->device;
    bool is_basis_known = offer->basis != REIN_MEMORY_BASIS_UNKNOWN;
    bool is_use_known = offer->others.at_least == offer->others.at_most;
    uint32_t missing = 0;
    missing |= is_basis_known ? 0U : (uint32_t)REIN_MISSING_DEVICE_MEMORY;
    missing |=
        device->context_overhead_bytes.is_known ? 0U : (uint32_t)REIN_MISSING_CONTEXT_OVERHEAD;
    missing |=
        device->allocation_granularity_bytes.is_known ? 0U : (uint32_t)REIN_MISSING_GRANULARITY;
    missing |= steps_of(device).growth.is_known ? 0U : (uint32_t)REIN_MISSING_POOL_GROWTH;
    missing |= is_use_known ? 0U : (uint32_t)REIN_MISSING_RESERVED_IN_USE;
    missing |= request->has_unknown_reservations ? (uint32_t)REIN_MISSING_RESERVATIONS : 0U;
    missing |= is_total_contradicted(request) ? (uint32_t)REIN_MISSING_DEVICE_TOTAL : 0U;
    return missing;
}

/* What an offer leaves where `taken` is taken of it, not below 0. */
/*@ requires \valid_read(offer);
    assigns \nothing;
    ensures \result.is_known <==>
        offer->basis != REIN_MEMORY_BASIS_UNKNOWN && offer->taken.is_bounded;
    ensures \result.is_known ==> \result.value == \max(0, offer->basis_bytes - taken); */
static rein_fact_u64 available_of(const device_offer *offer, uint64_t taken) {
    if (offer->basis == REIN_MEMORY_BASIS_UNKNOWN || !offer->taken.is_bounded) {
        return rein_fact_u64_unknown();
    }
    bool is_some_left = offer->basis_bytes > taken;
    return rein_fact_u64_known(is_some_left ? offer->basis_bytes - taken : 0);
}

/* All promises against one of the device's sizes. */
typedef struct offer_judgement {
    rein_device_verdict verdict;
    uint64_t lacks_at_most; /* beyond the basis, if all that is taken before the models is known */
} offer_judgement;

static rein_admission_outcome outcome_of_offer(const rein_admission_request *request,
                                               const device_offer *offer, amount needed) {
    bool is_untold = offer->basis == REIN_MEMORY_BASIS_UNKNOWN || is_total_contradicted(request);
    needed.is_bounded = needed.is_bounded && !request->has_unknown_reservations;
    return is_untold ? REIN_ADMISSION_CANNOT_TELL : outcome_within(needed, offer->basis_bytes);
}

static rein_device_verdict describe_offer(const rein_admission_request *request,
                                          const device_offer *offer, const demand_sum *sum,
                                          amount needed) {
    rein_admission_outcome outcome = outcome_of_offer(request, offer, needed);
    bool is_refused = outcome == REIN_ADMISSION_DOES_NOT_FIT;
    bool is_untold = outcome == REIN_ADMISSION_CANNOT_TELL;
    return (rein_device_verdict){
        .outcome = outcome,
        .missing = is_untold ? missing_of_device(request, offer) : 0,
        .basis = offer->basis,
        .basis_bytes = offer->basis_bytes,
        .context_bytes = upper_end(offer->context),
        .headroom_bytes = request->headroom_bytes,
        .others_bytes = offer->others.at_most,
        .available_bytes = available_of(offer, offer->taken.at_most),
        .available_at_most_bytes = available_of(offer, offer->taken.at_least),
        .requested_bytes = sum->reserved.at_least,
        .shortfall_bytes = is_refused ? needed.at_least - offer->basis_bytes : 0,
        .needed_bytes = upper_end(sum->needed),
        .removable_model = request->model_count,
    };
}

static rein_result_void judge_offer(const rein_admission_request *request, const demand_sum *sum,
                                    rein_memory_basis basis, offer_judgement *out_judgement) {
    device_offer offer = offer_of(request, basis);
    rein_result_void weighed = weigh_offer(request, &offer);
    REIN_RETURN_IF_ERROR(rein_result_void, weighed);
    amount needed = offer.taken;
    if (!add_amount(&needed, sum->reserved)) {
        return rein_i_invalid(
            REIN_HERE,
            "the sum of the models' limits, {bytes}, and what is taken before them, {bytes}, "
            "does not fit in 64 bits",
            sum->reserved.at_least, offer.taken.at_most, 0);
    }
    uint64_t promised = add_saturating(offer.taken.at_most, sum->reserved.at_least);
    bool lacks = promised > offer.basis_bytes;
    *out_judgement = (offer_judgement){.verdict = describe_offer(request, &offer, sum, needed),
                                       .lacks_at_most = lacks ? promised - offer.basis_bytes : 0};
    return rein_done();
}

static uint64_t smaller(uint64_t left, uint64_t right) {
    return left < right ? left : right;
}

static uint64_t larger(uint64_t left, uint64_t right) {
    return left > right ? left : right;
}

/* The total memory decides where it lacks more than the free memory does; where it does not, it
 * still bounds what is available. */
static void apply_total(const offer_judgement *by_total, offer_judgement *judged) {
    uint64_t lacks_at_most = larger(judged->lacks_at_most, by_total->lacks_at_most);
    uint64_t available = by_total->verdict.available_bytes.value;
    rein_device_verdict *verdict = &judged->verdict;
    if (by_total->verdict.shortfall_bytes > verdict->shortfall_bytes) {
        *judged = *by_total;
    }
    verdict->available_bytes.value = smaller(verdict->available_bytes.value, available);
    verdict->available_at_most_bytes.value =
        smaller(verdict->available_at_most_bytes.value, available);
    judged->lacks_at_most = lacks_at_most;
}

static rein_result_void judge_device(const rein_admission_request *request, const demand_sum *sum,
                                     offer_judgement *out_judgement) {
    rein_memory_basis basis = preferred_basis(request->device);
    rein_result_void judged = judge_offer(request, sum, basis, out_judgement);
    REIN_RETURN_IF_ERROR(rein_result_void, judged);
    if (basis == REIN_MEMORY_BASIS_FREE && request->device->total_bytes.is_known) {
        offer_judgement by_total = {.lacks_at_most = 0};
        judged = judge_offer(request, sum, REIN_MEMORY_BASIS_TOTAL, &by_total);
        REIN_RETURN_IF_ERROR(rein_result_void, judged);
        apply_total(&by_total, out_judgement);
    }
    return rein_done();
}

static rein_stream_verdict judge_streams(const rein_device_profile *device, uint64_t streams) {
    rein_fact_u64 connections = device->connection_count;
    return (rein_stream_verdict){.requested_streams = streams,
                                 .connection_count = connections,
                                 .may_share_queues =
                                     connections.is_known && streams > connections.value};
}

/* The model of the smallest limit among those whose reservation is at least what is lacking. With a
 * part of the device's sum unknown, the rest could still not fit: then none. The steps do not
 * matter where there is no rest. */
static size_t removable_model(const rein_admission_request *request, const offer_judgement *judged,
                              const rein_model_verdict *models) {
    size_t best = request->model_count;
    bool is_rest_known = request->model_count == 1 || are_known(steps_of(request->device));
    bool is_told = judged->verdict.available_bytes.is_known && is_rest_known &&
                   !request->has_unknown_reservations;
    if (judged->verdict.outcome != REIN_ADMISSION_DOES_NOT_FIT || !is_told) {
        return best;
    }
    for (size_t index = 0; index < request->model_count; index++) {
        bool is_smaller =
            best == request->model_count || models[index].limit_bytes < models[best].limit_bytes;
        if (models[index].reserved_bytes >= judged->lacks_at_most && is_smaller) {
            best = index;
        }
    }
    return best;
}

static rein_admission_outcome worse_outcome(rein_admission_outcome left,
                                            rein_admission_outcome right) {
    if (left == REIN_ADMISSION_DOES_NOT_FIT || right == REIN_ADMISSION_DOES_NOT_FIT) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return left == REIN_ADMISSION_FITS ? right : left;
}

/* Adds what came of the model `index` to what came of the set. */
static void count_model(size_t index, rein_admission_outcome outcome,
                        rein_admission_verdict *verdict) {
    if (outcome == REIN_ADMISSION_CAP) {
        verdict->cap_count++;
        return;
    }
    verdict->outcome = worse_outcome(verdict->outcome, outcome);
    if (outcome != REIN_ADMISSION_FITS) {
        verdict->first_failing_model = index;
    }
}

rein_result_admission_verdict rein_admission_decide(const rein_admission_request *request,
                                                    rein_model_verdict *out_models) {
    rein_result_void valid = validate_request(request, out_models);
    REIN_RETURN_IF_ERROR(rein_result_admission_verdict, valid);
    demand_sum sum = {.streams = 0};
    rein_result_void summed = sum_models(request, &sum);
    REIN_RETURN_IF_ERROR(rein_result_admission_verdict, summed);
    offer_judgement judgement = {.lacks_at_most = 0};
    rein_result_void judged = judge_device(request, &sum, &judgement);
    REIN_RETURN_IF_ERROR(rein_result_admission_verdict, judged);

    rein_admission_verdict verdict = {.outcome = judgement.verdict.outcome,
                                      .first_failing_model = request->model_count,
                                      .device = judgement.verdict,
                                      .streams = judge_streams(request->device, sum.streams)};
    for (size_t index = request->model_count; index-- > 0;) {
        judge_model(&request->models[index], steps_of(request->device), &out_models[index]);
        count_model(index, out_models[index].outcome, &verdict);
    }
    verdict.device.removable_model = removable_model(request, &judgement, out_models);
    return rein_result_admission_verdict_ok(verdict);
}
