#include "cli/read/lifetimes.h"

#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/read/duplicates.h"
#include "cli/read/gunzip.h"
#include "host/base/utf8.h"
#include "plan/plan.h"

enum {
    COLUMN_ID,
    COLUMN_LOWER,
    COLUMN_UPPER,
    COLUMN_SIZE,
    COLUMN_ALIGNMENT,
    COLUMN_OFFSET,
    COLUMN_COUNT
};

enum { LIFETIMES_BYTES_MAX = 512 * 1024 * 1024, INFLATED_BYTES_MAX = 256 * 1024 * 1024 };

/* Each row is one line; the header is line 1. */
enum { FIRST_ROW_LINE = 2 };

/* An accepted first line. The columns are in the order of COLUMN_ID and so on. */
typedef struct csv_columns {
    const char *header;
    bool has_alignments;
    bool has_offsets;
} csv_columns;

static const csv_columns known_columns[] = {
    {"id,lower,upper,size", false, false},
    {"id,lower,upper,size,alignment", true, false},
    {"id,lower,upper,size,offset", false, true},
    {"id,lower,upper,size,alignment,offset", true, true},
};

typedef struct csv_cell {
    const char *text;
    position at;
} csv_cell;

typedef struct csv_reader {
    diagnostics *sink;
    work_limits *limits;
    const char *file;
    const char *rest; /* unread text */
    char *row;        /* the current row, split into cells */
    size_t row_capacity;
    size_t line; /* of the current row */
    const csv_columns *columns;
    size_t cell_count;
    char *ids; /* free space for the remaining ids */
} csv_reader;

/* Reports the fault of a cell as "COLUMN 'CELL' FAULT"; returns false. */
static bool refuse_cell(const csv_reader *reader, const csv_cell *cell, const char *column,
                        const char *fault) {
    report_at(reader->sink, reader->file, cell->at, "%s %s %s", column,
              text_quote(reader->sink->memory, cell->text), fault);
    return false;
}

/* Returns the next line without its end, valid until the next call. There must be text left. */
static char *take_line(csv_reader *reader) {
    size_t length = strcspn(reader->rest, "\n");
    if (length >= reader->row_capacity) {
        reader->row_capacity = 2 * length + 1;
        reader->row = arena_allocate(reader->sink->memory, reader->row_capacity, 1);
    }
    memcpy(reader->row, reader->rest, length);
    reader->row[length] = '\0';
    reader->rest += length + (reader->rest[length] == '\n');
    reader->line++;
    if (length > 0 && reader->row[length - 1] == '\r') {
        reader->row[length - 1] = '\0';
    }
    return reader->row;
}

static size_t count_characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += !utf8_is_continuation(*text);
    }
    return count;
}

static bool refuse_row(const csv_reader *reader, const char *found) {
    report_at(reader->sink, reader->file, (position){.line = reader->line, .column = 1},
              "the row %s; it needs %zu values: %s", found, reader->cell_count,
              reader->columns->header);
    return false;
}

/* Splits `line` in place into exactly the file's columns. */
static bool split_line(const csv_reader *reader, char *line, csv_cell *out_cells) {
    if (*line == '\0') {
        return refuse_row(reader, "is empty");
    }
    position at = {.line = reader->line, .column = 1};
    char *cell = line;
    size_t count = 1;
    for (char *comma = strchr(cell, ','); comma != NULL; comma = strchr(cell, ',')) {
        *comma = '\0';
        if (count < COLUMN_COUNT) {
            out_cells[count - 1] = (csv_cell){.text = cell, .at = at};
        }
        at.column += count_characters(cell) + 1;
        cell = comma + 1;
        count++;
    }
    if (count != reader->cell_count) {
        return refuse_row(reader, arena_print(reader->sink->memory, "has %zu value%s", count,
                                              count == 1 ? "" : "s"));
    }
    out_cells[count - 1] = (csv_cell){.text = cell, .at = at};
    return true;
}

static bool read_id(const csv_reader *reader, const csv_cell *cell) {
    if (*cell->text == '\0') {
        return refuse_cell(reader, cell, "id", "must not be empty");
    }
    if (strpbrk(cell->text, "\"\t\r") != NULL) {
        return refuse_cell(reader, cell, "id", "must not contain quotes, tabs or carriage returns");
    }
    if (!text_is_visible(cell->text)) {
        return refuse_cell(reader, cell, "id",
                           "must not contain invisible or direction-changing characters");
    }
    return true;
}

static bool read_instants(const csv_reader *reader, const csv_cell *cells,
                          rein_tensor_lifetime *lifetime) {
    static const char fault[] = "is not a whole number from -2^63 to 2^63 - 1";
    if (!parse_signed(cells[COLUMN_LOWER].text, &lifetime->from)) {
        return refuse_cell(reader, &cells[COLUMN_LOWER], "lower", fault);
    }
    if (!parse_signed(cells[COLUMN_UPPER].text, &lifetime->until)) {
        return refuse_cell(reader, &cells[COLUMN_UPPER], "upper", fault);
    }
    if (lifetime->until > lifetime->from) {
        return true;
    }
    return refuse_cell(reader, &cells[COLUMN_UPPER], "upper",
                       arena_print(reader->sink->memory,
                                   "must be greater than lower '%" PRId64
                                   "' (upper is exclusive: last use + 1)",
                                   lifetime->from));
}

static bool read_byte_count(const csv_reader *reader, const csv_cell *cell, const char *column,
                            uint64_t largest, uint64_t *out_bytes) {
    if (parse_unsigned(cell->text, largest, out_bytes)) {
        return true;
    }
    return refuse_cell(reader, cell, column,
                       arena_print(reader->sink->memory,
                                   "is not %s; write it in bytes, without a unit",
                                   number_range(reader->sink->memory, 0, largest)));
}

static bool read_alignment(const csv_reader *reader, const csv_cell *cells,
                           rein_tensor_lifetime *lifetime) {
    uint64_t alignment = 1;
    if (reader->columns->has_alignments &&
        (!parse_unsigned(cells[COLUMN_ALIGNMENT].text, REIN_PLACEMENT_BYTES_MAX, &alignment) ||
         alignment == 0 || (alignment & (alignment - 1)) != 0)) {
        return refuse_cell(reader, &cells[COLUMN_ALIGNMENT], "alignment",
                           "is not a power of two; write 1 for none");
    }
    lifetime->alignment_bytes = alignment;
    return true;
}

static bool read_offset(const csv_reader *reader, const csv_cell *cells, uint64_t *out_offset) {
    return !reader->columns->has_offsets || read_byte_count(reader, &cells[reader->cell_count - 1],
                                                            "offset", UINT64_MAX, out_offset);
}

static bool read_header(csv_reader *reader) {
    const char *line = take_line(reader);
    for (size_t index = 0; index < sizeof known_columns / sizeof known_columns[0]; index++) {
        const csv_columns *columns = &known_columns[index];
        if (strcmp(line, columns->header) == 0) {
            reader->columns = columns;
            reader->cell_count =
                (size_t)COLUMN_ALIGNMENT + columns->has_alignments + columns->has_offsets;
            return true;
        }
    }
    csv_cell cell = {.text = line, .at = {.line = 1, .column = 1}};
    return refuse_cell(reader, &cell, "header",
                       arena_print(reader->sink->memory,
                                   "is not known; write %s[,alignment][,offset]",
                                   known_columns[0].header));
}

/* Returns a copy that stays valid when the next row is read. */
static const char *keep_id(csv_reader *reader, const char *text) {
    size_t bytes = strlen(text) + 1;
    char *kept = memcpy(reader->ids, text, bytes);
    reader->ids += bytes;
    return kept;
}

static bool read_row(csv_reader *reader, lifetimes_file *read) {
    csv_cell cells[COLUMN_COUNT] = {{.text = ""}};
    uint64_t offset = 0;
    rein_tensor_lifetime *lifetime = &read->lifetimes[read->count];
    lifetime->tensor = rein_tensor_id_make(read->count);
    if (!split_line(reader, take_line(reader), cells) || !read_id(reader, &cells[COLUMN_ID]) ||
        !read_instants(reader, cells, lifetime) ||
        !read_byte_count(reader, &cells[COLUMN_SIZE], "size", REIN_PLACEMENT_BYTES_MAX,
                         &lifetime->size_bytes) ||
        !read_alignment(reader, cells, lifetime) || !read_offset(reader, cells, &offset)) {
        return false;
    }
    if (read->offsets != NULL) {
        read->offsets[read->count] = offset;
    }
    read->ids[read->count++] = keep_id(reader, cells[COLUMN_ID].text);
    return true;
}

static bool refuse_stop(const csv_reader *reader) {
    work_report_stop(reader->sink, reader->limits, reader->file,
                     &(position){.line = reader->line, .column = 1}, "reading");
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
static void make_room(csv_reader *reader, lifetimes_file *read) {
    arena *memory = reader->sink->memory;
    size_t rows = count_lines(reader->rest) + 1;
    reader->ids = arena_allocate(memory, strlen(reader->rest) + 1, 1);
    read->ids = arena_allocate(memory, rows, sizeof *read->ids);
    read->lifetimes = arena_allocate(memory, rows, sizeof *read->lifetimes);
    read->offsets =
        reader->columns->has_offsets ? arena_allocate(memory, rows, sizeof *read->offsets) : NULL;
    read->has_alignments = reader->columns->has_alignments;
}

static bool read_rows(csv_reader *reader, lifetimes_file *read) {
    make_room(reader, read);
    while (*reader->rest != '\0') {
        if (!work_may_do_row(reader->limits, read->count)) {
            return refuse_stop(reader);
        }
        if (!read_row(reader, read)) {
            return false;
        }
    }
    return true;
}

static bool check_unique_ids(const csv_reader *reader, const lifetimes_file *read) {
    size_t first = 0;
    size_t again = 0;
    if (!find_duplicate(reader->sink->memory, read->ids, read->count, reader->limits, &first,
                        &again)) {
        if (work_is_stopped(reader->limits)) {
            return refuse_stop(reader);
        }
        return true;
    }
    const found_name repeated = {
        "id", read->ids[again], {.line = again + FIRST_ROW_LINE, .column = 1}};
    return refuse_duplicate(reader->sink, reader->file, &repeated,
                            (position){.line = first + FIRST_ROW_LINE, .column = 1});
}

bool lifetimes_file_can_keep(diagnostics *sink, const lifetimes_file *file) {
    for (size_t row = 0; file->offsets != NULL && row < file->count; row++) {
        if (file->offsets[row] == REIN_PLAN_FREE) {
            report_at(sink, file->path, (position){.line = row + FIRST_ROW_LINE, .column = 1},
                      "offset '%" PRIu64 "' is too large to keep; at most 2^63 is allowed",
                      file->offsets[row]);
            return false;
        }
    }
    return true;
}

bool lifetimes_file_read_text(diagnostics *sink, const input_file *file, work_limits *limits,
                              lifetimes_file *out_lifetimes) {
    csv_reader reader = {.sink = sink, .limits = limits, .file = file->path, .rest = file->text};
    lifetimes_file read = {.path = file->path};
    rein_timestamp start = rein_clock_now(rein_clock_system());
    if (!read_header(&reader) || !read_rows(&reader, &read)) {
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

bool lifetimes_file_read(diagnostics *sink, const char *path, work_limits *limits,
                         lifetimes_file *out_lifetimes) {
    static const char noun[] = "a CSV file of lifetimes";
    input_file file;
    bool is_read =
        is_gzip_name(path)
            ? input_file_read_gzip(sink, path, noun, INFLATED_BYTES_MAX, limits, &file)
            : input_file_read_within(sink, path, noun, LIFETIMES_BYTES_MAX, limits, &file);
    return is_read && lifetimes_file_read_text(sink, &file, limits, out_lifetimes);
}
