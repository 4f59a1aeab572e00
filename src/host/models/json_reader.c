#include "host/models/json_reader.h"

#include <string.h>

#include "host/models/json_number.h"
#include "host/models/json_string.h"
#include "host/models/malformed.h"

void rein_i_json_reader_init(json_reader *reader, const rein_model_file *file, uint64_t begin,
                             uint64_t end, char *text, size_t text_capacity) {
    rein_i_byte_reader_init(&reader->bytes, file, begin, end);
    reader->next = reader->bytes.buffer;
    reader->limit = reader->bytes.buffer;
    reader->text = text;
    reader->text_capacity = text_capacity;
    reader->accepts_nonfinite = false;
    reader->has_failed = false;
    reader->state = JSON_BEFORE_VALUE;
    reader->depth = 0;
    reader->objects = 0;
}

/* Returns the first byte after white space, without reading it. */
static int skip_space(json_reader *reader) {
    int byte = json_peek(reader);
    while (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t') {
        reader->next++;
        byte = json_peek(reader);
    }
    return byte;
}

static bool is_in_object(const json_reader *reader) {
    return (reader->objects >> (reader->depth - 1) & 1U) != 0;
}

static json_state state_after_value(const json_reader *reader) {
    return reader->depth == 0 ? JSON_AT_END : JSON_AFTER_VALUE;
}

/* Reads the bracket that opens an object or an array. */
static bool open_container(json_reader *reader, json_token *token, bool is_object) {
    if (reader->depth == JSON_DEPTH_MAX) {
        return rein_i_json_fail(reader, "at byte {u}: the JSON is nested deeper than {u} levels",
                                token->offset);
    }
    reader->next++;
    uint64_t bit = UINT64_C(1) << reader->depth++;
    reader->objects = is_object ? reader->objects | bit : reader->objects & ~bit;
    reader->state = is_object ? JSON_BEFORE_FIRST_KEY : JSON_BEFORE_FIRST_VALUE;
    token->kind = is_object ? JSON_OBJECT_BEGIN : JSON_ARRAY_BEGIN;
    return true;
}

static bool close_container(json_reader *reader, json_token *token) {
    reader->next++;
    token->kind = is_in_object(reader) ? JSON_OBJECT_END : JSON_ARRAY_END;
    reader->depth--;
    reader->state = state_after_value(reader);
    return true;
}

static bool read_key(json_reader *reader, json_token *token) {
    if (json_peek(reader) != '"') {
        return rein_i_json_fail(reader, "at byte {u}: a key in quotes must follow", token->offset);
    }
    reader->next++;
    token->kind = JSON_KEY;
    if (!rein_i_json_read_string(reader, token)) {
        return false;
    }
    if (skip_space(reader) != ':') {
        return rein_i_json_fail(reader, "at byte {u}: ':' must follow the key",
                                json_offset(reader));
    }
    reader->next++;
    reader->state = JSON_BEFORE_VALUE;
    return true;
}

static bool read_word(json_reader *reader, json_token *token, const char *word, json_kind kind) {
    token->kind = kind;
    return rein_i_json_read_word(reader, word);
}

static bool read_scalar(json_reader *reader, json_token *token, int first) {
    switch (first) {
    case '"':
        reader->next++;
        token->kind = JSON_STRING;
        return rein_i_json_read_string(reader, token);
    case 't':
        return read_word(reader, token, "true", JSON_TRUE);
    case 'f':
        return read_word(reader, token, "false", JSON_FALSE);
    case 'n':
        return read_word(reader, token, "null", JSON_NULL);
    default:
        token->kind = JSON_NUMBER;
        return rein_i_json_read_number(reader, token);
    }
}

static bool read_value(json_reader *reader, json_token *token, int first) {
    if (first == '{' || first == '[') {
        return open_container(reader, token, first == '{');
    }
    reader->state = state_after_value(reader);
    return read_scalar(reader, token, first);
}

static bool read_end(json_reader *reader, json_token *token, int next) {
    token->kind = JSON_END;
    if (next != JSON_NO_BYTE) {
        return rein_i_json_fail(reader, "at byte {u}: only white space may follow the JSON value",
                                token->offset);
    }
    return !reader->has_failed;
}

/* Reads a comma and the white space after it. Returns the next byte. */
static int pass_comma(json_reader *reader) {
    reader->next++;
    reader->state = is_in_object(reader) ? JSON_BEFORE_KEY : JSON_BEFORE_VALUE;
    return skip_space(reader);
}

static bool read_closing(json_reader *reader, json_token *token, int next) {
    if (next == (is_in_object(reader) ? '}' : ']')) {
        return close_container(reader, token);
    }
    return rein_i_json_fail(
        reader, "at byte {u}: ',' or the end of the object or array must follow", token->offset);
}

static bool read_token(json_reader *reader, json_token *token) {
    int next = skip_space(reader);
    if (reader->state == JSON_AFTER_VALUE && next == ',') {
        next = pass_comma(reader);
    }
    *token = (json_token){.offset = json_offset(reader)};
    switch (reader->state) {
    case JSON_AFTER_VALUE:
        return read_closing(reader, token, next);
    case JSON_BEFORE_FIRST_KEY:
        return next == '}' ? close_container(reader, token) : read_key(reader, token);
    case JSON_BEFORE_KEY:
        return read_key(reader, token);
    case JSON_BEFORE_FIRST_VALUE:
        return next == ']' ? close_container(reader, token) : read_value(reader, token, next);
    case JSON_BEFORE_VALUE:
        return read_value(reader, token, next);
    case JSON_AT_END:
    default:
        return read_end(reader, token, next);
    }
}

rein_result_void rein_i_json_next(json_reader *reader, json_token *out_token) {
    return read_token(reader, out_token) ? rein_done() : rein_result_void_fail(reader->failure);
}

rein_result_void rein_i_json_next_of(json_reader *reader, json_kind kind, const char *message,
                                     const char *name, json_token *out_token) {
    REIN_TRY(rein_result_void, rein_i_json_next(reader, out_token));
    if (out_token->kind != kind) {
        return rein_i_malformed(REIN_HERE, message, out_token->offset, 0, 0, name);
    }
    return rein_done();
}

bool rein_i_json_text_is(const json_reader *reader, const json_token *token, const char *text) {
    size_t length = strlen(text);
    return token->text.size_bytes == length && memcmp(reader->text, text, length) == 0;
}

rein_result_void rein_i_json_skip(json_reader *reader, json_token token) {
    bool is_container = token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
    unsigned depth = reader->depth;
    while (is_container && reader->depth >= depth) {
        REIN_TRY(rein_result_void, rein_i_json_next(reader, &token));
    }
    return rein_done();
}
