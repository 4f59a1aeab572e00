/* The state of each block of a model: K and V, a recurrent state, both or nothing. */
#include "host/models/memory_model.h"
#include "host/models/memory_notes.h"

static void keep_everywhere(memory_model *model, uint8_t keeps) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        model->blocks[block].keeps = keeps;
    }
}

static rein_result_void keep_nothing(const arch_metadata *metadata, memory_model *model) {
    (void)metadata;
    keep_everywhere(model, 0);
    return rein_done();
}

static rein_result_void keep_recurrent(const arch_metadata *metadata, memory_model *model) {
    (void)metadata;
    keep_everywhere(model, BLOCK_KEEPS_RECURRENT);
    return rein_done();
}

static rein_result_void keep_both(const arch_metadata *metadata, memory_model *model) {
    (void)metadata;
    keep_everywhere(model, BLOCK_KEEPS_KV | BLOCK_KEEPS_RECURRENT);
    return rein_done();
}

static void set_by_heads(memory_model *model) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        bool has_heads = model->blocks[block].kv_heads > 0;
        model->blocks[block].keeps = has_heads ? BLOCK_KEEPS_KV : BLOCK_KEEPS_RECURRENT;
    }
}

static rein_result_void keep_by_heads(const arch_metadata *metadata, memory_model *model) {
    (void)metadata;
    set_by_heads(model);
    return rein_done();
}

/* A block with a feed-forward part keeps no state. */
static rein_result_void keep_by_feed_forward(const arch_metadata *metadata, memory_model *model) {
    uint32_t lengths[MODEL_BLOCKS_MAX] = {0};
    REIN_TRY(rein_result_void, rein_i_metadata_take_each(metadata, "feed_forward_length",
                                                         model->block_count, lengths));
    set_by_heads(model);
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

/* The last blocks may share the caches of earlier ones. */
static rein_result_void keep_attention(const arch_metadata *metadata, memory_model *model) {
    uint32_t cached = model->arch->cached_blocks;
    uint32_t shared = 0;
    if (cached != 0) {
        rein_i_note_number(metadata->memory, "blocks with a cache", REIN_MEMORY_FROM_ENGINE, 1,
                           cached);
    } else {
        cached = model->block_count;
    }
    if (model_has_trait(model, ARCH_SHARES_KV)) {
        REIN_TRY(rein_result_void,
                 rein_i_metadata_take(metadata, "attention.shared_kv_layers", 0, &shared));
    }
    for (uint32_t block = 0; block < model->active_count; block++) {
        bool is_shared = block >= cached || block + (uint64_t)shared >= model->block_count;
        model->blocks[block].keeps = is_shared ? 0 : BLOCK_KEEPS_KV;
    }
    return rein_done();
}

rein_result_void rein_i_memory_model_read_kinds(const arch_metadata *metadata,
                                                memory_model *model) {
    static rein_result_void (*const readers[])(const arch_metadata *, memory_model *) = {
        [CACHE_ATTENTION] = keep_attention,
        [CACHE_NONE] = keep_nothing,
        [CACHE_RECURRENT] = keep_recurrent,
        [CACHE_BOTH] = keep_both,
        [CACHE_BY_HEADS] = keep_by_heads,
        [CACHE_BY_HEADS_AND_FEED_FORWARD] = keep_by_feed_forward,
        [CACHE_BY_INTERVAL] = keep_by_interval,
        [CACHE_OF_ITS_OWN] = keep_nothing,
    };
    return readers[model->arch->cache](metadata, model);
}
