/* UTF-8 text: its characters, its width on a terminal, and how to show bytes that may not be text.
 *
 * main.c sets the character type of the locale to C.UTF-8 first: without it, the widths of
 * non-ASCII characters are unknown. */
#ifndef REIN_CLI_BASE_TEXT_H
#define REIN_CLI_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "cli/base/arena.h"

/* Decodes the character at `text`, of at most `length` bytes. Returns its size in bytes, or 0 if
 * the bytes are not UTF-8. NUL is a character of one byte. */
size_t text_decode(const char *text, size_t length, wchar_t *out_character);

/* Returns whether the character is allowed in text: not a control character, not a noncharacter. */
bool text_is_character(wchar_t character);

/* Returns whether `text` is UTF-8 and all its characters are allowed in text. */
bool text_is_sound(const char *text, size_t length);

/* Returns whether a character is visible, and neither ends a line nor changes its direction
 * (host/base/character.h). */
bool text_character_is_visible(wchar_t character);

/* Returns whether `text` is UTF-8 and consists of such characters. */
bool text_is_visible(const char *text);

bool text_is_utf8(const char *text);

enum { TEXT_SHOWN_CAPACITY = 11 };

/* Writes the first character of `text`, which must not be empty, as all reports show it. Returns
 * the number of bytes of `text` that were shown. A visible character is unchanged, another one is
 * \xNN, \uNNNN or \UNNNNNNNN, and a byte that is not UTF-8 is \xNN. */
size_t text_show(const char *text, size_t length, char out_shown[TEXT_SHOWN_CAPACITY]);

/* Returns the columns that `text` takes on a terminal: 1 for each byte that is not UTF-8. */
size_t text_columns(const char *text);

/* Returns `text` if it fits into `columns`, which must be at least 4; otherwise its start and its
 * end with `ellipsis` between them, at most `columns` wide. */
const char *text_shorten(arena *memory, const char *text, size_t columns, const char *ellipsis);

/* As text_shorten, but keeps only the end, after `ellipsis`. */
const char *text_shorten_to_end(arena *memory, const char *text, size_t columns,
                                const char *ellipsis);

/* Returns `text` for a message or a table, with each character as text_show writes it. */
const char *text_printable(arena *memory, const char *text);

/* As text_printable, in single quotes and cut after about 60 bytes. */
const char *text_quote(arena *memory, const char *text);

#endif
