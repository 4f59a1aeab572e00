/* Finds texts in memory that are the same, in time O(n log n) whatever the texts are. */
#ifndef REIN_HOST_MODELS_ONNX_NAMES_H
#define REIN_HOST_MODELS_ONNX_NAMES_H

#include <stdbool.h>

#include "host/base/radix_sort.h"
#include "models/onnx.h"

/* Writes the indices of the names into `out_order`, such that those of equal names follow each
 * other in ascending order. The keys of `out_order` are hashes. `out_order` and `scratch` hold
 * `count` elements. */
void rein_i_onnx_names_order(const rein_onnx_text *names, size_t count, keyed_index *out_order,
                             keyed_index *scratch);

/* Returns the end of the run of equal names that begins at `begin`, which is below `count`. */
size_t rein_i_onnx_names_run_end(const rein_onnx_text *names, const keyed_index *order,
                                 size_t count, size_t begin);

/* Returns the place in the order of the first name that equals `wanted`; `count` if there is none.
 * O(log count). */
size_t rein_i_onnx_names_find(const rein_onnx_text *names, const keyed_index *order, size_t count,
                              rein_onnx_text wanted);

/* Compares two texts: first their lengths, then their bytes. Returns a number below, equal to or
 * above 0. */
int rein_i_onnx_text_compare(rein_onnx_text left, rein_onnx_text right);

#endif
