/* The cells of the caches of a context. */
#ifndef REIN_HOST_MODELS_MEMORY_CONTEXT_H
#define REIN_HOST_MODELS_MEMORY_CONTEXT_H

#include "host/models/memory_model.h"

typedef struct context_layout {
    bool is_known; /* false: the engine chooses the context, and the numbers of cells are 1 */
    uint64_t tokens;
    uint64_t tokens_per_sequence;
    uint64_t cells;         /* of a stream of a block that keeps the whole context */
    uint64_t sliding_cells; /* of a stream of a block that slides */
    uint64_t streams;
    uint64_t sequences;
} context_layout;

/* Lays out the context of a model with resolved options. Never overflows: the options are in their
 * ranges, and numbers of the file have 32 bits. */
context_layout rein_i_context_layout_make(const memory_model *model,
                                          const rein_engine_options *options);

#endif
