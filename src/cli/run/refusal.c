#include "cli/run/refusal.h"

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/fleet/advice.h"
#include "cli/fleet/sentence.h"

/* The inputs of the reported line. */
typedef struct refusal {
    arena *memory;
    const fleet *candidate;
    size_t unit; /* the unit of all sizes in the line */
} refusal;

static const char *text_of(const refusal *of, uint64_t bytes) {
    return bytes_in_unit(of->memory, bytes, of->unit);
}

/* Returns a unit for all sizes that the line may show. Unknown sizes have the value 0. */
static size_t unit_of(const fleet *candidate) {
    const rein_device_verdict *device = &candidate->verdict.device;
    const uint64_t sizes[] = {device->basis_bytes,
                              device->context_bytes.value,
                              device->headroom_bytes,
                              candidate->reserved.fact.value,
                              candidate->live.live_bytes,
                              device->available_bytes.value,
                              device->available_at_most_bytes.value,
                              device->requested_bytes,
                              device->shortfall_bytes};
    size_t device_unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    size_t model_unit = check_shortage_unit(&candidate->models[0].verdict);
    return model_unit < device_unit ? model_unit : device_unit;
}

/* Returns what the model needs beyond its budget, or why that is unknown; "" if it fits. */
static const char *model_text(const refusal *of) {
    const rein_model_verdict *model = &of->candidate->models[0].verdict;
    if (model->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(of->memory, "%s; ", check_shortage(of->memory, model, of->unit));
    }
    const char *doubt = check_model_doubt(of->memory, model);
    return *doubt == '\0' ? ""
                          : arena_print(of->memory, "its budget may be too small: %s; ", doubt);
}

/* Returns the size of the device that decides, and what is subtracted from it before the model. */
static const char *sum_text(const refusal *of) {
    const fleet *candidate = of->candidate;
    const rein_device_verdict *device = &candidate->verdict.device;
    bool is_basis_known = device->basis != REIN_MEMORY_BASIS_UNKNOWN;
    const char *basis = is_basis_known ? arena_print(of->memory, "%s memory %s",
                                                     rein_memory_basis_name(device->basis),
                                                     text_of(of, device->basis_bytes))
                                       : "memory unknown";
    const char *context =
        device->context_bytes.is_known ? text_of(of, device->context_bytes.value) : "unknown";
    return arena_print(
        of->memory, "%s - context %s - headroom %s - reserved %s - %zu live reservation%s %s",
        basis, context, text_of(of, device->headroom_bytes),
        text_of(of, candidate->reserved.fact.value), candidate->live.live_count,
        candidate->live.live_count == 1 ? "" : "s", text_of(of, candidate->live.live_bytes));
}

/* Returns how much memory the device lacks, or why that is unknown and what to do. */
static const char *device_end(const refusal *of) {
    const rein_device_verdict *device = &of->candidate->verdict.device;
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(of->memory, ": %s short", text_of(of, device->shortfall_bytes));
    }
    const char *doubt = check_device_doubt(of->memory, of->candidate);
    if (*doubt == '\0') {
        return "";
    }
    bool is_use_unknown = (device->missing & REIN_MISSING_RESERVED_IN_USE) != 0;
    return arena_print(of->memory, "; %s%s%s", doubt, is_use_unknown ? "; " : "",
                       is_use_unknown
                           ? advice_remedy(of->memory, of->candidate, REIN_MISSING_RESERVED_IN_USE)
                           : "");
}

void report_refusal(diagnostics *sink, const fleet *candidate) {
    const refusal of = {.memory = sink->memory, .candidate = candidate, .unit = unit_of(candidate)};
    const rein_device_verdict *device = &candidate->verdict.device;
    report(sink, "%s on %s: %s: %srequested %s, available %s (%s)%s",
           text_quote(of.memory, rein_model_id_text(&candidate->models[0].stated->id)),
           candidate->device.profile.uuid, rein_admission_outcome_name(candidate->verdict.outcome),
           model_text(&of), text_of(&of, device->requested_bytes),
           check_available(of.memory, device, of.unit, bytes_in_unit), sum_text(&of),
           device_end(&of));
}
