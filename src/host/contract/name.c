#include "host/contract/name.h"

#include <string.h>

#include "host/base/character.h"
#include "host/base/utf8.h"
#include "host/contract/invalid.h"

/* A message for each kind that no name may have, with the position. */
static const char *const refusals[] = {
    [CHARACTER_CONTROL] = "the text has a control character at byte {u}",
    [CHARACTER_FORMAT] = "the text has an invisible or direction-changing character at byte {u}",
    [CHARACTER_SEPARATOR] = "the text has a line or paragraph separator at byte {u}",
    [CHARACTER_NONE] = "the text has a noncharacter of Unicode at byte {u}"};

/* `length` is at most REIN_NAME_MAX_BYTES + 1: no further bytes are read. */
static rein_result_void check_name(const char *text, size_t length) {
    if (length == 0) {
        return rein_i_invalid(REIN_HERE, "the text must not be empty", 0, 0, 0);
    }
    if (length > REIN_NAME_MAX_BYTES) {
        return rein_i_invalid(REIN_HERE, "the text" MUST_BE_SHORT, REIN_NAME_MAX_BYTES, 0, 0);
    }
    size_t position = 0;
    while (position < length) {
        size_t bytes = utf8_sequence_bytes(text + position, length - position);
        if (bytes == 0) {
            return rein_i_invalid(REIN_HERE, "the text is not valid UTF-8 at byte {u}", position, 0,
                                  0);
        }
        character_kind kind = character_kind_of(utf8_character(text + position, bytes));
        if (kind != CHARACTER_VISIBLE) {
            return rein_i_invalid(REIN_HERE, refusals[kind], position, 0, 0);
        }
        position += bytes;
    }
    return rein_done();
}

rein_result_void rein_i_name_copy(const char *text, char out_name[REIN_NAME_MAX_BYTES + 1]) {
    if (text == NULL) {
        return rein_i_invalid(REIN_HERE, "the text" MUST_NOT_BE_NULL, 0, 0, 0);
    }
    size_t length = strnlen(text, REIN_NAME_MAX_BYTES + 1);
    rein_result_void checked = check_name(text, length);
    if (rein_result_void_is_ok(checked)) {
        memset(out_name, 0, REIN_NAME_MAX_BYTES + 1);
        memcpy(out_name, text, length);
    }
    return checked;
}

rein_result_void rein_i_name_validate(const char name[REIN_NAME_MAX_BYTES + 1]) {
    size_t length = strnlen(name, REIN_NAME_MAX_BYTES + 1);
    REIN_TRY(rein_result_void, check_name(name, length));
    for (size_t index = length; index <= REIN_NAME_MAX_BYTES; index++) {
        if (name[index] != '\0') {
            return rein_i_invalid(REIN_HERE, "byte {u} is {u}; all bytes after the text must be 0",
                                  index, (unsigned char)name[index], 0);
        }
    }
    return rein_done();
}
