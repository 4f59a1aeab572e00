#include "cli/base/glyphs.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>

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

/* The process's own locale is C.UTF-8 whatever the user's is (main.c). */
bool is_locale_utf8(void) {
    locale_t users = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (users == (locale_t)0) {
        return false;
    }
    bool is_utf8 = strcmp(nl_langinfo_l(CODESET, users), "UTF-8") == 0;
    freelocale(users);
    return is_utf8;
}
