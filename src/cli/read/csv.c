#include "cli/read/csv.h"

#include <string.h>

#include "host/base/utf8.h"

/* Returns the first comma or semicolon of the first row that is not in quotes, or else a tab. */
static char find_separator(const char *text) {
    bool is_quoted = false;
    for (; *text != '\0' && (is_quoted || *text != '\n'); text++) {
        is_quoted = is_quoted != (*text == '"');
        if (!is_quoted && (*text == ',' || *text == ';')) {
            return *text;
        }
    }
    return '\t';
}

csv_dialect csv_dialect_of(const char *text) {
    csv_dialect dialect = {.separator = find_separator(text)};
    dialect.ends_plain[(unsigned char)dialect.separator] = true;
    dialect.ends_plain['\n'] = true;
    dialect.ends_plain['"'] = true;
    dialect.ends_plain['\0'] = true;
    return dialect;
}

static bool is_blank(const csv_dialect *dialect, char byte) {
    return byte == ' ' || (byte == '\t' && dialect->separator != '\t');
}

static const char *skip_blanks(const csv_dialect *dialect, const char *text) {
    while (is_blank(dialect, *text)) {
        text++;
    }
    return text;
}

/* Returns whether a row ends at `text`, before its line feed. */
static bool is_row_end(const char *text) {
    return *text == '\n' || *text == '\0';
}

/* Returns the end of a value in quotes, at its closing quote or at the end of the text. */
static const char *find_closing_quote(const char *text) {
    const char *quote = strchr(text, '"');
    while (quote != NULL && quote[1] == '"') {
        quote = strchr(quote + 2, '"');
    }
    return quote == NULL ? text + strlen(text) : quote;
}

static const char *take_quoted(const csv_dialect *dialect, const char **rest, csv_cell *out_cell) {
    const char *text = out_cell->at + 1;
    const char *end = find_closing_quote(text);
    out_cell->text = text;
    out_cell->length = (size_t)(end - text);
    out_cell->is_quoted = true;
    if (*end == '\0') {
        return "begins with a quote that is never closed; close it, or write \"\" for a quote";
    }
    end = skip_blanks(dialect, end + 1);
    *rest = end;
    if (*end == '\r' && is_row_end(end + 1)) {
        *rest = end + 1;
        return NULL;
    }
    if (*end == dialect->separator || is_row_end(end)) {
        return NULL;
    }
    out_cell->at = end;
    return "has text after its closing quote; write \"\" for a quote in a value";
}

const char *csv_take_cell(const csv_dialect *dialect, const char **rest, csv_cell *out_cell) {
    const char *begin = skip_blanks(dialect, *rest);
    out_cell->at = begin;
    if (*begin == '"') {
        return take_quoted(dialect, rest, out_cell);
    }
    const char *end = begin;
    while (!dialect->ends_plain[(unsigned char)*end]) {
        end++;
    }
    *rest = end;
    bool has_carriage_return = end > begin && end[-1] == '\r' && is_row_end(end);
    end -= has_carriage_return;
    while (end > begin && is_blank(dialect, end[-1])) {
        end--;
    }
    out_cell->text = begin;
    out_cell->length = (size_t)(end - begin);
    out_cell->is_quoted = false;
    if (**rest == '"') {
        out_cell->at = *rest;
        return "has a quote inside; put the value in quotes, and write \"\" for the quote";
    }
    return NULL;
}

bool csv_skip_separator(const csv_dialect *dialect, const char **rest) {
    bool is_separator = **rest == dialect->separator;
    *rest += is_separator;
    return is_separator;
}

bool csv_is_blank(const csv_dialect *dialect, const char *rest) {
    while (is_blank(dialect, *rest) || *rest == '\n' || *rest == '\r') {
        rest++;
    }
    return *rest == '\0';
}

size_t csv_cell_copy(const csv_cell *cell, char *out_value) {
    if (!cell->is_quoted) {
        memcpy(out_value, cell->text, cell->length);
        out_value[cell->length] = '\0';
        return cell->length;
    }
    size_t length = 0;
    for (size_t index = 0; index < cell->length; index++) {
        out_value[length++] = cell->text[index];
        index += cell->text[index] == '"';
    }
    out_value[length] = '\0';
    return length;
}

const char *csv_cell_text(arena *memory, const csv_cell *cell) {
    char *text = arena_allocate(memory, cell->length + 1, 1);
    csv_cell_copy(cell, text);
    return text;
}

position csv_position(const char *text, const char *at) {
    position found = {.line = 1, .column = 1};
    for (; text < at; text++) {
        found.column = *text == '\n' ? 1 : found.column + !utf8_is_continuation(*text);
        found.line += *text == '\n';
    }
    return found;
}
