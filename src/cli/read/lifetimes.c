#include "cli/read/lifetimes.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/read/duplicates.h"
#include "cli/read/gunzip.h"
#include "plan/plan.h"

enum { LIFETIMES_BYTES_MAX = 512 * 1024 * 1024, INFLATED_BYTES_MAX = 256 * 1024 * 1024 };

typedef struct row_reader {
    diagnostics *sink;
    work_limits *limits;
    const char *file;
    upper_ends ends;
    const lifetimes_header *header;
    const char *rest; /* unread text */
    char *ids;        /* free space for the remaining ids */
} row_reader;

/* Reports the fault of a cell as "COLUMN 'CELL' FAULT"; returns false. */
static bool refuse_cell(const row_reader *reader, const csv_cell *cell, lifetimes_column column,
                        const char *fault) {
    arena *memory = reader->sink->memory;
    report_at(reader->sink, reader->file, csv_position(reader->header->text, cell->at), "%s %s %s",
              reader->header->names[column], text_quote(memory, csv_cell_text(memory, cell)),
              fault);
    return false;
}

/* Reports that the row at `row` has another number of values than the header. */
static bool refuse_row(const row_reader *reader, const char *row, const char *found) {
    report_at(reader->sink, reader->file, csv_position(reader->header->text, row),
              "the row %s; it needs %zu values: %s", found, reader->header->cell_count,
              lifetimes_header_line(reader->sink->memory, reader->header));
    return false;
}

/* Reports that a quote is at the wrong place in the cell. */
static bool refuse_quotes(const row_reader *reader, const csv_cell *cell, const char *fault) {
    report_at(reader->sink, reader->file, csv_position(reader->header->text, cell->at),
              "the value %s", fault);
    return false;
}

/* Takes the next row, which must have one cell for each column of the file. */
static bool take_row(row_reader *reader, csv_cell *out_cells) {
    const lifetimes_header *header = reader->header;
    const char *row = reader->rest;
    size_t count = 0;
    csv_cell beyond = {.at = row};
    csv_cell *cell = NULL;
    do {
        cell = count < header->cell_count ? &out_cells[header->columns[count]] : &beyond;
        const char *fault = csv_take_cell(&header->dialect, &reader->rest, cell);
        if (fault != NULL) {
            return refuse_quotes(reader, cell, fault);
        }
        count++;
    } while (csv_skip_separator(&header->dialect, &reader->rest));
    if (count == 1 && cell->length == 0 && !cell->is_quoted) {
        return refuse_row(reader, row, "is empty");
    }
    if (count != header->cell_count) {
        return refuse_row(
            reader, row,
            arena_print(reader->sink->memory, "has %zu value%s", count, count == 1 ? "" : "s"));
    }
    reader->rest += *reader->rest == '\n';
    return true;
}

/* Reads the id to the free space for ids. */
static bool read_id(const row_reader *reader, const csv_cell *cell) {
    if (cell->length == 0) {
        return refuse_cell(reader, cell, LIFETIMES_ID, "must not be empty");
    }
    csv_cell_copy(cell, reader->ids);
    if (text_is_visible(reader->ids)) {
        return true;
    }
    return refuse_cell(reader, cell, LIFETIMES_ID,
                       strpbrk(reader->ids, "\t\r\n") != NULL
                           ? "must not contain tabs or line breaks"
                           : "must not contain invisible or direction-changing characters");
}

static bool read_instant(const row_reader *reader, const csv_cell *cells, lifetimes_column column,
                         int64_t *out_instant) {
    const csv_cell *cell = &cells[column];
    if (parse_signed_part(cell->text, cell->length, out_instant)) {
        return true;
    }
    return refuse_cell(reader, cell, column, "is not a whole number from -2^63 to 2^63 - 1");
}

/* Reports an upper that is not above lower, or is below it if upper ends are included. */
static bool refuse_upper(const row_reader *reader, const csv_cell *cell, int64_t lower,
                         int64_t upper) {
    arena *memory = reader->sink->memory;
    const char *name = reader->header->names[LIFETIMES_LOWER];
    const char *hint =
        upper == lower && reader->ends.advice != NULL
            ? arena_print(memory, "; if upper ends are included, %s", reader->ends.advice)
            : "";
    return refuse_cell(
        reader, cell, LIFETIMES_UPPER,
        reader->ends.are_included
            ? arena_print(memory, "must be at least %s '%" PRId64 "' (%s is the last use)", name,
                          lower, reader->header->names[LIFETIMES_UPPER])
            : arena_print(memory,
                          "must be greater than %s '%" PRId64 "' (%s is exclusive: last use + 1)%s",
                          name, lower, reader->header->names[LIFETIMES_UPPER], hint));
}

static bool read_instants(const row_reader *reader, const csv_cell *cells,
                          rein_tensor_lifetime *lifetime) {
    int64_t upper = 0;
    if (!read_instant(reader, cells, LIFETIMES_LOWER, &lifetime->from) ||
        !read_instant(reader, cells, LIFETIMES_UPPER, &upper)) {
        return false;
    }
    if (upper < lifetime->from || (upper == lifetime->from && !reader->ends.are_included)) {
        return refuse_upper(reader, &cells[LIFETIMES_UPPER], lifetime->from, upper);
    }
    if (__builtin_add_overflow(upper, reader->ends.are_included, &lifetime->until)) {
        return refuse_cell(reader, &cells[LIFETIMES_UPPER], LIFETIMES_UPPER,
                           "is too large for an end that is included; at most 2^63 - 2 is allowed");
    }
    return true;
}

static bool read_byte_count(const row_reader *reader, const csv_cell *cells,
                            lifetimes_column column, uint64_t largest, uint64_t *out_bytes) {
    const csv_cell *cell = &cells[column];
    if (parse_unsigned_part(cell->text, cell->length, largest, out_bytes)) {
        return true;
    }
    return refuse_cell(reader, cell, column,
                       arena_print(reader->sink->memory,
                                   "is not %s; write it in bytes, without a unit",
                                   number_range(reader->sink->memory, 0, largest)));
}

static bool read_alignment(const row_reader *reader, const csv_cell *cells,
                           rein_tensor_lifetime *lifetime) {
    const csv_cell *cell = &cells[LIFETIMES_ALIGNMENT];
    uint64_t alignment = 1;
    if (reader->header->names[LIFETIMES_ALIGNMENT] != NULL &&
        (!parse_unsigned_part(cell->text, cell->length, REIN_PLACEMENT_BYTES_MAX, &alignment) ||
         alignment == 0 || (alignment & (alignment - 1)) != 0)) {
        return refuse_cell(reader, cell, LIFETIMES_ALIGNMENT,
                           "is not a power of two; write 1 for none");
    }
    lifetime->alignment_bytes = alignment;
    return true;
}

static bool read_offset(const row_reader *reader, const csv_cell *cells, uint64_t *out_offset) {
    return reader->header->names[LIFETIMES_OFFSET] == NULL ||
           read_byte_count(reader, cells, LIFETIMES_OFFSET, UINT64_MAX, out_offset);
}

static bool read_row(row_reader *reader, lifetimes_file *read) {
    csv_cell cells[LIFETIMES_COLUMN_COUNT];
    uint64_t offset = 0;
    rein_tensor_lifetime *lifetime = &read->lifetimes[read->count];
    lifetime->tensor = rein_tensor_id_make(read->count);
    if (!take_row(reader, cells) || !read_id(reader, &cells[LIFETIMES_ID]) ||
        !read_instants(reader, cells, lifetime) ||
        !read_byte_count(reader, cells, LIFETIMES_SIZE, REIN_PLACEMENT_BYTES_MAX,
                         &lifetime->size_bytes) ||
        !read_alignment(reader, cells, lifetime) || !read_offset(reader, cells, &offset)) {
        return false;
    }
    if (read->offsets != NULL) {
        read->offsets[read->count] = offset;
    }
    read->ids[read->count++] = reader->ids;
    reader->ids += strlen(reader->ids) + 1;
    return true;
}

/* Each row that was read is one line, after the header's. */
static bool refuse_stop(const row_reader *reader, size_t row_count) {
    work_report_stop(reader->sink, reader->limits, reader->file,
                     &(position){.line = row_count + 1, .column = 1}, "reading");
    return false;
}

static size_t count_lines(const char *text) {
    size_t count = 0;
    for (const char *at = strchr(text, '\n'); at != NULL; at = strchr(at + 1, '\n')) {
        count++;
    }
    return count;
}

/* Allocates room for all rows and their ids at once. The ids are at most as long as the text. */
static void make_room(row_reader *reader, lifetimes_file *read) {
    arena *memory = reader->sink->memory;
    const char *const *names = reader->header->names;
    size_t rows = count_lines(reader->rest) + 1;
    reader->ids = arena_allocate(memory, strlen(reader->rest) + 1, 1);
    read->ids = arena_allocate(memory, rows, sizeof *read->ids);
    read->lifetimes = arena_allocate(memory, rows, sizeof *read->lifetimes);
    read->offsets = names[LIFETIMES_OFFSET] == NULL
                        ? NULL
                        : arena_allocate(memory, rows, sizeof *read->offsets);
    read->has_alignments = names[LIFETIMES_ALIGNMENT] != NULL;
}

static bool read_rows(row_reader *reader, lifetimes_file *read) {
    make_room(reader, read);
    while (!csv_is_blank(&reader->header->dialect, reader->rest)) {
        if (!work_may_do_row(reader->limits, read->count)) {
            return refuse_stop(reader, read->count);
        }
        if (!read_row(reader, read)) {
            return false;
        }
    }
    return true;
}

static bool check_unique_ids(const row_reader *reader, const lifetimes_file *read) {
    size_t first = 0;
    size_t again = 0;
    if (!find_duplicate(reader->sink->memory, read->ids, read->count, reader->limits, &first,
                        &again)) {
        if (work_is_stopped(reader->limits)) {
            return refuse_stop(reader, read->count);
        }
        return true;
    }
    const found_name repeated = {"id", read->ids[again],
                                 lifetimes_cell_position(reader->header, again, LIFETIMES_ID)};
    return refuse_duplicate(reader->sink, reader->file, &repeated,
                            lifetimes_cell_position(reader->header, first, LIFETIMES_ID));
}

bool lifetimes_file_has_doubtful_ends(const lifetimes_file *file) {
    return file->header != NULL && !file->had_included_ends &&
           strcmp(file->header->names[LIFETIMES_UPPER], "end") == 0;
}

bool lifetimes_file_can_keep(diagnostics *sink, const lifetimes_file *file) {
    for (size_t row = 0; file->offsets != NULL && row < file->count; row++) {
        if (file->offsets[row] == REIN_PLAN_FREE) {
            report_at(sink, file->path,
                      lifetimes_cell_position(file->header, row, LIFETIMES_OFFSET),
                      "offset '%" PRIu64 "' is too large to keep; at most 2^63 is allowed",
                      file->offsets[row]);
            return false;
        }
    }
    return true;
}

bool lifetimes_file_read_text(diagnostics *sink, const input_file *file, upper_ends ends,
                              work_limits *limits, lifetimes_file *out_lifetimes) {
    rein_timestamp start = rein_clock_now(rein_clock_system());
    lifetimes_header *header = arena_allocate(sink->memory, 1, sizeof *header);
    lifetimes_file read = {
        .path = file->path, .header = header, .had_included_ends = ends.are_included};
    if (!lifetimes_header_read(sink, file, header)) {
        return false;
    }
    row_reader reader = {.sink = sink,
                         .limits = limits,
                         .file = file->path,
                         .ends = ends,
                         .header = header,
                         .rest = header->rows};
    if (!read_rows(&reader, &read)) {
        return false;
    }
    if (read.count == 0) {
        report_at(sink, file->path, (position){.line = 1, .column = 1},
                  "the file has no rows; write at least one row after the header");
        return false;
    }
    if (!check_unique_ids(&reader, &read)) {
        return false;
    }
    read.read_took = rein_timestamp_since_saturating(rein_clock_now(rein_clock_system()), start);
    *out_lifetimes = read;
    return true;
}

bool lifetimes_file_read(diagnostics *sink, const char *path, upper_ends ends, work_limits *limits,
                         lifetimes_file *out_lifetimes) {
    static const char noun[] = "a CSV file of lifetimes";
    input_file file;
    bool is_read =
        is_gzip_name(path)
            ? input_file_read_gzip(sink, path, noun, INFLATED_BYTES_MAX, limits, &file)
            : input_file_read_within(sink, path, noun, LIFETIMES_BYTES_MAX, limits, &file);
    return is_read && lifetimes_file_read_text(sink, &file, ends, limits, out_lifetimes);
}
