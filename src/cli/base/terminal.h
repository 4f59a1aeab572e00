/* The colours, columns and characters that standard output and standard error can show. */
#ifndef REIN_CLI_BASE_TERMINAL_H
#define REIN_CLI_BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Characters of tables and lines of text that have a stand-in in ASCII. */
typedef struct glyphs {
    const char *rule; /* one column of the line below the titles of a table; NULL: there is none */
    const char *minus;
    const char *times;
    const char *at_least;
    const char *bullet;
    const char *ellipsis; /* replaces the part of a text that is left out */
} glyphs;

/* Each is static storage. */
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
    bool can_rewrite; /* a line may be wiped out and written again */
    size_t columns;   /* 0: no terminal, and no bound */
    const glyphs *glyphs;
} terminal;

/* Whether something that not every output can show is shown. */
typedef enum show_choice { SHOW_AUTO, SHOW_ALWAYS, SHOW_NEVER } show_choice;

/* For the whole process, before anything is shown; AUTO at first. */
void terminal_choose_colour(show_choice chosen);
void terminal_choose_unicode(show_choice chosen);

/* The descriptor that reports are written to: standard output, until an output takes that. */
int reports_file(void);
void move_reports_to_standard_error(void);

/* With AUTO, colour only if the stream is a terminal that is not dumb, and NO_COLOR is unset or
 * empty (no-color.org); more than ASCII only if the stream is such a terminal and the locale is
 * UTF-8, so that output to a file or a pipe is the same everywhere. */
terminal terminal_of_reports(void);
terminal terminal_of_standard_error(void);

/* Switches to a style, and back. Writes nothing if colours are off. */
void style_begin(const terminal *shown_on, FILE *stream, style shown);
void style_end(const terminal *shown_on, FILE *stream, style shown);

#endif
