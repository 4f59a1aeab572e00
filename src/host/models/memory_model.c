#include "host/models/memory_model.h"

#include <string.h>

#include "host/models/memory_notes.h"

/* Reads the number of blocks, and how many of the last ones the engine skips. */
static rein_result_void read_counts(const arch_metadata *metadata, memory_model *model) {
    char key[REIN_GGUF_KEY_CAPACITY];
    uint32_t nextn = 0;
    REIN_TRY(rein_result_void, rein_i_metadata_need(metadata, "block_count", &model->block_count));
    if (model->block_count < 1 || model->block_count > MODEL_BLOCKS_MAX) {
        return rein_i_metadata_refuse(rein_i_metadata_find(metadata, "block_count", key), REIN_HERE,
                                      "at byte {u}: '{text}' is {u}; it must be from 1 to {u}",
                                      model->block_count, MODEL_BLOCKS_MAX);
    }
    REIN_TRY(rein_result_void, rein_i_metadata_take(metadata, "nextn_predict_layers", 0, &nextn));
    if (nextn >= model->block_count) {
        return rein_i_metadata_refuse(rein_i_metadata_find(metadata, "nextn_predict_layers", key),
                                      REIN_HERE,
                                      "at byte {u}: '{text}' is {u}; it must be less than the "
                                      "block count, {u}",
                                      nextn, model->block_count);
    }
    model->has_unknown_nextn = nextn > 0 && !model_has_trait(model, ARCH_HAS_NEXTN);
    model->active_count = model->block_count - nextn;
    return rein_done();
}

static rein_result_void read_heads(const arch_metadata *metadata, memory_model *model) {
    uint32_t heads[MODEL_BLOCKS_MAX] = {0};
    uint32_t count = model->block_count;
    REIN_TRY(rein_result_void,
             rein_i_metadata_take_each(metadata, "attention.head_count", count, heads));
    model->head_count = heads[0];
    REIN_TRY(rein_result_void,
             rein_i_metadata_take_each(metadata, "attention.head_count_kv", count, heads));
    for (uint32_t block = 0; block < count; block++) {
        model->blocks[block].kv_heads = heads[block];
    }
    return rein_done();
}

/* Reads the size of a head: of K, of V, and of both in the blocks that slide. */
static rein_result_void read_lengths(const arch_metadata *metadata, memory_model *model) {
    uint32_t length = model->head_count == 0 ? 0 : model->embedding_length / model->head_count;
    REIN_TRY(rein_result_void,
             rein_i_metadata_take(metadata, "attention.key_length", length, &model->k_length));
    REIN_TRY(rein_result_void,
             rein_i_metadata_take(metadata, "attention.value_length", length, &model->v_length));
    model->sliding_k_length = model->k_length;
    model->sliding_v_length = model->v_length;
    return rein_done();
}

/* Decides by the keys whether K holds a latent vector: older files of the same architectures have
 * a full cache. */
static rein_result_void read_latent(const arch_metadata *metadata, memory_model *model) {
    uint32_t k_length = 0;
    uint32_t v_length = 0;
    REIN_TRY(rein_result_void,
             rein_i_metadata_take(metadata, "attention.key_length_mla", 0, &k_length));
    REIN_TRY(rein_result_void,
             rein_i_metadata_take(metadata, "attention.value_length_mla", 0, &v_length));
    model->is_latent = k_length != 0 && v_length != 0;
    return rein_done();
}

static rein_result_void read_index(const arch_metadata *metadata, memory_model *model) {
    return model_has_trait(model, ARCH_INDEXES_ALL)
               ? rein_i_metadata_need(metadata, "attention.indexer.key_length",
                                      &model->index_length)
               : rein_done();
}

rein_result_void rein_i_memory_model_read(const arch_metadata *metadata, const model_arch *arch,
                                          memory_model *out_model) {
    memset(out_model, 0, sizeof *out_model);
    out_model->arch = arch;
    REIN_TRY(rein_result_void, read_counts(metadata, out_model));
    REIN_TRY(rein_result_void,
             rein_i_metadata_need(metadata, "context_length", &out_model->trained_tokens));
    REIN_TRY(rein_result_void,
             rein_i_metadata_need(metadata, "embedding_length", &out_model->embedding_length));
    REIN_TRY(rein_result_void, read_heads(metadata, out_model));
    REIN_TRY(rein_result_void, read_lengths(metadata, out_model));
    REIN_TRY(rein_result_void, read_latent(metadata, out_model));
    REIN_TRY(rein_result_void, read_index(metadata, out_model));
    REIN_TRY(rein_result_void, rein_i_memory_model_read_windows(metadata, out_model));
    REIN_TRY(rein_result_void, rein_i_memory_model_read_kinds(metadata, out_model));
    return rein_i_memory_model_read_recurrence(metadata, out_model);
}
