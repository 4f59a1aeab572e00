#include "host/base/utf8.h"

#include <stdbool.h>

static bool is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0U) == 0x80U;
}

/* The range of the second byte tells overlong forms, surrogates and too large values (RFC 3629, 4).
 */
static bool is_second_byte(unsigned char lead, char byte) {
    unsigned char second = (unsigned char)byte;
    unsigned char lowest = lead == 0xE0U ? 0xA0U : lead == 0xF0U ? 0x90U : 0x80U;
    unsigned char highest = lead == 0xEDU ? 0x9FU : lead == 0xF4U ? 0x8FU : 0xBFU;
    return second >= lowest && second <= highest;
}

static size_t sequence_bytes_of_lead(unsigned char lead) {
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

size_t rein_i_utf8_sequence_bytes(const char *text) {
    unsigned char lead = (unsigned char)text[0];
    size_t bytes = sequence_bytes_of_lead(lead);
    if (bytes < 2) {
        return bytes;
    }
    if (!is_second_byte(lead, text[1])) {
        return 0;
    }
    for (size_t index = 2; index < bytes; index++) {
        if (!is_continuation(text[index])) {
            return 0;
        }
    }
    return bytes;
}

character_kind rein_i_utf8_character_kind(const char *sequence, size_t bytes) {
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07}; /* by bytes */
    uint32_t character = (unsigned char)sequence[0] & lead_bits[bytes];
    for (size_t index = 1; index < bytes; index++) {
        character = character << 6 | ((unsigned char)sequence[index] & 0x3FU);
    }
    return character_kind_of(character);
}
