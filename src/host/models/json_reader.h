/* Reads JSON (RFC 8259) from a file, one token at a time, in constant memory and linear time.
 *
 * The reader checks the whole grammar. Objects may have a key twice: the caller has to check. */
#ifndef REIN_HOST_MODELS_JSON_READER_H
#define REIN_HOST_MODELS_JSON_READER_H

#include "host/models/json_input.h"

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
