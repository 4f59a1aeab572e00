#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\033[1m", [STYLE_FAINT] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[1;31m", [STYLE_UNSURE] = "\033[33m"};

static colour_choice chosen_colour = COLOUR_AUTO;

void terminal_choose_colour(colour_choice chosen) {
    chosen_colour = chosen;
}

static bool is_colour_unwanted(void) {
    const char *value = getenv("NO_COLOR");
    return value != NULL && *value != '\0';
}

static bool is_dumb(void) {
    const char *name = getenv("TERM");
    return name == NULL || *name == '\0' || strcmp(name, "dumb") == 0;
}

static bool has_colour(bool is_terminal) {
    return chosen_colour == COLOUR_ALWAYS ||
           (chosen_colour == COLOUR_AUTO && is_terminal && !is_colour_unwanted() && !is_dumb());
}

static terminal terminal_of(int file) {
    if (isatty(file) == 0) {
        return (terminal){.has_colour = has_colour(false), .columns = 0};
    }
    struct winsize size = {.ws_col = 0};
    ioctl(file, TIOCGWINSZ, &size);
    return (terminal){
        .has_colour = has_colour(true), .can_rewrite = !is_dumb(), .columns = size.ws_col};
}

terminal terminal_of_standard_output(void) {
    return terminal_of(STDOUT_FILENO);
}

terminal terminal_of_standard_error(void) {
    return terminal_of(STDERR_FILENO);
}

void style_begin(const terminal *shown_on, FILE *stream, style shown) {
    if (shown_on->has_colour) {
        fputs(style_codes[shown], stream);
    }
}

void style_end(const terminal *shown_on, FILE *stream, style shown) {
    if (shown_on->has_colour && shown != STYLE_PLAIN) {
        fputs("\033[0m", stream);
    }
}
