/* Checks that parts are those of one split model. */
#ifndef REIN_HOST_MODELS_MEMORY_PARTS_H
#define REIN_HOST_MODELS_MEMORY_PARTS_H

#include "models/memory.h"

/* Errors: InvalidArgument with the key and the rule if the parts are not all parts of a model in
 * order; those of read_at. `part_count` is at least 1. */
rein_result_void rein_i_memory_parts_check(const rein_gguf *parts, size_t part_count);

#endif
