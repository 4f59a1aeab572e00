#include <inttypes.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/inspect/report.h"
#include "cli/write/output.h"
#include "cli/write/table.h"
#include "cli/write/wrap.h"

enum { INDENT = 2, NOTE_INDENT = 4 };

/* The destination of a table. */
typedef struct sheet {
    arena *memory;
    terminal shown_on;
    FILE *stream;
} sheet;

static void add_fact(const sheet *into, table *rows, const char *name, rein_fact_u64 fact,
                     const char *note) {
    table_row *row = table_add_row(into->memory, rows);
    row->cells[0].text = name;
    row->cells[1].text = rounded_fact(into->memory, fact);
    row->cells[2].text = fact.is_known ? plain_bytes(into->memory, fact.value) : "";
    row->cells[3].text = note;
}

/* Adds a part of a sum if it is known and not 0. Most parts are 0. */
static void add_part(const sheet *into, table *rows, const char *name, rein_fact_u64 fact,
                     const char *note) {
    if (fact.is_known && fact.value > 0) {
        add_fact(into, rows, name, fact, note);
    }
}

static const char *parameters_text(arena *memory, uint64_t count) {
    return arena_print(memory, "%" PRIu64 " parameter%s", count, count == 1 ? "" : "s");
}

static void add_weights(const sheet *into, table *rows, const model_description *model) {
    add_fact(into, rows, "weights", model->weights.file_bytes, "in the files");
    for (size_t index = 0; index < model->type_count; index++) {
        const weight_type *type = &model->types[index];
        add_fact(into, rows, arena_print(into->memory, "- %s", type->name),
                 rein_fact_u64_known(type->size_bytes),
                 parameters_text(into->memory, type->element_count));
    }
    add_part(into, rows, "- on the device", model->weights.device_bytes, "");
    add_part(into, rows, "- on the host", model->weights.host_bytes, "");
}

static const char *context_note(arena *memory, const model_description *model) {
    const rein_model_context *context = &model->context;
    if (!context->tokens_per_sequence.is_known) {
        return "";
    }
    return context->sequence_count == 1
               ? arena_print(memory, "%" PRIu64 " tokens", context->tokens_per_sequence.value)
               : arena_print(memory, "%" PRIu64 " sequences, each of up to %" PRIu64 " tokens",
                             context->sequence_count, context->tokens_per_sequence.value);
}

static bool has_state(const rein_model_state *state) {
    return !state->total_bytes.is_known || state->total_bytes.value > 0;
}

static void add_state(const sheet *into, table *rows, const model_description *model) {
    const rein_model_state *state = &model->state;
    if (!has_state(state)) {
        add_fact(into, rows, "state", state->total_bytes, "kept between executions");
        return;
    }
    add_fact(into, rows, "state", state->total_bytes, context_note(into->memory, model));
    add_part(into, rows, "- KV cache", state->kv_bytes, "of layers that keep the whole context");
    add_part(into, rows, "- sliding window", state->sliding_window_bytes,
             "of layers that keep a window of it");
    add_part(into, rows, "- recurrent", state->recurrent_bytes, "the same for every context");
    add_part(into, rows, "- index", state->index_bytes, "of sparse attention");
    add_part(into, rows, "- on the device", state->device_bytes, "");
    add_part(into, rows, "- on the host", state->host_bytes, "");
    add_part(into, rows, "- for each token", state->bytes_per_token, "in layers that keep it");
    if (model->block_bytes.is_known) {
        add_fact(
            into, rows, "- for each block", model->block_bytes,
            arena_print(into->memory, "%" PRIu64 " tokens of a paged cache", model->block_tokens));
    }
}

static void print_heading(const sheet *into, const model_description *model) {
    style_begin(&into->shown_on, into->stream, STYLE_STRONG);
    fputs(text_printable(into->memory, model->files[0]), into->stream);
    style_end(&into->shown_on, into->stream, STYLE_STRONG);
    fprintf(into->stream, ": %s", rein_model_format_name(model->format));
    if (model->architecture != NULL) {
        fprintf(into->stream, ", %s", text_printable(into->memory, model->architecture));
    }
    fprintf(into->stream, ", %s\n", parameters_text(into->memory, model->parameter_count.value));
    for (size_t index = 1; index < model->file_count; index++) {
        fprintf(into->stream, "%*sand %s\n", INDENT, "",
                text_printable(into->memory, model->files[index]));
    }
}

static void print_sizes(const sheet *into, const model_description *model) {
    table rows = {.column_count = 4,
                  .is_right_aligned = {false, true, true, false},
                  .indent = INDENT,
                  .ends_with_notes = true};
    add_weights(into, &rows, model);
    add_state(into, &rows, model);
    add_fact(into, &rows, "activations", rein_fact_u64_unknown(), "");
    if (model->graph_peak_bytes.is_known) {
        add_fact(into, &rows, "- of the graph", model->graph_peak_bytes,
                 "alive at once, if no tensor is written in place");
    }
    fputs("\n", into->stream);
    table_print(into->memory, &rows, &into->shown_on, into->stream);
}

static void print_item(const sheet *into, const char *text) {
    fprintf(into->stream, "%*s", INDENT, "");
    print_wrapped(&into->shown_on, into->stream, text, INDENT, NOTE_INDENT);
}

static void print_values(const sheet *into, const model_description *model) {
    if (model->value_count > 0) {
        fputs("\nInputs and outputs:\n", into->stream);
    }
    for (size_t index = 0; index < model->value_count; index++) {
        const described_value *value = &model->values[index];
        print_item(into,
                   arena_print(into->memory, "%s %s: %s", value->is_output ? "output" : "input",
                               value->name, value->type));
    }
}

static void print_inputs(const sheet *into, const model_description *model) {
    if (model->input_count > 0) {
        fputs("\nThe numbers follow from:\n", into->stream);
    }
    table rows = {.column_count = 3, .indent = INDENT, .ends_with_notes = true};
    for (size_t index = 0; index < model->input_count; index++) {
        table_row *row = table_add_row(into->memory, &rows);
        row->cells[0].text = model->inputs[index].name;
        row->cells[1].text = model->inputs[index].value;
        row->cells[2].text = model->inputs[index].origin;
    }
    table_print(into->memory, &rows, &into->shown_on, into->stream);
}

static void print_unknowns(const sheet *into, const model_description *model) {
    /* The activations of an engine always are. */
    fputs("\nUnknown:\n", into->stream);
    for (size_t index = 0; index < model->unknown_count; index++) {
        print_item(into, arena_print(into->memory, "%s: %s", model->unknowns[index].fact,
                                     model->unknowns[index].why));
    }
}

/* Prints the lines as they are: a path that is folded would not paste. */
static bool print_manifest_lines(diagnostics *sink, const describe_request *request,
                                 const model_description *model) {
    output_text *text = output_open(sink->memory);
    inspect_write_manifest_lines(sink->memory, request, model, text->stream);
    return output_to_standard(sink, text);
}

bool inspect_print_table(diagnostics *sink, const describe_request *request,
                         const model_description *model) {
    output_text *text = output_open(sink->memory);
    const sheet into = {
        .memory = sink->memory, .shown_on = terminal_of_reports(), .stream = text->stream};
    print_heading(&into, model);
    print_sizes(&into, model);
    print_values(&into, model);
    print_inputs(&into, model);
    print_unknowns(&into, model);
    fputs("\nIn a manifest:\n", text->stream);
    return output_report(sink, text, &into.shown_on) && print_manifest_lines(sink, request, model);
}
