#include "cli/inspect/command.h"

#include <string.h>

#include "cli/base/numbers.h"
#include "cli/base/option.h"
#include "cli/base/text.h"
#include "cli/inspect/report.h"
#include "cli/models/engine_options.h"

/* The options of the engine come first, in the order of engine_option. */
enum { OPTION_BIND = ENGINE_OPTION_COUNT, OPTION_JSON, OPTION_COUNT };

static const command_option options[OPTION_COUNT] = {
    [ENGINE_OPTION_NAME] = ENGINE_COMMAND_OPTIONS,
    [OPTION_BIND] = {"bind", "EXTENTS", "of symbols in the shapes of a graph, as batch=8,w=64"},
    [OPTION_JSON] = {"json", NULL, "print JSON (docs/schema/inspect.schema.json)"},
};

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
        .granularity_bytes = 1,
    };
    model_description model;
    if (!read_engine_options(sink, called, 0, &request) ||
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
