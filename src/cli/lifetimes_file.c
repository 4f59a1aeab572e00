#include "cli/lifetimes_file.h"

#include <string.h>

#include "cli/duplicates.h"
#include "cli/gunzip.h"
#include "cli/numbers.h"
#include "cli/text.h"

enum { COLUMN_ID, COLUMN_LOWER, COLUMN_UPPER, COLUMN_SIZE, COLUMN_ALIGNMENT, COLUMN_COUNT };

enum { LIFETIMES_BYTES_MAX = 512 * 1024 * 1024, INFLATED_BYTES_MAX = 256 * 1024 * 1024 };

#define SIZE_BYTES_MAX (UINT64_C(1) << 63)

static const char header[] = "id,lower,upper,size";
static const char header_with_alignment[] = "id,lower,upper,size,alignment";

typedef struct csv_cell {
    const char *text;
    position at;
} csv_cell;

typedef struct csv_reader {
    diagnostics *sink;
    const char *file;
    const char *rest; /* of the text */
    size_t line;      /* of the row that was read last */
    size_t cell_count;
} csv_reader;

static bool refuse_cell(const csv_reader *reader, const csv_cell *cell, const char *expected) {
    report_at(reader->sink, reader->file, cell->at, "%s, expected %s",
              text_quote(reader->sink->memory, cell->text), expected);
    return false;
}

/* The next line without its end; there must be text left. */
static char *take_line(csv_reader *reader) {
    size_t length = strcspn(reader->rest, "\n");
    char *line = arena_copy(reader->sink->memory, reader->rest, length);
    reader->rest += length + (reader->rest[length] == '\n');
    reader->line++;
    if (length > 0 && line[length - 1] == '\r') {
        line[length - 1] = '\0';
    }
    return line;
}

static size_t count_characters(const char *text) {
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0U) != 0x80U;
    }
    return count;
}

static bool refuse_row(const csv_reader *reader, const char *found) {
    const char *columns = reader->cell_count == COLUMN_COUNT ? header_with_alignment : header;
    report_at(reader->sink, reader->file, (position){.line = reader->line, .column = 1},
              "%s, expected %zu values: %s", found, reader->cell_count, columns);
    return false;
}

/* Splits `line` in place into exactly the file's columns. */
static bool split_line(const csv_reader *reader, char *line, csv_cell *out_cells) {
    if (*line == '\0') {
        return refuse_row(reader, "an empty row");
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
        return refuse_row(reader, arena_print(reader->sink->memory, "a row of %zu value%s", count,
                                              count == 1 ? "" : "s"));
    }
    out_cells[count - 1] = (csv_cell){.text = cell, .at = at};
    return true;
}

static bool read_id(const csv_reader *reader, const csv_cell *cell) {
    if (*cell->text == '\0') {
        return refuse_cell(reader, cell, "a tensor's id");
    }
    if (strpbrk(cell->text, "\"\t\r") != NULL) {
        return refuse_cell(reader, cell, "an id without quotes, tabs and carriage returns");
    }
    if (!text_is_visible(cell->text)) {
        return refuse_cell(reader, cell,
                           "an id without invisible or direction-changing characters");
    }
    return true;
}

static bool read_instants(const csv_reader *reader, const csv_cell *cells,
                          rein_tensor_lifetime *lifetime) {
    static const char expected[] = "a whole number from -2^63 to 2^63 - 1";
    if (!parse_signed(cells[COLUMN_LOWER].text, &lifetime->from)) {
        return refuse_cell(reader, &cells[COLUMN_LOWER], expected);
    }
    if (!parse_signed(cells[COLUMN_UPPER].text, &lifetime->until)) {
        return refuse_cell(reader, &cells[COLUMN_UPPER], expected);
    }
    if (lifetime->until <= lifetime->from) {
        return refuse_cell(reader, &cells[COLUMN_UPPER], "an upper above lower");
    }
    return true;
}

static bool read_size(const csv_reader *reader, const csv_cell *cells,
                      rein_tensor_lifetime *lifetime) {
    if (!parse_unsigned(cells[COLUMN_SIZE].text, SIZE_BYTES_MAX, &lifetime->size_bytes)) {
        return refuse_cell(reader, &cells[COLUMN_SIZE],
                           "a whole number of bytes from 0 to 2^63, without a unit");
    }
    lifetime->alignment_bytes = 1;
    if (reader->cell_count <= COLUMN_ALIGNMENT) {
        return true;
    }
    const csv_cell *cell = &cells[COLUMN_ALIGNMENT];
    uint64_t alignment = 0;
    if (!parse_unsigned(cell->text, SIZE_BYTES_MAX, &alignment) || alignment == 0 ||
        (alignment & (alignment - 1)) != 0) {
        return refuse_cell(reader, cell, "a power of two, 1 for no alignment");
    }
    lifetime->alignment_bytes = alignment;
    return true;
}

static bool read_header(csv_reader *reader) {
    const char *line = take_line(reader);
    bool has_alignment = strcmp(line, header_with_alignment) == 0;
    if (!has_alignment && strcmp(line, header) != 0) {
        csv_cell cell = {.text = line, .at = {.line = 1, .column = 1}};
        return refuse_cell(reader, &cell,
                           arena_print(reader->sink->memory, "the columns %s[,alignment]", header));
    }
    reader->cell_count = has_alignment ? COLUMN_COUNT : COLUMN_ALIGNMENT;
    return true;
}

static bool read_rows(csv_reader *reader, lifetimes_file *read) {
    arena *memory = reader->sink->memory;
    size_t id_capacity = 0;
    size_t lifetime_capacity = 0;
    while (*reader->rest != '\0') {
        char *line = take_line(reader);
        csv_cell cells[COLUMN_COUNT] = {{.text = ""}};
        rein_tensor_lifetime lifetime = {.tensor = rein_tensor_id_make(read->count)};
        if (!split_line(reader, line, cells) || !read_id(reader, &cells[COLUMN_ID]) ||
            !read_instants(reader, cells, &lifetime) || !read_size(reader, cells, &lifetime)) {
            return false;
        }
        read->ids = arena_grow(memory, read->ids, read->count, &id_capacity, sizeof *read->ids);
        read->lifetimes = arena_grow(memory, read->lifetimes, read->count, &lifetime_capacity,
                                     sizeof *read->lifetimes);
        read->ids[read->count] = cells[COLUMN_ID].text;
        read->lifetimes[read->count++] = lifetime;
    }
    return true;
}

/* Every row is a line of its own, the header the first. */
static bool check_unique_ids(const csv_reader *reader, const lifetimes_file *read) {
    enum { FIRST_ROW_LINE = 2 };
    size_t first = 0;
    size_t again = 0;
    if (!find_duplicate(reader->sink->memory, read->ids, read->count, &first, &again)) {
        return true;
    }
    report_at(reader->sink, reader->file, (position){.line = again + FIRST_ROW_LINE, .column = 1},
              "id %s again, expected each id once (first at %zu:1)",
              text_quote(reader->sink->memory, read->ids[again]), first + FIRST_ROW_LINE);
    return false;
}

bool lifetimes_file_read_text(diagnostics *sink, const input_file *file,
                              lifetimes_file *out_lifetimes) {
    csv_reader reader = {.sink = sink, .file = file->path, .rest = file->text};
    lifetimes_file read = {.path = file->path};
    if (!read_header(&reader) || !read_rows(&reader, &read)) {
        return false;
    }
    if (read.count == 0) {
        report_at(sink, file->path, (position){.line = 1, .column = 1},
                  "no row behind the header, expected at least one lifetime");
        return false;
    }
    read.has_alignments = reader.cell_count == COLUMN_COUNT;
    if (!check_unique_ids(&reader, &read)) {
        return false;
    }
    *out_lifetimes = read;
    return true;
}

bool lifetimes_file_read(diagnostics *sink, const char *path, lifetimes_file *out_lifetimes) {
    static const char what[] = "a CSV file of lifetimes";
    input_file file;
    bool is_read = is_gzip_name(path)
                       ? input_file_read_gzip(sink, path, what, INFLATED_BYTES_MAX, &file)
                       : input_file_read(sink, path, what, LIFETIMES_BYTES_MAX, &file);
    return is_read && lifetimes_file_read_text(sink, &file, out_lifetimes);
}
