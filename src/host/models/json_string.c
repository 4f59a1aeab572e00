#include "host/models/json_string.h"

#include <string.h>

#include "host/base/utf8.h"
#include "host/models/name_list.h"

static int hex_digit(int byte) {
    if (json_is_digit(byte)) {
        return byte - '0';
    }
    int letter = byte | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* Reads four hexadecimal digits. */
static bool read_code_unit(json_reader *reader, uint32_t *out_unit) {
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(json_peek(reader));
        if (digit < 0) {
            return rein_i_json_fail(reader,
                                    "at byte {u}: four hexadecimal digits must follow '\\u'",
                                    json_offset(reader));
        }
        reader->next++;
        unit = unit << 4 | (uint32_t)digit;
    }
    *out_unit = unit;
    return true;
}

static bool is_low_surrogate(uint32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Reads the second half of a pair of surrogates. */
static bool read_low_surrogate(json_reader *reader, uint64_t offset, uint32_t *character) {
    uint32_t low = 0;
    if (*character >= 0xDC00 || json_take(reader) != '\\' || json_take(reader) != 'u' ||
        !read_code_unit(reader, &low) || !is_low_surrogate(low)) {
        return rein_i_json_fail(reader, "at byte {u}: a surrogate is not part of a pair", offset);
    }
    *character = 0x10000 + ((*character - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* Reads the character after '\u'. */
static bool read_unicode_escape(json_reader *reader, uint64_t offset, uint32_t *out_character) {
    if (!read_code_unit(reader, out_character)) {
        return false;
    }
    bool is_surrogate = *out_character >= 0xD800 && *out_character <= 0xDFFF;
    return !is_surrogate || read_low_surrogate(reader, offset, out_character);
}

/* Reads an escape from after the backslash, which is at `offset`. */
static bool read_escape(json_reader *reader, uint64_t offset, uint32_t *out_character) {
    static const char letters[] = "\"\\/bfnrt";
    static const char characters[] = "\"\\/\b\f\n\r\t";
    int byte = json_take(reader);
    if (byte == 'u') {
        return read_unicode_escape(reader, offset, out_character);
    }
    const char *found = byte > 0 ? strchr(letters, byte) : NULL;
    if (found == NULL) {
        return rein_i_json_fail(reader, "at byte {u}: the escape does not exist", offset);
    }
    *out_character = (unsigned char)characters[found - letters];
    return true;
}

/* Writes a character in UTF-8. Returns its bytes. */
static size_t encode(uint32_t character, char out_bytes[4]) {
    static const uint32_t limits[] = {0x80, 0x800, 0x10000};
    static const unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    size_t size = 1;
    while (size < 4 && character >= limits[size - 1]) {
        size++;
    }
    for (size_t index = size; index > 1; index--) {
        out_bytes[index - 1] = (char)(0x80 | (character & 0x3F));
        character >>= 6;
    }
    out_bytes[0] = (char)(leads[size - 1] | character);
    return size;
}

/* Reads the rest of a sequence of UTF-8. */
static bool read_sequence(json_reader *reader, int lead, char out_bytes[4], size_t *out_size) {
    uint64_t offset = json_offset(reader) - 1;
    size_t size = utf8_bytes_of_lead((unsigned char)lead);
    out_bytes[0] = (char)lead;
    for (size_t index = 1; index < size; index++) {
        int byte = json_take(reader);
        out_bytes[index] = (char)(byte == JSON_NO_BYTE ? 0 : byte);
    }
    if (size == 0 || utf8_sequence_bytes(out_bytes, size) != size) {
        return rein_i_json_fail(reader, "at byte {u}: the string is not UTF-8", offset);
    }
    *out_size = size;
    return true;
}

static bool fail_in_string(json_reader *reader, int byte, uint64_t offset) {
    return rein_i_json_fail(reader,
                            byte == JSON_NO_BYTE
                                ? "at byte {u}: the JSON ends inside a string"
                                : "at byte {u}: a control character in a string must be escaped",
                            offset);
}

bool rein_i_json_read_character(json_reader *reader, char out_bytes[4], size_t *out_size) {
    uint64_t offset = json_offset(reader);
    int byte = json_take(reader);
    if (byte < 0x20) {
        return fail_in_string(reader, byte, offset);
    }
    if (byte >= 0x80) {
        return read_sequence(reader, byte, out_bytes, out_size);
    }
    if (byte == '\\') {
        uint32_t character = 0;
        bool is_read = read_escape(reader, offset, &character);
        *out_size = encode(character, out_bytes);
        return is_read;
    }
    out_bytes[0] = (char)byte;
    *out_size = byte == '"' ? 0 : 1;
    return true;
}

/* Appends a character to the kept text if all characters before it were kept. */
static void keep(json_reader *reader, uint64_t *kept, uint64_t at, const char *bytes, size_t size) {
    if (*kept == at && size < reader->text_capacity - *kept) {
        memcpy(reader->text + *kept, bytes, size);
        *kept += size;
    }
}

bool rein_i_json_read_string(json_reader *reader, json_token *token) {
    rein_safetensors_text *text = &token->text;
    text->offset = json_offset(reader);
    uint64_t kept = 0;
    char bytes[4] = "";
    size_t size = 0;
    while (rein_i_json_read_character(reader, bytes, &size) && size > 0) {
        keep(reader, &kept, text->size_bytes, bytes, size);
        text->size_bytes += size;
        text->hash = name_hash(text->hash, bytes, size);
    }
    memset(reader->text + kept, 0, reader->text_capacity - kept);
    return !reader->has_failed;
}
