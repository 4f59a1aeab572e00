/* Explains how each number of a model was computed. */
#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/check/report.h"
#include "cli/fleet/demand_text.h"
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

static const char *steps_text(arena *memory, const sourced_number *steps) {
    return steps->fact.is_known
               ? arena_print(memory, "in steps of %s", exact_bytes(memory, steps->fact.value))
               : "in steps of unknown size";
}

static const char *plan_text(arena *memory, const fleet_model *model) {
    const planned_lifetimes *planned = &model->planned;
    const char *stated = model->stated->lifetimes.text;
    const char *path = text_printable(memory, stated);
    const char *peak = exact_bytes(memory, planned->peak.bytes);
    const char *found =
        plan_is_exact(&planned->outcome)
            ? "no plan needs less"
            : arena_print(memory,
                          "the plan is %s of what any plan needs, %s: more --effort may "
                          "find a lower one",
                          plan_precision(memory, &planned->outcome),
                          exact_bytes(memory, planned->outcome.lower_bound_bytes));
    return arena_print(memory,
                       "planned from the %zu lifetimes of %s: %s are alive at once, at instant "
                       "%" PRId64 "; %s",
                       model->tensor_count, path, peak, planned->peak.instant, found);
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

static const char *unknown_need_text(arena *memory, const rein_model_verdict *verdict) {
    return verdict->outcome == REIN_ADMISSION_CAP
               ? "not known: only the budget is stated"
               : arena_print(memory, "at least %s, by what is known",
                             exact_bytes(memory, verdict->needed_at_least_bytes));
}

static void print_needed(arena *memory, const explanation *into, const fleet *checked,
                         const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    if (verdict->needed_bytes.is_known) {
        bool is_more_stated = *demand_text(memory, model->stated) != '\0';
        print_number(memory, into, "needed", verdict->needed_bytes,
                     arena_print(memory, "%s, each %s",
                                 is_more_stated ? "weights, activations and what is also counted"
                                                : "weights and activations",
                                 steps_text(memory, &checked->granularity)));
        return;
    }
    print_number(memory, into, "needed", verdict->needed_bytes, unknown_need_text(memory, verdict));
}

static void print_demand(arena *memory, const explanation *into, const fleet_model *model) {
    const char *more = demand_text(memory, model->stated);
    if (*more != '\0') {
        fprintf(into->stream, "%*s", INDENT, "");
        print_wrapped(into->shown_on, into->stream, arena_print(memory, "also counted: %s", more),
                      INDENT, INDENT);
    }
}

static void print_model(arena *memory, const explanation *into, const fleet *checked,
                        const fleet_model *model) {
    const rein_model_verdict *verdict = &model->verdict;
    const stated_bytes *weights = &model->stated->weights;
    fprintf(into->stream, "\n%s (manifest:%zu)\n", rein_model_id_text(&model->stated->id),
            model->stated->id_at.line);
    print_number(memory, into, "budget", rein_fact_u64_known(verdict->limit_bytes),
                 "the memory that the manifest promises it");
    print_number(memory, into, "set aside", rein_fact_u64_known(verdict->reserved_bytes),
                 arena_print(memory, "the budget %s: what counts against the device",
                             steps_text(memory, fleet_budget_steps(checked))));
    print_number(memory, into, "weights", stated_bytes_fact(weights),
                 weights->is_stated ? arena_print(memory, "manifest:%zu", weights->at.line)
                                    : "not stated in the manifest");
    print_activations(memory, into, model);
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
    fputs("\nHow the numbers of each model came about:\n", stream);
    for (size_t index = 0; index < checked->model_count; index++) {
        print_model(memory, &into, checked, &checked->models[index]);
    }
    fprintf(stream, "\nHow those of the device came about:\n\n%*s", INDENT, "");
    print_wrapped(
        shown_on, stream,
        "Memory is what the device has free where the profile knows it, else all it has. "
        "Each process takes a context; headroom is left free on purpose; reserved is what "
        "the manifest says that others take, and what is reserved on this node. What is "
        "left is available. Requested is the sum of what is set aside: budgets are "
        "promised, so they count, and not what the models need.",
        INDENT, INDENT);
}
