#include "cli/write/table.h"

#include <string.h>

#include "cli/base/text.h"
#include "cli/write/short_names.h"

enum { GAP_COLUMNS = 2, FIRST_COLUMN_LEAST = 10, STACKED_INDENT = 2 };

table_row *table_add_row(arena *memory, table *target) {
    target->rows = arena_grow(memory, target->rows, target->row_count, &target->row_capacity,
                              sizeof *target->rows);
    return &target->rows[target->row_count++];
}

void table_add_titles(arena *memory, table *target, const char *const *titles) {
    table_row *row = table_add_row(memory, target);
    for (size_t column = 0; column < target->column_count; column++) {
        row->cells[column] = (table_cell){.text = titles[column], .style = STYLE_STRONG};
    }
    target->has_titles = true;
}

static const char *cell_text(const table_cell *cell) {
    return cell->text == NULL ? "" : cell->text;
}

/* `widths` must be zero. */
static void measure_columns(const table *shown, size_t *widths) {
    for (size_t column = 0; column < shown->column_count; column++) {
        for (size_t row = 0; row < shown->row_count; row++) {
            size_t width = text_columns(cell_text(&shown->rows[row].cells[column]));
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
}

static size_t total_width(const table *shown, const size_t *widths) {
    size_t total = shown->indent;
    for (size_t column = 0; column < shown->column_count; column++) {
        total += widths[column] + (column == 0 ? 0 : GAP_COLUMNS);
    }
    return total;
}

/* Returns the rows with names of at most `columns` columns, or NULL if that makes names equal. */
static table_row *shorten_names(arena *memory, const table *shown, size_t columns,
                                const terminal *shown_on) {
    const char **names = arena_allocate(memory, shown->row_count, sizeof *names);
    for (size_t row = 0; row < shown->row_count; row++) {
        names[row] = cell_text(&shown->rows[row].cells[0]);
    }
    const short_names request = {.names = names + 1, /* after the title */
                                 .count = shown->row_count - 1,
                                 .columns = columns,
                                 .keeps_ends = shown->keeps_ends,
                                 .ellipsis = shown_on->glyphs->ellipsis};
    const char *const *made = names_shorten(memory, &request);
    if (made == NULL) {
        return NULL;
    }
    table_row *rows = arena_allocate(memory, shown->row_count, sizeof *rows);
    memcpy(rows, shown->rows, shown->row_count * sizeof *rows);
    for (size_t row = 1; row < shown->row_count; row++) {
        rows[row].cells[0].text = made[row - 1];
    }
    return rows;
}

/* Shortens the first column as long as its names stay different. Returns false if the table still
 * does not fit. */
static bool fit_columns(arena *memory, const terminal *shown_on, table *fitted, size_t *widths) {
    size_t total = total_width(fitted, widths);
    if (shown_on->columns == 0 || total <= shown_on->columns || !fitted->shortens_first_column) {
        return true;
    }
    size_t excess = total - shown_on->columns;
    if (widths[0] < excess + FIRST_COLUMN_LEAST) {
        return false;
    }
    widths[0] -= excess;
    table_row *rows = shorten_names(memory, fitted, widths[0], shown_on);
    fitted->rows = rows;
    return rows != NULL;
}

static void print_spaces(FILE *stream, size_t count) {
    fprintf(stream, "%*s", (int)count, "");
}

/* Returns whether the cells from `column` to `end`, exclusive, are empty. */
static bool is_empty_between(const table_row *row, size_t column, size_t end) {
    while (column < end && *cell_text(&row->cells[column]) == '\0') {
        column++;
    }
    return column >= end;
}

static void print_cell(const table *shown, size_t column, const char *text, style how, size_t width,
                       bool is_last, const terminal *shown_on, FILE *stream) {
    size_t used = text_columns(text);
    size_t padding = width > used ? width - used : 0;
    if (shown->is_right_aligned[column]) {
        print_spaces(stream, padding);
    }
    style_begin(shown_on, stream, how);
    fputs(text, stream);
    style_end(shown_on, stream, how);
    if (!shown->is_right_aligned[column] && !is_last) {
        print_spaces(stream, padding);
    }
}

/* Returns whether the row ends with a note that does not fit on the terminal next to other
 * cells. */
static bool has_note_below(const table *shown, const table_row *row, const size_t *widths,
                           const terminal *shown_on) {
    size_t last = shown->column_count - 1;
    size_t width =
        total_width(shown, widths) - widths[last] + text_columns(cell_text(&row->cells[last]));
    return shown->ends_with_notes && shown_on->columns > 0 && width > shown_on->columns &&
           !is_empty_between(row, last, shown->column_count);
}

static void print_row(const table *shown, const table_row *row, const size_t *widths,
                      const terminal *shown_on, FILE *stream) {
    bool is_below = has_note_below(shown, row, widths, shown_on);
    size_t end = shown->column_count - is_below;
    for (size_t column = 0; !is_empty_between(row, column, end); column++) {
        print_spaces(stream, column == 0 ? shown->indent : GAP_COLUMNS);
        print_cell(shown, column, cell_text(&row->cells[column]), row->cells[column].style,
                   widths[column], is_empty_between(row, column + 1, end), shown_on, stream);
    }
    if (is_below) {
        fputc('\n', stream);
        print_spaces(stream, shown->indent + STACKED_INDENT);
        print_cell(shown, end, cell_text(&row->cells[end]), row->cells[end].style, 0, true,
                   shown_on, stream);
    }
    fputc('\n', stream);
}

/* Prints the cells of a row below each other, each after the title of its column. */
static void print_stacked(const table *shown, const table_row *row, size_t title_width,
                          const terminal *shown_on, FILE *stream) {
    print_spaces(stream, shown->indent);
    style_begin(shown_on, stream, STYLE_STRONG);
    fputs(cell_text(&row->cells[0]), stream);
    style_end(shown_on, stream, STYLE_STRONG);
    fputc('\n', stream);
    for (size_t column = 1; column < shown->column_count; column++) {
        const table_cell *cell = &row->cells[column];
        if (*cell_text(cell) == '\0') {
            continue;
        }
        const char *title = cell_text(&shown->rows[0].cells[column]);
        print_spaces(stream, shown->indent + STACKED_INDENT);
        fputs(title, stream);
        print_spaces(stream, title_width - text_columns(title) + GAP_COLUMNS);
        style_begin(shown_on, stream, cell->style);
        fputs(cell->text, stream);
        style_end(shown_on, stream, cell->style);
        fputc('\n', stream);
    }
}

static void print_all_stacked(arena *memory, const table *shown, const terminal *shown_on,
                              FILE *stream) {
    size_t title_width = 0;
    for (size_t column = 1; column < shown->column_count; column++) {
        size_t width = text_columns(cell_text(&shown->rows[0].cells[column]));
        title_width = width > title_width ? width : title_width;
    }
    size_t least = shown->indent + FIRST_COLUMN_LEAST;
    size_t room = (shown_on->columns > least ? shown_on->columns : least) - shown->indent;
    const table_row *rows = shorten_names(memory, shown, room, shown_on);
    for (size_t row = 1; row < shown->row_count; row++) {
        print_stacked(shown, rows == NULL ? &shown->rows[row] : &rows[row], title_width, shown_on,
                      stream);
    }
}

/* Prints a rule below each title, as wide as its column. */
static void print_rule(const table *shown, const size_t *widths, const terminal *shown_on,
                       FILE *stream) {
    if (!shown->has_titles || shown_on->glyphs->rule == NULL) {
        return;
    }
    print_spaces(stream, shown->indent);
    style_begin(shown_on, stream, STYLE_FAINT);
    for (size_t column = 0; column < shown->column_count; column++) {
        print_spaces(stream, column == 0 ? 0 : GAP_COLUMNS);
        for (size_t drawn = 0; drawn < widths[column]; drawn++) {
            fputs(shown_on->glyphs->rule, stream);
        }
    }
    style_end(shown_on, stream, STYLE_FAINT);
    fputc('\n', stream);
}

void table_print(arena *memory, const table *shown, const terminal *shown_on, FILE *stream) {
    size_t widths[TABLE_COLUMNS_MAX] = {0};
    table fitted = *shown;
    measure_columns(shown, widths);
    if (!fit_columns(memory, shown_on, &fitted, widths)) {
        print_all_stacked(memory, shown, shown_on, stream);
        return;
    }
    for (size_t row = 0; row < fitted.row_count; row++) {
        print_row(&fitted, &fitted.rows[row], widths, shown_on, stream);
        if (row == 0) {
            print_rule(&fitted, widths, shown_on, stream);
        }
    }
}
