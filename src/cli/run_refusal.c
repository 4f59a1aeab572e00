#include "cli/run_refusal.h"

#include "cli/numbers_text.h"
#include "cli/text.h"

static const char *others_text(arena *memory, const rein_reservation_summary *others) {
    const char *live =
        arena_print(memory, "%zu live reservation%s of %s", others->live_count,
                    others->live_count == 1 ? "" : "s", exact_bytes(memory, others->live_bytes));
    return others->unknown_count == 0
               ? live
               : arena_print(memory,
                             "%s; files that nobody understands: %zu ('rein status' names them)",
                             live, others->unknown_count);
}

static const char *missing_text(uint32_t missing) {
    if ((missing & REIN_MISSING_DEVICE_MEMORY) != 0) {
        return "; the device's memory is unknown";
    }
    if ((missing & REIN_MISSING_CONTEXT_OVERHEAD) != 0) {
        return "; the device's context overhead is unknown";
    }
    if ((missing & REIN_MISSING_GRANULARITY) != 0) {
        return "; the device's granularity is unknown";
    }
    return (missing & REIN_MISSING_POOL_GROWTH) != 0 ? "; the device's pool_growth is unknown" : "";
}

static const char *device_text(const rein_reservation_verdict *verdict) {
    const rein_device_verdict *device = &verdict->admission.device;
    bool depends_on_use = verdict->outcome == REIN_ADMISSION_CANNOT_TELL &&
                          device->outcome == REIN_ADMISSION_DOES_NOT_FIT;
    return depends_on_use ? "; how much of that is in use already and not free, nobody knows "
                            "(--by-total, where all that use the device reserve)"
                          : missing_text(device->missing);
}

static const char *model_text(const rein_model_verdict *model) {
    if (model->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return "; the model needs more than its budget ('rein check' says more)";
    }
    /* The granularity is the device's. */
    bool is_unknown = (model->missing & ~(uint32_t)REIN_MISSING_GRANULARITY) != 0;
    return is_unknown ? "; what the model needs is unknown ('rein check' says more)" : "";
}

void report_refusal(diagnostics *sink, const fleet *asked, const rein_reservation_verdict *verdict,
                    const rein_model_verdict *model) {
    arena *memory = sink->memory;
    const rein_device_verdict *device = &verdict->admission.device;
    const char *room = device->available_bytes.is_known
                           ? exact_bytes(memory, device->available_bytes.value)
                           : "unknown";
    report(sink, "%s on %s: %s: %s requested, %s available beside %s%s%s",
           text_quote(memory, rein_model_id_text(&asked->models[0].stated->id)),
           asked->device.profile.uuid, rein_admission_outcome_name(verdict->outcome),
           exact_bytes(memory, device->requested_bytes), room,
           others_text(memory, &verdict->others), device_text(verdict), model_text(model));
}
