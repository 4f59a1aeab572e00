#include "cli/models/engine_options.h"

#include "cli/base/option.h"

const char *const engine_option_names[ENGINE_OPTION_COUNT] = {
    [ENGINE_OPTION_NAME] = "--engine",
    [ENGINE_OPTION_CONTEXT] = "--context",
    [ENGINE_OPTION_PARALLEL] = "--parallel",
    [ENGINE_OPTION_KV_TYPE] = "--kv-type",
    [ENGINE_OPTION_BATCH] = "--batch",
    [ENGINE_OPTION_UBATCH] = "--ubatch",
    [ENGINE_OPTION_FLASH_ATTENTION] = "--flash-attention",
    [ENGINE_OPTION_UNIFIED_KV] = "--unified-kv",
    [ENGINE_OPTION_SWA_FULL] = "--swa-full",
    [ENGINE_OPTION_GPU_LAYERS] = "--gpu-layers",
};

bool read_engine_options(diagnostics *sink, const invocation *called, size_t first,
                         describe_request *target) {
    target->options = rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER);
    target->option_names = engine_option_names;
    for (size_t index = 0; index < ENGINE_OPTION_COUNT; index++) {
        const char *text = called->options[first + index];
        if (text == NULL) {
            continue;
        }
        rein_result_void set = engine_option_set((engine_option)index, text, &target->options);
        if (!set.is_ok) {
            return refuse_option(sink, engine_option_names[index] + 2, &set.as.error);
        }
        target->stated_options |= 1U << index;
    }
    return true;
}
