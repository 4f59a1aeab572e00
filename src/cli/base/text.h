/* UTF-8 text: its characters, how wide it is on a terminal, and how to show what may not be text.
 *
 * The command sets the locale's character type to C.UTF-8 first thing (main.c): without it, the
 * widths of characters beyond ASCII are unknown. */
#ifndef REIN_CLI_BASE_TEXT_H
#define REIN_CLI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "cli/base/arena.h"

/* Decodes the character at `text`, of at most `length` bytes. Returns its size in bytes, 0 if the
 * bytes are not UTF-8. A NUL is a character of one byte. */
size_t text_decode(const char *text, size_t length, wchar_t *out_character);

/* Whether a text may have the character: it is not a control character and not a noncharacter. */
bool text_is_character(wchar_t character);

/* Whether `text` is UTF-8 of such characters alone. */
bool text_is_sound(const char *text, size_t length);

/* Whether a character is not invisible, does not change the direction of a line and does not end
 * one (host/base/character.h); and whether `text` is UTF-8 of such characters alone. */
bool text_character_is_visible(wchar_t character);
bool text_is_visible(const char *text);

bool text_is_utf8(const char *text);

enum { TEXT_SHOWN_CAPACITY = 11 };

/* Writes the first character of `text`, of at least one byte, as every report shows it: a visible
 * one as it is, another one as \xNN, \uNNNN or \UNNNNNNNN, a byte that is not UTF-8 as \xNN.
 * Returns how many bytes of `text` that is. */
size_t text_show(const char *text, size_t length, char out_shown[TEXT_SHOWN_CAPACITY]);

/* Columns that `text` takes on a terminal; bytes that are not UTF-8 count one each. */
size_t text_columns(const char *text);

/* `text`, or, if it is wider than `columns`, its head and its tail with `ellipsis` between them,
 * no wider than `columns`, which is at least 4. */
const char *text_shorten(arena *memory, const char *text, size_t columns, const char *ellipsis);

/* The same with the end alone behind `ellipsis`. */
const char *text_shorten_to_end(arena *memory, const char *text, size_t columns,
                                const char *ellipsis);

/* `text` for a message or a table, each character as text_show writes it. */
const char *text_printable(arena *memory, const char *text);

/* The same in single quotes, cut after some 60 bytes. */
const char *text_quote(arena *memory, const char *text);

#endif
