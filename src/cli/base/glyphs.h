/* The characters that a table or a line of text has where UTF-8 can be shown, and what stands for
 * them where it cannot. */
#ifndef REIN_CLI_BASE_GLYPHS_H
#define REIN_CLI_BASE_GLYPHS_H

#include <stdbool.h>

typedef struct glyphs {
    const char *rule; /* one column of the line below the titles of a table; NULL: there is none */
    const char *minus;
    const char *times;
    const char *at_least;
    const char *bullet;
    const char *ellipsis; /* where the middle of a text is left out */
} glyphs;

/* Each is static storage. */
const glyphs *glyphs_ascii(void);
const glyphs *glyphs_unicode(void);

/* Whether the user's locale (LC_ALL, LC_CTYPE, LANG) is one of UTF-8 that the system has. */
bool is_locale_utf8(void);

#endif
