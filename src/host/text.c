#include "host/text.h"

#include <string.h>

#include "host/invalid.h"

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

size_t text_utf8_sequence_bytes(const char *text) {
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

character_kind text_character_kind(const char *sequence, size_t bytes) {
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07}; /* by bytes */
    uint32_t character = (unsigned char)sequence[0] & lead_bits[bytes];
    for (size_t index = 1; index < bytes; index++) {
        character = character << 6 | ((unsigned char)sequence[index] & 0x3FU);
    }
    return character_kind_of(character);
}

/* A message for each kind that no name may have, with the position. */
static const char *const refusals[] = {
    [CHARACTER_CONTROL] = "the text has a control character at byte {u}",
    [CHARACTER_FORMAT] = "the text has an invisible or direction-changing character at byte {u}",
    [CHARACTER_SEPARATOR] = "the text has a line or paragraph separator at byte {u}",
    [CHARACTER_NONE] = "the text has a noncharacter of Unicode at byte {u}"};

/* `length` is at most REIN_NAME_MAX_BYTES + 1: no more is looked at. */
static rein_result_void check_name(const char *text, size_t length) {
    if (length == 0) {
        return invalid(REIN_HERE, "the text is empty, expected 1 to 127 bytes", 0, 0, 0);
    }
    if (length > REIN_NAME_MAX_BYTES) {
        return invalid(REIN_HERE, "the text is too long, expected 1 to 127 bytes", 0, 0, 0);
    }
    size_t position = 0;
    while (position < length) {
        size_t bytes = text_utf8_sequence_bytes(text + position);
        if (bytes == 0) {
            return invalid(REIN_HERE, "the text has a broken sequence at byte {u}, expected UTF-8",
                           position, 0, 0);
        }
        character_kind kind = text_character_kind(text + position, bytes);
        if (kind != CHARACTER_VISIBLE) {
            return invalid(REIN_HERE, refusals[kind], position, 0, 0);
        }
        position += bytes;
    }
    return rein_done();
}

_Static_assert(REIN_NAME_MAX_BYTES == 127, "the messages above say 127");

rein_result_void text_copy_name(const char *text, char out_name[REIN_NAME_MAX_BYTES + 1]) {
    if (text == NULL) {
        return invalid(REIN_HERE, "the text is NULL, expected 1 to 127 bytes", 0, 0, 0);
    }
    size_t length = strnlen(text, REIN_NAME_MAX_BYTES + 1);
    rein_result_void checked = check_name(text, length);
    if (rein_result_void_is_ok(checked)) {
        memset(out_name, 0, REIN_NAME_MAX_BYTES + 1);
        memcpy(out_name, text, length);
    }
    return checked;
}

rein_result_void text_validate_name(const char name[REIN_NAME_MAX_BYTES + 1]) {
    size_t length = strnlen(name, REIN_NAME_MAX_BYTES + 1);
    rein_result_void checked = check_name(name, length);
    REIN_RETURN_IF_ERROR(rein_result_void, checked);
    for (size_t index = length; index <= REIN_NAME_MAX_BYTES; index++) {
        if (name[index] != '\0') {
            return invalid(REIN_HERE, "byte {u} is {u}, expected 0 behind the text", index,
                           (unsigned char)name[index], 0);
        }
    }
    return rein_done();
}
