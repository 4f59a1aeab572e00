/* Compares and sorts texts of JSON files. */
#ifndef REIN_HOST_MODELS_JSON_TEXT_H
#define REIN_HOST_MODELS_JSON_TEXT_H

#include "host/base/radix_sort.h"
#include "models/safetensors.h"

/* A text, its file, and its copy, which is cut to REIN_SAFETENSORS_NAME_CAPACITY. */
typedef struct json_text {
    const rein_model_file *file;
    const rein_safetensors_text *text;
    const char *kept;
} json_text;

/* Texts by index. */
typedef struct json_texts {
    json_text (*at)(const void *self, size_t index);
    const void *self;
    size_t count;
} json_texts;

/* Compares two texts by hash, length and bytes. Sets `*out_order` below, equal to or above 0.
 * Errors: those of read_at. */
rein_result_void rein_i_json_text_compare(json_text left, json_text right, int *out_order);

/* Fills `out_order` with the indices of the texts in ascending order; the keys are the hashes.
 * O(n log n) comparisons, whatever the texts are. Errors: those of read_at. */
rein_result_void rein_i_json_texts_sort(const json_texts *texts, keyed_index *out_order);

/* Checks that no text occurs twice. `out_order` holds as many elements as there are texts, and is
 * filled as by rein_i_json_texts_sort. Errors: InvalidArgument with the offset and the beginning of
 * the second text; those of read_at. */
rein_result_void rein_i_json_texts_check_unique(const json_texts *texts, keyed_index *out_order);

/* Finds a text in the order. Sets `*out_index` to the count if it is not there. O(log n)
 * comparisons. Errors: those of read_at. */
rein_result_void rein_i_json_texts_find(const json_texts *texts, const keyed_index *order,
                                        json_text text, size_t *out_index);

#endif
