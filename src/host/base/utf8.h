/* Scans UTF-8. */
#ifndef REIN_HOST_BASE_UTF8_H
#define REIN_HOST_BASE_UTF8_H

#include "host/base/character.h"

/* Returns the length in bytes of the UTF-8 sequence at `text`, which a NUL terminates; 0 if there
 * is none (RFC 3629 excludes overlong forms, surrogates and values above U+10FFFF). */
size_t rein_i_utf8_sequence_bytes(const char *text);

/* Returns the kind of the character whose UTF-8 sequence of `bytes` bytes starts at `sequence`. */
character_kind rein_i_utf8_character_kind(const char *sequence, size_t bytes);

#endif
