/* Rows of cells that line up on a terminal, whatever their characters. */
#ifndef REIN_CLI_WRITE_TABLE_H
#define REIN_CLI_WRITE_TABLE_H

#include "cli/base/arena.h"
#include "cli/base/terminal.h"

enum { TABLE_COLUMNS_MAX = 8 };

typedef struct table_cell {
    const char *text; /* NULL: empty */
    style shown;
} table_cell;

typedef struct table_row {
    table_cell cells[TABLE_COLUMNS_MAX];
} table_row;

typedef struct table {
    size_t column_count;
    bool is_right_aligned[TABLE_COLUMNS_MAX];
    size_t indent;
    /* What a table that is wider than the terminal does: its first column gives way as long as its
     * names can be told apart, else each row is stacked behind the titles, which it must have. */
    bool shortens_first_column;
    bool keeps_ends;      /* of what is shortened: of paths, the names of the files */
    bool ends_with_notes; /* in the last column: a note that has no room stands below its row */
    bool has_titles;      /* in the first row */
    table_row *rows;
    size_t row_count;
    size_t row_capacity;
} table;

/* A new empty row; valid until the next one is added. */
table_row *table_add_row(arena *memory, table *target);

/* One for each column, as the first row; copied. */
void table_add_titles(arena *memory, table *target, const char *const *titles);

void table_print(arena *memory, const table *shown, const terminal *shown_on, FILE *stream);

#endif
