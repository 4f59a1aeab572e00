/* The metadata of a model that decide about the state of its blocks. */
#ifndef REIN_HOST_MODELS_MEMORY_MODEL_H
#define REIN_HOST_MODELS_MEMORY_MODEL_H

#include "host/models/memory_arch.h"
#include "host/models/memory_metadata.h"

/* The engine accepts no more blocks. */
enum { MODEL_BLOCKS_MAX = 512 };

/* The state of a block: bits of model_block.keeps. */
enum { BLOCK_KEEPS_KV = 1 << 0, BLOCK_KEEPS_RECURRENT = 1 << 1 };

typedef struct model_block {
    uint32_t kv_heads;
    uint8_t keeps;
    bool slides; /* it has a sliding window, whether it has a cache or not */
} model_block;

typedef struct memory_model {
    const model_arch *arch;
    uint32_t block_count;  /* as the file states it */
    uint32_t active_count; /* without the blocks that the engine skips */
    uint32_t trained_tokens;
    uint32_t embedding_length;
    uint32_t head_count; /* of the first block */
    uint32_t k_length;   /* elements of a head */
    uint32_t v_length;
    uint32_t sliding_k_length; /* elements of a head of a block that slides */
    uint32_t sliding_v_length;
    bool is_latent;                /* K holds a latent vector, and there is no V (MLA) */
    bool has_unknown_nextn;        /* the file has nextn blocks, and the engine may not skip them */
    uint32_t window_tokens;        /* of the blocks that slide */
    uint32_t index_length;         /* elements of the index of a cell; 0: there is none */
    uint64_t convolution_elements; /* of a recurrent state: the two tensors */
    uint64_t recurrence_elements;
    model_block blocks[MODEL_BLOCKS_MAX];
} memory_model;

/* Reads the model of a known architecture whose cache has a known formula. Errors: InvalidArgument
 * with the key; those of read_at. */
rein_result_void rein_i_memory_model_read(const arch_metadata *metadata, const model_arch *arch,
                                          memory_model *out_model);

/* Returns the elements of K or V of a head of the block. */
static inline uint32_t model_k_length(const memory_model *model, uint32_t block) {
    return model->blocks[block].slides ? model->sliding_k_length : model->k_length;
}

static inline uint32_t model_v_length(const memory_model *model, uint32_t block) {
    return model->blocks[block].slides ? model->sliding_v_length : model->v_length;
}

static inline bool model_has_trait(const memory_model *model, uint32_t trait) {
    return (model->arch->traits & trait) != 0;
}

/* Steps of rein_i_memory_model_read, in this order. They set members of the model. */
rein_result_void rein_i_memory_model_read_windows(const arch_metadata *metadata,
                                                  memory_model *model);
rein_result_void rein_i_memory_model_read_kinds(const arch_metadata *metadata, memory_model *model);
rein_result_void rein_i_memory_model_read_recurrence(const arch_metadata *metadata,
                                                     memory_model *model);

#endif
