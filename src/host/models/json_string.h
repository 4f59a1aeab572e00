/* Strings of JSON. Functions that return false have set the failure of the reader. */
#ifndef REIN_HOST_MODELS_JSON_STRING_H
#define REIN_HOST_MODELS_JSON_STRING_H

#include "host/models/json_input.h"

/* Reads a string from after its opening quote, and its closing quote. */
bool rein_i_json_read_string(json_reader *reader, json_token *token);

/* Reads the next character of a string, and writes it in UTF-8, its escape decoded. Sets
 * `*out_size` to its bytes, or to 0 if it was the closing quote. */
bool rein_i_json_read_character(json_reader *reader, char out_bytes[4], size_t *out_size);

#endif
