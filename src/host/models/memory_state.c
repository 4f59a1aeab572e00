#include "host/models/memory_state.h"

#include "host/contract/invalid.h"
#include "host/models/cache_type.h"
#include "host/models/malformed.h"
#include "host/models/memory_notes.h"
#include "host/models/memory_saturating.h"
#include "host/models/memory_sizes.h"

static rein_result_void refuse_length(rein_source_location where, const char *message,
                                      const cache_type_layout *type, uint64_t elements) {
    return rein_i_malformed(where, message, type->block_elements, elements, 0, type->name);
}

/* Checks that the blocks of the type of K divide each row that is stored. */
static rein_result_void check_k_rows(const memory_model *model, const cache_type_layout *type) {
    for (uint32_t block = 0; block < model->active_count; block++) {
        uint64_t width = model_k_width(model, block);
        if ((model->blocks[block].keeps & BLOCK_KEEPS_KV) != 0 &&
            width % type->block_elements != 0) {
            return refuse_length(REIN_HERE,
                                 "k_type is {text}, with blocks of {u}: they do not divide "
                                 "the {u} elements of K of this model; set f16",
                                 type, width);
        }
    }
    if (model->index_length % type->block_elements != 0) {
        return refuse_length(REIN_HERE,
                             "k_type is {text}, with blocks of {u}: they do not divide the "
                             "{u} elements of the index of this model; set f16",
                             type, model->index_length);
    }
    return rein_done();
}

/* Checks that the blocks of a type divide the heads, as the engine does for flash attention. */
static rein_result_void check_heads(rein_source_location where, const char *message,
                                    const cache_type_layout *type, uint32_t length,
                                    uint32_t sliding_length) {
    uint32_t block = type->block_elements;
    if (length % block != 0 || sliding_length % block != 0) {
        return refuse_length(where, message, type, length % block != 0 ? length : sliding_length);
    }
    return rein_done();
}

rein_result_void rein_i_memory_state_check(const memory_model *model,
                                           const rein_engine_options *options) {
    const cache_type_layout *k_type = rein_i_cache_type_layout(options->k_type);
    const cache_type_layout *v_type = rein_i_cache_type_layout(options->v_type);
    if (options->context.is_known && options->context.value == 0 && model->trained_tokens == 0) {
        return rein_i_invalid(REIN_HERE,
                              "context is 0, the trained length, but the file states a "
                              "context_length of 0; state context",
                              0, 0, 0);
    }
    if (model->is_latent && options->k_type != options->v_type) {
        return rein_result_void_fail(rein_i_error_about(
            REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
            "k_type is {text} and v_type is not: a model with latent attention (MLA) "
            "needs the same type for both",
            k_type->name));
    }
    if (options->flash_attention != REIN_SWITCH_OFF) {
        REIN_TRY(rein_result_void,
                 check_heads(REIN_HERE,
                             "k_type is {text}, with blocks of {u}: they do not divide the "
                             "{u} elements of a head of K; set f16",
                             k_type, model->k_length, model->sliding_k_length));
        REIN_TRY(rein_result_void,
                 check_heads(REIN_HERE,
                             "v_type is {text}, with blocks of {u}: they do not divide the "
                             "{u} elements of a head of V; set f16",
                             v_type, model->v_length, model->sliding_v_length));
    }
    return check_k_rows(model, k_type);
}

/* Returns the bytes if both computations agree, and nothing in them depends on a context that is
 * not known. */
static rein_fact_u64 fact_of(uint64_t bytes, uint64_t other_bytes, bool is_settled) {
    return bytes == other_bytes && (is_settled || bytes == 0) ? rein_fact_u64_known(bytes)
                                                              : rein_fact_u64_unknown();
}

/* Writes the facts on which the two computations agree. */
static void write_state(const memory_model *model, const context_layout *layout,
                        const state_sizes *sizes, const state_sizes *other,
                        rein_model_state *state) {
    bool is_known = layout->is_known;
    bool is_settled = is_known || sizes->total == sizes->recurrent;
    state->kv_bytes = fact_of(sizes->kv, other->kv, is_known);
    state->sliding_window_bytes = fact_of(sizes->sliding, other->sliding, is_known);
    state->recurrent_bytes = rein_fact_u64_known(sizes->recurrent);
    if (model_has_trait(model, ARCH_INDEXES_SOME)) {
        return;
    }
    state->index_bytes = fact_of(sizes->index, other->index, is_known);
    state->bytes_per_token = fact_of(sizes->per_token, other->per_token, true);
    if (sizes->total == other->total) {
        state->total_bytes = fact_of(sizes->total, other->total, is_settled);
        state->device_bytes = fact_of(sizes->device, other->device, is_settled);
        state->host_bytes = fact_of(sizes->host, other->host, is_settled);
    }
}

static void note_unknowns(const memory_model *model, const context_layout *layout,
                          rein_model_memory *memory) {
    const rein_model_state *state = &memory->state;
    if (!layout->is_known) {
        rein_i_note_unknown(memory, REIN_MEMORY_CONTEXT,
                            "llama-server chooses the context to fit the device if context is "
                            "not stated",
                            "context");
    }
    if (model_has_trait(model, ARCH_INDEXES_SOME)) {
        rein_i_note_unknown(memory, REIN_MEMORY_STATE,
                            "only some blocks of this architecture have an index, and the file "
                            "does not say which",
                            memory->architecture);
    } else if (!state->bytes_per_token.is_known ||
               (layout->is_known && !state->total_bytes.is_known)) {
        rein_i_note_unknown(memory, REIN_MEMORY_STATE,
                            "V takes less with flash attention, and the engine tries on the device "
                            "whether it has it; set flash_attention to on or off",
                            "flash_attention");
    }
}

static void write_context(const context_layout *layout, rein_model_context *context) {
    context->streams = layout->streams;
    context->sequence_count = layout->sequences;
    if (layout->is_known) {
        context->tokens = rein_fact_u64_known(layout->tokens);
        context->tokens_per_sequence = rein_fact_u64_known(layout->tokens_per_sequence);
        context->cells = rein_fact_u64_known(layout->cells);
    }
}

rein_result_void rein_i_memory_state_tell(const memory_model *model,
                                          const rein_engine_options *options,
                                          rein_model_memory *memory) {
    context_layout layout = rein_i_context_layout_make(model, options);
    /* The engine needs flash attention for a quantised V, or fails. */
    bool is_needed = cache_type_is_quantised(rein_i_cache_type_layout(options->v_type));
    bool may_be_on = options->flash_attention != REIN_SWITCH_OFF;
    bool may_be_off = options->flash_attention != REIN_SWITCH_ON && !is_needed;
    state_sizes sizes = rein_i_state_sizes_make(model, options, &layout, may_be_on);
    state_sizes other = rein_i_state_sizes_make(model, options, &layout, !may_be_off);
    /* `other` is the greater: V takes at least as much without flash attention. Its sizes on the
     * device and the host include all stored bytes. */
    if (does_not_fit(other.device, other.host)) {
        return rein_i_invalid(REIN_HERE, "the state of this model" MUST_FIT_64_BITS, 0, 0, 0);
    }
    write_state(model, &layout, &sizes, &other, &memory->state);
    write_context(&layout, &memory->context);
    note_unknowns(model, &layout, memory);
    return rein_done();
}
