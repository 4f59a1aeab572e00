/* Tables whose columns line up on a terminal, with any characters. */
#ifndef REIN_CLI_WRITE_TABLE_H
#define REIN_CLI_WRITE_TABLE_H

#include "cli/base/arena.h"
#include "cli/base/terminal.h"

enum { TABLE_COLUMNS_MAX = 8 };

typedef struct table_cell {
    const char *text; /* NULL: empty */
    style style;
} table_cell;

typedef struct table_row {
    table_cell cells[TABLE_COLUMNS_MAX];
} table_row;

typedef struct table {
    size_t column_count;
    bool is_right_aligned[TABLE_COLUMNS_MAX];
    size_t indent;
    /* If the table is wider than the terminal, its first column is shortened as long as its names
     * stay different. Otherwise the cells of each row are stacked after their titles, which are
     * then required. */
    bool shortens_first_column;
    bool keeps_ends; /* shortened paths keep their file names */
    /* The last column contains notes. A note that does not fit is printed below its row. */
    bool ends_with_notes;
    bool has_titles; /* in the first row */
    table_row *rows;
    size_t row_count;
    size_t row_capacity;
} table;

/* Adds an empty row and returns it. It is valid until the next row is added. */
table_row *table_add_row(arena *memory, table *target);

/* Adds the first row, with a title for each column. Copies `titles`. */
void table_add_titles(arena *memory, table *target, const char *const *titles);

void table_print(arena *memory, const table *shown, const terminal *shown_on, FILE *stream);

#endif
