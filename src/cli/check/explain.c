/* Explains how each number of a model was computed. */
#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/check/report.h"
#include "cli/fleet/demand_text.h"
#include "cli/fleet/measured_models.h"
#include "cli/fleet/plan_outcome.h"
#include "cli/fleet/sentence.h"
#include "cli/write/wrap.h"

enum { INDENT = 2, NAME_COLUMNS = 12, BYTES_COLUMNS = 14, HOW_COLUMN = 31, BELOW_COLUMN = 4 };
enum { BESIDE_COLUMNS = 60 };

typedef struct explanation {
    const terminal *shown_on;
    FILE *stream;
} explanation;

/* On a narrow terminal the explanation goes on the next line. */
static void print_number(arena *memory, const explanation *into, const char *name,
                         rein_fact_u64 fact, const char *how) {
    bool is_narrow = into->shown_on->columns > 0 && into->shown_on->columns < BESIDE_COLUMNS;
    size_t column = is_narrow ? BELOW_COLUMN : HOW_COLUMN;
    fprintf(into->stream, "%*s%-*s %*s%s", INDENT, "", NAME_COLUMNS, name, BYTES_COLUMNS,
            fact.is_known ? plain_bytes(memory, fact.value) : "unknown",
            is_narrow ? "\n    " : "  ");
    print_wrapped(into->shown_on, into->stream, how, column, column);
}

static void print_note(const explanation *into, const char *note) {
    fprintf(into->stream, "%*s", INDENT, "");
    print_wrapped(into->shown_on, into->stream, note, INDENT, BELOW_COLUMN);
}

static const char *steps_text(arena *memory, const sourced_number *steps) {
    return steps->fact.is_known ? arena_print(memory, "rounded up to a multiple of %s",
                                              exact_bytes(memory, steps->fact.value))
                                : "rounded up by an unknown size";
}

static const char *plan_text(arena *memory, const fleet_model *model) {
    const planned_lifetimes *planned = &model->planned;
    const char *path = text_printable(memory, model->stated->lifetimes.text == NULL
                                                  ? model->lifetimes_path
                                                  : model->stated->lifetimes.text);
    const uint64_t sizes[] = {planned->peak.bytes, planned->outcome.lower_bound_bytes};
    size_t unit = rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *found =
        plan_is_exact(&planned->outcome)
            ? "no plan needs less"
            : arena_print(memory,
                          "the plan is %s of the lower bound of %s; more --effort may find a "
                          "lower plan",
                          plan_precision(memory, &planned->outcome),
                          rounded_in_unit(memory, planned->outcome.lower_bound_bytes, unit));
    return arena_print(
        memory, "planned from the %zu lifetimes in %s%s: %s are alive at instant %" PRId64 "; %s",
        model->tensor_count, path,
        model->stated->lifetimes_inclusive.is_set ? ", whose upper ends are included" : "",
        rounded_in_unit(memory, planned->peak.bytes, unit), planned->peak.instant, found);
}

static void print_activations(arena *memory, const explanation *into, const fleet_model *model) {
    rein_fact_u64 bytes = stated_bytes_fact(&model->stated->activations);
    const char *source = "neither lifetimes nor activations are stated";
    if (model->origin == ACTIVATIONS_PLANNED) {
        bytes = rein_fact_u64_known(model->planned.outcome.height_bytes);
        source = plan_text(memory, model);
    } else if (model->origin == ACTIVATIONS_STATED) {
        source = "as stated in the manifest, not verified";
    }
    print_number(memory, into, "activations", bytes, source);
}

/* Returns "method processes, a sample every 20.0 ms, 1571 samples". */
static const char *method_text(arena *memory, const measurement *measured) {
    const char *text =
        measured->method == METHOD_UNKNOWN
            ? "method unknown"
            : arena_print(memory, "method %s", measurement_method_name(measured->method));
    if (measured->interval.ns > 0) {
        text = arena_print(memory, "%s, a sample every %s", text,
                           rounded_duration(memory, measured->interval));
    }
    return measured->sample_count > 0
               ? arena_print(memory, "%s, %" PRIu64 " samples", text, measured->sample_count)
               : text;
}

static const char *measured_text(arena *memory, const fleet_model *model) {
    const measurement *measured = model->measured;
    const char *device =
        *measured->device_uuid == '\0' ? "an unknown device" : measured->device_uuid;
    return arena_print(memory, "the most used at once, contexts %s, from %s: %s, on %s",
                       measured->includes_contexts ? "included" : "not included",
                       text_printable(memory, model->stated->measured.text),
                       method_text(memory, measured), device);
}

static void print_measured(arena *memory, const explanation *into, const fleet *checked,
                           const fleet_model *model) {
    const measurement *measured = model->measured;
    if (measured == NULL) {
        return;
    }
    print_number(memory, into, "measured", rein_fact_u64_known(measured->peak_bytes),
                 measured_text(memory, model));
    if (measured->final_bytes.is_known) {
        print_number(memory, into, "final", measured->final_bytes, "in the last sample");
    }
    if (model->weights.fact.is_known && model->weights.fact.value > measured->peak_bytes) {
        print_note(into, "the measured peak is below the weights, so another model or only a part "
                         "of this one was measured");
    }
    const char *uuid = measured_elsewhere(memory, checked, model);
    if (uuid != NULL) {
        print_note(into, arena_print(memory,
                                     "measured on another device; on %s, the model may need "
                                     "more",
                                     uuid));
    }
}

static const char *unknown_need_text(arena *memory, const rein_model_verdict *verdict) {
    return verdict->outcome == REIN_ADMISSION_CAP
               ? "only the budget is stated"
               : arena_print(memory, "at least %s for the known parts",
                             exact_bytes(memory, verdict->needed_at_least_bytes));
}

/* Returns the parts of the need, which is the larger one of them and of the measured peak. */
static const char *parts_text(arena *memory, const fleet_model *model) {
    const char *parts = *demand_text(memory, model) != '\0'
                            ? "weights, activations and the parts also counted"
                            : "weights and activations";
    return fleet_need_is_measured(model)
               ? "the larger of the measured peak and the parts that are known"
               : parts;
}

static void print_needed(arena *memory, const explanation *into, const fleet *checked,
                         const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    const char *how = unknown_need_text(memory, verdict);
    if (verdict->needed_bytes.is_known) {
        how = arena_print(memory, "%s, each %s", parts_text(memory, model),
                          steps_text(memory, &checked->granularity));
    }
    print_number(memory, into, "needed", verdict->needed_bytes, how);
}

static void print_demand(arena *memory, const explanation *into, const fleet_model *model) {
    const char *more = demand_text(memory, model);
    if (*more != '\0') {
        fprintf(into->stream, "%*s", INDENT, "");
        print_wrapped(into->shown_on, into->stream, arena_print(memory, "also counted: %s", more),
                      INDENT, INDENT);
    }
}

/* Returns the source of a number of the model. */
static const char *source_text(arena *memory, const sourced_number *number,
                               const fleet_model *model) {
    if (number->origin == NUMBER_FROM_MANIFEST) {
        return arena_print(memory, "manifest:%zu", number->at.line);
    }
    if (number->origin == NUMBER_FROM_FILE) {
        return arena_print(memory, "the part on the device, from %s",
                           text_printable(memory, model->described->files[0]));
    }
    return model->described == NULL ? "not stated in the manifest"
                                    : "neither stated in the manifest nor known from the file";
}

/* Returns the inputs in time that is linear in their number. */
static const char *inputs_text(arena *memory, const model_description *described) {
    growing_text list = {.text = NULL};
    for (size_t index = 0; index < described->input_count; index++) {
        const described_input *input = &described->inputs[index];
        arena_append(memory, &list, index == 0 ? "computed from: " : ", ");
        arena_append(memory, &list,
                     arena_print(memory, "%s %s (%s)", input->name, input->value, input->origin));
    }
    return list.text;
}

/* Prints the inputs of the numbers that are from the model's files, and what the files leave open:
 * the manifest may state it. */
static void print_described(arena *memory, const explanation *into,
                            const model_description *described) {
    if (described->input_count > 0) {
        print_note(into, inputs_text(memory, described));
    }
    for (size_t index = 0; index < described->unknown_count; index++) {
        const unknown_fact *unknown = &described->unknowns[index];
        print_note(into,
                   arena_print(memory, "not in the files: %s: %s", unknown->fact, unknown->why));
    }
}

/* Returns how the budget becomes the bytes set aside. */
static const char *set_aside_text(arena *memory, const fleet *checked, const fleet_model *model) {
    const stated_growth *growth = &model->stated->growth;
    const char *grown = "";
    if (growth->is_stated) {
        grown = growth->doubles
                    ? "rounded up to a power of two, as its allocator grows, and "
                    : arena_print(memory,
                                  "rounded up to a multiple of %s, as its allocator grows, and ",
                                  exact_bytes(memory, growth->bytes));
    }
    return arena_print(memory, "the budget, %s%s: counts against the device", grown,
                       steps_text(memory, fleet_budget_steps(checked)));
}

static void print_model(arena *memory, const explanation *into, const fleet *checked,
                        const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    fprintf(into->stream, "\n%s (manifest:%zu)\n", rein_model_id_text(&model->stated->id),
            model->stated->id_at.line);
    print_number(memory, into, "budget", rein_fact_u64_known(verdict->limit_bytes),
                 "the memory that the manifest promises the model");
    print_number(memory, into, "set aside", rein_fact_u64_known(verdict->reserved_bytes),
                 set_aside_text(memory, checked, model));
    print_number(memory, into, "weights", model->weights.fact,
                 source_text(memory, &model->weights, model));
    if (model->described != NULL) {
        print_number(memory, into, "state", model->state.fact,
                     source_text(memory, &model->state, model));
        print_described(memory, into, model->described);
    }
    print_activations(memory, into, model);
    print_measured(memory, into, checked, model);
    print_demand(memory, into, model);
    print_needed(memory, into, checked, model);
    fprintf(into->stream, "%*s", INDENT, "");
    print_wrapped(into->shown_on, into->stream,
                  arena_print(memory, "%s: %s", rein_admission_outcome_name(verdict->outcome),
                              check_model_sentence(memory, verdict)),
                  INDENT, INDENT);
}

void check_explain(arena *memory, const fleet *checked, const terminal *shown_on, FILE *stream) {
    const explanation into = {.shown_on = shown_on, .stream = stream};
    fputs("\nHow each model's numbers are computed:\n", stream);
    for (size_t index = 0; index < checked->model_count; index++) {
        print_model(memory, &into, checked, &checked->models[index]);
    }
    fprintf(stream, "\nHow the device's numbers are computed:\n\n%*s", INDENT, "");
    print_wrapped(
        shown_on, stream,
        "Memory is the device's free memory if it is known, otherwise its total memory. "
        "Each process takes a context. Headroom is left free on purpose. Reserved is what "
        "the manifest states as reserved, plus the live reservations on this node. Available "
        "is memory less these three. Requested is the sum of what is set aside for the models: "
        "budgets are promises, so they count in full even if a model needs less.",
        INDENT, INDENT);
}
