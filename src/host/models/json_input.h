/* The bytes of a JSON reader, for its parts. Functions that return false have set the failure. */
#ifndef REIN_HOST_MODELS_JSON_INPUT_H
#define REIN_HOST_MODELS_JSON_INPUT_H

#include "host/models/json_reader.h"

enum { JSON_NO_BYTE = -1 }; /* the end, or a failure */

/* Fills the buffer. Returns false, without a failure, at the end. */
bool rein_i_json_fill(json_reader *reader);

/* Sets the failure, unless there is one. `message` is a template whose first number is `offset`.
 * Returns false. */
bool rein_i_json_fail(json_reader *reader, const char *message, uint64_t offset);

/* Returns the next byte without reading it, or JSON_NO_BYTE. */
static inline int json_peek(json_reader *reader) {
    if (reader->next == reader->limit && !rein_i_json_fill(reader)) {
        return JSON_NO_BYTE;
    }
    return *reader->next;
}

/* Reads the next byte, or returns JSON_NO_BYTE. */
static inline int json_take(json_reader *reader) {
    int byte = json_peek(reader);
    reader->next += byte == JSON_NO_BYTE ? 0 : 1;
    return byte;
}

/* Returns the offset in the file of the next byte. */
static inline uint64_t json_offset(const json_reader *reader) {
    return reader->bytes.position - (uint64_t)(reader->limit - reader->next);
}

static inline bool json_is_digit(int byte) {
    return byte >= '0' && byte <= '9';
}

/* Reads a string from after its opening quote, and its closing quote. */
bool rein_i_json_read_string(json_reader *reader, json_token *token);

/* Reads the next character of a string, and writes it in UTF-8, its escape decoded. Sets
 * `*out_size` to its bytes, or to 0 if it was the closing quote. */
bool rein_i_json_read_character(json_reader *reader, char out_bytes[4], size_t *out_size);

/* Reads a number. */
bool rein_i_json_read_number(json_reader *reader, json_token *token);

/* Reads exactly these bytes. */
bool rein_i_json_read_word(json_reader *reader, const char *word);

#endif
