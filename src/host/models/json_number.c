#include "host/models/json_number.h"

#include "host/base/checked.h"

bool rein_i_json_read_word(json_reader *reader, const char *word) {
    uint64_t offset = json_offset(reader);
    for (; *word != '\0'; word++) {
        if (json_take(reader) != *word) {
            return rein_i_json_fail(reader, "at byte {u}: a JSON value must follow", offset);
        }
    }
    return true;
}

static bool read_digits(json_reader *reader, json_token *token) {
    if (!json_is_digit(json_peek(reader))) {
        return rein_i_json_fail(reader, "at byte {u}: a digit must follow", json_offset(reader));
    }
    while (json_is_digit(json_peek(reader))) {
        uint64_t digit = (uint64_t)(json_take(reader) - '0');
        token->is_integer = token->is_integer && checked_append_digit(&token->magnitude, digit);
    }
    return true;
}

/* Reads the digits before the fraction: one zero, or digits that do not begin with a zero. */
static bool read_whole_part(json_reader *reader, json_token *token) {
    if (json_peek(reader) != '0') {
        return read_digits(reader, token);
    }
    reader->next++;
    if (json_is_digit(json_peek(reader))) {
        return rein_i_json_fail(reader, "at byte {u}: a number must not begin with a zero",
                                json_offset(reader) - 1);
    }
    return true;
}

static bool read_fraction(json_reader *reader, json_token *token) {
    if (json_peek(reader) != '.') {
        return true;
    }
    reader->next++;
    token->is_integer = false;
    return read_digits(reader, token);
}

static bool read_exponent(json_reader *reader, json_token *token) {
    int letter = json_peek(reader);
    if (letter != 'e' && letter != 'E') {
        return true;
    }
    reader->next++;
    token->is_integer = false;
    int sign = json_peek(reader);
    reader->next += sign == '+' || sign == '-' ? 1 : 0;
    return read_digits(reader, token);
}

bool rein_i_json_read_number(json_reader *reader, json_token *token) {
    if (json_peek(reader) == '-') {
        reader->next++;
        token->is_negative = true;
    }
    int first = json_peek(reader);
    if (reader->accepts_nonfinite && (first == 'I' || (first == 'N' && !token->is_negative))) {
        return rein_i_json_read_word(reader, first == 'I' ? "Infinity" : "NaN");
    }
    if (!json_is_digit(first)) {
        return rein_i_json_fail(reader, "at byte {u}: a JSON value must follow", token->offset);
    }
    token->is_integer = true;
    return read_whole_part(reader, token) && read_fraction(reader, token) &&
           read_exponent(reader, token);
}
