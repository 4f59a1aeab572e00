#include "cli/read/stated_files.h"

static const char *read_path(const field_reader *reader, const node *value) {
    static const value_form form = {"the path of a model file", NULL};
    return read_text(reader, value, &form);
}

static bool read_list(const field_reader *reader, const node *value, stated_paths *out_stated) {
    if (value->entry_count == 0) {
        report_at(reader->sink, reader->file, value->at, "the list of model files is empty");
        return false;
    }
    const char **paths = arena_allocate(reader->sink->memory, value->entry_count, sizeof *paths);
    for (size_t index = 0; index < value->entry_count; index++) {
        paths[index] = read_path(reader, value->entries[index].value);
        if (paths[index] == NULL) {
            return false;
        }
    }
    *out_stated = (stated_paths){.paths = paths, .count = value->entry_count, .at = value->at};
    return true;
}

bool read_stated_paths(const field_reader *reader, const node *value, void *out_stated_paths) {
    stated_paths *out_stated = out_stated_paths;
    if (value->kind == NODE_SEQUENCE) {
        return read_list(reader, value, out_stated);
    }
    const char *path = read_path(reader, value);
    if (path == NULL) {
        return false;
    }
    const char **paths = arena_allocate(reader->sink->memory, 1, sizeof *paths);
    *paths = path;
    *out_stated = (stated_paths){.paths = paths, .count = 1, .at = value->at};
    return true;
}

const char *const engine_keys[ENGINE_OPTION_COUNT] = {
    [ENGINE_OPTION_NAME] = "name",
    [ENGINE_OPTION_CONTEXT] = "context",
    [ENGINE_OPTION_PARALLEL] = "parallel",
    [ENGINE_OPTION_KV_TYPE] = "kv_type",
    [ENGINE_OPTION_BATCH] = "batch",
    [ENGINE_OPTION_UBATCH] = "ubatch",
    [ENGINE_OPTION_FLASH_ATTENTION] = "flash_attention",
    [ENGINE_OPTION_UNIFIED_KV] = "unified_kv",
    [ENGINE_OPTION_SWA_FULL] = "swa_full",
    [ENGINE_OPTION_GPU_LAYERS] = "gpu_layers",
};

/* Sets an option to the value that a scalar states. */
static bool set_option(const field_reader *reader, const node *value, const char *text,
                       engine_option option, void *options) {
    rein_result_void set = engine_option_set(option, text, options);
    if (!set.is_ok) {
        report_at(reader->sink, reader->file, value->at, "%s: %s", engine_keys[option],
                  error_text(reader->sink->memory, &set.as.error));
    }
    return set.is_ok;
}

static bool read_word(const field_reader *reader, const node *value, engine_option option,
                      void *options) {
    static const value_form form = {"a word", NULL};
    const char *text = read_text(reader, value, &form);
    return text != NULL && set_option(reader, value, text, option, options);
}

/* Reads a switch. In YAML 1.1, `true` is another spelling of `on`. */
static bool read_switch(const field_reader *reader, const node *value, engine_option option,
                        void *options) {
    if (value->kind == NODE_SCALAR && !value->is_quoted) {
        bool is_true = strcmp(value->text, "true") == 0;
        if (is_true || strcmp(value->text, "false") == 0) {
            return set_option(reader, value, is_true ? "on" : "off", option, options);
        }
    }
    return read_word(reader, value, option, options);
}

static bool read_name(const field_reader *reader, const node *value, void *options) {
    return read_word(reader, value, ENGINE_OPTION_NAME, options);
}

static bool read_kv_type(const field_reader *reader, const node *value, void *options) {
    return read_word(reader, value, ENGINE_OPTION_KV_TYPE, options);
}

static bool read_flash_attention(const field_reader *reader, const node *value, void *options) {
    return read_switch(reader, value, ENGINE_OPTION_FLASH_ATTENTION, options);
}

static bool read_unified_kv(const field_reader *reader, const node *value, void *options) {
    return read_switch(reader, value, ENGINE_OPTION_UNIFIED_KV, options);
}

static bool read_swa_full(const field_reader *reader, const node *value, void *options) {
    return read_switch(reader, value, ENGINE_OPTION_SWA_FULL, options);
}

/* Reads the layers on the device: a number, or `all`. */
static bool read_gpu_layers(const field_reader *reader, const node *value, void *options) {
    bool is_all = value->kind == NODE_SCALAR && strcmp(value->text, "all") == 0;
    return is_all ? set_option(reader, value, value->text, ENGINE_OPTION_GPU_LAYERS, options)
                  : read_count_fact(reader, value, &((rein_engine_options *)options)->gpu_layers);
}

/* Returns which options are stated; bit N is engine_option N. */
static uint32_t options_stated(const node *value) {
    uint32_t stated = 0;
    for (size_t index = 0; index < ENGINE_OPTION_COUNT; index++) {
        stated |= find_entry(value, engine_keys[index]) == NULL ? 0 : 1U << index;
    }
    return stated;
}

bool read_stated_engine(const field_reader *reader, const node *value, void *out_stated_engine) {
    static const field fields[] = {
        {"name", false, read_name, 0},
        {"context", false, read_count_fact, offsetof(rein_engine_options, context)},
        {"parallel", false, read_count_fact, offsetof(rein_engine_options, parallel)},
        {"kv_type", false, read_kv_type, 0},
        {"batch", false, read_count_fact, offsetof(rein_engine_options, batch)},
        {"ubatch", false, read_count_fact, offsetof(rein_engine_options, ubatch)},
        {"flash_attention", false, read_flash_attention, 0},
        {"unified_kv", false, read_unified_kv, 0},
        {"swa_full", false, read_swa_full, 0},
        {"gpu_layers", false, read_gpu_layers, 0},
    };
    static const field_table table = {
        .noun = "an engine", .fields = fields, .count = FIELD_COUNT(fields)};
    stated_engine stated = {.is_stated = true,
                            .options = rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER),
                            .at = value->at};
    if (!fields_read(reader, value, &table, &stated.options)) {
        return false;
    }
    stated.options_stated = options_stated(value);
    *(stated_engine *)out_stated_engine = stated;
    return true;
}

bool read_stated_bindings(const field_reader *reader, const node *value, void *out_bindings) {
    static const value_form form = {"a mapping from symbols to extents", "one such as {batch: 8}"};
    if (!expect_kind(reader, value, NODE_MAPPING, &form)) {
        return false;
    }
    rein_onnx_binding *bindings =
        arena_allocate(reader->sink->memory, value->entry_count + 1, sizeof *bindings);
    for (size_t index = 0; index < value->entry_count; index++) {
        rein_fact_u64 extent;
        if (!read_count_fact(reader, value->entries[index].value, &extent)) {
            return false;
        }
        bindings[index] =
            (rein_onnx_binding){.symbol = value->entries[index].key, .extent = extent.value};
    }
    *(stated_bindings *)out_bindings = (stated_bindings){
        .is_stated = true, .bindings = bindings, .count = value->entry_count, .at = value->at};
    return true;
}
