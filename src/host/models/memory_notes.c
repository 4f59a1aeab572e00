#include "host/models/memory_notes.h"

#include "host/base/text_writer.h"

/* Adds an input without a value. */
static rein_memory_input *add_input(rein_model_memory *memory, const char *name,
                                    rein_memory_origin origin) {
    rein_memory_input *input = &memory->inputs[memory->input_count++];
    text_writer writer = rein_i_text_writer_make(input->name, sizeof input->name);
    rein_i_text_writer_append(&writer, name);
    input->origin = origin;
    input->count = 1;
    return input;
}

void rein_i_note_number(rein_model_memory *memory, const char *name, rein_memory_origin origin,
                        uint64_t count, uint64_t value) {
    rein_memory_input *input = add_input(memory, name, origin);
    input->count = count;
    input->value = value;
}

void rein_i_note_unknown(rein_model_memory *memory, rein_memory_fact fact, const char *reason,
                         const char *about) {
    rein_memory_unknown *unknown = &memory->unknowns[memory->unknown_count++];
    text_writer writer = rein_i_text_writer_make(unknown->about, sizeof unknown->about);
    rein_i_text_writer_append(&writer, about == NULL ? "" : about);
    unknown->fact = fact;
    unknown->reason = reason;
}

static rein_memory_origin option_origin(const rein_engine_settings *settings, uint32_t option) {
    return (settings->defaults & option) != 0 ? REIN_MEMORY_FROM_DEFAULT : REIN_MEMORY_FROM_OPTION;
}

static void note_fact(rein_model_memory *memory, const rein_engine_settings *settings,
                      const char *name, uint32_t option, rein_fact_u64 fact) {
    if (fact.is_known) {
        rein_i_note_number(memory, name, option_origin(settings, option), 1, fact.value);
    }
}

static void note_word(rein_model_memory *memory, const rein_engine_settings *settings,
                      const char *name, uint32_t option, const char *word) {
    add_input(memory, name, option_origin(settings, option))->text = word;
}

void rein_i_note_options(rein_model_memory *memory, const rein_engine_settings *settings) {
    const rein_engine_options *options = &settings->options;
    note_fact(memory, settings, "context", REIN_OPTION_CONTEXT, options->context);
    note_fact(memory, settings, "parallel", REIN_OPTION_PARALLEL, options->parallel);
    note_fact(memory, settings, "batch", REIN_OPTION_BATCH, options->batch);
    note_fact(memory, settings, "ubatch", REIN_OPTION_UBATCH, options->ubatch);
    if (options->gpu_layers.value == UINT64_MAX) {
        note_word(memory, settings, "gpu_layers", REIN_OPTION_GPU_LAYERS, "all");
    } else {
        note_fact(memory, settings, "gpu_layers", REIN_OPTION_GPU_LAYERS, options->gpu_layers);
    }
    note_word(memory, settings, "k_type", REIN_OPTION_K_TYPE,
              rein_cache_type_name(options->k_type));
    note_word(memory, settings, "v_type", REIN_OPTION_V_TYPE,
              rein_cache_type_name(options->v_type));
    note_word(memory, settings, "flash_attention", REIN_OPTION_FLASH_ATTENTION,
              rein_switch_name(options->flash_attention));
    note_word(memory, settings, "unified_kv", REIN_OPTION_UNIFIED_KV,
              rein_switch_name(options->unified_kv));
    note_word(memory, settings, "swa_full", REIN_OPTION_SWA_FULL,
              rein_switch_name(options->swa_full));
}
