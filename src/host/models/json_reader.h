/* Reads JSON (RFC 8259) from a file, one token at a time, in constant memory and linear time.
 *
 * The reader checks the whole grammar. Objects may have a key twice: the caller has to check. */
#ifndef REIN_HOST_MODELS_JSON_READER_H
#define REIN_HOST_MODELS_JSON_READER_H

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

/* Starts reading the one value in the bytes from `begin` to before `end`, which are within the
 * file. */
void rein_i_json_reader_init(json_reader *reader, const rein_model_file *file, uint64_t begin,
                             uint64_t end, char *text, size_t text_capacity);

/* Reads the next token. Errors: InvalidArgument with the offset if a rule of JSON is broken, or the
 * depth exceeds JSON_DEPTH_MAX; those of read_at. The reader is not usable after an error. */
rein_result_void rein_i_json_next(json_reader *reader, json_token *out_token);

/* Reads the next token, and checks its kind. Errors: as rein_i_json_next; InvalidArgument with the
 * message, the offset and the name if it is of another kind. */
rein_result_void rein_i_json_next_of(json_reader *reader, json_kind kind, const char *message,
                                     const char *name, json_token *out_token);

/* Reads the rest of the value that begins with `token`, the last token that was read. Errors: as
 * rein_i_json_next. */
rein_result_void rein_i_json_skip(json_reader *reader, json_token token);

/* Returns whether the text of the token, the last one that was read, is `text`. */
bool rein_i_json_text_is(const json_reader *reader, const json_token *token, const char *text);

/* Returns whether the token is an integer of 0 or above. */
static inline bool json_is_unsigned(const json_token *token) {
    return token->kind == JSON_NUMBER && token->is_integer && !token->is_negative;
}

#endif
