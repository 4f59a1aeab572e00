#include "cli/inspect/command.h"

#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/option.h"
#include "cli/base/text.h"
#include "cli/inspect/report.h"
#include "cli/read/engine_option.h"

/* The options of the engine come first, in the order of engine_option. */
enum { OPTION_BIND = ENGINE_OPTION_COUNT, OPTION_JSON, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [ENGINE_OPTION_NAME] = {"engine", "ENGINE", "llama-server (default) or llama-c-api"},
    [ENGINE_OPTION_CONTEXT] = {"context", "TOKENS", "of all sequences together; 0: as trained"},
    [ENGINE_OPTION_PARALLEL] = {"parallel", "N", "sequences at once"},
    [ENGINE_OPTION_KV_TYPE] = {"kv-type", "TYPES",
                               "of the KV cache, such as f16; f16,q8_0 for K and V"},
    [ENGINE_OPTION_BATCH] = {"batch", "TOKENS", "the most that one call computes"},
    [ENGINE_OPTION_UBATCH] = {"ubatch", "TOKENS", "the most that one step computes"},
    [ENGINE_OPTION_FLASH_ATTENTION] = {"flash-attention", "WHEN", "on, off or auto"},
    [ENGINE_OPTION_UNIFIED_KV] = {"unified-kv", "WHEN", "on or off: sequences share one cache"},
    [ENGINE_OPTION_SWA_FULL] = {"swa-full", "WHEN", "on or off: sliding layers keep the context"},
    [ENGINE_OPTION_GPU_LAYERS] = {"gpu-layers", "N", "layers on the device (all)"},
    [OPTION_BIND] = {"bind", "EXTENTS", "of symbols in the shapes of a graph, as batch=8,w=64"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/inspect.schema.json)"},
};

static const char *const engine_option_names[] = {
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

static bool read_engine(diagnostics *sink, const invocation *called, describe_request *target) {
    for (size_t index = 0; index < ENGINE_OPTION_COUNT; index++) {
        const char *text = called->options[index];
        if (text == NULL) {
            continue;
        }
        rein_result_void set = engine_option_set((engine_option)index, text, &target->options);
        if (!set.is_ok) {
            return refuse_option(sink, options[index].name, &set.as.error);
        }
        target->stated_options |= 1U << index;
    }
    return true;
}

/* Reads one NAME=N. */
static bool read_binding(diagnostics *sink, const char *text, size_t length,
                         rein_onnx_binding *out_binding) {
    const char *copy = arena_copy(sink->memory, text, length);
    const char *equals = strrchr(copy, '=');
    if (equals == NULL || equals == copy ||
        !parse_unsigned(equals + 1, INT64_MAX, &out_binding->extent)) {
        report(sink, "option '--bind': %s is not valid; write NAME=N, such as batch=8",
               text_quote(sink->memory, copy));
        return false;
    }
    out_binding->symbol = arena_copy(sink->memory, copy, (size_t)(equals - copy));
    return true;
}

static bool read_bindings(diagnostics *sink, const char *text, describe_request *target) {
    if (text == NULL) {
        return true;
    }
    rein_onnx_binding *bindings = arena_allocate(sink->memory, strlen(text) + 1, sizeof *bindings);
    while (text != NULL) {
        const char *comma = strchr(text, ',');
        size_t length = comma == NULL ? strlen(text) : (size_t)(comma - text);
        if (!read_binding(sink, text, length, &bindings[target->binding_count])) {
            return false;
        }
        target->binding_count++;
        text = comma == NULL ? NULL : comma + 1;
    }
    target->bindings = bindings;
    return true;
}

static exit_code run_inspect(const invocation *called, diagnostics *sink) {
    describe_request request = {
        .paths = (const char *const *)called->operands,
        .path_count = called->operand_count,
        .options = rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER),
        .option_names = engine_option_names,
        .granularity_bytes = 1,
    };
    model_description model;
    if (!read_engine(sink, called, &request) ||
        !read_bindings(sink, called->options[OPTION_BIND], &request) ||
        !model_describe(sink, &request, &model)) {
        return EXIT_CODE_BAD_INPUT;
    }
    bool is_printed = called->options[OPTION_JSON] != NULL
                          ? inspect_print_json(sink, &model)
                          : inspect_print_table(sink, &request, &model);
    return is_printed ? EXIT_CODE_FITS : EXIT_CODE_BAD_INPUT;
}

const command inspect_command = {
    .name = "inspect",
    .operands = "FILE|DIRECTORY...",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .summary = "state what a model takes, from its files",
    .details = "Reads the headers of GGUF, safetensors and ONNX files. All files belong to one\n"
               "model: a projector (mmproj) or an adapter (LoRA) may follow a GGUF model. The\n"
               "first part of a split GGUF finds the others. A DIRECTORY is a model of Hugging\n"
               "Face: config.json, and safetensors files with or without an index.\n\n"
               "The state of a GGUF model, such as its KV cache, is what llama.cpp v0.5.0\n"
               "allocates. Options that are not given have the defaults of the engine. For a\n"
               "model in safetensors --context counts the tokens of each sequence.\n\n"
               "Each number is exact or unknown, and what is unknown is listed with the reason.\n"
               "Sizes of engines' buffers are never in a file: measure them.\n\n"
               "exit: 0 done, even if numbers are unknown; 2 bad input or output\n",
    .options = options,
    .option_count = OPTION_COUNT,
    .run = run_inspect,
};
