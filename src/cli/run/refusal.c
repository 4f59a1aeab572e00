#include "cli/run/refusal.h"

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/fleet/advice.h"
#include "cli/fleet/sentence.h"

/* The inputs of the reported line. */
typedef struct refusal {
    arena *memory;
    const fleet *asked;
    size_t unit; /* the unit of all sizes in the line */
} refusal;

static const char *size_text(const refusal *of, uint64_t bytes) {
    return bytes_in_unit(of->memory, bytes, of->unit);
}

static const char *fact_text(const refusal *of, rein_fact_u64 fact) {
    return fact.is_known ? size_text(of, fact.value) : "unknown";
}

/* Returns a unit for all sizes that the line may show. Unknown sizes have the value 0. */
static size_t unit_of(const fleet *asked) {
    const rein_device_verdict *device = &asked->verdict.device;
    const rein_model_verdict *model = &asked->models[0].verdict;
    const uint64_t sizes[] = {device->basis_bytes,
                              device->context_bytes.value,
                              device->headroom_bytes,
                              asked->reserved.fact.value,
                              asked->live.live_bytes,
                              device->available_bytes.value,
                              device->available_at_most_bytes.value,
                              device->requested_bytes,
                              device->shortfall_bytes,
                              model->limit_bytes,
                              advice_fitting_bytes(model),
                              model->needed_at_least_bytes,
                              model->shortfall_bytes};
    return common_unit(sizes, sizeof sizes / sizeof sizes[0]);
}

static const char *available_text(const refusal *of) {
    const rein_device_verdict *device = &of->asked->verdict.device;
    return check_available(of->memory, device, fact_text(of, device->available_bytes),
                           fact_text(of, device->available_at_most_bytes));
}

static const char *shortfall_text(const refusal *of) {
    const rein_device_verdict *device = &of->asked->verdict.device;
    return device->outcome == REIN_ADMISSION_DOES_NOT_FIT
               ? arena_print(of->memory, ", %s short", size_text(of, device->shortfall_bytes))
               : "";
}

/* Returns the size of the device that decided, and what is subtracted from it before the model. */
static const char *sum_text(const refusal *of) {
    const fleet *asked = of->asked;
    const rein_device_verdict *device = &asked->verdict.device;
    bool is_basis_known = device->basis != REIN_MEMORY_BASIS_UNKNOWN;
    const char *basis = is_basis_known ? arena_print(of->memory, "%s memory %s",
                                                     rein_memory_basis_name(device->basis),
                                                     size_text(of, device->basis_bytes))
                                       : "memory unknown";
    return arena_print(
        of->memory, "%s - context %s - headroom %s - reserved %s - %zu live reservation%s %s",
        basis, fact_text(of, device->context_bytes), size_text(of, device->headroom_bytes),
        size_text(of, asked->reserved.fact.value), asked->live.live_count,
        asked->live.live_count == 1 ? "" : "s", size_text(of, asked->live.live_bytes));
}

/* Returns why it is unknown whether the device has room, and what would help. */
static const char *device_text(const refusal *of) {
    uint32_t missing = of->asked->verdict.device.missing;
    const char *doubt = check_device_doubt(of->memory, of->asked);
    bool is_use_unknown = (missing & REIN_MISSING_RESERVED_IN_USE) != 0;
    return arena_print(of->memory, "%s%s%s", *doubt == '\0' ? "" : "; ", doubt,
                       is_use_unknown ? " (--by-total, if all that use the device reserve)" : "");
}

/* Returns what the model needs beyond its budget, and the smallest sufficient budget. */
static const char *shortage_text(const refusal *of) {
    const rein_model_verdict *model = &of->asked->models[0].verdict;
    const shortage_sizes sizes = {.needed_at_least = size_text(of, model->needed_at_least_bytes),
                                  .limit = size_text(of, model->limit_bytes),
                                  .shortfall = size_text(of, model->shortfall_bytes),
                                  .fitting = size_text(of, advice_fitting_bytes(model))};
    return arena_print(of->memory, "; the model %s", check_shortage(of->memory, model, &sizes));
}

static const char *model_text(const refusal *of) {
    const rein_model_verdict *model = &of->asked->models[0].verdict;
    if (model->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return shortage_text(of);
    }
    const char *doubt = check_model_doubt(of->memory, model);
    return *doubt == '\0'
               ? ""
               : arena_print(of->memory, "; cannot tell whether the model fits its budget: %s",
                             doubt);
}

void report_refusal(diagnostics *sink, const fleet *asked) {
    refusal of = {.memory = sink->memory, .asked = asked, .unit = unit_of(asked)};
    report(sink, "%s on %s: %s: %s requested, %s available%s: %s%s%s",
           text_quote(of.memory, rein_model_id_text(&asked->models[0].stated->id)),
           asked->device.profile.uuid, rein_admission_outcome_name(asked->verdict.outcome),
           size_text(&of, asked->verdict.device.requested_bytes), available_text(&of),
           shortfall_text(&of), sum_text(&of), device_text(&of), model_text(&of));
}
