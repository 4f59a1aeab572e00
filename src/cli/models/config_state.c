#include "cli/models/config_state.h"

#include <inttypes.h>

#include "cli/base/path.h"
#include "cli/base/text.h"
#include "models/config.h"

/* The block of a paged cache in vLLM, unless --block-size states another. */
enum { BLOCK_TOKENS = 16 };

/* Sets the bits of a cache element. Reports a type that only llama.cpp has and returns false. */
static bool element_bits(diagnostics *sink, const describe_request *request,
                         rein_fact_u64 *out_bits) {
    const rein_engine_options *options = &request->options;
    *out_bits = rein_fact_u64_unknown();
    if (options->k_type == REIN_CACHE_UNSET) {
        return true;
    }
    bool is_16 = options->k_type == REIN_CACHE_F16 || options->k_type == REIN_CACHE_BF16;
    if (options->k_type != options->v_type || (!is_16 && options->k_type != REIN_CACHE_F32)) {
        report_in_file(sink, request->paths[0],
                       "%s: a model in safetensors has one type for K and V; state f32, f16 or "
                       "bf16",
                       request->option_names[ENGINE_OPTION_KV_TYPE]);
        return false;
    }
    *out_bits = rein_fact_u64_known(is_16 ? 16 : 32);
    return true;
}

/* Reports an option that must be above 0 and is not, and returns false. */
static bool check_above_0(diagnostics *sink, const describe_request *request, engine_option option,
                          rein_fact_u64 number) {
    if (number.is_known && number.value == 0) {
        report_in_file(sink, request->paths[0], "%s is 0; state at least 1",
                       request->option_names[option]);
        return false;
    }
    return true;
}

static void add_unknown_state(arena *memory, const char *reason, const char *key,
                              model_description *target) {
    description_add_unknown(
        memory, target, "state",
        *key == '\0' ? reason : arena_print(memory, "%s: %s", text_printable(memory, key), reason));
}

static void add_inputs(arena *memory, const rein_config *config, model_description *target) {
    for (size_t index = 0; index < config->input_count; index++) {
        const rein_config_input *input = &config->inputs[index];
        const char *value = input->number.is_known
                                ? arena_print(memory, "%" PRIu64, input->number.value)
                                : text_printable(memory, input->text);
        bool is_default = input->source == REIN_CONFIG_DEFAULT;
        description_add_input(memory, target,
                              (described_input){.name = input->key,
                                                .value = *value == '\0' ? "null" : value,
                                                .origin = is_default ? "default" : "file"});
    }
}

static void add_option(arena *memory, const char *name, rein_fact_u64 number,
                       model_description *target) {
    if (number.is_known) {
        description_add_input(
            memory, target,
            (described_input){.name = name,
                              .value = arena_print(memory, "%" PRIu64, number.value),
                              .origin = "option"});
    }
}

/* Adds the options that the sizes follow from. */
static void add_options(arena *memory, const rein_engine_options *options,
                        model_description *target) {
    add_option(memory, "context", options->context, target);
    add_option(memory, "parallel", options->parallel, target);
    add_option(memory, "batch", options->batch, target);
    if (!options->parallel.is_known) {
        description_add_input(
            memory, target,
            (described_input){.name = "parallel", .value = "1", .origin = "default"});
    }
    if (options->k_type != REIN_CACHE_UNSET) {
        description_add_input(memory, target,
                              (described_input){.name = "kv_type",
                                                .value = rein_cache_type_name(options->k_type),
                                                .origin = "option"});
    }
}

/* The basis of the sizes of a cache. */
typedef struct config_request {
    const model_file *file;
    const rein_config *config;
    rein_config_cache_options options;
} config_request;

/* Sets the sizes of the cache; layers with a sliding window count only if `counts_windows`. */
static bool cache_of(diagnostics *sink, const config_request *request, bool counts_windows,
                     rein_config_cache *out_cache) {
    rein_config config = *request->config;
    if (!counts_windows) {
        config.sliding_layer_count = rein_fact_u64_known(0);
    }
    rein_result_config_cache cache = rein_config_cache_compute(&config, &request->options);
    if (!cache.is_ok) {
        return refuse_model_file(sink, request->file, &cache.as.error);
    }
    *out_cache = cache.as.value;
    return true;
}

/* Sets the size of a token in all layers and of a block. Returns false after an error; sets
 * `out_is_known` to whether the sizes are known. */
static bool set_sizes_of_parts(diagnostics *sink, config_request *request, bool *out_is_known,
                               model_description *target) {
    rein_config_cache cache = {.unknown_reason = NULL};
    request->options.context_tokens = BLOCK_TOKENS;
    request->options.block_tokens = BLOCK_TOKENS;
    if (!cache_of(sink, request, true, &cache)) {
        return false;
    }
    *out_is_known = cache.token_bytes.is_known;
    target->state.bytes_per_token = cache.token_bytes;
    if (!cache.token_bytes.is_known) {
        add_unknown_state(sink->memory, cache.unknown_reason, cache.unknown_key, target);
        return true;
    }
    target->block_tokens = BLOCK_TOKENS;
    target->block_bytes = rein_fact_u64_known(cache.token_bytes.value * BLOCK_TOKENS);
    return true;
}

/* Sets the sizes of the caches for a context. */
static bool set_sizes_of_context(diagnostics *sink, const describe_request *request,
                                 config_request *sizes, model_description *target) {
    const rein_engine_options *options = &request->options;
    rein_config_cache full = {.unknown_reason = NULL};
    rein_config_cache whole = {.unknown_reason = NULL};
    bool has_windows = sizes->config->sliding_layer_count.value > 0;
    sizes->options.block_tokens = 0;
    sizes->options.context_tokens = options->context.value;
    sizes->options.step_tokens = options->batch.is_known ? options->batch.value : 1;
    if (!cache_of(sink, sizes, false, &full) || !cache_of(sink, sizes, true, &whole)) {
        return false;
    }
    target->state.kv_bytes = full.cache_bytes;
    if (has_windows && !options->batch.is_known) {
        add_unknown_state(sink->memory,
                          arena_print(sink->memory,
                                      "layers with a sliding window also keep the tokens of a "
                                      "step; state %s",
                                      request->option_names[ENGINE_OPTION_BATCH]),
                          "", target);
        return true;
    }
    target->state.sliding_window_bytes =
        rein_fact_u64_known(whole.cache_bytes.value - full.cache_bytes.value);
    target->state.total_bytes = whole.cache_bytes;
    target->state.device_bytes = whole.cache_bytes;
    target->state.host_bytes = rein_fact_u64_known(0);
    return true;
}

static bool set_sizes(diagnostics *sink, const describe_request *request, config_request *sizes,
                      model_description *target) {
    bool is_known = false;
    const rein_engine_options *options = &request->options;
    sizes->options = rein_config_cache_options_make();
    sizes->options.sequence_count = options->parallel.is_known ? options->parallel.value : 1;
    if (!check_above_0(sink, request, ENGINE_OPTION_PARALLEL, options->parallel) ||
        !check_above_0(sink, request, ENGINE_OPTION_BATCH, options->batch) ||
        !element_bits(sink, request, &sizes->options.element_bits) ||
        !set_sizes_of_parts(sink, sizes, &is_known, target)) {
        return false;
    }
    if (!is_known) {
        return true;
    }
    add_options(sink->memory, options, target);
    target->state.recurrent_bytes = rein_fact_u64_known(0);
    target->state.index_bytes = rein_fact_u64_known(0);
    target->context = (rein_model_context){.tokens_per_sequence = options->context,
                                           .sequence_count = sizes->options.sequence_count};
    if (!options->context.is_known || options->context.value == 0) {
        add_unknown_state(sink->memory,
                          arena_print(sink->memory, "it depends on the context; state %s",
                                      request->option_names[ENGINE_OPTION_CONTEXT]),
                          "", target);
        return true;
    }
    return set_sizes_of_context(sink, request, sizes, target);
}

bool describe_config_state(diagnostics *sink, const describe_request *request, const char *path,
                           model_files *files, model_description *target) {
    if (!path_exists(path)) {
        add_unknown_state(sink->memory, "config.json is missing; put it beside the model", "",
                          target);
        return true;
    }
    const model_file *file = model_files_open_any(sink, files, path);
    if (file == NULL) {
        return false;
    }
    rein_result_config read = rein_config_read(&file->source);
    if (!read.is_ok) {
        return refuse_model_file(sink, file, &read.as.error);
    }
    rein_config *config = arena_allocate(sink->memory, 1, sizeof *config);
    *config = read.as.value;
    target->architecture = *config->model_type == '\0' ? NULL : config->model_type;
    add_inputs(sink->memory, config, target);
    files->metadata = file;
    files->config = config;
    return describe_config_sizes(sink, request, files, target);
}

bool describe_config_sizes(diagnostics *sink, const describe_request *request,
                           const model_files *files, model_description *target) {
    config_request sizes = {.file = files->metadata, .config = files->config};
    return set_sizes(sink, request, &sizes, target);
}
