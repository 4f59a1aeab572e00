/* The place of weights. Types: 0 is f32, 8 is q8_0, with 34 bytes for 32 elements. */
#include "memory_case.h"

#define KEYS                                                                             \
    "block_count=2; context_length=4096; embedding_length=512; attention.head_count=8; " \
    "attention.head_count_kv=2"
#define WINDOW "; attention.sliding_window=1; attention.sliding_window_pattern=b[1 0]"

/* Each of the two blocks has a tensor of 128 bytes. */
enum { BLOCK = 128 };

/* A model, the layers on the device, and the bytes on device and host beside those of the blocks'
 * own tensors. */
typedef struct place_row {
    const char *architecture;
    const char *keys;
    const char *tensors;
    uint64_t layers;
    uint64_t device;
    uint64_t host;
} place_row;

static rein_model_memory tell_row(const place_row *row) {
    model_text model = {
        .architecture = row->architecture, .keys = row->keys, .blocks = 2, .tensors = row->tensors};
    rein_engine_options options = plain_options();
    options.gpu_layers = rein_fact_u64_known(row->layers);
    return tell_model(&model, options);
}

static void expect_places(const place_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        rein_model_memory memory = tell_row(&rows[i]);
        uint64_t blocks = rows[i].layers > 2 ? 2 : rows[i].layers - (rows[i].layers > 0);
        uint64_t device = rows[i].device + blocks * BLOCK;
        uint64_t host = rows[i].host + (2 - blocks) * BLOCK;
        const rein_model_weights *weights = &memory.weights;
        cr_assert(weights->device_bytes.is_known && weights->device_bytes.value == device,
                  "%s, %s, %llu layers: %llu on the device, expected %llu", rows[i].architecture,
                  rows[i].tensors, (unsigned long long)rows[i].layers,
                  (unsigned long long)weights->device_bytes.value, (unsigned long long)device);
        cr_assert(weights->host_bytes.is_known && weights->host_bytes.value == host,
                  "%s, %s, %llu layers: %llu on the host, expected %llu", rows[i].architecture,
                  rows[i].tensors, (unsigned long long)rows[i].layers,
                  (unsigned long long)weights->host_bytes.value, (unsigned long long)host);
    }
}

#define EXPECT_PLACES(rows) expect_places((rows), sizeof(rows) / sizeof(rows)[0])

Test(weights, of_layers_and_output_move_to_the_device) {
    static const char tensors[] = "token_embd.weight 32 1 0; output.weight 32 2 0;"
                                  " output_norm.weight 32 1 0; blk.1.ffn_up.weight 32 4 0";
    static const place_row rows[] = {
        {"llama", KEYS, tensors, 0, 0, 128 + 256 + 128 + 512},
        {"llama", KEYS, tensors, 1, 256 + 128, 128 + 512},
        {"llama", KEYS, tensors, 2, 256 + 128 + 512, 128},
        {"llama", KEYS, tensors, 3, 256 + 128 + 512, 128},
        {"llama", KEYS, tensors, UINT64_MAX, 256 + 128 + 512, 128},
    };
    EXPECT_PLACES(rows);
}

Test(weights, of_the_input_stay_on_the_host) {
    static const char tensors[] = "token_embd.weight 32 1 0; position_embd.weight 32 1 0;"
                                  " token_types.weight 32 1 0; per_layer_token_embd.weight 32 1 0;"
                                  " output.weight 32 1 0";
    static const place_row rows[] = {{"llama", KEYS, tensors, 3, 128, 4 * 128}};
    EXPECT_PLACES(rows);
}

Test(weights, of_a_tied_embedding_are_there_twice) {
    static const char tensors[] = "token_embd.weight 32 2 0";
    static const place_row rows[] = {
        {"llama", KEYS, tensors, 3, 256, 256},
        {"llama", KEYS, tensors, 1, 256, 256},
        {"llama", KEYS, tensors, 0, 0, 256},
        {"gemma4", KEYS WINDOW, tensors, 3, 256, 256},
        {"gemma4", KEYS WINDOW, tensors, 0, 0, 2 * 256},
        {"gemma3n", KEYS WINDOW, tensors, 0, 0, 2 * 256},
        {"gemma-embedding", KEYS, tensors, 3, 256, 256},
        /* These have no output matrix. */
        {"bert", KEYS, tensors, 3, 0, 256},
        {"jina-bert-v2", KEYS, tensors, 3, 0, 256},
    };
    EXPECT_PLACES(rows);
}

Test(weights, outside_the_blocks_belong_to_the_first_or_to_the_output) {
    static const char norm[] = "token_embd_norm.weight 32 1 0";
    static const char per_layer[] =
        "per_layer_model_proj.weight 32 1 0; per_layer_proj_norm.weight 32 1 0";
    static const char output[] = "cls.weight 32 1 0; cls.output.bias 32 1 0; dense_2.weight 32 1 0;"
                                 " enc.output_norm.weight 32 1 0; altup_proj.weight 32 1 0";
    static const place_row rows[] = {
        {"bert", KEYS, norm, 2, 0, 128},        {"bert", KEYS, norm, 3, 128, 0},
        {"lfm2", KEYS, norm, 1, 128, 0},        {"llama", KEYS, per_layer, 2, 0, 256},
        {"llama", KEYS, per_layer, 3, 256, 0},  {"llama", KEYS, output, 1, 5 * 128, 0},
        {"llama", KEYS, output, 0, 0, 5 * 128},
    };
    EXPECT_PLACES(rows);
}

Test(weights, of_positions_are_wherever_a_block_uses_them) {
    static const char rope[] = "rope_freqs.weight 32 1 0";
    static const char factors[] =
        "rope_factors_long.weight 32 1 0; rope_factors_short.weight 32 1 0";
    static const place_row rows[] = {
        {"llama", KEYS, rope, 0, 0, 128},
        {"llama", KEYS, rope, 1, 0, 128},
        {"llama", KEYS, rope, 2, 128, 128},
        {"llama", KEYS, rope, 3, 128, 0},
        {"phi3", KEYS, factors, 2, 256, 256},
        /* The block on the host slides, and does not use them. */
        {"gemma4", KEYS WINDOW, rope, 2, 128, 0},
    };
    EXPECT_PLACES(rows);
}

Test(weights, are_padded_as_their_place_demands) {
    static const place_row rows[] = {
        /* 32 of 512 elements: 480 more, in 15 blocks of 34 bytes. */
        {"llama", KEYS, "blk.0.ffn.weight 32 1 8; output.weight 1 1 0", 3, 640 + 128, 0},
        {"llama", KEYS, "blk.0.ffn.weight 32 1 8; output.weight 1 1 0", 0, 0, 64 + 32},
        {"llama", KEYS, "blk.0.ffn.weight 512 1 8", 3, 640, 0},
        {"llama", KEYS, "blk.0.ffn.weight 33 1 0", 3, 256, 0},
        {"llama", KEYS, "blk.0.ffn.weight 33 1 0", 0, 0, 160},
        {"llama", KEYS, "blk.0.ffn.weight 0 5 8", 3, 0, 0},
    };
    EXPECT_PLACES(rows);
}

Test(weights, of_skipped_blocks_are_in_the_file_alone) {
    static const place_row row = {"glm4moe",
                                  KEYS "; nextn_predict_layers=1",
                                  "blk.1.ffn.weight 32 1 0; output.weight 32 1 0",
                                  UINT64_MAX,
                                  0,
                                  0};
    rein_model_memory memory = tell_row(&row);
    cr_assert(memory.weights.file_bytes.value == 4 * 128);
    cr_assert(memory.weights.device_bytes.value == 2 * 128);
    cr_assert(memory.weights.host_bytes.value == 0);
}

Test(weights, of_unknown_tensors_have_a_place_if_there_is_one_alone) {
    static const char tensors[] = "mystery.weight 32 1 0; oddity 32 1 0";
    static const place_row known[] = {{"llama", KEYS, tensors, 0, 0, 256},
                                      {"llama", KEYS, tensors, 3, 256, 0}};
    EXPECT_PLACES(known);
    for (uint64_t layers = 1; layers <= 2; layers++) {
        place_row row = {"llama", KEYS, tensors, layers, 0, 0};
        rein_model_memory memory = tell_row(&row);
        cr_assert(!memory.weights.device_bytes.is_known && !memory.weights.host_bytes.is_known);
        cr_assert(memory.unknown_count == 2);
        cr_assert(memory.unknowns[0].fact == REIN_MEMORY_WEIGHTS_PLACE);
        cr_assert(is_same_text(memory.unknowns[0].about, "mystery.weight"));
        cr_assert(memory.state.total_bytes.is_known, "the state does not depend on them");
    }
}

/* The embedding has 2^63 bytes, so that two copies do not fit. */
Test(weights, must_fit) {
    static const char tensors[] = "token_embd.weight 2147483648 1073741824 0";
    rein_engine_options options = plain_options();
    options.gpu_layers = rein_fact_u64_known(0);
    model_text model = {.architecture = "llama", .keys = KEYS, .blocks = 2, .tensors = tensors};
    (void)tell_model(&model, options);
    model.architecture = "gemma4";
    model.keys = KEYS WINDOW;
    expect_refused_model(&model, options, "");
    options.gpu_layers = rein_fact_u64_known(1);
    expect_refused_model(&model, options, "");
}

Test(weights, of_all_parts_must_fit) {
    static const char tensors[] = "blk.0.ffn.weight 2147483648 1073741824 0";
    const model_text first = {.architecture = "llama",
                              .keys = KEYS "; split.no=h0; split.count=h2",
                              .blocks = 2,
                              .tensors = tensors};
    const model_text second = {.keys = "split.no=h1", .tensors = tensors};
    memory_case *cases[] = {memory_case_make(&first), memory_case_make(&second)};
    const rein_gguf parts[] = {cases[0]->part, cases[1]->part};
    rein_model_memory_request request = rein_model_memory_request_make(parts, 2, plain_options());
    rein_model_memory memory = rein_model_memory_make();
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(!memory.weights.file_bytes.is_known);
    memory_case_free(cases[0]);
    memory_case_free(cases[1]);
}
