#include "cli/table.h"

#include "cli/text.h"

enum { GAP_COLUMNS = 2, FIRST_COLUMN_LEAST = 10 };

table_row *table_add_row(arena *memory, table *target) {
    target->rows = arena_grow(memory, target->rows, target->row_count, &target->row_capacity,
                              sizeof *target->rows);
    return &target->rows[target->row_count++];
}

void table_add_titles(arena *memory, table *target, const char *const *titles) {
    table_row *row = table_add_row(memory, target);
    for (size_t column = 0; column < target->column_count; column++) {
        row->cells[column] = (table_cell){.text = titles[column], .shown = STYLE_STRONG};
    }
    target->has_titles = true;
}

static const char *cell_text(const table_cell *cell) {
    return cell->text == NULL ? "" : cell->text;
}

/* `widths` are zero. */
static void measure_columns(const table *shown, size_t *widths) {
    for (size_t column = 0; column < shown->column_count; column++) {
        for (size_t row = 0; row < shown->row_count; row++) {
            size_t width = text_columns(cell_text(&shown->rows[row].cells[column]));
            widths[column] = width > widths[column] ? width : widths[column];
        }
    }
}

/* The first column gives way, down to a width that still tells names apart. */
static void fit_columns(const table *shown, const terminal *shown_on, size_t *widths) {
    size_t total = shown->indent;
    for (size_t column = 0; column < shown->column_count; column++) {
        total += widths[column] + (column == 0 ? 0 : GAP_COLUMNS);
    }
    if (!shown->shortens_first_column || shown_on->columns == 0 || total <= shown_on->columns) {
        return;
    }
    size_t excess = total - shown_on->columns;
    size_t narrow = widths[0] > excess ? widths[0] - excess : 0;
    if (narrow < FIRST_COLUMN_LEAST) {
        narrow = FIRST_COLUMN_LEAST;
    }
    widths[0] = narrow < widths[0] ? narrow : widths[0];
}

static void print_spaces(FILE *stream, size_t count) {
    fprintf(stream, "%*s", (int)count, "");
}

static bool is_empty_from(const table *shown, const table_row *row, size_t column) {
    while (column < shown->column_count && *cell_text(&row->cells[column]) == '\0') {
        column++;
    }
    return column == shown->column_count;
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

/* The text of a cell as it is printed: the first column may be narrower than it. */
static const char *fitted_text(arena *memory, const table *shown, const table_row *row,
                               size_t column, const size_t *widths, const terminal *shown_on) {
    const char *text = cell_text(&row->cells[column]);
    const char *ellipsis = shown_on->glyphs->ellipsis;
    if (column > 0) {
        return text;
    }
    return shown->keeps_ends ? text_shorten_to_end(memory, text, widths[0], ellipsis)
                             : text_shorten(memory, text, widths[0], ellipsis);
}

static void print_row(arena *memory, const table *shown, const table_row *row, const size_t *widths,
                      const terminal *shown_on, FILE *stream) {
    for (size_t column = 0; !is_empty_from(shown, row, column); column++) {
        bool is_last = is_empty_from(shown, row, column + 1);
        print_spaces(stream, column == 0 ? shown->indent : GAP_COLUMNS);
        print_cell(shown, column, fitted_text(memory, shown, row, column, widths, shown_on),
                   row->cells[column].shown, widths[column], is_last, shown_on, stream);
    }
    fputc('\n', stream);
}

/* Below the titles, as wide as each column. */
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
    measure_columns(shown, widths);
    fit_columns(shown, shown_on, widths);
    for (size_t row = 0; row < shown->row_count; row++) {
        print_row(memory, shown, &shown->rows[row], widths, shown_on, stream);
        if (row == 0) {
            print_rule(shown, widths, shown_on, stream);
        }
    }
}
