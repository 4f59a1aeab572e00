#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/fleet/plan_outcome.h"
#include "cli/plan/report.h"
#include "cli/write/table.h"
#include "cli/write/verdict.h"

static void add_size(arena *memory, table *rows, const char *name, uint64_t bytes,
                     const char *note) {
    table_row *row = table_add_row(memory, rows);
    row->cells[0].text = name;
    row->cells[1].text = rounded_bytes(memory, bytes);
    row->cells[2].text = plain_bytes(memory, bytes);
    row->cells[3].text = note;
}

static const char *bound_note(arena *memory, const planned_lifetimes *planned) {
    if (planned->outcome.proof == REIN_PLAN_PROOF_FIXED) {
        return "the highest offset that is kept ends there";
    }
    if (planned->outcome.lower_bound_bytes == planned->peak.bytes) {
        return arena_print(memory, "alive at once, first at %" PRId64, planned->peak.instant);
    }
    return arena_print(memory, "less is refuted by search, in %" PRIu64 " steps",
                       planned->outcome.steps);
}

static const char *gap_note(arena *memory, const rein_plan_outcome *outcome) {
    return plan_is_exact(outcome)
               ? "exact: no placement is lower"
               : arena_print(memory, "%s of the least height", plan_precision(memory, outcome));
}

static const char *capacity_note(arena *memory, const plan_report *shown) {
    uint64_t capacity = shown->capacity_bytes.value;
    uint64_t height = shown->planned.outcome.height_bytes;
    if (height <= capacity) {
        return arena_print(memory, "%s to spare", rounded_bytes(memory, capacity - height));
    }
    return arena_print(memory, "%s below the height", rounded_bytes(memory, height - capacity));
}

static void add_rows(arena *memory, const plan_report *shown, table *rows) {
    const rein_plan_outcome *outcome = &shown->planned.outcome;
    if (shown->sum_bytes.is_known) {
        add_size(memory, rows, "sum", shown->sum_bytes.value, "of all sizes: without any sharing");
    }
    add_size(memory, rows, "height", outcome->height_bytes,
             arena_print(memory, "of the plan: %s, in %s, checked", plan_precision(memory, outcome),
                         rounded_duration(memory, shown->planned.took)));
    add_size(memory, rows, "lower bound", outcome->lower_bound_bytes,
             bound_note(memory, &shown->planned));
    add_size(memory, rows, "gap", outcome->height_bytes - outcome->lower_bound_bytes,
             gap_note(memory, outcome));
    if (shown->capacity_bytes.is_known) {
        add_size(memory, rows, "capacity", shown->capacity_bytes.value,
                 capacity_note(memory, shown));
    }
}

static const char *sentence(arena *memory, const plan_report *shown) {
    const rein_plan_outcome *outcome = &shown->planned.outcome;
    const char *height = rounded_bytes(memory, outcome->height_bytes);
    const char *bound = rounded_bytes(memory, outcome->lower_bound_bytes);
    const rein_live_peak *peak = &shown->planned.peak;
    const char *capacity = exact_bytes(memory, shown->capacity_bytes.value);
    if (shown->outcome == REIN_ADMISSION_FITS) {
        return arena_print(memory, "a plan of %s is within %s", height, capacity);
    }
    if (shown->outcome == REIN_ADMISSION_DOES_NOT_FIT &&
        peak->bytes > shown->capacity_bytes.value) {
        return arena_print(memory, "%s are alive at %" PRId64 ", %s more than %s",
                           rounded_bytes(memory, peak->bytes), peak->instant,
                           rounded_bytes(memory, peak->bytes - shown->capacity_bytes.value),
                           capacity);
    }
    if (shown->outcome == REIN_ADMISSION_DOES_NOT_FIT && outcome->proof == REIN_PLAN_PROOF_FIXED) {
        return arena_print(memory, "a tensor whose offset is kept ends at %s, above %s",
                           exact_bytes(memory, outcome->lower_bound_bytes), capacity);
    }
    if (shown->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(memory, "every placement within %s is refuted by search", capacity);
    }
    return arena_print(memory,
                       "%s is below the plan of %s, and not below the lower bound of %s; "
                       "more --effort may decide it",
                       capacity, height, bound);
}

static const char *offsets_note(const plan_report *shown) {
    if (shown->keeps_offsets) {
        return "\nThe offsets of the file are kept.\n";
    }
    if (shown->input.offsets != NULL) {
        return "\nThe offsets of the file are ignored; --keep-offsets keeps them.\n";
    }
    return shown->is_asked_to_keep ? "\nThe file has no offsets to keep.\n" : "";
}

bool plan_print_table(diagnostics *sink, const plan_report *shown) {
    arena *memory = sink->memory;
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(memory);
    const char *path = text_printable(memory, shown->input.path);
    fprintf(text->stream, "%s: %zu tensor%s, alive from %" PRId64 " to %" PRId64 "\n\n", path,
            shown->input.count, shown->input.count == 1 ? "" : "s", shown->from, shown->until);
    table rows = {.column_count = 4,
                  .is_right_aligned = {false, true, true, false},
                  .indent = 2,
                  .ends_with_notes = true};
    add_rows(memory, shown, &rows);
    table_print(memory, &rows, &shown_on, text->stream);
    fputs(offsets_note(shown), text->stream);
    if (shown->capacity_bytes.is_known) {
        fputc('\n', text->stream);
        print_verdict_line(&shown_on, text->stream, shown->outcome, sentence(memory, shown));
    }
    return output_report(sink, text, &shown_on);
}
