/* Tests the facts of a model beside its sizes: kinds of files, parts, context, inputs, unknowns. */
#include "memory_case.h"

#define LLAMA_KEYS                                                                      \
    "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;" \
    " attention.head_count_kv=2"

static const model_text llama = {.architecture = "llama", .keys = LLAMA_KEYS, .blocks = 2};

static rein_engine_options server(void) {
    return rein_engine_options_make(REIN_ENGINE_LLAMA_SERVER);
}

/* Returns the unknown fact of this kind; NULL if there is none. */
static const rein_memory_unknown *find_unknown(const rein_model_memory *memory,
                                               rein_memory_fact fact) {
    for (size_t i = 0; i < memory->unknown_count; i++) {
        if (memory->unknowns[i].fact == fact) {
            return &memory->unknowns[i];
        }
    }
    return NULL;
}

static void expect_unknown(const rein_model_memory *memory, rein_memory_fact fact,
                           const char *about) {
    const rein_memory_unknown *unknown = find_unknown(memory, fact);
    cr_assert(unknown != NULL, "%s is unknown", rein_memory_fact_name(fact));
    cr_assert(is_same_text(unknown->about, about), "it is about '%s', expected '%s'",
              unknown->about, about);
    cr_assert(strlen(unknown->reason) > 20, "there is a reason");
}

static const rein_memory_input *find_input(const rein_model_memory *memory, const char *name) {
    for (size_t i = 0; i < memory->input_count; i++) {
        if (is_same_text(memory->inputs[i].name, name)) {
            return &memory->inputs[i];
        }
    }
    return NULL;
}

static void expect_input(const rein_model_memory *memory, const char *name,
                         rein_memory_origin origin, uint64_t value) {
    const rein_memory_input *input = find_input(memory, name);
    cr_assert(input != NULL, "%s is an input", name);
    cr_assert(input->origin == origin && input->value == value && input->text == NULL,
              "%s is %llu from %s", name, (unsigned long long)input->value,
              rein_memory_origin_name(input->origin));
}

static void expect_word(const rein_model_memory *memory, const char *name,
                        rein_memory_origin origin, const char *text) {
    const rein_memory_input *input = find_input(memory, name);
    cr_assert(input != NULL && input->text != NULL, "%s is an input", name);
    cr_assert(input->origin == origin && is_same_text(input->text, text), "%s is %s from %s", name,
              input->text, rein_memory_origin_name(input->origin));
}

Test(names, are_words) {
    static const char *const kinds[] = {"unknown", "model", "projector", "adapter", "unknown"};
    static const char *const facts[] = {"unknown", "weights-place", "state",
                                        "context", "activations",   "unknown"};
    static const char *const origins[] = {"unknown", "file",   "option",
                                          "default", "engine", "unknown"};
    for (int i = 0; i < 5; i++) {
        cr_assert(is_same_text(rein_model_kind_name((rein_model_kind)i), kinds[i]));
    }
    for (int i = 0; i < 6; i++) {
        cr_assert(is_same_text(rein_memory_fact_name((rein_memory_fact)i), facts[i]));
        cr_assert(is_same_text(rein_memory_origin_name((rein_memory_origin)i), origins[i]));
    }
}

Test(tell, states_the_activations_as_unknown_and_nothing_else) {
    rein_model_memory memory = tell_model(&llama, plain_options());
    cr_assert(memory.kind == REIN_MODEL_KIND_MODEL);
    cr_assert(is_same_text(memory.architecture, "llama"));
    cr_assert(memory.unknown_count == 1);
    expect_unknown(&memory, REIN_MEMORY_ACTIVATIONS, "");
}

Test(tell, lays_out_the_context) {
    static const struct {
        uint64_t context;
        uint64_t sequences;
        rein_switch unified;
        uint64_t cells;
        uint64_t streams;
    } rows[] = {
        {1024, 1, REIN_SWITCH_OFF, 1024, 1}, {1000, 1, REIN_SWITCH_ON, 1024, 1},
        {4097, 3, REIN_SWITCH_OFF, 1536, 3}, {200, 4, REIN_SWITCH_OFF, 256, 4},
        {4097, 3, REIN_SWITCH_ON, 4352, 1},  {0, 2, REIN_SWITCH_OFF, 2048, 2},
        {1, 256, REIN_SWITCH_OFF, 256, 256},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = plain_options();
        options.context = rein_fact_u64_known(rows[i].context);
        options.parallel = rein_fact_u64_known(rows[i].sequences);
        options.unified_kv = rows[i].unified;
        rein_model_context context = tell_model(&llama, options).context;
        cr_assert(context.cells.value == rows[i].cells && context.streams == rows[i].streams,
                  "%llu cells in %llu streams", (unsigned long long)context.cells.value,
                  (unsigned long long)context.streams);
        cr_assert(context.tokens.value == rows[i].cells * rows[i].streams);
        cr_assert(context.tokens_per_sequence.value == rows[i].cells);
        cr_assert(context.sequence_count == rows[i].sequences);
    }
}

/* The cells of windows follow the tokens that are computed at once. */
Test(tell, lays_out_the_cells_of_windows) {
    static const struct {
        uint64_t context;
        uint64_t batch;
        uint64_t ubatch;
        uint64_t sequences;
        rein_switch unified;
        uint64_t cells;
    } rows[] = {
        {8192, 2048, 512, 1, REIN_SWITCH_OFF, 768}, {8192, 2048, 0, 1, REIN_SWITCH_OFF, 2304},
        {8192, 100, 512, 1, REIN_SWITCH_OFF, 256},  {8192, 100, 0, 1, REIN_SWITCH_OFF, 256},
        {700, 2048, 0, 1, REIN_SWITCH_OFF, 768},    {8192, 2048, 512, 4, REIN_SWITCH_ON, 1024},
        {8192, 2048, 512, 4, REIN_SWITCH_OFF, 768}, {256, 2048, 512, 1, REIN_SWITCH_OFF, 256},
        {300, 2048, 450, 1, REIN_SWITCH_OFF, 512},  {600, 2048, 1024, 8, REIN_SWITCH_ON, 768},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model_text model = {.architecture = "gemma2",
                            .keys = LLAMA_KEYS "; attention.sliding_window=128",
                            .blocks = 2};
        rein_engine_options options = plain_options();
        options.context = rein_fact_u64_known(rows[i].context);
        options.batch = rein_fact_u64_known(rows[i].batch);
        options.ubatch = rein_fact_u64_known(rows[i].ubatch);
        options.parallel = rein_fact_u64_known(rows[i].sequences);
        options.unified_kv = rows[i].unified;
        rein_model_memory memory = tell_model(&model, options);
        uint64_t streams = rows[i].unified == REIN_SWITCH_ON ? 1 : rows[i].sequences;
        uint64_t bytes = UINT64_C(2) * 2 * 64 * 2 * rows[i].cells * streams;
        cr_assert(memory.state.sliding_window_bytes.value == bytes, "row %zu: %llu cells", i,
                  (unsigned long long)memory.state.sliding_window_bytes.value / 512 / streams);
    }
}

/* Bytes of 32 elements: the two blocks of the model have 128 of K and of V for each token. */
Test(tell, counts_the_bytes_of_each_type_of_cache) {
    static const uint64_t bytes[] = {
        [REIN_CACHE_F32] = 128, [REIN_CACHE_F16] = 64,  [REIN_CACHE_BF16] = 64,
        [REIN_CACHE_Q8_0] = 34, [REIN_CACHE_Q5_1] = 24, [REIN_CACHE_Q5_0] = 22,
        [REIN_CACHE_Q4_1] = 20, [REIN_CACHE_Q4_0] = 18, [REIN_CACHE_IQ4_NL] = 18};
    for (int k = REIN_CACHE_F32; k <= REIN_CACHE_IQ4_NL; k++) {
        for (int v = REIN_CACHE_F32; v <= REIN_CACHE_IQ4_NL; v++) {
            rein_engine_options options = plain_options();
            options.k_type = (rein_cache_type)k;
            options.v_type = (rein_cache_type)v;
            rein_model_memory memory = tell_model(&llama, options);
            uint64_t per_token = 2 * 128 / 32 * (bytes[k] + bytes[v]);
            cr_assert(memory.state.bytes_per_token.value == per_token, "%s and %s",
                      rein_cache_type_name((rein_cache_type)k),
                      rein_cache_type_name((rein_cache_type)v));
            cr_assert(memory.state.kv_bytes.value == 1024 * per_token);
        }
    }
}

/* The context depends on the device, but what a token takes does not. */
Test(tell, does_not_guess_the_context_of_llama_server) {
    rein_model_memory memory = tell_model(&llama, server());
    cr_assert(!memory.context.tokens.is_known && !memory.context.cells.is_known);
    cr_assert(!memory.context.tokens_per_sequence.is_known);
    cr_assert(memory.context.streams == 1 && memory.context.sequence_count == 4);
    cr_assert(!memory.state.kv_bytes.is_known && !memory.state.total_bytes.is_known);
    cr_assert(!memory.state.device_bytes.is_known);
    cr_assert(memory.state.host_bytes.is_known && memory.state.host_bytes.value == 0);
    cr_assert(memory.state.sliding_window_bytes.is_known && memory.state.index_bytes.is_known,
              "there are no such caches");
    cr_assert(memory.state.bytes_per_token.is_known);
    cr_assert(memory.state.bytes_per_token.value == 2 * 2 * 64 * 2 * 2);
    cr_assert(memory.weights.device_bytes.is_known);
    expect_unknown(&memory, REIN_MEMORY_CONTEXT, "context");
    cr_assert(find_unknown(&memory, REIN_MEMORY_STATE) == NULL);
    cr_assert(find_input(&memory, "context") == NULL);
}

Test(tell, knows_a_state_that_does_not_depend_on_the_context) {
    const model_text mamba = {
        .architecture = "mamba",
        .keys = "block_count=1; context_length=4096; embedding_length=512; ssm.conv_kernel=4;"
                " ssm.inner_size=1024; ssm.state_size=16",
        .blocks = 1};
    rein_model_memory memory = tell_model(&mamba, server());
    uint64_t bytes = UINT64_C(4) * 4 * (3 + 16) * 1024;
    cr_assert(memory.state.total_bytes.is_known && memory.state.total_bytes.value == bytes);
    cr_assert(memory.state.device_bytes.is_known && memory.state.device_bytes.value == bytes);
    cr_assert(memory.state.bytes_per_token.is_known && memory.state.bytes_per_token.value == 0);
}

Test(tell, notes_where_each_input_comes_from) {
    rein_engine_options options = server();
    options.context = rein_fact_u64_known(0);
    options.k_type = REIN_CACHE_Q8_0;
    options.gpu_layers = rein_fact_u64_known(7);
    rein_model_memory memory = tell_model(&llama, options);
    expect_input(&memory, "context", REIN_MEMORY_FROM_OPTION, 0);
    expect_input(&memory, "parallel", REIN_MEMORY_FROM_DEFAULT, 4);
    expect_input(&memory, "batch", REIN_MEMORY_FROM_DEFAULT, 2048);
    expect_input(&memory, "ubatch", REIN_MEMORY_FROM_DEFAULT, 512);
    expect_input(&memory, "gpu_layers", REIN_MEMORY_FROM_OPTION, 7);
    expect_word(&memory, "k_type", REIN_MEMORY_FROM_OPTION, "q8_0");
    expect_word(&memory, "v_type", REIN_MEMORY_FROM_DEFAULT, "f16");
    expect_word(&memory, "flash_attention", REIN_MEMORY_FROM_DEFAULT, "auto");
    expect_word(&memory, "unified_kv", REIN_MEMORY_FROM_DEFAULT, "on");
    expect_word(&memory, "swa_full", REIN_MEMORY_FROM_DEFAULT, "off");
    expect_input(&memory, "llama.block_count", REIN_MEMORY_FROM_FILE, 2);
    expect_input(&memory, "llama.context_length", REIN_MEMORY_FROM_FILE, 4096);
    expect_input(&memory, "llama.attention.head_count_kv", REIN_MEMORY_FROM_FILE, 2);
    expect_input(&memory, "llama.attention.key_length", REIN_MEMORY_FROM_DEFAULT, 64);
    cr_assert(memory.context.tokens.value == 4096, "the context is the trained one");
}

Test(tell, notes_arrays_and_what_is_fixed_in_the_engine) {
    const model_text gemma3n = {
        .architecture = "gemma3n",
        .keys = "block_count=3; context_length=4096; embedding_length=512; attention.head_count=8;"
                " attention.head_count_kv=[2 4 1]; attention.sliding_window=100",
        .blocks = 3};
    rein_model_memory memory = tell_model(&gemma3n, server());
    expect_input(&memory, "gemma3n.attention.head_count_kv", REIN_MEMORY_FROM_FILE, 4);
    cr_assert(find_input(&memory, "gemma3n.attention.head_count_kv")->count == 3);
    expect_input(&memory, "gemma3n.attention.sliding_window_pattern", REIN_MEMORY_FROM_DEFAULT, 5);
    expect_input(&memory, "blocks with a cache", REIN_MEMORY_FROM_ENGINE, 20);
    expect_word(&memory, "gpu_layers", REIN_MEMORY_FROM_DEFAULT, "all");
    const model_text llama4 = {
        .architecture = "llama4", .keys = LLAMA_KEYS "; attention.sliding_window=100", .blocks = 2};
    memory = tell_model(&llama4, server());
    expect_input(&memory, "window of the architecture", REIN_MEMORY_FROM_ENGINE, 8192);
}

/* The model with the most inputs: the arrays have room for them. */
Test(tell, has_room_for_all_inputs) {
    const model_text mimo = {
        .architecture = "mimo2",
        .keys = LLAMA_KEYS
        "; nextn_predict_layers=1; attention.key_length=64;"
        " attention.value_length=64; attention.key_length_mla=0; attention.value_length_mla=0;"
        " attention.sliding_window=100; attention.sliding_window_pattern=b[1 0];"
        " attention.key_length_swa=64; attention.value_length_swa=64",
        .blocks = 2};
    rein_model_memory memory = tell_model(&mimo, plain_options());
    cr_assert(memory.input_count == 10 + 14, "%zu inputs", memory.input_count);
    cr_assert(memory.input_count < REIN_MEMORY_INPUT_CAPACITY);
}

/* Both computations are made if flash attention is decided on the device. */
Test(tell, does_not_guess_flash_attention_if_it_matters) {
    const model_text deci = {
        .architecture = "deci",
        .keys = "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;"
                " attention.head_count_kv=[0 2]",
        .blocks = 2};
    rein_engine_options options = plain_options();
    options.flash_attention = REIN_SWITCH_AUTO;
    rein_model_memory memory = tell_model(&deci, options);
    cr_assert(!memory.state.kv_bytes.is_known && !memory.state.total_bytes.is_known);
    cr_assert(!memory.state.bytes_per_token.is_known && !memory.state.device_bytes.is_known);
    cr_assert(memory.context.tokens.is_known && memory.state.recurrent_bytes.is_known);
    expect_unknown(&memory, REIN_MEMORY_STATE, "flash_attention");
    options.flash_attention = REIN_SWITCH_ON;
    cr_assert(tell_model(&deci, options).state.kv_bytes.value == 2 * 2 * 64 * 2 * 1024);
    options.flash_attention = REIN_SWITCH_OFF;
    cr_assert(tell_model(&deci, options).state.kv_bytes.value == 2 * 3 * 64 * 2 * 1024);
    options.flash_attention = REIN_SWITCH_AUTO;
    options.v_type = REIN_CACHE_Q8_0;
    memory = tell_model(&deci, options);
    cr_assert(memory.state.kv_bytes.is_known, "a quantised V needs flash attention");
    options.context = rein_fact_u64_unknown();
    options.engine = REIN_ENGINE_LLAMA_SERVER;
    options.v_type = REIN_CACHE_F16;
    memory = tell_model(&deci, options);
    expect_unknown(&memory, REIN_MEMORY_STATE, "flash_attention");
    expect_unknown(&memory, REIN_MEMORY_CONTEXT, "context");
}

static void expect_weights_alone(const rein_model_memory *memory, uint64_t bytes) {
    cr_assert(memory->weights.file_bytes.is_known && memory->weights.file_bytes.value == bytes);
    cr_assert(!memory->weights.device_bytes.is_known && !memory->weights.host_bytes.is_known);
}

Test(tell, knows_the_weights_of_architectures_that_it_does_not_know) {
    static const struct {
        const char *architecture;
        const char *about;
    } rows[] = {{"frobnicate", "frobnicate"},
                {"", ""},
                {NULL, ""},
                {"deepseek4", "deepseek4"},
                {"aaa", "aaa"},
                {"zzz", "zzz"},
                {"llam", "llam"},
                {"llama_", "llama_"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model_text model = {
            .architecture = rows[i].architecture, .keys = "general.name=\"a model\"", .blocks = 3};
        rein_model_memory memory = tell_model(&model, server());
        expect_weights_alone(&memory, UINT64_C(3) * 32 * 4);
        cr_assert(memory.kind == REIN_MODEL_KIND_MODEL);
        cr_assert(!memory.state.total_bytes.is_known && !memory.state.recurrent_bytes.is_known);
        cr_assert(!memory.state.bytes_per_token.is_known && memory.input_count == 0);
        expect_unknown(&memory, REIN_MEMORY_WEIGHTS_PLACE, rows[i].about);
        expect_unknown(&memory, REIN_MEMORY_STATE, rows[i].about);
        expect_unknown(&memory, REIN_MEMORY_ACTIVATIONS, "");
    }
}

Test(tell, cuts_a_long_architecture) {
    char name[101];
    memset(name, 'a', 100);
    name[100] = '\0';
    model_text model = {.architecture = name, .keys = "", .blocks = 1};
    rein_model_memory memory = tell_model(&model, server());
    cr_assert(strlen(memory.architecture) == REIN_MEMORY_NAME_CAPACITY - 1);
}

Test(tell, knows_that_projectors_and_adapters_have_no_state) {
    static const struct {
        const char *architecture;
        const char *keys;
        rein_model_kind kind;
    } rows[] = {
        {"clip", "general.name=\"a tower\"", REIN_MODEL_KIND_PROJECTOR},
        {"llama", "general.type=\"adapter\"", REIN_MODEL_KIND_ADAPTER},
        {"clip", "general.type=\"adapter\"", REIN_MODEL_KIND_ADAPTER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model_text model = {
            .architecture = rows[i].architecture, .keys = rows[i].keys, .blocks = 2};
        rein_model_memory memory = tell_model(&model, server());
        expect_weights_alone(&memory, UINT64_C(2) * 32 * 4);
        cr_assert(memory.kind == rows[i].kind);
        const rein_fact_u64 *facts = &memory.state.kv_bytes;
        for (size_t f = 0; f < sizeof memory.state / sizeof *facts; f++) {
            cr_assert(facts[f].is_known && facts[f].value == 0);
        }
        expect_unknown(&memory, REIN_MEMORY_WEIGHTS_PLACE, rein_model_kind_name(rows[i].kind));
        cr_assert(find_unknown(&memory, REIN_MEMORY_STATE) == NULL);
    }
    model_text model = {
        .architecture = "frobnicate", .keys = "general.type=\"adapters\"", .blocks = 1};
    cr_assert(tell_model(&model, server()).kind == REIN_MODEL_KIND_MODEL);
}

Test(tell, does_not_guess_what_is_skipped) {
    const model_text model = {
        .architecture = "llama", .keys = LLAMA_KEYS "; nextn_predict_layers=1", .blocks = 2};
    rein_model_memory memory = tell_model(&model, plain_options());
    expect_weights_alone(&memory, UINT64_C(2) * 32 * 4);
    expect_unknown(&memory, REIN_MEMORY_WEIGHTS_PLACE, "llama");
    expect_unknown(&memory, REIN_MEMORY_STATE, "llama");
}

Test(tell, does_not_guess_the_index_of_some_blocks) {
    const model_text model = {.architecture = "glm-dsa", .keys = LLAMA_KEYS, .blocks = 2};
    rein_model_memory memory = tell_model(&model, plain_options());
    cr_assert(memory.state.kv_bytes.is_known && !memory.state.index_bytes.is_known);
    cr_assert(!memory.state.total_bytes.is_known && !memory.state.device_bytes.is_known);
    cr_assert(!memory.state.bytes_per_token.is_known);
    expect_unknown(&memory, REIN_MEMORY_STATE, "glm-dsa");
}

Test(tell, refuses_a_request_that_is_not_whole) {
    memory_case *c = memory_case_make(&llama);
    rein_model_memory_request request =
        rein_model_memory_request_make(&c->part, 1, plain_options());
    rein_model_memory memory = rein_model_memory_make();
    rein_model_memory_request wrong[5] = {request, request, request, request, request};
    wrong[0].struct_size--;
    wrong[1].parts = NULL;
    wrong[2].part_count = 0;
    wrong[3].options.struct_size++;
    wrong[4].options.parallel = rein_fact_u64_known(0);
    for (size_t i = 0; i < 5; i++) {
        rein_result_void told = rein_model_memory_compute(&wrong[i], &memory);
        expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
    }
    memory.struct_size++;
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
    memory_case_free(c);
}

/* Each read of the file fails once. The error comes back, and the memory is as before. */
static void expect_failing_reads(const model_text *model) {
    memory_case *c = memory_case_make(model);
    rein_model_memory_request request =
        rein_model_memory_request_make(&c->part, 1, plain_options());
    rein_model_memory memory = rein_model_memory_make();
    uint64_t failing = 0;
    rein_result_void told;
    do {
        c->gguf.memory.read_count = 0;
        c->gguf.memory.failing_read = ++failing;
        told = rein_model_memory_compute(&request, &memory);
        bool is_told = told.is_ok;
        cr_assert(is_told || told.as.error.code == REIN_ERROR_INTERNAL_ERROR);
        cr_assert(is_told == (memory.input_count != 0), "the memory is as before");
    } while (!told.is_ok);
    cr_assert(failing > 5, "several reads were made to fail: %llu", (unsigned long long)failing);
    cr_assert(!c->gguf.memory.has_read_outside);
    memory_case_free(c);
}

Test(tell, passes_on_the_errors_of_the_file) {
    static const model_text models[] = {
        {.architecture = "gemma4",
         .keys = LLAMA_KEYS "; attention.sliding_window=100;"
                            " attention.sliding_window_pattern=b[1 0];"
                            " attention.shared_kv_layers=0; attention.key_length_swa=64;"
                            " attention.value_length_swa=64; split.no=h0; split.count=h1;"
                            " general.type=\"model\"; split.tensors.count=i2",
         .blocks = 2},
        {.architecture = "gemma2",
         .keys = LLAMA_KEYS "; attention.sliding_window_pattern=2; attention.key_length=64;"
                            " attention.value_length=64; attention.key_length_mla=0;"
                            " attention.value_length_mla=0",
         .blocks = 2},
        {.architecture = "deepseek32",
         .keys = LLAMA_KEYS "; attention.indexer.key_length=64; nextn_predict_layers=0",
         .blocks = 2},
        {.architecture = "qwen35",
         .keys = LLAMA_KEYS "; attention.recurrent_layers=b[1 0]; ssm.conv_kernel=4;"
                            " ssm.inner_size=64; ssm.state_size=16; ssm.group_count=1",
         .blocks = 2},
        {.architecture = "qwen35",
         .keys = LLAMA_KEYS "; full_attention_interval=2; ssm.conv_kernel=4;"
                            " ssm.inner_size=64; ssm.state_size=16; ssm.group_count=1",
         .blocks = 2},
        {.architecture = "rwkv7",
         .keys = LLAMA_KEYS "; wkv.head_size=64; token_shift_count=1",
         .blocks = 2},
        {.architecture = "lfm2",
         .keys = "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;"
                 " attention.head_count_kv=[0 1]; shortconv.l_cache=3",
         .blocks = 2},
        {.architecture = "kimi-linear",
         .keys = "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;"
                 " attention.head_count_kv=[0 1]; ssm.conv_kernel=4; kda.head_dim=32",
         .blocks = 2},
        {.architecture = "nemotron_h",
         .keys = "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8;"
                 " attention.head_count_kv=[0 1]; feed_forward_length=[1 0]",
         .blocks = 2},
    };
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        expect_failing_reads(&models[i]);
    }
}
