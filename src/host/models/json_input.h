/* The state of a JSON reader, its tokens, and its bytes. Functions that return false have set the
 * failure. */
#ifndef REIN_HOST_MODELS_JSON_INPUT_H
#define REIN_HOST_MODELS_JSON_INPUT_H

#include "host/models/byte_reader.h"
#include "models/safetensors.h"

enum { JSON_DEPTH_MAX = 64 }; /* objects and arrays around a value */

typedef enum json_kind {
    JSON_OBJECT_BEGIN,
    JSON_OBJECT_END,
    JSON_ARRAY_BEGIN,
    JSON_ARRAY_END,
    JSON_KEY, /* with the colon after it */
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_END /* after the only value of the file */
} json_kind;

typedef struct json_token {
    json_kind kind;
    bool is_integer;            /* a number without fraction and exponent, that fits in 64 bits */
    bool is_negative;           /* an integer with a sign, -0 too */
    uint64_t offset;            /* in the file, of the first byte */
    uint64_t magnitude;         /* of an integer */
    rein_safetensors_text text; /* of a key or a string */
} json_token;

typedef enum json_state {
    JSON_BEFORE_VALUE,
    JSON_BEFORE_FIRST_VALUE, /* or the end of the array */
    JSON_BEFORE_KEY,
    JSON_BEFORE_FIRST_KEY, /* or the end of the object */
    JSON_AFTER_VALUE,
    JSON_AT_END
} json_state;

/* Must not be moved after rein_i_json_reader_init. */
typedef struct json_reader {
    byte_reader bytes;
    const unsigned char *next; /* bytes that are buffered and not read */
    const unsigned char *limit;
    /* Receives each key and string in UTF-8, terminated. A longer text is cut between characters.
     */
    char *text;
    size_t text_capacity; /* at least 1 */
    /* Whether NaN, Infinity and -Infinity are numbers, as Python writes them. */
    bool accepts_nonfinite;
    bool has_failed;
    json_state state;
    unsigned depth;
    uint64_t objects; /* bit d: the value at depth d + 1 is in an object, not in an array */
    rein_error failure;
} json_reader;

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

#endif
