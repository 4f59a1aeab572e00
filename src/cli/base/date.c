#include "cli/base/date.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char long_form[] = "0000-00-00T00:00:00Z";
enum { SHORT_FORM_LENGTH = 10 };

/* Returns whether `text` has digits and separators in the same places as the form. */
static bool matches_form(const char *text, size_t length) {
    for (size_t at = 0; at < length; at++) {
        bool is_digit = text[at] >= '0' && text[at] <= '9';
        if (long_form[at] == '0' ? !is_digit : text[at] != long_form[at]) {
            return false;
        }
    }
    return true;
}

/* Returns whether timegm left the parts unchanged. It turns April 31 into May 1 and second 60 into
 * second 0. strptime rejects all other values that are too large. */
static bool is_same(const struct tm *left, const struct tm *right) {
    return left->tm_mday == right->tm_mday && left->tm_sec == right->tm_sec;
}

bool date_parse(const char *text, int64_t *out_unix_s) {
    size_t length = strlen(text);
    if ((length != SHORT_FORM_LENGTH && length != sizeof long_form - 1) ||
        !matches_form(text, length)) {
        return false;
    }
    char whole[sizeof long_form];
    snprintf(whole, sizeof whole, "%s%s", text, long_form + length);
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    if (strptime(whole, "%Y-%m-%dT%H:%M:%SZ", &parts) == NULL) {
        return false;
    }
    struct tm stated = parts;
    time_t instant = timegm(&parts);
    if (!is_same(&stated, &parts)) {
        return false;
    }
    *out_unix_s = instant;
    return true;
}

const char *date_text(arena *memory, int64_t unix_s) {
    time_t instant = (time_t)unix_s;
    struct tm parts;
    if (gmtime_r(&instant, &parts) == NULL) {
        return "unknown";
    }
    /* strftime does not pad years with zeros. */
    return arena_print(memory, "%04lld-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900LL,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}
