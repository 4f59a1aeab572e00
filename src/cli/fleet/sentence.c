#include "cli/fleet/sentence.h"

#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/fleet/advice.h"
#include "cli/fleet/device.h"
#include "cli/fleet/missing.h"
#include "cli/fleet/reservations.h"

/* Joins two texts with `separator` between them. Returns the other text if either is "". */
static const char *join(arena *memory, const char *left, const char *separator, const char *right) {
    if (*left == '\0' || *right == '\0') {
        return *left == '\0' ? right : left;
    }
    return arena_print(memory, "%s%s%s", left, separator, right);
}

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

/* Returns the limit that decided: "the device's free memory". */
static const char *device_limit(arena *memory, const rein_device_verdict *device) {
    return arena_print(memory, "the device's %s memory", rein_memory_basis_name(device->basis));
}

static const char *refusal_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    size_t failing = count_failing(checked);
    const char *models = failing == 0 ? ""
                                      : arena_print(memory,
                                                    failing == 1 ? "%s exceeds its budget"
                                                                 : "%s exceed their budgets",
                                                    models_text(memory, failing));
    if (device->outcome != REIN_ADMISSION_DOES_NOT_FIT) {
        return models;
    }
    return join(memory, models, "; ",
                arena_print(memory, "%s is %s short", device_limit(memory, device),
                            rounded_bytes(memory, device->shortfall_bytes)));
}

static const char *fitting_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    const uint64_t sizes[] = {device->requested_bytes, device->available_bytes.value};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    return arena_print(memory, "%s request%s %s of %s available",
                       models_text(memory, checked->model_count),
                       checked->model_count == 1 ? "s" : "",
                       rounded_in_unit(memory, device->requested_bytes, unit),
                       rounded_in_unit(memory, device->available_bytes.value, unit));
}

/* Returns the text of a model in a list of models; "" omits it. */
typedef const char *(*model_text)(arena *memory, const fleet_model *model);

static const char *cap_text(arena *memory, const fleet_model *model) {
    (void)memory;
    return model->verdict.outcome == REIN_ADMISSION_CAP ? rein_model_id_text(&model->stated->id)
                                                        : "";
}

static const char *doubted_model_text(arena *memory, const fleet_model *model) {
    const char *doubt = check_model_doubt(memory, &model->verdict);
    return *doubt == '\0'
               ? ""
               : arena_print(memory, "%s: %s", rein_model_id_text(&model->stated->id), doubt);
}

/* Returns "a, b and 3 more"; "" for an empty list. */
static const char *list_models(arena *memory, const fleet *checked, model_text text_of) {
    enum { LISTED_MAX = 10 };
    const char *list = "";
    size_t count = 0;
    for (size_t index = 0; index < checked->model_count; index++) {
        const char *text = text_of(memory, &checked->models[index]);
        bool is_listed = *text != '\0' && count < LISTED_MAX;
        list = is_listed ? join(memory, list, ", ", text) : list;
        count += *text != '\0';
    }
    return count > LISTED_MAX ? arena_print(memory, "%s and %zu more", list, count - LISTED_MAX)
                              : list;
}

const char *check_caps_sentence(arena *memory, const fleet *checked) {
    return checked->verdict.cap_count == 0 ? NULL
                                           : arena_print(memory, "models not judged: %s",
                                                         list_models(memory, checked, cap_text));
}

static size_t count_measured(const fleet *checked, rein_admission_outcome outcome) {
    size_t count = 0;
    for (size_t index = 0; index < checked->model_count; index++) {
        const rein_model_verdict *verdict = &checked->models[index].verdict;
        count += verdict->is_measured && verdict->outcome == outcome;
    }
    return count;
}

/* Returns whether the outcome rests on measurements. If the fleet does not fit, it does so only if
 * the device has room for the budgets and each model that exceeds its budget was measured. */
static bool rests_on_measurements(const fleet *checked) {
    rein_admission_outcome outcome = checked->verdict.outcome;
    size_t measured = count_measured(checked, outcome);
    if (outcome != REIN_ADMISSION_DOES_NOT_FIT) {
        return measured > 0;
    }
    return checked->verdict.device.outcome != outcome && measured == count_failing(checked);
}

static const char *measured_text(arena *memory, const fleet_model *model) {
    (void)memory;
    return model->verdict.is_measured ? rein_model_id_text(&model->stated->id) : "";
}

/* Returns "a, b and c are unknown" for the named facts in `missing` of a model or of the device; ""
 * if there are none. */
static const char *unknown_facts(arena *memory, uint32_t missing, bool is_of_model) {
    const char *head = "";
    const char *last = "";
    bool is_plural = false;
    for (size_t index = 0; index < missing_fact_count; index++) {
        const missing_fact *fact = &missing_facts[index];
        if ((missing & fact->bit) != 0 && fact->is_of_model == is_of_model && fact->name != NULL) {
            is_plural = *last != '\0' || fact->is_plural;
            head = join(memory, head, ", ", last);
            last = fact->name;
        }
    }
    return *last == '\0' ? ""
                         : arena_print(memory, "%s %s unknown", join(memory, head, " and ", last),
                                       is_plural ? "are" : "is");
}

static const char *device_facts_text(arena *memory, uint32_t missing) {
    const char *facts = unknown_facts(memory, missing, false);
    return *facts == '\0' ? "" : arena_print(memory, "the device's %s", facts);
}

/* An unknown granularity is a doubt about the device only. A context within the limit is a doubt
 * about the model. */
const char *check_model_doubt(arena *memory, const rein_model_verdict *verdict) {
    if ((verdict->missing & REIN_MISSING_EXACT_PLAN) != 0) {
        return "the budget is between the lower bound and the plan found: use more --effort or a "
               "larger budget";
    }
    const char *facts = unknown_facts(memory, verdict->missing, true);
    if (*facts != '\0') {
        return facts;
    }
    bool is_context_unknown = (verdict->missing & REIN_MISSING_CONTEXT_OVERHEAD) != 0;
    return is_context_unknown ? device_facts_text(memory, verdict->missing) : "";
}

static const char *unknown_reservations(arena *memory, size_t count) {
    return count == 1 ? "the size of 1 reservation is unknown (see 'rein status')"
                      : arena_print(memory,
                                    "the sizes of %zu reservations are unknown (see 'rein status')",
                                    count);
}

const char *check_device_doubt(arena *memory, const fleet *checked) {
    uint32_t missing = checked->verdict.device.missing;
    const char *doubt = device_facts_text(memory, missing);
    if ((missing & REIN_MISSING_RESERVED_IN_USE) != 0) {
        doubt = join(memory, doubt, "; ",
                     "it is unknown how much of the reserved memory is already in use");
    }
    if ((missing & REIN_MISSING_RESERVATIONS) != 0) {
        doubt =
            join(memory, doubt, "; ", unknown_reservations(memory, checked->live.unknown_count));
    }
    if ((missing & REIN_MISSING_DEVICE_TOTAL) != 0) {
        doubt = join(memory, doubt, "; ",
                     contradicted_totals_text(memory, checked->device.profile.total_bytes.value,
                                              checked->live.device_total_bytes.value));
    }
    return doubt;
}

/* Returns the missing facts of the device and of the models. */
static const char *doubt_sentence(arena *memory, const fleet *checked) {
    bool do_budgets_fit = checked->verdict.device.outcome == REIN_ADMISSION_FITS;
    const char *sentence =
        do_budgets_fit ? "the budgets fit the device" : check_device_doubt(memory, checked);
    const char *models = list_models(memory, checked, doubted_model_text);
    if (*models != '\0') {
        sentence = arena_print(memory, "%s%s models may exceed their budgets: %s", sentence,
                               do_budgets_fit ? ", but" : ";", models);
    }
    const char *caps = check_caps_sentence(memory, checked);
    return caps == NULL ? sentence : join(memory, sentence, "; ", caps);
}

/* Returns the verdict without a word on measurements. */
static check_verdict plain_verdict(arena *memory, const fleet *checked) {
    rein_admission_outcome outcome = checked->verdict.outcome;
    check_verdict found = {.name = rein_admission_outcome_name(outcome), .separator = ": "};
    if (outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        found.sentence = refusal_sentence(memory, checked);
    } else if (outcome == REIN_ADMISSION_CANNOT_TELL) {
        found.sentence =
            checked->device.is_found ? doubt_sentence(memory, checked) : checked->device.reason;
    } else if (checked->verdict.cap_count > 0) {
        found = (check_verdict){"budgets fit", "; ", check_caps_sentence(memory, checked)};
    } else {
        found.sentence = fitting_sentence(memory, checked);
    }
    return found;
}

const char *check_measured_sentence(arena *memory, const fleet *checked) {
    return rests_on_measurements(checked)
               ? arena_print(memory, "measured: %s", list_models(memory, checked, measured_text))
               : NULL;
}

check_verdict check_verdict_of(arena *memory, const fleet *checked) {
    check_verdict found = plain_verdict(memory, checked);
    const char *measured = check_measured_sentence(memory, checked);
    if (measured != NULL) {
        found.name = arena_print(memory, "%s" AS_MEASURED, found.name);
        found.sentence = arena_print(memory, "%s; %s", found.sentence, measured);
    }
    return found;
}

size_t check_shortage_unit(const rein_model_verdict *verdict) {
    const uint64_t sizes[] = {verdict->needed_at_least_bytes, verdict->limit_bytes,
                              verdict->shortfall_bytes, advice_fitting_bytes(verdict)};
    return common_unit(sizes, sizeof sizes / sizeof sizes[0]);
}

/* If the plan is not exact, the need that is known to suffice can exceed the least need. */
const char *check_shortage(arena *memory, const rein_model_verdict *verdict, size_t unit) {
    bool is_known = verdict->needed_bytes.is_known;
    bool is_exact = is_known && verdict->needed_bytes.value == verdict->needed_at_least_bytes;
    bool is_measured = verdict->is_measured;
    return arena_print(memory, "needs %s%s%s, its budget is %s: %s short; raise it to %s%s",
                       is_exact && !is_measured ? "" : "at least ",
                       bytes_in_unit(memory, verdict->needed_at_least_bytes, unit),
                       is_measured ? AS_MEASURED : "",
                       bytes_in_unit(memory, verdict->limit_bytes, unit),
                       bytes_in_unit(memory, verdict->shortfall_bytes, unit),
                       bytes_in_unit(memory, advice_fitting_bytes(verdict), unit),
                       is_known && !is_measured ? "" : " or more");
}

/* Returns "needs 172.0 MiB of its 512.0 MiB". */
static const char *need_of_limit(arena *memory, const rein_model_verdict *verdict) {
    bool is_known = verdict->needed_bytes.is_known;
    uint64_t needed = is_known ? verdict->needed_bytes.value : verdict->needed_at_least_bytes;
    const uint64_t sizes[] = {needed, verdict->limit_bytes};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    return arena_print(memory, "needs %s%s of its %s%s", is_known ? "" : "at least ",
                       rounded_in_unit(memory, needed, unit),
                       rounded_in_unit(memory, verdict->limit_bytes, unit),
                       verdict->is_measured ? AS_MEASURED : "");
}

const char *check_model_sentence(arena *memory, const rein_model_verdict *verdict) {
    if (verdict->outcome == REIN_ADMISSION_FITS) {
        return need_of_limit(memory, verdict);
    }
    if (verdict->outcome == REIN_ADMISSION_CAP) {
        return arena_print(memory, "not judged: only its budget of %s is stated",
                           rounded_bytes(memory, verdict->limit_bytes));
    }
    if (verdict->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return check_shortage(memory, verdict, check_shortage_unit(verdict));
    }
    const char *doubt = check_model_doubt(memory, verdict);
    return arena_print(memory, "%s; %s",
                       *doubt == '\0' ? "the device's granularity is unknown" : doubt,
                       need_of_limit(memory, verdict));
}

const char *check_available(arena *memory, const rein_device_verdict *device, size_t unit,
                            size_text text_of) {
    if (!device->available_bytes.is_known) {
        return "unknown";
    }
    const char *at_least = text_of(memory, device->available_bytes.value, unit);
    bool is_range = device->available_at_most_bytes.value > device->available_bytes.value;
    return is_range ? arena_print(memory, "%s to %s", at_least,
                                  text_of(memory, device->available_at_most_bytes.value, unit))
                    : at_least;
}

const char *check_device_sentence(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (!checked->device.is_found) {
        return missing_device_text(memory, &checked->device);
    }
    const uint64_t sizes[] = {device->requested_bytes, device->available_bytes.value,
                              device->available_at_most_bytes.value, device->shortfall_bytes};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *sums = arena_print(memory, "requested %s, available %s",
                                   rounded_in_unit(memory, device->requested_bytes, unit),
                                   check_available(memory, device, unit, rounded_in_unit));
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(memory, "%s: %s is %s short", sums, device_limit(memory, device),
                           rounded_in_unit(memory, device->shortfall_bytes, unit));
    }
    return join(memory, sums, "; ", check_device_doubt(memory, checked));
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
