#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/check/largest_sentence.h"
#include "cli/check/report.h"
#include "cli/fleet/sentence.h"
#include "cli/write/output.h"
#include "cli/write/table.h"
#include "cli/write/verdict.h"
#include "cli/write/wrap.h"

enum {
    STEP_NUMBER,
    STEP_NEEDED,
    STEP_NEEDED_BYTES,
    STEP_LIMIT,
    STEP_LIMIT_BYTES,
    STEP_BALANCE,
    STEP_VERDICT,
    STEP_COLUMNS
};

static const char *balance_text(arena *memory, const largest_step *step,
                                const largest_sizes *sizes) {
    if (step->outcome == REIN_ADMISSION_DOES_NOT_FIT) {
        return arena_print(memory, "%s short", rounded_bytes(memory, sizes->shortfall_bytes));
    }
    return step->outcome == REIN_ADMISSION_FITS
               ? arena_print(memory, "%s left",
                             rounded_bytes(memory, sizes->limit_bytes.value - sizes->needed_bytes))
               : NULL;
}

static void add_step(arena *memory, const largest_question *asked, const largest_step *step,
                     const glyphs *with, table *rows) {
    table_row *row = table_add_row(memory, rows);
    largest_sizes sizes = largest_sizes_of(asked, step);
    row->cells[STEP_NUMBER].text = arena_print(memory, "%" PRIu64, step->number);
    row->cells[STEP_VERDICT] = (table_cell){.text = rein_admission_outcome_name(step->outcome),
                                            .style = outcome_style(step->outcome)};
    if (sizes.limit == LARGEST_REFUSED) {
        return;
    }
    const char *needed = rounded_bytes(memory, sizes.needed_bytes);
    row->cells[STEP_NEEDED].text =
        sizes.is_at_least ? arena_print(memory, "%s %s", with->at_least, needed) : needed;
    row->cells[STEP_NEEDED_BYTES].text = plain_bytes(memory, sizes.needed_bytes);
    row->cells[STEP_LIMIT].text = rounded_fact(memory, sizes.limit_bytes);
    if (sizes.limit_bytes.is_known) {
        row->cells[STEP_LIMIT_BYTES].text = plain_bytes(memory, sizes.limit_bytes.value);
        row->cells[STEP_BALANCE].text = balance_text(memory, step, &sizes);
    }
}

static bool is_budget_the_limit(const largest_answer *answer) {
    const largest_step *first = &answer->steps[0];
    return largest_sizes_of(answer->asked, first).limit == LARGEST_LIMIT_BUDGET;
}

static void print_steps(arena *memory, const largest_answer *answer, const terminal *shown_on,
                        FILE *stream) {
    static const char *const names[] = {[LARGEST_CONTEXT] = "TOKENS",
                                        [LARGEST_PARALLEL] = "SEQUENCES",
                                        [LARGEST_INSTANCES] = "INSTANCES"};
    const char *const titles[STEP_COLUMNS] = {
        names[answer->asked->kind], "NEEDED", "", "LIMIT", "", "", "VERDICT"};
    table rows = {.column_count = STEP_COLUMNS,
                  .is_right_aligned = {true, true, true, true, true, true, false}};
    table_add_titles(memory, &rows, titles);
    for (size_t index = 0; index < answer->step_count; index++) {
        add_step(memory, answer->asked, &answer->steps[index], shown_on->glyphs, &rows);
    }
    table_print(memory, &rows, shown_on, stream);
    style_begin(shown_on, stream, STYLE_FAINT);
    fputs(is_budget_the_limit(answer)
              ? "needed: by the model; limit: its budget"
              : "needed: by all models; limit: the device's memory less contexts, headroom and\n"
                "reserved memory",
          stream);
    style_end(shown_on, stream, STYLE_FAINT);
    fputs("\n", stream);
}

/* Prints what varies: "chat.gguf: the largest context". */
static void print_heading(arena *memory, const largest_answer *answer, const terminal *shown_on,
                          FILE *stream) {
    static const char *const wholes[] = {[LARGEST_CONTEXT] = "the largest context",
                                         [LARGEST_PARALLEL] = "the most sequences at once",
                                         [LARGEST_INSTANCES] = "the most instances"};
    const largest_question *asked = answer->asked;
    const fleet *stated = asked->stated;
    style_begin(shown_on, stream, STYLE_STRONG);
    fputs(text_printable(memory, stated->from->path), stream);
    style_end(shown_on, stream, STYLE_STRONG);
    fprintf(stream, ": %s", wholes[asked->kind]);
    if (asked->has_budget) {
        fprintf(stream, " of %s", rein_model_id_text(&stated->models[asked->model].stated->id));
    }
    fputs("\n\n", stream);
}

static void print_advice(arena *memory, const largest_answer *answer, const char *bullet,
                         FILE *stream) {
    advice made = largest_advice(memory, answer);
    if (made.count > 0) {
        fputs("\nTo get a verdict:\n", stream);
    }
    for (size_t index = 0; index < made.count; index++) {
        fprintf(stream, "  %s %s\n", bullet, made.sentences[index]);
    }
}

/* Returns the outcome, "as measured" if it rests on a measurement. */
static const char *verdict_name(arena *memory, const largest_answer *answer) {
    bool is_measured = check_measured_sentence(memory, &answer->first.judged) != NULL;
    return arena_print(memory, "%s%s", rein_admission_outcome_name(answer->outcome),
                       is_measured ? AS_MEASURED : "");
}

bool largest_print_table(diagnostics *sink, const largest_answer *answer) {
    arena *memory = sink->memory;
    terminal shown_on = terminal_of_reports();
    output_text *text = output_open(memory);
    const char *notes[LARGEST_NOTES_MAX];
    size_t count = largest_notes(memory, answer, notes);
    print_heading(memory, answer, &shown_on, text->stream);
    check_print_device_title(memory, &answer->asked->stated->device, &shown_on, text->stream);
    print_steps(memory, answer, &shown_on, text->stream);
    if (count > 0) {
        fputs("\n", text->stream);
    }
    for (size_t index = 0; index < count; index++) {
        fprintf(text->stream, "%s\n", notes[index]);
    }
    print_advice(memory, answer, shown_on.glyphs->bullet, text->stream);
    fputs("\n", text->stream);
    print_named_verdict_line(&shown_on, text->stream, answer->outcome, verdict_name(memory, answer),
                             ": ", largest_sentence(memory, answer));
    return output_report(sink, text, &shown_on);
}
