/* The rules that ids and names keep: bounded UTF-8 of visible characters. */
#ifndef REIN_HOST_TEXT_H
#define REIN_HOST_TEXT_H

#include "contract/ids.h"
#include "host/character.h"

/* The length in bytes of the UTF-8 sequence that starts at `text`, which ends at a NUL at the
 * latest; 0 where it is none (RFC 3629: overlong forms, surrogates and values above U+10FFFF are
 * none). */
size_t text_utf8_sequence_bytes(const char *text);

/* The kind of the character whose UTF-8 sequence of `bytes` bytes starts at `sequence`. */
character_kind text_character_kind(const char *sequence, size_t bytes);

/* Copies `text` into `out_name` and zeroes what is behind it. Errors: InvalidArgument; `out_name`
 * is then unchanged. */
rein_result_void text_copy_name(const char *text, char out_name[REIN_NAME_MAX_BYTES + 1]);

/* Whether a name that was filled by hand keeps the same rules, with zeros behind the text. */
rein_result_void text_validate_name(const char name[REIN_NAME_MAX_BYTES + 1]);

#endif
