#include "cli/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "host/base/character.h"
#include "host/base/utf8.h"

enum { QUOTED_BYTES_MAX = 60 };

size_t text_decode(const char *text, size_t length, wchar_t *out_character) {
    size_t size = utf8_sequence_bytes(text, length);
    if (size > 0) {
        *out_character = (wchar_t)utf8_character(text, size);
    }
    return size;
}

bool text_is_character(wchar_t character) {
    character_kind kind = character_kind_of((uint32_t)character);
    return kind != CHARACTER_CONTROL && kind != CHARACTER_NONE;
}

/* Returns the size and columns of the character at `text`, or of one byte if it is not UTF-8. */
static size_t measure(const char *text, size_t length, size_t *out_columns) {
    wchar_t character = 0;
    size_t size = text_decode(text, length, &character);
    int columns = size == 0 ? 1 : wcwidth(character);
    *out_columns = columns < 0 ? 1 : (size_t)columns;
    return size == 0 ? 1 : size;
}

size_t text_columns(const char *text) {
    size_t total = 0;
    for (size_t rest = strlen(text); rest > 0;) {
        size_t columns = 0;
        size_t size = measure(text, rest, &columns);
        total += columns;
        text += size;
        rest -= size;
    }
    return total;
}

/* Returns the size of the longest start of `text`, which must be wider, that fits into
 * `columns`. */
static size_t head_bytes(const char *text, size_t columns) {
    size_t length = strlen(text);
    size_t end = 0;
    size_t size = 0;
    size_t used = 0;
    do {
        size_t width = 0;
        end += size;
        size = measure(text + end, length - end, &width);
        used += width;
    } while (used <= columns);
    return end;
}

/* Returns the offset of the longest end of `text` that fits into `columns`. */
static size_t tail_start(const char *text, size_t columns) {
    size_t start = 0;
    size_t length = strlen(text);
    for (size_t rest = text_columns(text); rest > columns;) {
        size_t width = 0;
        start += measure(text + start, length - start, &width);
        rest -= width;
    }
    return start;
}

const char *text_shorten(arena *memory, const char *text, size_t columns, const char *ellipsis) {
    if (text_columns(text) <= columns) {
        return text;
    }
    size_t kept = columns - text_columns(ellipsis);
    size_t head = head_bytes(text, kept - kept / 2);
    return arena_print(memory, "%.*s%s%s", (int)head, text, ellipsis,
                       text + tail_start(text, kept / 2));
}

const char *text_shorten_to_end(arena *memory, const char *text, size_t columns,
                                const char *ellipsis) {
    if (text_columns(text) <= columns) {
        return text;
    }
    return arena_print(memory, "%s%s", ellipsis,
                       text + tail_start(text, columns - text_columns(ellipsis)));
}

bool text_character_is_visible(wchar_t character) {
    return character_kind_of((uint32_t)character) == CHARACTER_VISIBLE;
}

static bool has_only(const char *text, size_t length, bool (*is_right)(wchar_t character)) {
    for (size_t at = 0; at < length;) {
        wchar_t character = 0;
        size_t size = text_decode(text + at, length - at, &character);
        if (size == 0 || !is_right(character)) {
            return false;
        }
        at += size;
    }
    return true;
}

static bool is_any(wchar_t character) {
    (void)character;
    return true;
}

bool text_is_utf8(const char *text) {
    return has_only(text, strlen(text), is_any);
}

bool text_is_sound(const char *text, size_t length) {
    return has_only(text, length, text_is_character);
}

bool text_is_visible(const char *text) {
    return has_only(text, strlen(text), text_character_is_visible);
}

size_t text_show(const char *text, size_t length, char out_shown[TEXT_SHOWN_CAPACITY]) {
    wchar_t character = 0;
    size_t size = text_decode(text, length, &character);
    if (size == 0) {
        snprintf(out_shown, TEXT_SHOWN_CAPACITY, "\\x%02x", (unsigned)(unsigned char)*text);
        return 1;
    }
    if (text_character_is_visible(character)) {
        memcpy(out_shown, text, size);
        out_shown[size] = '\0';
        return size;
    }
    if (character < 0x80) {
        snprintf(out_shown, TEXT_SHOWN_CAPACITY, "\\x%02x", (unsigned)character);
    } else if (character <= 0xFFFF) {
        snprintf(out_shown, TEXT_SHOWN_CAPACITY, "\\u%04x", (unsigned)character);
    } else {
        snprintf(out_shown, TEXT_SHOWN_CAPACITY, "\\U%08x", (unsigned)character);
    }
    return size;
}

static const char *printable_bytes(arena *memory, const char *text, size_t length) {
    char *printable = arena_allocate(memory, length * 4 + TEXT_SHOWN_CAPACITY, 1);
    char *end = printable;
    *end = '\0';
    for (size_t at = 0; at < length; end += strlen(end)) {
        at += text_show(text + at, length - at, end);
    }
    return printable;
}

const char *text_printable(arena *memory, const char *text) {
    return printable_bytes(memory, text, strlen(text));
}

/* Returns a length that does not split a character. */
static size_t cut_length(const char *text, size_t length) {
    size_t cut = QUOTED_BYTES_MAX;
    if (length <= cut) {
        return length;
    }
    while (cut > QUOTED_BYTES_MAX - 4 && utf8_is_continuation(text[cut])) {
        cut--;
    }
    return cut;
}

const char *text_quote(arena *memory, const char *text) {
    size_t length = strlen(text);
    size_t cut = cut_length(text, length);
    return arena_print(memory, "'%s%s'", printable_bytes(memory, text, cut),
                       cut < length ? ".." : "");
}
