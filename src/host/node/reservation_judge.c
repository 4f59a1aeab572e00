#include "host/node/reservation_judge.h"

#include "host/contract/invalid.h"

/* Returns the bytes of a reservation of these models, or 0 if unknown. Cannot overflow: the
 * admission has added up more than these two. */
static uint64_t bytes_of(const rein_device_verdict *device) {
    return device->context_bytes.is_known ? device->requested_bytes + device->context_bytes.value
                                          : 0;
}

/* Returns whether `request`, which is refused if the holder uses none of the reservation that it
 * gives up, could fit if the holder uses all of it. Free memory lacks the used part, whose size is
 * unknown. */
static bool depends_on_own_use(const rein_admission_request *request, uint64_t held_bytes) {
    rein_device_profile device = *request->device;
    rein_fact_u64 *free_bytes = &device.free_bytes;
    if (!free_bytes->is_known ||
        __builtin_add_overflow(free_bytes->value, held_bytes, &free_bytes->value)) {
        return false;
    }
    if (device.total_bytes.is_known && device.total_bytes.value < free_bytes->value) {
        *free_bytes = device.total_bytes;
    }
    rein_admission_request all_in_use = *request;
    rein_model_verdict models[REIN_RESERVATION_MODELS_MAX];
    all_in_use.device = &device;
    rein_result_admission_verdict decided = rein_admission_decide(&all_in_use, models);
    return REIN_VALUE(decided).outcome != REIN_ADMISSION_DOES_NOT_FIT;
}

/* Returns the admission's outcome, adjusted for the bytes that are given up. If the others
 * contradict the total, not even fewer bytes are granted: the record would state that total. */
static rein_admission_outcome outcome_of(const rein_admission_request *request,
                                         const rein_admission_verdict *admission,
                                         uint64_t held_bytes) {
    bool do_models_fit = admission->first_failing_model == request->model_count;
    uint64_t bytes = bytes_of(&admission->device);
    bool is_total_doubted = (admission->device.missing & REIN_MISSING_DEVICE_TOTAL) != 0;
    if (do_models_fit && !is_total_doubted && bytes > 0 && bytes <= held_bytes) {
        return REIN_ADMISSION_FITS;
    }
    bool is_refused = admission->outcome == REIN_ADMISSION_DOES_NOT_FIT;
    return is_refused && held_bytes > 0 && depends_on_own_use(request, held_bytes)
               ? REIN_ADMISSION_CANNOT_TELL
               : admission->outcome;
}

/* Returns the total of the others to compare: the stated one if it differs from the device's, else
 * the counted one. */
static rein_fact_u64 total_of_others(const rein_admission_request *request, rein_fact_u64 counted) {
    rein_fact_u64 stated = request->others_total_bytes;
    bool does_differ = stated.is_known && stated.value != request->device->total_bytes.value;
    return counted.is_known && !does_differ ? counted : stated;
}

rein_result_reservation_verdict rein_i_reservation_judge(const rein_admission_request *request,
                                                         const rein_reservation_summary *others,
                                                         uint64_t held_bytes,
                                                         rein_model_verdict *out_models) {
    rein_admission_request with_others = *request;
    with_others.has_unknown_reservations |= others->unknown_count > 0;
    with_others.others_total_bytes = total_of_others(request, others->device_total_bytes);
    if (__builtin_add_overflow(request->reserved_bytes, others->live_bytes,
                               &with_others.reserved_bytes)) {
        return rein_result_reservation_verdict_fail(rein_i_invalid_error(
            REIN_HERE, "the sum of reserved_bytes and live reservations" MUST_FIT_64_BITS, 0, 0,
            0));
    }
    rein_admission_verdict decided =
        REIN_TRY(rein_result_reservation_verdict, rein_admission_decide(&with_others, out_models));
    rein_reservation_verdict verdict = {.admission = decided, .others = *others};
    verdict.outcome = outcome_of(&with_others, &verdict.admission, held_bytes);
    verdict.bytes =
        verdict.outcome == REIN_ADMISSION_FITS ? bytes_of(&verdict.admission.device) : 0;
    return rein_result_reservation_verdict_ok(verdict);
}

rein_result_reservation_verdict rein_reservation_judge(const rein_admission_request *request,
                                                       const rein_reservation_summary *others,
                                                       rein_model_verdict *out_models) {
    if (request == NULL || request->device == NULL || others == NULL) {
        return rein_result_reservation_verdict_fail(rein_i_invalid_error(
            REIN_HERE, "the request, its device and the others" MUST_NOT_BE_NULL, 0, 0, 0));
    }
    return rein_i_reservation_judge(request, others, 0, out_models);
}
