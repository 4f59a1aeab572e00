#include "host/contract/admission_device.h"

#include "host/contract/admission_missing.h"
#include "host/contract/invalid.h"

/* One of the device's sizes, and the bytes taken from it before the models. */
typedef struct device_supply {
    rein_memory_basis basis;
    uint64_t basis_bytes;
    amount others;
    amount context;
    amount taken; /* context, headroom and others together */
} device_supply;

static rein_memory_basis preferred_basis(const rein_device_profile *device) {
    if (device->free_bytes.is_known) {
        return REIN_MEMORY_BASIS_FREE;
    }
    return device->total_bytes.is_known ? REIN_MEMORY_BASIS_TOTAL : REIN_MEMORY_BASIS_UNKNOWN;
}

/* Returns the overhead of one context; exactly 0 if there are no contexts, even if the overhead is
 * unknown. */
static amount context_of(const rein_device_profile *device, uint64_t context_count) {
    return context_count == 0 ? amount_exactly(0) : amount_of_fact(device->context_overhead_bytes);
}

/* Returns a supply with the overhead of one context. Free memory already lacks the part of the
 * reservations that is in use, which may be the whole of them. Total memory does not. */
static device_supply supply_of(const rein_admission_request *request, uint64_t context_count,
                               rein_memory_basis basis) {
    const rein_device_profile *device = request->device;
    device_supply supply = {.basis = basis,
                            .others = amount_exactly(request->reserved_bytes),
                            .context = context_of(device, context_count)};
    if (basis == REIN_MEMORY_BASIS_FREE) {
        supply.basis_bytes = device->free_bytes.value;
        supply.others.at_least = 0;
        supply.others.at_most -= request->reserved_in_use_bytes;
    } else if (basis == REIN_MEMORY_BASIS_TOTAL) {
        supply.basis_bytes = device->total_bytes.value;
    }
    return supply;
}

static rein_result_void sum_taken(const rein_admission_request *request, uint64_t context_count,
                                  device_supply *supply) {
    bool fits = amount_multiply(&supply->context, context_count);
    supply->taken = supply->context;
    fits = fits && amount_add(&supply->taken, amount_exactly(request->headroom_bytes)) &&
           amount_add(&supply->taken, supply->others);
    if (!fits) {
        return rein_i_invalid(REIN_HERE,
                              "the sum of {u} contexts, headroom of {bytes} and reservations of "
                              "{bytes}" MUST_FIT_64_BITS,
                              context_count, request->headroom_bytes, supply->others.at_most);
    }
    return rein_done();
}

/* Returns the bytes that a supply leaves if `taken` is taken from it, not below 0. */
/*@ requires \valid_read(supply);
    assigns \nothing;
    ensures \result.is_known <==>
        supply->basis != REIN_MEMORY_BASIS_UNKNOWN && supply->taken.is_bounded;
    ensures \result.is_known ==> \result.value == \max(0, supply->basis_bytes - taken); */
static rein_fact_u64 available_of(const device_supply *supply, uint64_t taken) {
    if (supply->basis == REIN_MEMORY_BASIS_UNKNOWN || !supply->taken.is_bounded) {
        return rein_fact_u64_unknown();
    }
    bool is_some_left = supply->basis_bytes > taken;
    return rein_fact_u64_known(is_some_left ? supply->basis_bytes - taken : 0);
}

static rein_admission_outcome outcome_of_supply(const device_supply *supply, amount needed,
                                                uint32_t missing) {
    const uint32_t undecidable = REIN_MISSING_DEVICE_MEMORY | REIN_MISSING_DEVICE_TOTAL;
    needed.is_bounded = needed.is_bounded && (missing & REIN_MISSING_RESERVATIONS) == 0;
    return (missing & undecidable) != 0 ? REIN_ADMISSION_CANNOT_TELL
                                        : amount_outcome(needed, supply->basis_bytes);
}

static rein_device_verdict describe_supply(const rein_admission_request *request,
                                           const device_supply *supply, const demand_sum *sum,
                                           amount needed) {
    bool is_use_known = supply->others.at_least == supply->others.at_most;
    uint32_t missing =
        rein_i_admission_missing_of_device(request, supply->basis, is_use_known, sum->contexts);
    rein_admission_outcome outcome = outcome_of_supply(supply, needed, missing);
    bool is_refused = outcome == REIN_ADMISSION_DOES_NOT_FIT;
    bool is_untold = outcome == REIN_ADMISSION_CANNOT_TELL;
    return (rein_device_verdict){
        .outcome = outcome,
        .missing = is_untold ? missing : 0,
        .basis = supply->basis,
        .basis_bytes = supply->basis_bytes,
        .context_count = sum->contexts,
        .context_bytes = amount_upper_bound(supply->context),
        .headroom_bytes = request->headroom_bytes,
        .others_bytes = supply->others.at_most,
        .available_bytes = available_of(supply, supply->taken.at_most),
        .available_at_most_bytes = available_of(supply, supply->taken.at_least),
        .requested_bytes = sum->reserved.at_least,
        .shortfall_bytes = is_refused ? needed.at_least - supply->basis_bytes : 0,
        .needed_bytes = amount_upper_bound(sum->needed),
        .removable_model = request->model_count,
    };
}

static rein_result_void judge_supply(const rein_admission_request *request, const demand_sum *sum,
                                     rein_memory_basis basis, device_judgement *out_judgement) {
    device_supply supply = supply_of(request, sum->contexts, basis);
    REIN_TRY(rein_result_void, sum_taken(request, sum->contexts, &supply));
    amount needed = supply.taken;
    if (!amount_add(&needed, sum->reserved)) {
        return rein_i_invalid(REIN_HERE,
                              "the sum of the models' limits, {bytes}, and what is taken before "
                              "them, {bytes}," MUST_FIT_64_BITS,
                              sum->reserved.at_least, supply.taken.at_most, 0);
    }
    uint64_t promised = add_saturating(supply.taken.at_most, sum->reserved.at_least);
    bool lacks = promised > supply.basis_bytes;
    *out_judgement = (device_judgement){.verdict = describe_supply(request, &supply, sum, needed),
                                        .lacks_at_most = lacks ? promised - supply.basis_bytes : 0};
    return rein_done();
}

static uint64_t smaller(uint64_t left, uint64_t right) {
    return left < right ? left : right;
}

static uint64_t larger(uint64_t left, uint64_t right) {
    return left > right ? left : right;
}

/* The total memory decides if it lacks more than the free memory does. If not, it still bounds what
 * is available. */
static void apply_total(const device_judgement *by_total, device_judgement *judged) {
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

rein_result_void rein_i_admission_judge_device(const rein_admission_request *request,
                                               const demand_sum *sum,
                                               device_judgement *out_judgement) {
    rein_memory_basis basis = preferred_basis(request->device);
    REIN_TRY(rein_result_void, judge_supply(request, sum, basis, out_judgement));
    if (basis == REIN_MEMORY_BASIS_FREE && request->device->total_bytes.is_known) {
        device_judgement by_total = {.lacks_at_most = 0};
        REIN_TRY(rein_result_void, judge_supply(request, sum, REIN_MEMORY_BASIS_TOTAL, &by_total));
        apply_total(&by_total, out_judgement);
    }
    return rein_done();
}
