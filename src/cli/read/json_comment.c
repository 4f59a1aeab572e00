#include "cli/read/json_comment.h"

#include <string.h>

#include "host/base/utf8.h"

typedef struct text_scan {
    const char *at;
    position place;
    bool is_in_word; /* the last character was part of a word */
} text_scan;

static void step(text_scan *scan) {
    if (*scan->at == '\n') {
        scan->place = (position){.line = scan->place.line + 1, .column = 1};
    } else {
        scan->place.column += !utf8_is_continuation(scan->at[1]);
    }
    scan->is_in_word = strchr(" \t\r\n,:[]{}\"'", *scan->at) == NULL;
    scan->at++;
}

/* Moves past the closing quote, or to the end of the text. */
static void skip_quoted(text_scan *scan) {
    const char quote = *scan->at;
    step(scan);
    while (*scan->at != '\0' && *scan->at != quote) {
        if (quote == '"' && *scan->at == '\\' && scan->at[1] != '\0') {
            step(scan);
        }
        step(scan);
    }
    if (*scan->at == quote) {
        step(scan);
    }
}

static void skip_line(text_scan *scan) {
    while (*scan->at != '\0' && *scan->at != '\n') {
        step(scan);
    }
}

static bool is_comment(const char *at) {
    return at[0] == '/' && (at[1] == '/' || at[1] == '*');
}

/* Returns whether a YAML document marker is here; more text may follow it on the line. */
static bool is_marker(const text_scan *scan) {
    return scan->place.column == 1 && strncmp(scan->at, "---", 3) == 0 &&
           strchr(" \t\r\n", scan->at[3]) != NULL;
}

/* Moves to the next word, past separators, YAML comments and document markers. */
static void skip_blanks(text_scan *scan) {
    while (*scan->at != '\0' && (strchr("# \t\r\n", *scan->at) != NULL || is_marker(scan))) {
        if (*scan->at == '-') {
            scan->at += 3;
            scan->place.column += 3;
        } else if (*scan->at == '#') {
            skip_line(scan);
        } else {
            step(scan);
        }
    }
}

bool json_comment_find(const char *text, position *out_at) {
    text_scan scan = {.at = text, .place = {.line = 1, .column = 1}};
    skip_blanks(&scan);
    bool is_json = *scan.at == '{' || *scan.at == '[' || is_comment(scan.at);
    while (is_json && *scan.at != '\0') {
        bool is_token = !scan.is_in_word;
        if (is_token && is_comment(scan.at)) {
            *out_at = scan.place;
            return true;
        }
        if (is_token && (*scan.at == '"' || *scan.at == '\'')) {
            skip_quoted(&scan);
        } else if (is_token && *scan.at == '#') {
            skip_line(&scan);
        } else {
            step(&scan);
        }
    }
    return false;
}
