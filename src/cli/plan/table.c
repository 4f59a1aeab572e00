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
        return "end of the highest tensor whose offset is kept";
    }
    if (planned->outcome.lower_bound_bytes == planned->peak.bytes) {
        return arena_print(memory, "most bytes alive at once, at instant %" PRId64,
                           planned->peak.instant);
    }
    return arena_print(memory, "a search of %" PRIu64 " steps refuted less",
                       planned->outcome.steps);
}

static const char *gap_note(arena *memory, const rein_plan_outcome *outcome) {
    return plan_is_exact(outcome) ? "exact: no placement is lower"
                                  : arena_print(memory, "%s of the lowest possible height",
                                                plan_precision(memory, outcome));
}

static const char *capacity_note(arena *memory, const plan_report *result) {
    uint64_t capacity = result->capacity_bytes.value;
    uint64_t height = result->planned.outcome.height_bytes;
    if (height <= capacity) {
        return arena_print(memory, "%s to spare", rounded_bytes(memory, capacity - height));
    }
    return arena_print(memory, "%s below the height", rounded_bytes(memory, height - capacity));
}

static void add_rows(arena *memory, const plan_report *result, table *rows) {
    const rein_plan_outcome *outcome = &result->planned.outcome;
    if (result->sum_bytes.is_known) {
        add_size(memory, rows, "sum", result->sum_bytes.value,
                 "of all sizes, if nothing were shared");
    }
    add_size(memory, rows, "height", outcome->height_bytes,
             arena_print(memory, "of the plan: %s, in %s, checked", plan_precision(memory, outcome),
                         rounded_duration(memory, result->planned.took)));
    add_size(memory, rows, "lower bound", outcome->lower_bound_bytes,
             bound_note(memory, &result->planned));
    add_size(memory, rows, "gap", outcome->height_bytes - outcome->lower_bound_bytes,
             gap_note(memory, outcome));
    if (result->capacity_bytes.is_known) {
        add_size(memory, rows, "capacity", result->capacity_bytes.value,
                 capacity_note(memory, result));
    }
}

/* Returns the sizes of the verdict in one unit in which they differ. */
static size_t verdict_unit(const plan_report *result) {
    uint64_t capacity = result->capacity_bytes.value;
    uint64_t height = result->planned.outcome.height_bytes;
    uint64_t bound = result->planned.outcome.lower_bound_bytes;
    uint64_t peak = result->planned.peak.bytes;
    const uint64_t sizes[] = {capacity,
                              height,
                              bound,
                              height > capacity ? height - capacity : 0,
                              capacity > bound ? capacity - bound : bound - capacity,
                              peak > capacity ? peak - capacity : 0};
    return rounding_unit(sizes, sizeof sizes / sizeof sizes[0]);
}

static const char *refusal(arena *memory, const plan_report *result, size_t unit) {
    const rein_plan_outcome *outcome = &result->planned.outcome;
    const rein_live_peak *peak = &result->planned.peak;
    uint64_t capacity_bytes = result->capacity_bytes.value;
    const char *capacity = rounded_in_unit(memory, capacity_bytes, unit);
    if (peak->bytes > capacity_bytes) {
        return arena_print(memory,
                           "%s are alive at instant %" PRId64 ": %s more than the capacity of %s",
                           rounded_in_unit(memory, peak->bytes, unit), peak->instant,
                           rounded_in_unit(memory, peak->bytes - capacity_bytes, unit), capacity);
    }
    if (outcome->proof == REIN_PLAN_PROOF_FIXED) {
        return arena_print(
            memory, "a tensor whose offset is kept ends at %s: %s above the capacity of %s",
            rounded_in_unit(memory, outcome->lower_bound_bytes, unit),
            rounded_in_unit(memory, outcome->lower_bound_bytes - capacity_bytes, unit), capacity);
    }
    return arena_print(memory, "the search refuted every placement within the capacity of %s",
                       capacity);
}

static const char *sentence(arena *memory, const plan_report *result) {
    const rein_plan_outcome *outcome = &result->planned.outcome;
    size_t unit = verdict_unit(result);
    const char *capacity = rounded_in_unit(memory, result->capacity_bytes.value, unit);
    const char *height = rounded_in_unit(memory, outcome->height_bytes, unit);
    if (result->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return refusal(memory, result, unit);
    }
    if (result->outcome == REIN_ADMISSION_FITS) {
        return arena_print(memory, "the plan of %s is within the capacity of %s", height, capacity);
    }
    return arena_print(
        memory,
        "the capacity of %s is between the lower bound of %s and the plan of %s; more "
        "--effort may decide",
        capacity, rounded_in_unit(memory, outcome->lower_bound_bytes, unit), height);
}

static const char *offsets_note(const plan_report *result) {
    if (result->keeps_offsets) {
        return "\nThe offsets of the file are kept.\n";
    }
    if (result->input.offsets != NULL) {
        return "\nThe offsets of the file are ignored; --keep-offsets keeps them.\n";
    }
    return result->is_asked_to_keep ? "\nThe file has no offsets to keep.\n" : "";
}

static const char *ends_note(const plan_report *result) {
    if (lifetimes_file_has_doubtful_ends(&result->input)) {
        return "\nThe column end is taken as last use + 1; --inclusive takes it as the last use.\n";
    }
    return result->input.had_included_ends ? "\nThe upper ends in the file are included. In this "
                                             "report and all outputs, they are\n"
                                             "exclusive: last use + 1.\n"
                                           : "";
}

bool plan_print_table(diagnostics *sink, const plan_report *result) {
    arena *memory = sink->memory;
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(memory);
    const char *path = text_printable(memory, result->input.path);
    fprintf(text->stream, "%s: %zu tensor%s, alive from %" PRId64 " to %" PRId64 "\n\n", path,
            result->input.count, result->input.count == 1 ? "" : "s", result->from, result->until);
    table rows = {.column_count = 4,
                  .is_right_aligned = {false, true, true, false},
                  .indent = 2,
                  .ends_with_notes = true};
    add_rows(memory, result, &rows);
    table_print(memory, &rows, &shown_on, text->stream);
    fputs(offsets_note(result), text->stream);
    fputs(ends_note(result), text->stream);
    if (result->capacity_bytes.is_known) {
        fputc('\n', text->stream);
        print_verdict_line(&shown_on, text->stream, result->outcome, sentence(memory, result));
    }
    return output_report(sink, text, &shown_on);
}
