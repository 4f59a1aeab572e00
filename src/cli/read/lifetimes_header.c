#include "cli/read/lifetimes_header.h"

#include <string.h>
#include <strings.h>

#include "cli/base/suggest.h"
#include "cli/base/text.h"

static const struct {
    const char *name;
    lifetimes_column column;
} known_columns[] = {
    {"id", LIFETIMES_ID},       {"buffer_id", LIFETIMES_ID},  {"lower", LIFETIMES_LOWER},
    {"start", LIFETIMES_LOWER}, {"upper", LIFETIMES_UPPER},   {"end", LIFETIMES_UPPER},
    {"size", LIFETIMES_SIZE},   {"offset", LIFETIMES_OFFSET}, {"alignment", LIFETIMES_ALIGNMENT},
};
enum { KNOWN_COUNT = sizeof known_columns / sizeof known_columns[0] };

/* Columns of other planners that have a meaning, which Rein does not use. */
static const struct {
    const char *name;
    const char *fault;
} unused_columns[] = {
    {"gaps", "states when a tensor is not alive, which Rein does not use; remove it (the plan is "
             "then valid, but may be higher)"},
    {"hint", "states a preferred offset, which Rein does not use; remove it (an offset to keep is "
             "in the column offset)"},
};

static const char *name_at(const void *words, size_t index) {
    (void)words;
    return known_columns[index].name;
}

static bool has_name(const csv_cell *cell, const char *name) {
    return strlen(name) == cell->length && strncasecmp(name, cell->text, cell->length) == 0;
}

/* Returns the index of a column's name in known_columns, or KNOWN_COUNT. */
static size_t find_known(const csv_cell *cell) {
    size_t index = 0;
    while (index < KNOWN_COUNT && !has_name(cell, known_columns[index].name)) {
        index++;
    }
    return index;
}

/* Reports the fault of the column that `cell` names; returns false. */
static bool refuse_column(diagnostics *sink, const input_file *file, const csv_cell *cell,
                          const char *fault) {
    report_at(sink, file->path, csv_position(file->text, cell->at), "column %s %s",
              text_quote(sink->memory, csv_cell_text(sink->memory, cell)), fault);
    return false;
}

static bool refuse_unknown(diagnostics *sink, const input_file *file, const csv_cell *cell) {
    arena *memory = sink->memory;
    for (size_t index = 0; index < sizeof unused_columns / sizeof unused_columns[0]; index++) {
        if (has_name(cell, unused_columns[index].name)) {
            return refuse_column(sink, file, cell, unused_columns[index].fault);
        }
    }
    if (memchr(cell->text, '\r', cell->length) != NULL) {
        return refuse_column(sink, file, cell,
                             "has a carriage return inside; end each line with LF or CR LF");
    }
    const char *advice =
        suggest_or_list(memory, csv_cell_text(memory, cell), NULL, KNOWN_COUNT, name_at);
    return refuse_column(sink, file, cell, arena_print(memory, "is not known%s", advice));
}

/* Reports a first row that is probably not a header. A message shows less of a text than this. */
static bool refuse_header(diagnostics *sink, const input_file *file) {
    enum { SHOWN_BYTES_MAX = 256 };
    size_t length = strcspn(file->text, "\r\n");
    const char *line =
        arena_copy(sink->memory, file->text, length < SHOWN_BYTES_MAX ? length : SHOWN_BYTES_MAX);
    report_at(sink, file->path, (position){.line = 1, .column = 1},
              "header %s names no column of lifetimes; write %s", text_quote(sink->memory, line),
              "id,lower,upper,size[,alignment][,offset]");
    return false;
}

/* Reads the header's names from `rest` on, and moves it to the end of the header. */
static bool read_names(diagnostics *sink, const input_file *file, const char **rest,
                       lifetimes_header *header) {
    const char *first[LIFETIMES_COLUMN_COUNT] = {NULL};
    csv_cell cell;
    do {
        const char *fault = csv_take_cell(&header->dialect, rest, &cell);
        size_t known = find_known(&cell);
        if (fault != NULL) {
            return refuse_column(sink, file, &cell, fault);
        }
        if (known == KNOWN_COUNT) {
            return refuse_unknown(sink, file, &cell);
        }
        lifetimes_column column = known_columns[known].column;
        if (header->names[column] != NULL) {
            position at = csv_position(file->text, first[column]);
            return refuse_column(sink, file, &cell,
                                 arena_print(sink->memory,
                                             "repeats column '%s'; remove one (first at %zu:%zu)",
                                             header->names[column], at.line, at.column));
        }
        first[column] = cell.at;
        header->names[column] = known_columns[known].name;
        header->columns[header->cell_count++] = column;
    } while (csv_skip_separator(&header->dialect, rest));
    return true;
}

/* Returns whether one of the first cells of the first row has the name of a column. */
static bool is_header(const csv_dialect *dialect, const char *text) {
    enum { CELLS_MAX = 64 };
    csv_cell cell;
    bool is_found = false;
    size_t count = 0;
    do {
        is_found = csv_take_cell(dialect, &text, &cell) == NULL && find_known(&cell) < KNOWN_COUNT;
        count++;
    } while (!is_found && count < CELLS_MAX && csv_skip_separator(dialect, &text));
    return is_found;
}

static bool check_required(diagnostics *sink, const input_file *file,
                           const lifetimes_header *header) {
    static const char *const required[] = {[LIFETIMES_ID] = "id (or buffer_id)",
                                           [LIFETIMES_LOWER] = "lower (or start)",
                                           [LIFETIMES_UPPER] = "upper (or end)",
                                           [LIFETIMES_SIZE] = "size"};
    const char *missing = "";
    for (size_t column = 0; column < sizeof required / sizeof required[0]; column++) {
        if (header->names[column] == NULL) {
            missing = arena_print(sink->memory, "%s%s%s", missing, *missing == '\0' ? "" : ", ",
                                  required[column]);
        }
    }
    if (*missing == '\0') {
        return true;
    }
    report_at(sink, file->path, (position){.line = 1, .column = 1},
              "the header lacks columns; add %s", missing);
    return false;
}

bool lifetimes_header_read(diagnostics *sink, const input_file *file,
                           lifetimes_header *out_header) {
    lifetimes_header header = {.dialect = csv_dialect_of(file->text), .text = file->text};
    const char *rest = file->text;
    if (!is_header(&header.dialect, rest)) {
        return refuse_header(sink, file);
    }
    if (!read_names(sink, file, &rest, &header) || !check_required(sink, file, &header)) {
        return false;
    }
    header.rows = rest + (*rest == '\n');
    *out_header = header;
    return true;
}

const char *lifetimes_header_line(arena *memory, const lifetimes_header *header) {
    const char *line = header->names[header->columns[0]];
    for (size_t index = 1; index < header->cell_count; index++) {
        line = arena_print(memory, "%s,%s", line, header->names[header->columns[index]]);
    }
    return line;
}

position lifetimes_cell_position(const lifetimes_header *header, size_t row,
                                 lifetimes_column column) {
    const char *line = header->rows;
    for (size_t index = 0; index < row; index++) {
        line = strchr(line, '\n') + 1;
    }
    csv_cell cell;
    const char *rest = line;
    size_t index = 0;
    do {
        csv_take_cell(&header->dialect, &rest, &cell);
        csv_skip_separator(&header->dialect, &rest);
    } while (header->columns[index++] != column);
    return csv_position(header->text, cell.at);
}
