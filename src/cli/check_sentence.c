#include "cli/check_sentence.h"

#include <inttypes.h>

#include "cli/numbers_text.h"

static size_t count_failing(const fleet *checked) {
    size_t count = 0;
    for (size_t index = 0; index < checked->model_count; index++) {
        count += checked->models[index].verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT;
    }
    return count;
}

static const char *models_text(arena *memory, size_t count) {
    return arena_print(memory, "%zu model%s", count, count == 1 ? "" : "s");
}

static const char *refusal_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    size_t failing = count_failing(checked);
    const char *models =
        failing == 0 ? ""
                     : arena_print(memory, "%s above %s own budget", models_text(memory, failing),
                                   failing == 1 ? "its" : "their");
    if (device->outcome != REIN_ADMISSION_DOES_NOT_FIT) {
        return models;
    }
    return arena_print(memory, "%s%sthe device is %s short", models, failing == 0 ? "" : ", ",
                       rounded_bytes(memory, device->shortfall_bytes));
}

static const char *unknown_reservations(arena *memory, const fleet *checked) {
    size_t count = checked->live.unknown_count;
    return arena_print(memory, "%zu reservation%s unknown ('rein status')", count,
                       count == 1 ? " is" : "s are");
}

/* The facts of `missing`, a model's or the device's: "weights, granularity". */
static const char *missing_text(arena *memory, uint32_t missing) {
    static const struct {
        uint32_t bit;
        const char *name;
    } facts[] = {{REIN_MISSING_DEVICE_MEMORY, "the device's memory"},
                 {REIN_MISSING_CONTEXT_OVERHEAD, "the device's context_overhead"},
                 {REIN_MISSING_GRANULARITY, "the device's granularity"},
                 {REIN_MISSING_POOL_GROWTH, "the device's pool_growth"},
                 {REIN_MISSING_WEIGHTS, "weights"},
                 {REIN_MISSING_ACTIVATIONS, "activations"},
                 {REIN_MISSING_EXACT_PLAN, "an exact plan (--effort)"}};
    const char *text = "";
    for (size_t index = 0; index < sizeof facts / sizeof facts[0]; index++) {
        if ((missing & facts[index].bit) != 0) {
            text =
                arena_print(memory, "%s%s%s", text, *text == '\0' ? "" : ", ", facts[index].name);
        }
    }
    return text;
}

/* Why nothing can be told of the fleet: facts that the device or a model misses, or reservations
 * that nobody understands. */
static const char *doubt_sentence(arena *memory, const fleet *checked) {
    uint32_t missing = checked->verdict.device.missing;
    for (size_t index = 0; index < checked->model_count; index++) {
        missing |= checked->models[index].verdict.missing;
    }
    return missing == 0 ? unknown_reservations(memory, checked)
                        : arena_print(memory, "unknown: %s", missing_text(memory, missing));
}

const char *check_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (checked->verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return refusal_sentence(memory, checked);
    }
    if (checked->verdict.outcome == REIN_ADMISSION_CANNOT_TELL) {
        return checked->device.is_found ? doubt_sentence(memory, checked) : checked->device.reason;
    }
    return arena_print(memory, "%s, %s of %s available", models_text(memory, checked->model_count),
                       rounded_bytes(memory, device->requested_bytes),
                       rounded_bytes(memory, device->available_bytes.value));
}

const char *check_model_sentence(arena *memory, const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    const char *limit = rounded_bytes(memory, verdict->limit_bytes);
    if (verdict->outcome == REIN_ADMISSION_FITS) {
        return arena_print(memory, "needs %s of its %s",
                           rounded_fact(memory, verdict->needed_bytes), limit);
    }
    if (verdict->outcome == REIN_ADMISSION_CANNOT_TELL) {
        return arena_print(memory, "unknown: %s; at least %s of its %s",
                           missing_text(memory, verdict->missing),
                           rounded_bytes(memory, verdict->needed_at_least_bytes), limit);
    }
    return arena_print(memory, "needs %s%s, its budget is %s: %s short",
                       verdict->needed_bytes.is_known ? "" : "at least ",
                       rounded_bytes(memory, verdict->needed_at_least_bytes), limit,
                       rounded_bytes(memory, verdict->shortfall_bytes));
}

const char *check_device_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (!checked->device.is_found) {
        return arena_print(memory, "no device: %s", checked->device.reason);
    }
    const char *sums = arena_print(memory, "%s requested, %s available",
                                   rounded_bytes(memory, device->requested_bytes),
                                   rounded_fact(memory, device->available_bytes));
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(memory, "%s: %s short", sums,
                           rounded_bytes(memory, device->shortfall_bytes));
    }
    if (device->outcome == REIN_ADMISSION_CANNOT_TELL) {
        return device->missing == 0
                   ? arena_print(memory, "%s; %s", sums, unknown_reservations(memory, checked))
                   : arena_print(memory, "%s; unknown: %s", sums,
                                 missing_text(memory, device->missing));
    }
    return sums;
}

const char *check_stream_warning(arena *memory, const fleet *checked) {
    const rein_stream_verdict *streams = &checked->verdict.streams;
    if (!streams->may_share_queues) {
        return NULL;
    }
    return arena_print(memory,
                       "%" PRIu64 " streams share %" PRIu64
                       " hardware queues (profile): streams on "
                       "one queue can wait for each other",
                       streams->requested_streams, streams->connection_count.value);
}
