#include "host/reservation_judge.h"

#include "host/invalid.h"

static void add_bytes(uint64_t bytes, bool *is_bounded, uint64_t *sum) {
    *is_bounded = !__builtin_add_overflow(*sum, bytes, sum) && *is_bounded;
}

/* What a reservation of these models takes: 0 where that is not known. */
static uint64_t bytes_of(const rein_device_verdict *device) {
    uint64_t bytes = device->requested_bytes;
    bool is_bounded = device->context_bytes.is_known;
    add_bytes(device->context_bytes.value, &is_bounded, &bytes);
    return is_bounded ? bytes : 0;
}

static bool is_refused(const rein_admission_request *request, const rein_device_profile *device) {
    rein_admission_request judged = *request;
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    judged.device = device;
    rein_result_admission_verdict decided = rein_admission_decide(&judged, models);
    return !decided.is_ok || REIN_VALUE(decided).device.outcome == REIN_ADMISSION_DOES_NOT_FIT;
}

/* Free memory lacks what the holders of reservations use of them, and nobody knows how much that
 * is: from nothing to all. `request` is refused where it is nothing; false where it would be
 * refused in any case. */
static bool depends_on_use(const rein_admission_request *request, uint64_t held_bytes) {
    rein_device_profile by_total = *request->device;
    by_total.free_bytes = rein_fact_u64_unknown();
    rein_device_profile by_free = *request->device;
    by_free.total_bytes = rein_fact_u64_unknown();
    if (!by_free.free_bytes.is_known ||
        __builtin_add_overflow(by_free.free_bytes.value, held_bytes, &by_free.free_bytes.value)) {
        return false;
    }
    rein_admission_request all_in_use = *request;
    all_in_use.reserved_in_use_bytes = request->reserved_bytes;
    return !is_refused(request, &by_total) && !is_refused(&all_in_use, &by_free);
}

/* The others judged by another size of the device: one of the two profiles is wrong. */
static bool contradicts_total(const rein_device_profile *device,
                              const rein_reservation_summary *others) {
    return device->total_bytes.is_known && others->device_total_bytes.is_known &&
           device->total_bytes.value != others->device_total_bytes.value;
}

/* The admission's outcome, and what else decides. */
static rein_admission_outcome outcome_of(const rein_admission_request *request,
                                         const rein_reservation_verdict *verdict,
                                         uint64_t held_bytes) {
    rein_admission_outcome outcome = verdict->admission.outcome;
    bool do_models_fit = verdict->admission.first_failing_model == request->model_count;
    uint64_t bytes = bytes_of(&verdict->admission.device);
    if (do_models_fit && bytes > 0 && bytes <= held_bytes) {
        return REIN_ADMISSION_FITS;
    }
    if (do_models_fit && contradicts_total(request->device, &verdict->others)) {
        return REIN_ADMISSION_CANNOT_TELL;
    }
    if (outcome == REIN_ADMISSION_FITS && verdict->others.unknown_count > 0) {
        return REIN_ADMISSION_CANNOT_TELL;
    }
    if (outcome == REIN_ADMISSION_DOES_NOT_FIT && do_models_fit &&
        depends_on_use(request, held_bytes)) {
        return REIN_ADMISSION_CANNOT_TELL;
    }
    return outcome;
}

rein_result_reservation_verdict judge_reservation(const rein_admission_request *request,
                                                  const rein_reservation_summary *others,
                                                  uint64_t held_bytes,
                                                  rein_model_verdict *out_models) {
    rein_admission_request with_others = *request;
    bool is_bounded = true;
    add_bytes(others->live_bytes, &is_bounded, &with_others.reserved_bytes);
    if (!is_bounded) {
        return rein_result_reservation_verdict_fail(
            invalid_error(REIN_HERE, "what is reserved does not fit in 64 bits", 0, 0, 0));
    }
    rein_result_admission_verdict decided = rein_admission_decide(&with_others, out_models);
    REIN_RETURN_IF_ERROR(rein_result_reservation_verdict, decided);
    rein_reservation_verdict verdict = {.admission = REIN_VALUE(decided), .others = *others};
    verdict.outcome = outcome_of(&with_others, &verdict, held_bytes);
    verdict.bytes =
        verdict.outcome == REIN_ADMISSION_FITS ? bytes_of(&verdict.admission.device) : 0;
    return rein_result_reservation_verdict_ok(verdict);
}
