/* Finds texts of JSON files that are the same. */
#ifndef REIN_HOST_MODELS_JSON_TEXT_H
#define REIN_HOST_MODELS_JSON_TEXT_H

#include "host/models/name_list.h"
#include "models/safetensors.h"

/* A text, its file, and its copy, which is cut to REIN_SAFETENSORS_NAME_CAPACITY. */
typedef struct json_text {
    const rein_model_file *file;
    const rein_safetensors_text *text;
    const char *kept;
} json_text;

/* Texts by index. After a failure all texts count as equal. */
typedef struct json_texts {
    json_text (*at)(const void *self, size_t index);
    const void *self;
    size_t count;
    json_text wanted; /* that rein_i_json_texts_find looks for */
    bool has_failed;
    rein_error failure; /* of read_at */
} json_texts;

/* Fills `out_order` as rein_i_names_order does. Errors: those of read_at. */
rein_result_void rein_i_json_texts_order(json_texts *texts, keyed_index *out_order,
                                         keyed_index *scratch);

/* Checks that no text occurs twice. Fills `out_order` as rein_i_json_texts_order. Errors:
 * InvalidArgument with the offset and the beginning of the second text; those of read_at. */
rein_result_void rein_i_json_texts_check_unique(json_texts *texts, keyed_index *out_order,
                                                keyed_index *scratch);

/* Sets `*out_end` to the end of the run of equal texts that begins at `begin`, which is below the
 * count. Errors: those of read_at. */
rein_result_void rein_i_json_texts_run_end(json_texts *texts, const keyed_index *order,
                                           size_t begin, size_t *out_end);

/* Finds a text in the order. Sets `*out_index` to the count if it is not there. O(log n)
 * comparisons. Errors: those of read_at. */
rein_result_void rein_i_json_texts_find(json_texts *texts, const keyed_index *order, json_text text,
                                        size_t *out_index);

#endif
