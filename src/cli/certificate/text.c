#include <inttypes.h>
#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/text.h"
#include "cli/certificate/certificate.h"

enum { CERTIFICATE_BYTES_MAX = 256 * 1024 * 1024 };

static const char first_line[] = "rein certificate 1";

static const char *const claim_words[] = {[CLAIM_FITS] = "claim fits ",
                                          [CLAIM_CANNOT] = "claim cannot ",
                                          [CLAIM_LEAST] = "claim least ",
                                          [CLAIM_BETWEEN] = "claim between "};

static void write_offsets(const certificate *written, work_limits *limits, FILE *stream) {
    for (size_t index = 0; written->offsets != NULL && index < written->tensor_count; index++) {
        if (!work_may_write_row(limits, index)) {
            return;
        }
        fprintf(stream, "at %" PRIu64 " %s\n", written->offsets[index], written->ids[index]);
    }
}

static void write_words(const rein_plan_log *refutation, work_limits *limits, FILE *stream) {
    fprintf(stream, "refutation %zu\n", refutation->length);
    for (size_t index = 0; index < refutation->length; index++) {
        if (!work_may_write_row(limits, index)) {
            return;
        }
        fprintf(stream, "%" PRIu32 "\n", refutation->words[index]);
    }
}

bool certificate_write(diagnostics *sink, const certificate *written, work_limits *limits,
                       const char *path) {
    output_text *text = output_open(sink->memory);
    fprintf(text->stream, "%s\n%s", first_line, claim_words[written->kind]);
    if (written->kind == CLAIM_BETWEEN) {
        fprintf(text->stream, "%" PRIu64 " ", written->bound_bytes);
    }
    fprintf(text->stream, "%" PRIu64 "\ntensors %zu\n", written->bytes, written->tensor_count);
    write_offsets(written, limits, text->stream);
    if (written->has_refutation) {
        write_words(&written->refutation, limits, text->stream);
    } else if (written->kind != CLAIM_FITS) {
        fprintf(text->stream, "peak %" PRId64 "\n", written->instant);
    }
    fputs("end\n", text->stream);
    return output_to_file_within(sink, text, limits, path);
}

typedef struct line_reader {
    diagnostics *sink;
    work_limits *limits;
    const char *file;
    const char *rest;
    const char *line; /* the current line */
    size_t number;    /* of the current line, from 1 */
} line_reader;

/* Returns whether the limits allow reading the next line. Reports it if not. */
static bool may_read_line(const line_reader *reader) {
    if (work_may_do_row(reader->limits, reader->number)) {
        return true;
    }
    work_report_stop(reader->sink, reader->limits, reader->file,
                     &(position){.line = reader->number, .column = 1}, "reading");
    return false;
}

/* Reports the current line, which is not a line of this form; returns false. */
static bool refuse_line(const line_reader *reader, const char *form) {
    report_at(reader->sink, reader->file, (position){.line = reader->number, .column = 1},
              "the line %s is not valid; a certificate has %s here",
              text_quote(reader->sink->memory, reader->line), form);
    return false;
}

/* Takes the next line. An unterminated line and the end of the text give an empty line. */
static void take_line(line_reader *reader) {
    const char *end = strchr(reader->rest, '\n');
    size_t length = end == NULL ? 0 : (size_t)(end - reader->rest);
    reader->line = arena_copy(reader->sink->memory, reader->rest, length);
    reader->rest += end == NULL ? 0 : length + 1;
    reader->number++;
}

/* Returns the text after `word` in the line; NULL if the line does not start with `word`. */
static char *behind(const line_reader *reader, const char *word) {
    size_t length = strlen(word);
    bool starts = strncmp(reader->line, word, length) == 0;
    return starts ? arena_copy(reader->sink->memory, reader->line + length,
                               strlen(reader->line) - length)
                  : NULL;
}

/* Returns the text before the first space of `text`, which then follows it; NULL without a
 * space. */
static const char *take_word(char **text) {
    char *word = *text;
    char *space = strchr(word, ' ');
    if (space == NULL) {
        return NULL;
    }
    *space = '\0';
    *text = space + 1;
    return word;
}

static bool read_claim(line_reader *reader, certificate *read) {
    take_line(reader);
    for (size_t kind = 0; kind < sizeof claim_words / sizeof claim_words[0]; kind++) {
        char *rest = behind(reader, claim_words[kind]);
        if (rest == NULL) {
            continue;
        }
        read->kind = (claim_kind)kind;
        const char *bound = kind == CLAIM_BETWEEN ? take_word(&rest) : "0";
        if (bound != NULL && parse_unsigned(bound, UINT64_MAX, &read->bound_bytes) &&
            parse_unsigned(rest, UINT64_MAX, &read->bytes)) {
            return true;
        }
    }
    return refuse_line(reader, "'claim fits BYTES', 'claim cannot BYTES', 'claim least BYTES' or "
                               "'claim between BYTES BYTES'");
}

/* Takes a line that consists of `word` and a number. */
static bool read_count(line_reader *reader, const char *word, size_t largest, size_t *out_count) {
    uint64_t count = 0;
    take_line(reader);
    const char *text = behind(reader, word);
    if (text == NULL || !parse_unsigned(text, largest, &count)) {
        return refuse_line(reader, arena_print(reader->sink->memory, "'%sCOUNT'", word));
    }
    *out_count = count;
    return true;
}

static bool read_offsets(line_reader *reader, certificate *read) {
    arena *memory = reader->sink->memory;
    size_t id_capacity = 0;
    size_t offset_capacity = 0;
    for (size_t index = 0; index < read->tensor_count; index++) {
        uint64_t offset = 0;
        if (!may_read_line(reader)) {
            return false;
        }
        take_line(reader);
        char *rest = behind(reader, "at ");
        const char *number = rest == NULL ? NULL : take_word(&rest);
        if (number == NULL || !parse_unsigned(number, UINT64_MAX, &offset)) {
            return refuse_line(reader, "'at OFFSET ID' for each tensor");
        }
        read->ids = arena_grow(memory, read->ids, index, &id_capacity, sizeof *read->ids);
        read->offsets =
            arena_grow(memory, read->offsets, index, &offset_capacity, sizeof *read->offsets);
        read->ids[index] = rest;
        read->offsets[index] = offset;
    }
    return true;
}

static bool read_words(line_reader *reader, certificate *read) {
    rein_plan_log *log = &read->refutation;
    uint64_t count = 0;
    read->has_refutation = true;
    if (!parse_unsigned(behind(reader, "refutation "), SIZE_MAX, &count)) {
        return refuse_line(reader, "'refutation COUNT'");
    }
    for (; log->length < count; log->length++) {
        uint64_t word = 0;
        if (!may_read_line(reader)) {
            return false;
        }
        take_line(reader);
        if (!parse_unsigned(reader->line, UINT32_MAX, &word)) {
            return refuse_line(reader, "a word of its refutation, from 0 to 2^32 - 1,");
        }
        log->words = arena_grow(reader->sink->memory, log->words, log->length, &log->capacity,
                                sizeof *log->words);
        log->words[log->length] = (uint32_t)word;
    }
    return true;
}

static bool read_bound(line_reader *reader, certificate *read) {
    take_line(reader);
    if (behind(reader, "refutation ") != NULL) {
        return read_words(reader, read);
    }
    const char *instant = behind(reader, "peak ");
    if (instant == NULL || !parse_signed(instant, &read->instant)) {
        return refuse_line(reader, "'peak INSTANT' or 'refutation COUNT'");
    }
    return true;
}

static bool read_end(line_reader *reader) {
    take_line(reader);
    if (strcmp(reader->line, "end") != 0) {
        return refuse_line(reader, "'end'");
    }
    if (*reader->rest != '\0') {
        take_line(reader);
        return refuse_line(reader, "no more lines");
    }
    return true;
}

bool certificate_read(diagnostics *sink, const char *path, work_limits *limits,
                      certificate *out_read) {
    input_file file;
    if (!input_file_read_within(sink, path, "a certificate", CERTIFICATE_BYTES_MAX, limits,
                                &file)) {
        return false;
    }
    if (file.had_byte_order_mark) {
        report_at(sink, path, (position){.line = 1, .column = 1},
                  "the file begins with a byte order mark; a certificate begins with '%s'",
                  first_line);
        return false;
    }
    line_reader reader = {.sink = sink, .limits = limits, .file = path, .rest = file.text};
    certificate read = {.path = path};
    take_line(&reader);
    if (strcmp(reader.line, first_line) != 0) {
        return refuse_line(&reader, "'rein certificate 1'");
    }
    if (!read_claim(&reader, &read) ||
        !read_count(&reader, "tensors ", SIZE_MAX, &read.tensor_count) ||
        (read.kind != CLAIM_CANNOT && !read_offsets(&reader, &read)) ||
        (read.kind != CLAIM_FITS && !read_bound(&reader, &read)) || !read_end(&reader)) {
        return false;
    }
    *out_read = read;
    return true;
}
