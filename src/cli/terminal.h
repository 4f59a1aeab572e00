/* What standard output and standard error can show. */
#ifndef REIN_CLI_TERMINAL_H
#define REIN_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

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
} terminal;

typedef enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } colour_choice;

/* For the whole process, before anything is shown; AUTO at first. */
void terminal_choose_colour(colour_choice chosen);

/* With AUTO, colour only where the stream is a terminal that is not dumb, and NO_COLOR is unset or
 * empty (no-color.org). */
terminal terminal_of_standard_output(void);
terminal terminal_of_standard_error(void);

/* Switches to a style, and back; writes nothing where there is no colour. */
void style_begin(const terminal *shown_on, FILE *stream, style shown);
void style_end(const terminal *shown_on, FILE *stream, style shown);

#endif
