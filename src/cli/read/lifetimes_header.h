/* The first row of a CSV file of lifetimes, which names the columns.
 *
 * Names are in any order and case: id or buffer_id, lower or start, upper or end, size, and
 * optionally alignment and offset. A file with any other column, or with two columns of one
 * meaning, is refused. */
#ifndef REIN_CLI_READ_LIFETIMES_HEADER_H
#define REIN_CLI_READ_LIFETIMES_HEADER_H

#include "cli/read/csv.h"
#include "cli/read/input_file.h"

typedef enum lifetimes_column {
    LIFETIMES_ID,
    LIFETIMES_LOWER,
    LIFETIMES_UPPER,
    LIFETIMES_SIZE,
    LIFETIMES_ALIGNMENT,
    LIFETIMES_OFFSET,
    LIFETIMES_COLUMN_COUNT
} lifetimes_column;

typedef struct lifetimes_header {
    csv_dialect dialect;
    size_t cell_count;                                /* of each row */
    lifetimes_column columns[LIFETIMES_COLUMN_COUNT]; /* of the cells of a row, from the left */
    const char *names[LIFETIMES_COLUMN_COUNT]; /* in this file; NULL if it has no such column */
    const char *text;                          /* of the file */
    const char *rows;                          /* the rest of `text` */
} lifetimes_header;

/* Reads the header. Reports an error and returns false if a column is unknown, missing or
 * repeated. */
bool lifetimes_header_read(diagnostics *sink, const input_file *file, lifetimes_header *out_header);

/* Returns the names of the file's columns, for messages: "id,start,end,size". */
const char *lifetimes_header_line(arena *memory, const lifetimes_header *header);

/* Returns the position of a cell of the file. Each row must be one line with all its cells. */
position lifetimes_cell_position(const lifetimes_header *header, size_t row,
                                 lifetimes_column column);

#endif
