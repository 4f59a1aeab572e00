#include "cli/write/wrap.h"

#include <stdbool.h>
#include <string.h>

#include "cli/base/text.h"

enum { LINE_COLUMNS = 80 };

void print_wrapped(const terminal *shown_on, FILE *stream, const char *text, size_t column,
                   size_t indent) {
    bool is_narrow = shown_on->columns > 0 && shown_on->columns < LINE_COLUMNS;
    size_t columns = is_narrow ? shown_on->columns : LINE_COLUMNS;
    const char *word = text;
    while (*word != '\0') {
        size_t length = strcspn(word, " ");
        if (word != text && column + 1 + length > columns) {
            fprintf(stream, "\n%*s", (int)indent, "");
            column = indent;
        } else if (word != text) {
            fputc(' ', stream);
            column++;
        }
        fprintf(stream, "%.*s", (int)length, word);
        column += length;
        word += length;
        word += strspn(word, " ");
    }
    fputc('\n', stream);
}

typedef struct folding {
    FILE *stream;
    size_t columns;
    size_t indent; /* of continuation lines */
    size_t column;
    bool is_begun; /* the line has a word */
} folding;

/* Returns the size of the style sequence at `text`, which takes no columns; 0 if there is none. */
static size_t style_bytes(const char *text) {
    return *text == '\033' ? strcspn(text, "m") + 1 : 0;
}

/* Returns the size and columns of the style or character at `text`, of `length` bytes. */
static size_t measure_next(const char *text, size_t length, size_t *out_columns) {
    char shown[TEXT_SHOWN_CAPACITY];
    size_t bytes = style_bytes(text);
    *out_columns = 0;
    if (bytes == 0) {
        bytes = text_show(text, length, shown);
        *out_columns = text_columns(shown);
    }
    return bytes;
}

static size_t measure(const char *text, size_t length) {
    size_t total = 0;
    for (size_t at = 0; at < length;) {
        size_t columns = 0;
        at += measure_next(text + at, length - at, &columns);
        total += columns;
    }
    return total;
}

static void break_line(folding *into) {
    fprintf(into->stream, "\n%*s", (int)into->indent, "");
    into->column = into->indent;
    into->is_begun = false;
}

/* Prints a word that is longer than a line. */
static void print_broken(folding *into, const char *word, size_t length) {
    for (size_t at = 0; at < length;) {
        size_t columns = 0;
        size_t bytes = measure_next(word + at, length - at, &columns);
        if (into->column + columns > into->columns) {
            break_line(into);
        }
        fwrite(word + at, 1, bytes, into->stream);
        into->column += columns;
        at += bytes;
    }
}

/* Prints a word of `length` bytes after `blanks` spaces. */
static void print_word(folding *into, size_t blanks, const char *word, size_t length) {
    size_t columns = measure(word, length);
    if (into->column + blanks + columns <= into->columns) {
        fprintf(into->stream, "%*s%.*s", (int)blanks, "", (int)length, word);
        into->column += blanks + columns;
    } else {
        if (into->is_begun) {
            break_line(into);
        }
        print_broken(into, word, length);
    }
    into->is_begun = true;
}

static void print_line(folding *into, const char *line, size_t length) {
    enum { MORE = 2 };
    size_t at = strspn(line, " ");
    size_t blanks = at;
    into->indent = at + MORE < into->columns / 2 ? at + MORE : 0;
    into->column = 0;
    into->is_begun = false;
    while (at < length) {
        size_t word = at;
        while (word < length && line[word] != ' ') {
            word++;
        }
        print_word(into, blanks, line + at, word - at);
        at = word;
        blanks = strspn(line + at, " ");
        at += blanks;
    }
}

void print_folded(FILE *stream, const char *text, size_t length, size_t columns) {
    folding into = {.stream = stream, .columns = columns};
    const char *rest = text + length;
    for (const char *end = NULL; (end = memchr(text, '\n', (size_t)(rest - text))) != NULL;) {
        size_t line = (size_t)(end - text);
        if (measure(text, line) <= columns) {
            fwrite(text, 1, line, stream);
        } else {
            print_line(&into, text, line);
        }
        fputc('\n', stream);
        text = end + 1;
    }
}
