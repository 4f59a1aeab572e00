/* The blocks of a model that have sliding windows. */
#include "host/models/memory_model.h"
#include "host/models/memory_notes.h"

/* Reads the window. Returns whether any block may have one, in `out_has_windows`. */
static rein_result_void read_window(const arch_metadata *metadata, const arch_window *rule,
                                    memory_model *model, bool *out_has_windows) {
    *out_has_windows = false;
    if (rule->block_count != 0 && rule->block_count != model->block_count) {
        return rein_done();
    }
    static const char suffix[] = "attention.sliding_window";
    REIN_TRY(rein_result_void, rule->is_required
                                   ? rein_i_metadata_need(metadata, suffix, &model->window_tokens)
                                   : rein_i_metadata_take(metadata, suffix, rule->default_tokens,
                                                          &model->window_tokens));
    *out_has_windows = model->window_tokens != 0 || !rule->is_off_if_zero;
    if (*out_has_windows && rule->fixed_tokens != 0 && rule->fixed_tokens != model->window_tokens) {
        model->window_tokens = rule->fixed_tokens;
        rein_i_note_number(metadata->memory, "window of the architecture", REIN_MEMORY_FROM_ENGINE,
                           1, rule->fixed_tokens);
    }
    return rein_done();
}

/* Lets all blocks slide but one in each `period`. A period of 1 lets none slide, and 0 all. */
static void set_period(memory_model *model, uint32_t period, bool is_dense_first) {
    for (uint32_t block = 0; block < model->block_count; block++) {
        uint32_t place = period == 0 ? 0 : block % period;
        uint32_t dense = is_dense_first ? 0 : period - 1;
        model->blocks[block].slides = period == 0 || place != dense;
    }
}

/* Reads the pattern as an array of a flag for each block. Files of some architectures leave out the
 * blocks that the engine skips. */
static rein_result_void read_array(const arch_metadata *metadata, const rein_gguf_entry *entry,
                                   memory_model *model) {
    bool flags[MODEL_BLOCKS_MAX] = {false};
    REIN_TRY(rein_result_void, rein_i_metadata_read_flags(metadata, entry, model->active_count,
                                                          model->block_count, flags));
    for (uint32_t block = 0; block < model->block_count; block++) {
        model->blocks[block].slides = flags[block];
    }
    return rein_done();
}

static rein_result_void read_pattern(const arch_metadata *metadata, const arch_window *rule,
                                     memory_model *model) {
    static const char suffix[] = "attention.sliding_window_pattern";
    char key[REIN_GGUF_KEY_CAPACITY];
    const rein_gguf_entry *entry = rein_i_metadata_find(metadata, suffix, key);
    if (entry != NULL && (entry->is_array || rule->needs_pattern)) {
        return read_array(metadata, entry, model);
    }
    uint32_t period = 0;
    REIN_TRY(rein_result_void, rule->needs_pattern
                                   ? rein_i_metadata_need(metadata, suffix, &period)
                                   : rein_i_metadata_take(metadata, suffix, rule->period, &period));
    set_period(model, period, rule->is_dense_first);
    return rein_done();
}

rein_result_void rein_i_memory_model_read_windows(const arch_metadata *metadata,
                                                  memory_model *model) {
    const arch_window *rule = model->arch->window;
    bool has_windows = false;
    if (rule == NULL) {
        return rein_done();
    }
    REIN_TRY(rein_result_void, read_window(metadata, rule, model, &has_windows));
    if (!has_windows) {
        return rein_done();
    }
    REIN_TRY(rein_result_void, read_pattern(metadata, rule, model));
    REIN_TRY(rein_result_void, rein_i_metadata_take(metadata, "attention.key_length_swa",
                                                    model->k_length, &model->sliding_k_length));
    return rein_i_metadata_take(metadata, "attention.value_length_swa", model->v_length,
                                &model->sliding_v_length);
}
