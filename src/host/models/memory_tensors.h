/* The part of the engine's model that a tensor belongs to, by its name. */
#ifndef REIN_HOST_MODELS_MEMORY_TENSORS_H
#define REIN_HOST_MODELS_MEMORY_TENSORS_H

#include "host/models/memory_model.h"

typedef enum tensor_part {
    PART_INPUT,  /* embeddings: always in host memory */
    PART_BLOCK,  /* with the block of this number */
    PART_OUTPUT, /* with the output */
    PART_ROPE,   /* with each block that uses it */
    PART_UNUSED, /* not loaded */
    PART_UNKNOWN /* with the output, or with a block that the name does not tell */
} tensor_part;

typedef struct tensor_role {
    tensor_part part;
    uint32_t block;  /* of PART_BLOCK */
    bool is_counted; /* the number is one of `block_count` blocks */
} tensor_role;

/* Returns the role of a tensor of this name. A block number that does not fit is UINT32_MAX. */
tensor_role rein_i_tensor_role(const memory_model *model, const char *name);

/* Checks that the blocks of the tensors are those that the metadata state, and that the projections
 * of K and V have the width of their heads. Errors: InvalidArgument with the tensor or the key. */
rein_result_void rein_i_memory_tensors_check(const memory_model *model, const rein_gguf *parts,
                                             size_t part_count);

#endif
