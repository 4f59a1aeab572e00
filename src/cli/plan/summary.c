#include "cli/plan/summary.h"

#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/fleet/plan_outcome.h"
#include "cli/write/table.h"
#include "cli/write/verdict.h"

enum {
    COLUMN_FILE,
    COLUMN_TENSORS,
    COLUMN_HEIGHT,
    COLUMN_BOUND,
    COLUMN_PLAN,
    COLUMN_STEPS,
    COLUMN_TIME,
    COLUMN_VERDICT,
    COLUMN_COUNT
};

_Static_assert((int)COLUMN_COUNT <= (int)TABLE_COLUMNS_MAX, "a table has that many columns");

/* Counts of files by kind. */
typedef struct tally {
    size_t planned;
    size_t exact;
    size_t unfit;
    size_t unknown;
    size_t refused; /* files that are not planned, by exit code */
    size_t impossible;
    size_t stopped;
    size_t ignoring_offsets;
    size_t doubtful_ends;
} tally;

static tally tally_of(const planned_file *files, size_t count) {
    tally counted = {.planned = 0};
    for (size_t index = 0; index < count; index++) {
        const planned_file *file = &files[index];
        counted.planned += file->is_planned;
        counted.exact += file->is_planned && plan_is_exact(&file->outcome);
        counted.unfit += file->is_planned && file->judged == REIN_ADMISSION_DOES_NOT_FIT;
        counted.unknown += file->is_planned && file->judged == REIN_ADMISSION_CANNOT_TELL;
        counted.refused += !file->is_planned && file->code == EXIT_CODE_BAD_INPUT;
        counted.impossible += !file->is_planned && file->code == EXIT_CODE_DOES_NOT_FIT;
        counted.stopped += !file->is_planned && file->code == EXIT_CODE_CANNOT_TELL;
        counted.ignoring_offsets += file->is_planned && file->ignores_offsets;
        counted.doubtful_ends += file->is_planned && file->has_doubtful_ends;
    }
    return counted;
}

/* Returns the verdict on all files. A refused file may or may not fit. */
static rein_admission_outcome worst_of(const tally *counted) {
    if (counted->unfit + counted->impossible > 0) {
        return REIN_ADMISSION_DOES_NOT_FIT;
    }
    return counted->unknown + counted->stopped + counted->refused > 0 ? REIN_ADMISSION_CANNOT_TELL
                                                                      : REIN_ADMISSION_FITS;
}

exit_code plan_summary_exit_code(const planned_file *files, size_t count) {
    tally counted = tally_of(files, count);
    return counted.refused > 0 ? EXIT_CODE_BAD_INPUT : exit_code_of(worst_of(&counted));
}

static void add_file(arena *memory, table *rows, const planned_file *file, bool has_capacity) {
    table_row *row = table_add_row(memory, rows);
    row->cells[COLUMN_FILE].text = text_printable(memory, file->path);
    if (!file->is_planned) {
        row->cells[COLUMN_PLAN] = (table_cell){.text = "not planned", .style = STYLE_BAD};
        return;
    }
    const rein_plan_outcome *outcome = &file->outcome;
    row->cells[COLUMN_TENSORS].text = arena_print(memory, "%zu", file->tensor_count);
    row->cells[COLUMN_HEIGHT].text = rounded_bytes(memory, outcome->height_bytes);
    row->cells[COLUMN_BOUND].text = rounded_bytes(memory, outcome->lower_bound_bytes);
    row->cells[COLUMN_PLAN].text = plan_precision(memory, outcome);
    row->cells[COLUMN_STEPS].text = arena_print(memory, "%" PRIu64, outcome->steps);
    row->cells[COLUMN_TIME].text = rounded_duration(memory, file->took);
    if (has_capacity) {
        row->cells[COLUMN_VERDICT] = (table_cell){.text = rein_admission_outcome_name(file->judged),
                                                  .style = outcome_style(file->judged)};
    }
}

static void print_rows(arena *memory, const planned_file *files, size_t count, bool has_capacity,
                       const terminal *shown_on, FILE *stream) {
    static const char *const titles[COLUMN_COUNT] = {"FILE", "TENSORS", "HEIGHT", "BOUND",
                                                     "PLAN", "STEPS",   "TIME",   "VERDICT"};
    table rows = {.column_count = has_capacity ? COLUMN_COUNT : COLUMN_VERDICT,
                  .is_right_aligned = {false, true, true, true, false, true, true, false},
                  .shortens_first_column = true,
                  .keeps_ends = true};
    table_add_titles(memory, &rows, titles);
    for (size_t index = 0; index < count; index++) {
        add_file(memory, &rows, &files[index], has_capacity);
    }
    table_print(memory, &rows, shown_on, stream);
}

static const char *verdict_sentence(arena *memory, const tally *counted, size_t count,
                                    const char *capacity) {
    size_t unfit = counted->unfit + counted->impossible;
    if (unfit > 0) {
        return arena_print(memory, "%zu of %zu files have no plan within the capacity of %s", unfit,
                           count, capacity);
    }
    if (counted->unknown > 0) {
        return arena_print(memory,
                           "%zu of %zu files may have no plan within the capacity of %s; more "
                           "--effort may decide",
                           counted->unknown, count, capacity);
    }
    if (counted->planned < count) {
        return arena_print(
            memory,
            "%zu of %zu files are not planned; the others have a plan within the capacity of %s",
            count - counted->planned, count, capacity);
    }
    return arena_print(memory, "each plan is within the capacity of %s", capacity);
}

bool plan_summary_print(diagnostics *sink, const planned_file *files, size_t count,
                        rein_fact_u64 capacity_bytes) {
    arena *memory = sink->memory;
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(memory);
    tally counted = tally_of(files, count);
    print_rows(memory, files, count, capacity_bytes.is_known, &shown_on, text->stream);
    fprintf(text->stream, "\n%zu file%s: %zu exact, %zu within a bound, %zu not planned\n", count,
            count == 1 ? "" : "s", counted.exact, counted.planned - counted.exact,
            count - counted.planned);
    if (counted.ignoring_offsets > 0) {
        fprintf(text->stream, "The offsets of %zu file%s are ignored; --keep-offsets keeps them.\n",
                counted.ignoring_offsets, counted.ignoring_offsets == 1 ? "" : "s");
    }
    if (counted.doubtful_ends > 0) {
        fprintf(
            text->stream,
            "The column end of %zu file%s is taken as last use + 1; --inclusive takes it as the "
            "last use.\n",
            counted.doubtful_ends, counted.doubtful_ends == 1 ? "" : "s");
    }
    if (capacity_bytes.is_known && counted.planned > 0) {
        print_verdict_line(
            &shown_on, text->stream, worst_of(&counted),
            verdict_sentence(memory, &counted, count, exact_bytes(memory, capacity_bytes.value)));
    }
    return output_report(sink, text, &shown_on);
}
