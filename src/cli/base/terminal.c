#include "cli/base/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const style_codes[] = {
    [STYLE_PLAIN] = "",        [STYLE_STRONG] = "\033[1m", [STYLE_FAINT] = "\033[2m",
    [STYLE_GOOD] = "\033[32m", [STYLE_BAD] = "\033[1;31m", [STYLE_UNSURE] = "\033[33m"};

static show_choice chosen_colour = SHOW_AUTO;
static show_choice chosen_unicode = SHOW_AUTO;
static int chosen_reports_file = STDOUT_FILENO;

void terminal_choose_colour(show_choice chosen) {
    chosen_colour = chosen;
}

void terminal_choose_unicode(show_choice chosen) {
    chosen_unicode = chosen;
}

const glyphs *glyphs_ascii(void) {
    static const glyphs ascii = {.rule = NULL,
                                 .minus = "-",
                                 .times = "x",
                                 .at_least = ">=",
                                 .bullet = "-",
                                 .ellipsis = ".."};
    return &ascii;
}

const glyphs *glyphs_unicode(void) {
    static const glyphs unicode = {.rule = "\u2500",
                                   .minus = "\u2212",
                                   .times = "\u00d7",
                                   .at_least = "\u2265",
                                   .bullet = "\u2022",
                                   .ellipsis = "\u2026"};
    return &unicode;
}

/* Returns whether the user's locale (LC_ALL, LC_CTYPE, LANG) is installed and uses UTF-8. The
 * locale of the process is C.UTF-8 in any case (main.c). */
static bool is_locale_utf8(void) {
    locale_t users = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (users == (locale_t)0) {
        return false;
    }
    bool is_utf8 = strcmp(nl_langinfo_l(CODESET, users), "UTF-8") == 0;
    freelocale(users);
    return is_utf8;
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
    return chosen_colour == SHOW_ALWAYS ||
           (chosen_colour == SHOW_AUTO && is_terminal && !is_colour_unwanted() && !is_dumb());
}

static const glyphs *find_glyphs(bool is_terminal) {
    bool is_unicode =
        chosen_unicode == SHOW_ALWAYS ||
        (chosen_unicode == SHOW_AUTO && is_terminal && !is_dumb() && is_locale_utf8());
    return is_unicode ? glyphs_unicode() : glyphs_ascii();
}

static terminal terminal_of(int file) {
    if (isatty(file) == 0) {
        return (terminal){
            .has_colour = has_colour(false), .columns = 0, .glyphs = find_glyphs(false)};
    }
    struct winsize size = {.ws_col = 0};
    ioctl(file, TIOCGWINSZ, &size);
    return (terminal){.has_colour = has_colour(true),
                      .can_rewrite = !is_dumb(),
                      .columns = size.ws_col,
                      .glyphs = find_glyphs(true)};
}

int reports_file(void) {
    return chosen_reports_file;
}

void move_reports_to_standard_error(void) {
    chosen_reports_file = STDERR_FILENO;
}

terminal terminal_of_reports(void) {
    return terminal_of(chosen_reports_file);
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
