/* The state of each block of a model: K and V, a recurrent state, both or nothing. */
#include "host/models/memory_model.h"
#include "host/models/memory_notes.h"

static void keep_everywhere(memory_model *model, uint8_t keeps) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        model->blocks[block].keeps = keeps;
    }
}

static void keep_by_heads(memory_model *model) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        bool has_heads = model->blocks[block].kv_heads > 0;
        model->blocks[block].keeps = has_heads ? BLOCK_KEEPS_KV : BLOCK_KEEPS_RECURRENT;
    }
}

/* A block with a feed-forward part has nothing else. */
static rein_result_void keep_by_feed_forward(const arch_metadata *metadata, memory_model *model) {
    uint32_t lengths[MODEL_BLOCKS_MAX] = {0};
    REIN_TRY(rein_result_void, rein_i_metadata_take_each(metadata, "feed_forward_length",
                                                         model->block_count, lengths));
    keep_by_heads(model);
    for (uint32_t block = 0; block < model->active_count; block++) {
        if (model->blocks[block].kv_heads == 0 && lengths[block] > 0) {
            model->blocks[block].keeps = 0;
        }
    }
    return rein_done();
}

static rein_result_void keep_by_interval(const arch_metadata *metadata, memory_model *model) {
    char key[REIN_GGUF_KEY_CAPACITY];
    bool is_recurrent[MODEL_BLOCKS_MAX] = {false};
    const rein_gguf_entry *entry =
        rein_i_metadata_find(metadata, "attention.recurrent_layers", key);
    if (entry != NULL) {
        REIN_TRY(rein_result_void, rein_i_metadata_read_flags(metadata, entry, model->active_count,
                                                              model->block_count, is_recurrent));
    } else {
        uint32_t interval = 0;
        REIN_TRY(rein_result_void,
                 rein_i_metadata_take(metadata, "full_attention_interval", 4, &interval));
        for (uint32_t block = 0; block < model->active_count; block++) {
            is_recurrent[block] = interval == 0 || (block + 1) % interval != 0;
        }
    }
    for (uint32_t block = 0; block < model->active_count; block++) {
        model->blocks[block].keeps = is_recurrent[block] ? BLOCK_KEEPS_RECURRENT : BLOCK_KEEPS_KV;
    }
    return rein_done();
}

/* Takes the cache from the last blocks of models that share the caches of earlier ones. */
static rein_result_void leave_out_shared(const arch_metadata *metadata, memory_model *model) {
    uint32_t cached = model->arch->cached_blocks;
    if (model_has_trait(model, ARCH_SHARES_KV)) {
        uint32_t shared = 0;
        REIN_TRY(rein_result_void,
                 rein_i_metadata_take(metadata, "attention.shared_kv_layers", 0, &shared));
        cached = shared < model->block_count ? model->block_count - shared : 0;
    } else if (cached == 0) {
        return rein_done();
    } else {
        rein_i_note_number(metadata->memory, "blocks with a cache", REIN_MEMORY_FROM_ENGINE, 1,
                           cached);
    }
    for (uint32_t block = cached; block < model->active_count; block++) {
        model->blocks[block].keeps = 0;
    }
    return rein_done();
}

rein_result_void rein_i_memory_model_read_kinds(const arch_metadata *metadata,
                                                memory_model *model) {
    switch (model->arch->cache) {
    case CACHE_RECURRENT:
        keep_everywhere(model, BLOCK_KEEPS_RECURRENT);
        break;
    case CACHE_BOTH:
        keep_everywhere(model, BLOCK_KEEPS_KV | BLOCK_KEEPS_RECURRENT);
        break;
    case CACHE_BY_HEADS:
        keep_by_heads(model);
        break;
    case CACHE_BY_HEADS_AND_FEED_FORWARD:
        return keep_by_feed_forward(metadata, model);
    case CACHE_BY_INTERVAL:
        return keep_by_interval(metadata, model);
    case CACHE_ATTENTION:
        keep_everywhere(model, BLOCK_KEEPS_KV);
        return leave_out_shared(metadata, model);
    case CACHE_NONE:
    case CACHE_OF_ITS_OWN:
        break;
    }
    return rein_done();
}
