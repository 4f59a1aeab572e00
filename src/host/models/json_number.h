/* Numbers and words of JSON. Functions that return false have set the failure of the reader. */
#ifndef REIN_HOST_MODELS_JSON_NUMBER_H
#define REIN_HOST_MODELS_JSON_NUMBER_H

#include "host/models/json_input.h"

/* Reads a number. */
bool rein_i_json_read_number(json_reader *reader, json_token *token);

/* Reads exactly these bytes. */
bool rein_i_json_read_word(json_reader *reader, const char *word);

#endif
