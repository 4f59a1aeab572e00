#include "host/models/onnx_text.h"

#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/models/malformed.h"

/* Longer than the text of an error, so that the error shows that it was cut. */
enum { SHOWN_BYTES = 2 * REIN_ERROR_FOREIGN_TEXT_CAPACITY };

rein_result_void rein_i_onnx_text_read(byte_reader *reader, file_text text, char *out_bytes) {
    reader->position = text.offset;
    return rein_i_byte_reader_take(reader, out_bytes, (size_t)text.length);
}

rein_result_void rein_i_onnx_fail(byte_reader *reader, rein_error_code code,
                                  rein_source_location where, const char *message,
                                  const uint64_t numbers[3], file_text name) {
    char shown[SHOWN_BYTES + 1] = {0};
    file_text begin = {name.offset, name.length < SHOWN_BYTES ? name.length : SHOWN_BYTES};
    REIN_TRY(rein_result_void, rein_i_onnx_text_read(reader, begin, shown));
    return rein_i_file_error(code, where, message, numbers[0], numbers[1], numbers[2], shown);
}

rein_result_void rein_i_onnx_text_find(byte_reader *reader, file_text text,
                                       const char *const *words, size_t count, size_t *out_index) {
    char bytes[ONNX_WORD_BYTES_MAX];
    *out_index = count;
    if (text.length > sizeof bytes) {
        return rein_done();
    }
    REIN_TRY(rein_result_void, rein_i_onnx_text_read(reader, text, bytes));
    for (size_t index = 0; index < count; index++) {
        bool is_same_length = strlen(words[index]) == text.length;
        if (is_same_length && memcmp(bytes, words[index], (size_t)text.length) == 0) {
            *out_index = index;
        }
    }
    return rein_done();
}

rein_result_void rein_i_onnx_text_number(byte_reader *reader, file_text text,
                                         uint64_t *out_number) {
    char digits[20];
    bool is_number = text.length > 0 && text.length <= sizeof digits;
    if (is_number) {
        REIN_TRY(rein_result_void, rein_i_onnx_text_read(reader, text, digits));
    }
    *out_number = 0;
    for (size_t index = 0; is_number && index < text.length; index++) {
        is_number = digits[index] >= '0' && digits[index] <= '9' &&
                    checked_append_digit(out_number, (uint64_t)(digits[index] - '0'));
    }
    return is_number ? rein_done()
                     : rein_i_onnx_fail(reader, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                        "at byte {u}: '{text}' is not a decimal number",
                                        (uint64_t[3]){text.offset, 0, 0}, text);
}

/* A path while its bytes are taken. */
typedef struct path_state {
    uint64_t part_bytes; /* of the part after the last slash */
    uint64_t part_dots;  /* dots among them */
    bool is_bad;
} path_state;

static void take_path_byte(path_state *path, unsigned char byte) {
    bool ends_part = byte == '/' || byte == '\0';
    if (ends_part) {
        bool is_parent = path->part_bytes == 2 && path->part_dots == 2;
        path->is_bad = path->is_bad || path->part_bytes == 0 || is_parent;
        path->part_bytes = 0;
        path->part_dots = 0;
        return;
    }
    path->is_bad = path->is_bad || byte < 0x20 || byte == 0x7F || byte == '\\' || byte == ':';
    path->part_bytes++;
    path->part_dots += byte == '.';
}

rein_result_void rein_i_onnx_path_check(byte_reader *reader, file_text path) {
    path_state state = {0, 0, false};
    reader->position = path.offset;
    for (uint64_t index = 0; index < path.length; index++) {
        unsigned char byte = 0;
        REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, &byte, 1));
        state.is_bad = state.is_bad || byte == '\0';
        take_path_byte(&state, byte);
    }
    take_path_byte(&state, '\0');
    if (state.is_bad) {
        return rein_i_onnx_fail(reader, REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                                "at byte {u}: the location '{text}' of external data is not a "
                                "plain relative path",
                                (uint64_t[3]){path.offset, 0, 0}, path);
    }
    return rein_done();
}
