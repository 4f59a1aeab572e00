/* Scans UTF-8. In a header, so that the command shares the scanner without a symbol of the
 * library. */
#ifndef REIN_HOST_BASE_UTF8_H
#define REIN_HOST_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool utf8_is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/* Returns whether `byte` may follow `lead`. The ranges exclude overlong forms, surrogates and
 * values above U+10FFFF (RFC 3629, 4). */
static inline bool utf8_is_second_byte(unsigned char lead, char byte) {
    unsigned char second = (unsigned char)byte;
    unsigned char lowest = lead == 0xE0U ? 0xA0U : lead == 0xF0U ? 0x90U : 0x80U;
    unsigned char highest = lead == 0xEDU ? 0x9FU : lead == 0xF4U ? 0x8FU : 0xBFU;
    return second >= lowest && second <= highest;
}

static inline size_t utf8_bytes_of_lead(unsigned char lead) {
    if (lead < 0x80U) {
        return 1;
    }
    if (lead >= 0xC2U && lead <= 0xDFU) {
        return 2;
    }
    if (lead >= 0xE0U && lead <= 0xEFU) {
        return 3;
    }
    return lead >= 0xF0U && lead <= 0xF4U ? 4 : 0;
}

/* Returns the length in bytes of the UTF-8 sequence at `text`, or 0 if it is invalid. A NUL is a
 * sequence of one byte. Reads at most `length` bytes, and none after a NUL. */
static inline size_t utf8_sequence_bytes(const char *text, size_t length) {
    size_t bytes = length == 0 ? 0 : utf8_bytes_of_lead((unsigned char)text[0]);
    if (bytes < 2) {
        return bytes;
    }
    if (bytes > length || !utf8_is_second_byte((unsigned char)text[0], text[1])) {
        return 0;
    }
    for (size_t index = 2; index < bytes; index++) {
        if (!utf8_is_continuation(text[index])) {
            return 0;
        }
    }
    return bytes;
}

/* Returns the character of the UTF-8 sequence of `bytes` bytes that starts at `sequence`. */
static inline uint32_t utf8_character(const char *sequence, size_t bytes) {
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07}; /* by bytes */
    uint32_t character = (unsigned char)sequence[0] & lead_bits[bytes];
    for (size_t index = 1; index < bytes; index++) {
        character = character << 6 | ((unsigned char)sequence[index] & 0x3FU);
    }
    return character;
}

#endif
