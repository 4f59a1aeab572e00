#include <inttypes.h>
#include <string.h>

#include "cli/base/date.h"
#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/check/report.h"
#include "cli/fleet/advice.h"
#include "cli/fleet/demand_text.h"
#include "cli/fleet/device.h"
#include "cli/fleet/plan_outcome.h"
#include "cli/fleet/sentence.h"
#include "cli/write/output.h"
#include "cli/write/table.h"
#include "cli/write/verdict.h"
#include "cli/write/wrap.h"

enum {
    MODEL_ID,
    MODEL_BUDGET,
    MODEL_WEIGHTS,
    MODEL_PEAK,
    MODEL_PRECISION,
    MODEL_NEEDED,
    MODEL_VERDICT
};
enum { SUM_NAME, SUM_ROUNDED, SUM_BYTES, SUM_FROM };

static const char *peak_text(arena *memory, const fleet_model *model) {
    if (model->origin == ACTIVATIONS_UNKNOWN) {
        return "unknown";
    }
    return rounded_bytes(memory, model->origin == ACTIVATIONS_PLANNED
                                     ? model->planned.outcome.height_bytes
                                     : model->stated->activations.bytes);
}

static const char *precision_text(arena *memory, const fleet_model *model) {
    if (model->origin != ACTIVATIONS_PLANNED) {
        return model->origin == ACTIVATIONS_STATED ? "stated" : "unknown";
    }
    return plan_precision(memory, &model->planned.outcome);
}

static const char *needed_text(arena *memory, const rein_model_verdict *verdict,
                               const glyphs *with) {
    return verdict->needed_bytes.is_known || verdict->needed_at_least_bytes == 0
               ? rounded_fact(memory, verdict->needed_bytes)
               : arena_print(memory, "%s %s", with->at_least,
                             rounded_bytes(memory, verdict->needed_at_least_bytes));
}

static const char *outcome_text(arena *memory, const rein_model_verdict *verdict) {
    return arena_print(memory, "%s%s", rein_admission_outcome_name(verdict->outcome),
                       verdict->is_measured ? AS_MEASURED : "");
}

static void add_model_row(arena *memory, const fleet_model *model, const glyphs *with,
                          table *rows) {
    table_row *row = table_add_row(memory, rows);
    row->cells[MODEL_ID].text = rein_model_id_text(&model->stated->id);
    row->cells[MODEL_BUDGET].text = rounded_bytes(memory, model->stated->budget.memory_limit_bytes);
    row->cells[MODEL_WEIGHTS].text = rounded_fact(memory, model->weights.fact);
    row->cells[MODEL_PEAK].text = peak_text(memory, model);
    row->cells[MODEL_PRECISION].text = precision_text(memory, model);
    row->cells[MODEL_NEEDED].text = needed_text(memory, &model->verdict, with);
    row->cells[MODEL_VERDICT] = (table_cell){.text = outcome_text(memory, &model->verdict),
                                             .style = outcome_style(model->verdict.outcome)};
}

/* Returns the names of the models from `first` to just before `end`. */
static const char *names_of(arena *memory, const fleet *checked, size_t first, size_t end) {
    const char *name = rein_model_id_text(&checked->models[first].stated->id);
    const char *last = rein_model_id_text(&checked->models[end - 1].stated->id);
    return end - first == 1
               ? name
               : arena_print(memory, "%s %s %s", name, end - first == 2 ? "and" : "to", last);
}

/* Prints a line for each model that states more than the table can show. Neighbours that state the
 * same share a line. */
static void print_demands(arena *memory, const fleet *checked, const terminal *shown_on,
                          FILE *stream) {
    enum { INDENT = 2 };
    for (size_t first = 0, end = 0; first < checked->model_count; first = end) {
        const char *more = demand_text(memory, &checked->models[first]);
        end = first + 1;
        while (end < checked->model_count &&
               strcmp(demand_text(memory, &checked->models[end]), more) == 0) {
            end++;
        }
        if (*more != '\0') {
            const char *names = names_of(memory, checked, first, end);
            print_wrapped(shown_on, stream,
                          arena_print(memory, "%s, also counted: %s", names, more), 0, INDENT);
        }
    }
}

static void print_models(arena *memory, const fleet *checked, const terminal *shown_on,
                         FILE *stream) {
    static const char *const titles[] = {"MODEL",     "BUDGET", "WEIGHTS", "PEAK",
                                         "PRECISION", "NEEDED", "VERDICT"};
    table rows = {.column_count = sizeof titles / sizeof titles[0],
                  .is_right_aligned = {false, true, true, true, true, true, false},
                  .shortens_first_column = true};
    table_add_titles(memory, &rows, titles);
    for (size_t index = 0; index < checked->model_count; index++) {
        add_model_row(memory, &checked->models[index], shown_on->glyphs, &rows);
    }
    table_print(memory, &rows, shown_on, stream);
    style_begin(shown_on, stream, STYLE_FAINT);
    fputs("peak: activations as planned or stated; exact: no plan needs less;\n"
          "needed: weights and peak, each rounded up to the device's granularity",
          stream);
    if (checked->verdict.cap_count > 0) {
        fputs(";\ncap: only a budget is stated, so the model is not judged", stream);
    }
    if (fleet_is_any_need_measured(checked)) {
        fputs(";\nas measured: the need rests on a measured peak, which is a lower bound", stream);
    }
    style_end(shown_on, stream, STYLE_FAINT);
    fputs("\n", stream);
    print_demands(memory, checked, shown_on, stream);
}

static const char *origin_text(arena *memory, const sourced_number *number) {
    const char *name = number_origin_name(number->origin);
    return number->origin == NUMBER_FROM_MANIFEST
               ? arena_print(memory, "%s:%zu", name, number->at.line)
               : name;
}

static void add_sum(arena *memory, table *rows, const char *name, rein_fact_u64 fact,
                    const char *from) {
    table_row *row = table_add_row(memory, rows);
    row->cells[SUM_NAME].text = name;
    row->cells[SUM_ROUNDED].text = rounded_fact(memory, fact);
    row->cells[SUM_BYTES].text = fact.is_known ? plain_bytes(memory, fact.value) : NULL;
    row->cells[SUM_FROM].text = from;
}

/* Returns "64MiB (manifest:2; the profile says 32MiB)". The number must be known. */
static const char *size_from(arena *memory, const sourced_number *number) {
    const uint64_t sizes[] = {number->fact.value, number->overridden.value};
    size_t unit = common_unit(sizes, sizeof sizes / sizeof sizes[0]);
    const char *profile =
        number->overridden.is_known ? bytes_in_unit(memory, number->overridden.value, unit) : "";
    return arena_print(memory, "%s (%s%s%s)", bytes_in_unit(memory, number->fact.value, unit),
                       origin_text(memory, number), *profile == '\0' ? "" : "; the profile says ",
                       profile);
}

static const char *contexts_from(arena *memory, const fleet *checked, const char *times) {
    const sourced_number *overhead = &checked->context_overhead;
    return arena_print(memory, "%" PRIu64 " (%s) %s %s", checked->verdict.device.context_count,
                       origin_text(memory, &checked->processes), times,
                       overhead->fact.is_known ? size_from(memory, overhead) : "unknown");
}

static bool has_growth(const fleet *checked) {
    for (size_t index = 0; index < checked->model_count; index++) {
        if (checked->models[index].stated->growth.is_stated) {
            return true;
        }
    }
    return false;
}

static const char *requested_from(arena *memory, const fleet *checked) {
    const sourced_number *steps = fleet_budget_steps(checked);
    size_t count = checked->model_count;
    const char *budgets = arena_print(memory, "%zu budget%s", count, count == 1 ? "" : "s");
    return arena_print(memory, "%s in steps of %s%s", budgets,
                       steps->fact.is_known ? size_from(memory, steps) : "unknown size",
                       has_growth(checked) ? ", and of their allocators" : "");
}

/* Returns the sources of the reserved bytes: the manifest and the node's live reservations. */
static const char *reserved_from(arena *memory, const fleet *checked) {
    const rein_reservation_summary *live = &checked->live;
    const char *stated = origin_text(memory, &checked->reserved);
    if (live->live_count == 0 && live->unknown_count == 0) {
        return stated;
    }
    const char *unknown =
        live->unknown_count == 0 ? "" : arena_print(memory, ", %zu unknown", live->unknown_count);
    return arena_print(memory, "%s%s%s held by %zu live reservation%s%s (see 'rein status')",
                       checked->reserved.origin == NUMBER_DEFAULT ? "" : stated,
                       checked->reserved.origin == NUMBER_DEFAULT ? "" : "; ",
                       rounded_bytes(memory, live->live_bytes), live->live_count,
                       live->live_count == 1 ? "" : "s", unknown);
}

/* Adds the bytes that are left, or the shortage. */
static void add_balance(arena *memory, const rein_device_verdict *device, table *rows) {
    table_row *row = NULL;
    if (device->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        add_sum(memory, rows, "short by", rein_fact_u64_known(device->shortfall_bytes), NULL);
        row = &rows->rows[rows->row_count - 1];
        row->cells[SUM_NAME].style = STYLE_BAD;
        row->cells[SUM_ROUNDED].style = STYLE_BAD;
    } else if (device->available_bytes.is_known && device->outcome == REIN_ADMISSION_FITS) {
        uint64_t left = device->available_bytes.value - device->requested_bytes;
        add_sum(memory, rows, "left", rein_fact_u64_known(left), NULL);
    }
}

static const char *basis_from(arena *memory, const fleet *checked) {
    const rein_device_verdict *device = &checked->verdict.device;
    if (device->basis == REIN_MEMORY_BASIS_UNKNOWN) {
        return "unknown";
    }
    return arena_print(memory, "profile: %s memory", rein_memory_basis_name(device->basis));
}

/* Returns the source of the upper bound, which is shown only in its own row. Holders use at most
 * what they reserved. The promised bytes are at most the total memory. */
static const char *at_most_from(const rein_device_verdict *device) {
    uint64_t taken = device->context_bytes.value + device->headroom_bytes;
    return device->available_at_most_bytes.value < device->basis_bytes - taken
               ? "if the reserved memory is already in use; limited by the total memory"
               : "if the reserved memory is already in use";
}

static void print_sums(arena *memory, const fleet *checked, const terminal *shown_on,
                       FILE *stream) {
    const rein_device_verdict *device = &checked->verdict.device;
    const glyphs *with = shown_on->glyphs;
    table rows = {.column_count = 4,
                  .is_right_aligned = {false, true, true, false},
                  .indent = 2,
                  .ends_with_notes = true};
    bool is_basis_known = device->basis != REIN_MEMORY_BASIS_UNKNOWN;
    add_sum(memory, &rows, "memory",
            is_basis_known ? rein_fact_u64_known(device->basis_bytes) : rein_fact_u64_unknown(),
            basis_from(memory, checked));
    add_sum(memory, &rows, arena_print(memory, "%s contexts", with->minus), device->context_bytes,
            contexts_from(memory, checked, with->times));
    add_sum(memory, &rows, arena_print(memory, "%s headroom", with->minus), checked->headroom.fact,
            origin_text(memory, &checked->headroom));
    add_sum(memory, &rows, arena_print(memory, "%s reserved", with->minus),
            rein_fact_u64_known(device->others_bytes), reserved_from(memory, checked));
    add_sum(memory, &rows, "= available", device->available_bytes, NULL);
    if (device->available_at_most_bytes.value > device->available_bytes.value) {
        add_sum(memory, &rows, "  or up to", device->available_at_most_bytes, at_most_from(device));
    }
    add_sum(memory, &rows, "requested", rein_fact_u64_known(device->requested_bytes),
            requested_from(memory, checked));
    add_balance(memory, device, &rows);
    table_print(memory, &rows, shown_on, stream);
}

void check_print_device_title(arena *memory, const fleet_device *device, const terminal *shown_on,
                              FILE *stream) {
    const rein_device_profile *profile = &device->profile;
    style_begin(shown_on, stream, STYLE_STRONG);
    fputs("DEVICE", stream);
    style_end(shown_on, stream, STYLE_STRONG);
    const char *path = text_printable(memory, device->path);
    if (!device->is_found) {
        fprintf(stream, "  %s: %s\n\n", path,
                text_printable(memory, missing_device_text(memory, device)));
        return;
    }
    fprintf(stream, "  %s\n",
            *profile->name == '\0' ? "unnamed" : text_printable(memory, profile->name));
    fprintf(stream, "  %s: %s", path, rein_profile_source_name(profile->source));
    if (profile->recorded_at_unix_s.is_known) {
        fprintf(stream, ", %s", date_text(memory, profile->recorded_at_unix_s.value));
    }
    fputs("\n", stream);
    if (*profile->source_note != '\0') {
        fprintf(stream, "  %s\n", text_printable(memory, profile->source_note));
    }
    fputs("\n", stream);
}

static void print_streams(arena *memory, const fleet *checked, const terminal *shown_on,
                          FILE *stream) {
    enum { INDENT = 2, SENTENCE_COLUMN = 11 };
    const char *warning = check_stream_warning(memory, checked);
    if (warning == NULL) {
        return;
    }
    fprintf(stream, "\n%*s", INDENT, "");
    style_begin(shown_on, stream, STYLE_UNSURE);
    fputs("warning", stream);
    style_end(shown_on, stream, STYLE_UNSURE);
    fputs(": ", stream);
    print_wrapped(shown_on, stream, warning, SENTENCE_COLUMN, INDENT);
}

static void print_advice(arena *memory, const fleet *checked, const char *bullet, FILE *stream) {
    advice made = advice_make(memory, checked);
    if (made.count == 0) {
        return;
    }
    fputs(checked->verdict.outcome == REIN_ADMISSION_DOES_NOT_FIT ? "\nTo make it fit:\n"
                                                                  : "\nTo get a verdict:\n",
          stream);
    for (size_t index = 0; index < made.count; index++) {
        fprintf(stream, "  %s %s\n", bullet, made.sentences[index]);
    }
}

static bool print_table(diagnostics *sink, const fleet *checked, bool explains) {
    arena *memory = sink->memory;
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(memory);
    print_models(memory, checked, &shown_on, text->stream);
    fputs("\n", text->stream);
    check_print_device_title(memory, &checked->device, &shown_on, text->stream);
    print_sums(memory, checked, &shown_on, text->stream);
    print_streams(memory, checked, &shown_on, text->stream);
    if (explains) {
        check_explain(memory, checked, &shown_on, text->stream);
    }
    print_advice(memory, checked, shown_on.glyphs->bullet, text->stream);
    fputs("\n", text->stream);
    check_verdict found = check_verdict_of(memory, checked);
    print_named_verdict_line(&shown_on, text->stream, checked->verdict.outcome, found.name,
                             found.separator, found.sentence);
    return output_report(sink, text, &shown_on);
}

bool check_print_table(diagnostics *sink, const fleet *checked) {
    return print_table(sink, checked, false);
}

bool check_print_explained_table(diagnostics *sink, const fleet *checked) {
    return print_table(sink, checked, true);
}
