/* UTF-8 text: its characters, how wide it is on a terminal, and how to show what may not be text.
 *
 * The command sets the locale's character type to C.UTF-8 first thing (main.c): without it, only
 * ASCII is understood here. */
#ifndef REIN_CLI_TEXT_H
#define REIN_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "cli/arena.h"

/* The character at `text`, of at most `length` bytes: its size in bytes, 0 where the bytes are not
 * UTF-8. A NUL is a character of one byte. */
size_t text_decode(const char *text, size_t length, wchar_t *out_character);

/* U+0000 to U+001F and U+007F to U+009F. */
bool text_is_control(wchar_t character);

/* Whether `text` is UTF-8 without a control character. */
bool text_is_printable(const char *text, size_t length);

/* Columns that `text` takes on a terminal; bytes that are not UTF-8 count one each. */
size_t text_columns(const char *text);

/* `text`, or, where it is wider than `columns`, its head and its tail with `ellipsis` between them,
 * no wider than `columns`, which is at least 4. */
const char *text_shorten(arena *memory, const char *text, size_t columns, const char *ellipsis);

/* The same with the end alone behind `ellipsis`. */
const char *text_shorten_to_end(arena *memory, const char *text, size_t columns,
                                const char *ellipsis);

/* `text` for a message: control characters and bytes that are not UTF-8 become \xNN. */
const char *text_printable(arena *memory, const char *text, size_t length);

/* The same in single quotes, cut after some 60 bytes. */
const char *text_quote(arena *memory, const char *text);

#endif
