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

/* Where there are colours: on terminals that show them, everywhere, or nowhere. */
typedef enum colour_choice {
    COLOUR_AUTO,
    COLOUR_ALWAYS,
    COLOUR_NEVER,
    COLOUR_CHOICE_COUNT
} colour_choice;

typedef struct terminal {
    bool has_colour;
    bool can_rewrite; /* a line may be wiped out and written again */
    size_t columns;   /* 0: no terminal, and no bound */
} terminal;

/* Unless colour is chosen, it is only where the stream is a terminal that is not dumb, and NO_COLOR
 * is unset or empty (no-color.org). */
terminal terminal_of_standard_output(colour_choice chosen);
terminal terminal_of_standard_error(void);

/* Switches to a style, and back; writes nothing where there is no colour. */
void style_begin(const terminal *shown_on, FILE *stream, style shown);
void style_end(const terminal *shown_on, FILE *stream, style shown);

#endif
