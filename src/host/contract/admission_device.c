#include "host/contract/admission_device.h"

#include "host/contract/admission_missing.h"
#include "host/contract/invalid.h"

/* One of the device's sizes, and the bytes taken from it before the models. */
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

/* Returns the overhead of one context; exactly 0 if there are no contexts, even if the overhead is
 * unknown. */
static amount context_of(const rein_device_profile *device, uint64_t context_count) {
    return context_count == 0 ? amount_exactly(0) : amount_of_fact(device->context_overhead_bytes);
}

/* Returns an offer with the overhead of one context. Free memory already lacks the part of the
 * reservations that is in use, which may be the whole of them. Total memory does not. */
static device_offer offer_of(const rein_admission_request *request, uint64_t context_count,
                             rein_memory_basis basis) {
    const rein_device_profile *device = request->device;
    device_offer offer = {.basis = basis,
                          .others = amount_exactly(request->reserved_bytes),
                          .context = context_of(device, context_count)};
    if (basis == REIN_MEMORY_BASIS_FREE) {
        offer.basis_bytes = device->free_bytes.value;
        offer.others.at_least = 0;
        offer.others.at_most -= request->reserved_in_use_bytes;
    } else if (basis == REIN_MEMORY_BASIS_TOTAL) {
        offer.basis_bytes = device->total_bytes.value;
    }
    return offer;
}

static rein_result_void weigh_offer(const rein_admission_request *request, uint64_t context_count,
                                    device_offer *offer) {
    bool fits = amount_multiply(&offer->context, context_count);
    offer->taken = offer->context;
    fits = fits && amount_add(&offer->taken, amount_exactly(request->headroom_bytes)) &&
           amount_add(&offer->taken, offer->others);
    if (!fits) {
        return rein_i_invalid(
            REIN_HERE,
            "the sum of {u} contexts, headroom {bytes} and reservations {bytes} does not fit "
            "in 64 bits",
            context_count, request->headroom_bytes, offer->others.at_most);
    }
    return rein_done();
}

/* Returns the bytes that an offer leaves if `taken` is taken from it, not below 0. */
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

static rein_admission_outcome outcome_of_offer(const device_offer *offer, amount needed,
                                               uint32_t missing) {
    const uint32_t undecidable = REIN_MISSING_DEVICE_MEMORY | REIN_MISSING_DEVICE_TOTAL;
    needed.is_bounded = needed.is_bounded && (missing & REIN_MISSING_RESERVATIONS) == 0;
    return (missing & undecidable) != 0 ? REIN_ADMISSION_CANNOT_TELL
                                        : amount_outcome(needed, offer->basis_bytes);
}

static rein_device_verdict describe_offer(const rein_admission_request *request,
                                          const device_offer *offer, const demand_sum *sum,
                                          amount needed) {
    bool is_use_known = offer->others.at_least == offer->others.at_most;
    uint32_t missing =
        rein_i_admission_missing_of_device(request, offer->basis, is_use_known, sum->contexts);
    rein_admission_outcome outcome = outcome_of_offer(offer, needed, missing);
    bool is_refused = outcome == REIN_ADMISSION_DOES_NOT_FIT;
    bool is_untold = outcome == REIN_ADMISSION_CANNOT_TELL;
    return (rein_device_verdict){
        .outcome = outcome,
        .missing = is_untold ? missing : 0,
        .basis = offer->basis,
        .basis_bytes = offer->basis_bytes,
        .context_count = sum->contexts,
        .context_bytes = amount_upper_bound(offer->context),
        .headroom_bytes = request->headroom_bytes,
        .others_bytes = offer->others.at_most,
        .available_bytes = available_of(offer, offer->taken.at_most),
        .available_at_most_bytes = available_of(offer, offer->taken.at_least),
        .requested_bytes = sum->reserved.at_least,
        .shortfall_bytes = is_refused ? needed.at_least - offer->basis_bytes : 0,
        .needed_bytes = amount_upper_bound(sum->needed),
        .removable_model = request->model_count,
    };
}

static rein_result_void judge_offer(const rein_admission_request *request, const demand_sum *sum,
                                    rein_memory_basis basis, device_judgement *out_judgement) {
    device_offer offer = offer_of(request, sum->contexts, basis);
    REIN_TRY(rein_result_void, weigh_offer(request, sum->contexts, &offer));
    amount needed = offer.taken;
    if (!amount_add(&needed, sum->reserved)) {
        return rein_i_invalid(
            REIN_HERE,
            "the sum of the models' limits, {bytes}, and what is taken before them, {bytes}, "
            "does not fit in 64 bits",
            sum->reserved.at_least, offer.taken.at_most, 0);
    }
    uint64_t promised = add_saturating(offer.taken.at_most, sum->reserved.at_least);
    bool lacks = promised > offer.basis_bytes;
    *out_judgement = (device_judgement){.verdict = describe_offer(request, &offer, sum, needed),
                                        .lacks_at_most = lacks ? promised - offer.basis_bytes : 0};
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
    REIN_TRY(rein_result_void, judge_offer(request, sum, basis, out_judgement));
    if (basis == REIN_MEMORY_BASIS_FREE && request->device->total_bytes.is_known) {
        device_judgement by_total = {.lacks_at_most = 0};
        REIN_TRY(rein_result_void, judge_offer(request, sum, REIN_MEMORY_BASIS_TOTAL, &by_total));
        apply_total(&by_total, out_judgement);
    }
    return rein_done();
}
