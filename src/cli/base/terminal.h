/* Colours, columns and characters that standard output and standard error can show. */
#ifndef REIN_CLI_BASE_TERMINAL_H
#define REIN_CLI_BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Characters of tables and texts that have an ASCII replacement. */
typedef struct glyphs {
    const char *rule; /* one column of the line below a table's titles; NULL: no line */
    const char *minus;
    const char *times;
    const char *at_least;
    const char *bullet;
    const char *ellipsis; /* replaces the omitted part of a text */
} glyphs;

/* Return static storage. */
const glyphs *glyphs_ascii(void);
const glyphs *glyphs_unicode(void);

typedef enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_FAINT,
    STYLE_GOOD,
    STYLE_BAD,
    STYLE_UNSURE
} style;

typedef struct terminal {
    bool has_colour;
    bool can_rewrite; /* a line can be erased and rewritten */
    size_t columns;   /* 0: not a terminal, unlimited */
    const glyphs *glyphs;
} terminal;

/* Whether to use a feature that not every output supports. */
typedef enum show_choice { SHOW_AUTO, SHOW_ALWAYS, SHOW_NEVER } show_choice;

/* Set the choice for the whole process, before any output. The default is SHOW_AUTO. */
void terminal_choose_colour(show_choice chosen);
void terminal_choose_unicode(show_choice chosen);

/* reports_file returns the descriptor that reports are written to: standard output, unless they
 * were moved because standard output carries a file. */
int reports_file(void);
void move_reports_to_standard_error(void);

/* With SHOW_AUTO, colours are used if the stream is a terminal that is not dumb, and NO_COLOR is
 * unset or empty (no-color.org). Non-ASCII characters are used if the stream is such a terminal and
 * the locale is UTF-8. Output to files and pipes is therefore the same everywhere. */
terminal terminal_of_reports(void);
terminal terminal_of_standard_error(void);

/* style_begin switches to a style, style_end back. They write nothing if colours are off. */
void style_begin(const terminal *shown_on, FILE *stream, style shown);
void style_end(const terminal *shown_on, FILE *stream, style shown);

#endif
