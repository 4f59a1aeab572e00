/* The memory that the engine allocated for public models, for each row of memory/rows.tar.xz. */
#include "gguf_heads_model.h"
#include "models/memory.h"

enum { ROWS = 2737, SPLITS = 48, MODELS = 47, UNKNOWN_ROWS = 2 };

/* How many lines of each kind were compared, and in how many the state was unknown. */
static size_t state_lines;
static size_t split_lines;
static size_t weight_lines;
static size_t unknown_lines;

/* The model that the lines are about. */
static heads_model model;
static char model_name[64];

static rein_model_memory tell(rein_engine_options options) {
    rein_model_memory_request request =
        rein_model_memory_request_make(model.parts, model.part_count, options);
    rein_model_memory memory = rein_model_memory_make();
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (!told.is_ok) {
        rein_error_message(&REIN_ERROR(told), text, sizeof text);
    }
    cr_assert(told.is_ok, "%s: %s", model_name, text);
    return memory;
}

static void expect_known(const char *line, const char *fact, rein_fact_u64 actual,
                         uint64_t expected) {
    cr_assert(actual.is_known && actual.value == expected, "%s: %s is %llu (known: %d) in: %s",
              model_name, fact, (unsigned long long)actual.value, actual.is_known, line);
}

static void read_model(const char *line) {
    size_t part_count = 0;
    unsigned long long tensor_bytes = 0;
    cr_assert(sscanf(line, "model %63s %zu %llu", model_name, &part_count, &tensor_bytes) == 3);
    heads_model_free(&model);
    heads_model_read(&model, model_name, part_count);
    rein_model_memory memory = tell(rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER));
    expect_known(line, "file_bytes", memory.weights.file_bytes, tensor_bytes);
}

static void compare_weights(const char *line) {
    unsigned long long device = 0;
    unsigned long long host = 0;
    unsigned long long host_alone = 0;
    cr_assert(sscanf(line, "weights %llu %llu %llu", &device, &host, &host_alone) == 3);
    rein_engine_options options = rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
    rein_model_memory all = tell(options);
    expect_known(line, "device_bytes", all.weights.device_bytes, device);
    expect_known(line, "host_bytes", all.weights.host_bytes, host);
    options.gpu_layers = rein_fact_u64_known(0);
    rein_model_memory none = tell(options);
    expect_known(line, "device_bytes", none.weights.device_bytes, 0);
    expect_known(line, "host_bytes", none.weights.host_bytes, host_alone);
    weight_lines++;
}

/* The numbers of a line about states: options, then results. */
typedef struct state_line {
    unsigned long long context;
    unsigned long long sequences;
    int is_unified;
    char k_type[8];
    char v_type[8];
    int flash_attention;
    int swa_full;
    unsigned long long batch;
    unsigned long long ubatch;
    char results[7][24];
    int field_count;
} state_line;

static state_line read_state(const char *line) {
    state_line s = {0};
    s.field_count = sscanf(
        line, "state %llu %llu %d %7s %7s %d %d %llu %llu %23s %23s %23s %23s %23s %23s %23s",
        &s.context, &s.sequences, &s.is_unified, s.k_type, s.v_type, &s.flash_attention,
        &s.swa_full, &s.batch, &s.ubatch, s.results[0], s.results[1], s.results[2], s.results[3],
        s.results[4], s.results[5], s.results[6]);
    return s;
}

static rein_engine_options options_of(const state_line *s) {
    static const rein_switch flash[] = {REIN_SWITCH_OFF, REIN_SWITCH_ON, REIN_SWITCH_AUTO};
    rein_engine_options options = rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
    options.context = rein_fact_u64_known(s->context);
    options.parallel = rein_fact_u64_known(s->sequences);
    options.batch = rein_fact_u64_known(s->batch);
    options.ubatch = rein_fact_u64_known(s->ubatch);
    options.k_type = REIN_UNWRAP(rein_cache_type_parse(s->k_type));
    options.v_type = REIN_UNWRAP(rein_cache_type_parse(s->v_type));
    options.flash_attention = flash[s->flash_attention];
    options.unified_kv = s->is_unified != 0 ? REIN_SWITCH_ON : REIN_SWITCH_OFF;
    options.swa_full = s->swa_full != 0 ? REIN_SWITCH_ON : REIN_SWITCH_OFF;
    return options;
}

static void expect_refused_options(const char *line, rein_engine_options options) {
    rein_model_memory_request request =
        rein_model_memory_request_make(model.parts, model.part_count, options);
    rein_model_memory memory = rein_model_memory_make();
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    cr_assert(!told.is_ok && told.as.error.code == REIN_ERROR_INVALID_ARGUMENT,
              "%s: refused by the engine: %s", model_name, line);
}

/* Returns whether the engine decides on the device which width V has. */
static bool is_decided_on_device(const state_line *s) {
    return s->flash_attention == 2 && (strstr(model_name, "openelm") == model_name ||
                                       strstr(model_name, "gemma-4") == model_name);
}

static void expect_unknown_state(const char *line, const rein_model_memory *memory) {
    bool names_option = false;
    for (size_t i = 0; i < memory->unknown_count; i++) {
        names_option = names_option || is_same_text(memory->unknowns[i].about, "flash_attention");
    }
    cr_assert(!memory->state.total_bytes.is_known && !memory->state.device_bytes.is_known &&
                  names_option,
              "%s: flash_attention decides: %s", model_name, line);
    unknown_lines++;
}

static void expect_state(const char *line, const state_line *s, const rein_model_memory *memory) {
    const rein_model_state *state = &memory->state;
    const rein_fact_u64 facts[] = {memory->context.tokens, memory->context.tokens_per_sequence,
                                   state->kv_bytes,        state->sliding_window_bytes,
                                   state->recurrent_bytes, state->index_bytes,
                                   state->device_bytes};
    static const char *const names[] = {
        "context", "context of a sequence", "kv", "sliding", "recurrent", "index", "device"};
    uint64_t total = 0;
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!is_same_text(s->results[i], "-")) {
            uint64_t expected = strtoull(s->results[i], NULL, 10);
            expect_known(line, names[i], facts[i], expected);
            total += i >= 2 && i <= 5 ? expected : 0;
        }
    }
    expect_known(line, "total", state->total_bytes, total);
    expect_known(line, "host", state->host_bytes, 0);
}

static void compare_state(const char *line) {
    state_line s = read_state(line);
    rein_engine_options options = options_of(&s);
    state_lines++;
    if (is_same_text(s.results[0], "refused")) {
        expect_refused_options(line, options);
        return;
    }
    cr_assert(s.field_count == 16, "the line is whole: %s", line);
    rein_model_memory memory = tell(options);
    if (is_decided_on_device(&s)) {
        expect_unknown_state(line, &memory);
    } else {
        expect_state(line, &s, &memory);
    }
}

static void compare_split(const char *line) {
    unsigned long long context = 0;
    unsigned long long layers = 0;
    unsigned long long bytes[4] = {0};
    cr_assert(sscanf(line, "split %llu %llu %llu %llu %llu %llu", &context, &layers, &bytes[0],
                     &bytes[1], &bytes[2], &bytes[3]) == 6);
    rein_engine_options options = rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
    options.context = rein_fact_u64_known(context);
    options.gpu_layers = rein_fact_u64_known(layers);
    options.flash_attention = REIN_SWITCH_ON;
    options.swa_full = REIN_SWITCH_OFF;
    rein_model_memory memory = tell(options);
    expect_known(line, "weights on the device", memory.weights.device_bytes, bytes[0]);
    expect_known(line, "weights on the host", memory.weights.host_bytes, bytes[1]);
    expect_known(line, "state on the device", memory.state.device_bytes, bytes[2]);
    expect_known(line, "state on the host", memory.state.host_bytes, bytes[3]);
    split_lines++;
}

static void compare_line(const char *line) {
    static const struct {
        const char *word;
        void (*compare)(const char *line);
    } kinds[] = {{"model ", read_model},
                 {"weights ", compare_weights},
                 {"state ", compare_state},
                 {"split ", compare_split}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strncmp(line, kinds[i].word, strlen(kinds[i].word)) == 0) {
            kinds[i].compare(line);
        }
    }
}

Test(oracle, sizes_are_those_of_the_engine) {
    FILE *rows = fopen(REIN_MEMORY_ROWS, "r");
    cr_assert(rows != NULL, "%s can be opened", REIN_MEMORY_ROWS);
    char line[512];
    while (fgets(line, sizeof line, rows) != NULL) {
        compare_line(line);
    }
    fclose(rows);
    heads_model_free(&model);
    cr_assert(state_lines == ROWS && split_lines == SPLITS && weight_lines == MODELS,
              "%zu states, %zu splits and %zu models were compared", state_lines, split_lines,
              weight_lines);
    cr_assert(unknown_lines == UNKNOWN_ROWS, "%zu states are unknown", unknown_lines);
}

/* Files that the reader accepts and the loader refuses, and the key, tensor or architecture. */
Test(oracle, files_that_the_engine_does_not_load_are_refused) {
    static const struct {
        const char *name;
        const char *about;
    } rows[] = {
        {"headarray-short-smollm2-135m", "llama.attention.head_count_kv"},
        {"blockcount-u64-smollm2-135m", "llama.block_count"},
        {"blockcount-missing-smollm2-135m", "llama.block_count"},
        {"blockcount-zero-smollm2-135m", "llama.block_count"},
        {"blockcount-less-smollm2-135m", "blk.29.attn_norm.weight"},
        {"headkv-missing-smollm2-135m", "blk.0.attn_k.weight"},
        {"split-llama-3.1-8b.Q4_K_M-00001-of-00003", ""},
        {"split-llama-3.1-8b.Q4_K_M-00002-of-00003", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        heads_model refused = {.part_count = 0};
        heads_model_read(&refused, rows[i].name, 1);
        rein_model_memory_request request = rein_model_memory_request_make(
            refused.parts, 1, rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER));
        rein_model_memory memory = rein_model_memory_make();
        rein_result_void told = rein_model_memory_compute(&request, &memory);
        cr_assert(!told.is_ok, "%s is refused", rows[i].name);
        expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
        cr_assert(is_same_text(REIN_ERROR(told).foreign_text, rows[i].about), "%s: '%s' is named",
                  rows[i].name, REIN_ERROR(told).foreign_text);
        heads_model_free(&refused);
    }
}

Test(oracle, weights_alone_are_known_of_other_files) {
    static const struct {
        const char *name;
        rein_model_kind kind;
        bool has_no_state;
        uint64_t bytes;
    } rows[] = {
        {"mmproj-gemma-3-4b.F16", REIN_MODEL_KIND_PROJECTOR, true, 851226048},
        {"lora-llama-3.1-8b-r16.F16", REIN_MODEL_KIND_ADAPTER, true, 27262976},
        {"unknownarch-smollm2-135m", REIN_MODEL_KIND_MODEL, false, 103668480},
        {"noarch-smollm2-135m", REIN_MODEL_KIND_MODEL, false, 103668480},
        {"alltypes", REIN_MODEL_KIND_MODEL, false, 68400},
        {"zerotensor", REIN_MODEL_KIND_MODEL, false, 256},
        {"nothing", REIN_MODEL_KIND_MODEL, false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        heads_model_read(&model, rows[i].name, 1);
        rein_model_memory memory = tell(rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER));
        expect_known(rows[i].name, "file_bytes", memory.weights.file_bytes, rows[i].bytes);
        cr_assert(memory.kind == rows[i].kind, "%s", rows[i].name);
        cr_assert(memory.state.total_bytes.is_known == rows[i].has_no_state, "%s", rows[i].name);
        heads_model_free(&model);
        model.part_count = 0;
    }
}
