/* Models and options that the engine refuses. */
#include "memory_case.h"

#define SIZES "block_count=2; context_length=4096; embedding_length=512"
#define HEADS "attention.head_count=8; attention.head_count_kv=2"
#define SSM   "ssm.conv_kernel=4; ssm.inner_size=64; ssm.state_size=16"

/* A model with two blocks, and the key or tensor that makes the engine refuse it. */
typedef struct refusal_row {
    const char *architecture;
    const char *keys;
    const char *about;
    const char *tensors;
} refusal_row;

static void expect_refused_rows(const refusal_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        model_text model = {.architecture = rows[i].architecture,
                            .keys = rows[i].keys,
                            .blocks = 2,
                            .tensors = rows[i].tensors};
        expect_refused_model(&model, plain_options(), rows[i].about);
    }
}

#define EXPECT_REFUSED_ROWS(rows) expect_refused_rows((rows), sizeof(rows) / sizeof(rows)[0])

Test(keys, must_be_stated_if_the_engine_needs_them) {
    static const refusal_row rows[] = {
        {"llama", "context_length=1; embedding_length=1", "llama.block_count", NULL},
        {"llama", "block_count=2; embedding_length=1", "llama.context_length", NULL},
        {"llama", "block_count=2; context_length=1", "llama.embedding_length", NULL},
        {"gpt-oss", SIZES, "gpt-oss.attention.sliding_window", NULL},
        {"gemma4", SIZES "; attention.sliding_window=1", "gemma4.attention.sliding_window_pattern",
         NULL},
        {"deepseek32", SIZES, "deepseek32.attention.indexer.key_length", NULL},
        {"mamba", SIZES, "mamba.ssm.conv_kernel", NULL},
        {"mamba", SIZES "; ssm.conv_kernel=4", "mamba.ssm.inner_size", NULL},
        {"mamba", SIZES "; ssm.conv_kernel=4; ssm.inner_size=64", "mamba.ssm.state_size", NULL},
        {"rwkv6", SIZES, "rwkv6.wkv.head_size", NULL},
        {"lfm2", SIZES, "lfm2.shortconv.l_cache", NULL},
        {"kimi-linear", SIZES, "kimi-linear.ssm.conv_kernel", NULL},
        {"kimi-linear", SIZES "; ssm.conv_kernel=4", "kimi-linear.kda.head_dim", NULL},
    };
    EXPECT_REFUSED_ROWS(rows);
}

Test(keys, must_have_the_type_that_the_engine_reads) {
    static const refusal_row rows[] = {
        {"llama", "block_count=L2", "llama.block_count", NULL},
        {"llama", "block_count=i2", "llama.block_count", NULL},
        {"llama", "block_count=u[2]", "llama.block_count", NULL},
        {"llama", SIZES "; nextn_predict_layers=i1", "llama.nextn_predict_layers", NULL},
        {"llama", SIZES "; attention.head_count=i8", "llama.attention.head_count", NULL},
        {"llama", SIZES "; attention.head_count_kv=l[2 2]", "llama.attention.head_count_kv", NULL},
        {"llama", SIZES "; attention.head_count_kv=L2", "llama.attention.head_count_kv", NULL},
        {"llama", SIZES "; attention.head_count_kv=b[1 1]", "llama.attention.head_count_kv", NULL},
        {"llama", SIZES "; attention.key_length=h64", "llama.attention.key_length", NULL},
        {"gemma3", SIZES "; attention.sliding_window=i1", "gemma3.attention.sliding_window", NULL},
        {"gemma3", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=b1",
         "gemma3.attention.sliding_window_pattern", NULL},
        {"gemma3", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=L[1 0]",
         "gemma3.attention.sliding_window_pattern", NULL},
        {"gemma4", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=2",
         "gemma4.attention.sliding_window_pattern", NULL},
        {"qwen35", SIZES "; attention.recurrent_layers=b1", "qwen35.attention.recurrent_layers",
         NULL},
        {"llama", "general.type=2; " SIZES, "general.type", NULL},
    };
    EXPECT_REFUSED_ROWS(rows);
}

Test(keys, must_have_a_value_that_the_engine_accepts) {
    static const refusal_row rows[] = {
        {"llama", "block_count=0", "llama.block_count", NULL},
        {"llama", "block_count=513", "llama.block_count", NULL},
        {"glm4moe", SIZES "; nextn_predict_layers=2", "glm4moe.nextn_predict_layers", NULL},
        {"llama", SIZES "; attention.head_count_kv=[2 -2]", "llama.attention.head_count_kv", NULL},
        {"gemma3", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=[1 -1]",
         "gemma3.attention.sliding_window_pattern", NULL},
    };
    EXPECT_REFUSED_ROWS(rows);
}

Test(keys, must_have_an_element_for_each_block) {
    static const refusal_row rows[] = {
        {"llama", SIZES "; attention.head_count=[8]", "llama.attention.head_count", NULL},
        {"llama", SIZES "; attention.head_count_kv=[2 2 2]", "llama.attention.head_count_kv", NULL},
        {"llama", SIZES "; attention.head_count_kv=[]", "llama.attention.head_count_kv", NULL},
        {"nemotron_h", SIZES "; feed_forward_length=[1]", "nemotron_h.feed_forward_length", NULL},
        {"gemma3", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=b[1]",
         "gemma3.attention.sliding_window_pattern", NULL},
        {"gemma3", SIZES "; attention.sliding_window=1; attention.sliding_window_pattern=b[1 1 1]",
         "gemma3.attention.sliding_window_pattern", NULL},
        {"mimo2",
         SIZES "; nextn_predict_layers=1; attention.sliding_window=1;"
               " attention.sliding_window_pattern=b[]",
         "mimo2.attention.sliding_window_pattern", NULL},
        {"qwen35", SIZES "; attention.recurrent_layers=b[1]", "qwen35.attention.recurrent_layers",
         NULL},
    };
    EXPECT_REFUSED_ROWS(rows);
}

/* The first number is the offset of the value in the file. */
Test(keys, are_refused_with_their_offset) {
    const model_text model = {.architecture = "llama", .keys = "block_count=0", .blocks = 0};
    rein_error error = expect_refused_model(&model, plain_options(), "llama.block_count");
    uint64_t architecture_bytes = 8 + strlen("general.architecture") + 4 + 8 + strlen("llama");
    expect_numbers(&error, 24 + architecture_bytes + 8 + strlen("llama.block_count") + 4, 0, 512);
}

Test(tensors, must_be_of_the_blocks_that_are_stated) {
    static const refusal_row rows[] = {
        {"llama", SIZES, "blk.2.attn_norm.weight", "blk.2.attn_norm.weight 32 1 0"},
        {"llama", SIZES, "blk.4294967295.ffn", "blk.4294967295.ffn 32 1 0"},
        {"llama", SIZES, "blk.4294967296.ffn", "blk.4294967296.ffn 32 1 0"},
        {"llama", SIZES, "blk.18446744073709551616.ffn", "blk.18446744073709551616.ffn 32 1 0"},
        {"t5", SIZES, "enc.blk.2.ffn", "enc.blk.2.ffn 32 1 0"},
        {"bert", SIZES, "blk.2.ffn", "blk.2.ffn 32 1 0"},
        {"llama", "block_count=3; context_length=1; embedding_length=1", "llama", NULL},
        {"mamba", "block_count=3; context_length=1; embedding_length=1; " SSM, "mamba", NULL},
        {"jamba",
         "block_count=3; context_length=1; embedding_length=1; " SSM
         "; attention.head_count=1; attention.head_count_kv=[1 1 0]",
         "jamba", NULL},
        {"glm4moe",
         "block_count=4; context_length=1; embedding_length=1; nextn_predict_layers=1;"
         " attention.head_count=1",
         "glm4moe", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char keys[256];
        snprintf(keys, sizeof keys, "%s%s", rows[i].keys,
                 strstr(rows[i].keys, "attention.head_count") == NULL ? "; " HEADS : "");
        model_text model = {.architecture = rows[i].architecture,
                            .keys = keys,
                            .blocks = 2,
                            .tensors = rows[i].tensors};
        expect_refused_model(&model, plain_options(), rows[i].about);
    }
}

Test(tensors, must_not_be_of_a_single_expert) {
    static const refusal_row rows[] = {
        {"llama", SIZES "; " HEADS, "blk.0.ffn_gate.7.weight", "blk.0.ffn_gate.7.weight 32 1 0"},
        {"llama", SIZES "; " HEADS, "blk.1.ffn_up.0.weight", "blk.1.ffn_up.0.weight 32 1 0"},
        {"llama", SIZES "; " HEADS, "blk.1.ffn_down.11.weight", "blk.1.ffn_down.11.weight 32 1 0"},
    };
    EXPECT_REFUSED_ROWS(rows);
}

Test(tensors, may_lack_for_blocks_that_keep_nothing) {
    static const model_text models[] = {
        {.architecture = "bert", .keys = SIZES "; " HEADS, .blocks = 1},
        {.architecture = "deci",
         .keys = SIZES "; attention.head_count=8; attention.head_count_kv=[1 0]",
         .blocks = 1},
        {.architecture = "glm4moe",
         .keys = SIZES "; " HEADS "; nextn_predict_layers=1",
         .blocks = 1},
        {.architecture = "t5",
         .keys = SIZES "; " HEADS,
         .tensors = "enc.blk.1.ffn 32 1 0; dec.blk.7.ffn 32 1 0"},
    };
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        (void)tell_model(&models[i], plain_options());
    }
}

Test(tensors, must_have_the_width_of_their_heads) {
    static const refusal_row rows[] = {
        {"llama", SIZES "; " HEADS, "blk.1.attn_k.weight", "blk.1.attn_k.weight 512 129 0"},
        {"llama", SIZES "; " HEADS, "blk.0.attn_v.weight", "blk.0.attn_v.weight 512 127 0"},
        {"llama", SIZES "; attention.head_count=8", "blk.0.attn_k.weight",
         "blk.0.attn_k.weight 512 128 0"},
        {"gemma4",
         SIZES "; " HEADS "; attention.sliding_window=1; attention.sliding_window_pattern=b[1 0];"
               " attention.key_length_swa=32",
         "blk.0.attn_k.weight", "blk.1.attn_k.weight 512 128 0; blk.0.attn_k.weight 512 128 0"},
    };
    EXPECT_REFUSED_ROWS(rows);
}

Test(tensors, of_other_kinds_may_have_any_width) {
    static const model_text models[] = {
        {.architecture = "llama",
         .keys = SIZES "; " HEADS,
         .blocks = 2,
         .tensors = "blk.0.attn_k.weight 512 128 0; blk.0.attn_v.weight 512 128 0;"
                    " blk.0.attn_q.weight 512 512 0; blk.0.attn_k.bias 7 1 0; blk.x 7 1 0;"
                    " blk.0 7 1 0; blk..attn_k.weight 7 1 0"},
        {.architecture = "t5",
         .keys = SIZES "; " HEADS,
         .blocks = 2,
         .tensors = "enc.blk.0.attn_k.weight 512 512 0"},
        {.architecture = "bert",
         .keys = SIZES "; " HEADS,
         .blocks = 2,
         .tensors = "blk.0.attn_k.weight 512 512 0"},
        {.architecture = "deepseek2",
         .blocks = 2,
         .keys = SIZES "; " HEADS "; attention.key_length_mla=1; attention.value_length_mla=1",
         .tensors = "blk.0.attn_k.weight 512 512 0"},
    };
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        (void)tell_model(&models[i], plain_options());
    }
}

static rein_engine_options with_types(rein_cache_type k, rein_cache_type v, rein_switch flash) {
    rein_engine_options options = plain_options();
    options.k_type = k;
    options.v_type = v;
    options.flash_attention = flash;
    return options;
}

/* StableLM 3B has heads of 80 elements. */
Test(options, must_have_blocks_that_divide_a_head) {
    const model_text model = {
        .architecture = "stablelm",
        .keys = "block_count=2; context_length=4096; embedding_length=640; attention.head_count=8",
        .blocks = 2};
    rein_error error = expect_refused_model(
        &model, with_types(REIN_CACHE_Q8_0, REIN_CACHE_F16, REIN_SWITCH_ON), "q8_0");
    expect_numbers(&error, 32, 80, 0);
    expect_refused_model(&model, with_types(REIN_CACHE_F16, REIN_CACHE_Q4_1, REIN_SWITCH_AUTO),
                         "q4_1");
    rein_model_memory memory =
        tell_model(&model, with_types(REIN_CACHE_Q8_0, REIN_CACHE_F16, REIN_SWITCH_OFF));
    cr_assert(memory.state.kv_bytes.value ==
              UINT64_C(2) * 1024 * 640 * 2 + 2 * 1024 * 640 / 32 * 34);
}

Test(options, must_have_blocks_that_divide_a_row) {
    const model_text model = {.architecture = "llama",
                              .keys = "block_count=2; context_length=4096; embedding_length=640;"
                                      " attention.head_count=8; attention.head_count_kv=1",
                              .blocks = 2};
    rein_engine_options options = with_types(REIN_CACHE_Q8_0, REIN_CACHE_F16, REIN_SWITCH_OFF);
    rein_error error = expect_refused_model(&model, options, "q8_0");
    expect_numbers(&error, 32, 80, 0);
}

Test(options, must_have_blocks_that_divide_a_head_of_a_window) {
    static const char *const keys[] = {"attention.key_length_swa=48",
                                       "attention.value_length_swa=48"};
    for (size_t i = 0; i < 2; i++) {
        char text[256];
        snprintf(text, sizeof text, SIZES "; " HEADS "; attention.sliding_window=1; %s", keys[i]);
        model_text model = {.architecture = "gemma3", .keys = text, .blocks = 2};
        rein_engine_options options = with_types(REIN_CACHE_Q8_0, REIN_CACHE_Q8_0, REIN_SWITCH_ON);
        rein_error error = expect_refused_model(&model, options, "q8_0");
        expect_numbers(&error, 32, 48, 0);
    }
}

Test(options, must_have_blocks_that_divide_an_index) {
    const model_text model = {.architecture = "deepseek32",
                              .keys = SIZES "; " HEADS "; attention.indexer.key_length=48",
                              .blocks = 2};
    rein_engine_options options = with_types(REIN_CACHE_Q8_0, REIN_CACHE_Q8_0, REIN_SWITCH_ON);
    rein_error error = expect_refused_model(&model, options, "q8_0");
    expect_numbers(&error, 32, 48, 0);
}

Test(options, must_have_one_type_for_latent_attention) {
    const model_text model = {.architecture = "deepseek2",
                              .keys = SIZES
                              "; attention.head_count=8; attention.head_count_kv=1;"
                              " attention.key_length=576; attention.value_length=512;"
                              " attention.key_length_mla=192; attention.value_length_mla=128",
                              .blocks = 2};
    expect_refused_model(&model, with_types(REIN_CACHE_Q8_0, REIN_CACHE_F16, REIN_SWITCH_ON),
                         "q8_0");
    expect_refused_model(&model, with_types(REIN_CACHE_F16, REIN_CACHE_F32, REIN_SWITCH_OFF),
                         "f16");
    rein_model_memory memory =
        tell_model(&model, with_types(REIN_CACHE_Q8_0, REIN_CACHE_Q8_0, REIN_SWITCH_ON));
    cr_assert(memory.state.kv_bytes.value == UINT64_C(2) * 1024 * 576 / 32 * 34);
}

Test(options, must_not_ask_for_a_trained_length_that_is_not_stated) {
    const model_text model = {.architecture = "llama",
                              .keys =
                                  "block_count=2; context_length=0; embedding_length=512; " HEADS,
                              .blocks = 2};
    rein_engine_options options = plain_options();
    (void)tell_model(&model, options);
    options.context = rein_fact_u64_known(0);
    expect_refused_model(&model, options, "");
    options.context = rein_fact_u64_unknown();
    options.engine = REIN_ENGINE_LLAMA_SERVER;
    (void)tell_model(&model, options);
}

/* The options are checked before the model, so that they are refused for each file. */
Test(options, are_checked_for_files_without_a_state) {
    const model_text model = {.architecture = "clip", .keys = "", .blocks = 1};
    expect_refused_model(&model, with_types(REIN_CACHE_F16, REIN_CACHE_Q8_0, REIN_SWITCH_OFF),
                         "q8_0");
}

#define MOST "4294967295"

Test(sizes, must_fit) {
    static const refusal_row rows[] = {
        {"llama",
         SIZES "; attention.head_count=1; attention.head_count_kv=" MOST
               "; attention.key_length=" MOST "; attention.value_length=0",
         "", NULL},
        {"llama",
         SIZES "; attention.head_count=1; attention.head_count_kv=" MOST
               "; attention.key_length=0; attention.value_length=" MOST,
         "", NULL},
        {"mamba", SIZES "; ssm.conv_kernel=" MOST "; ssm.inner_size=" MOST "; ssm.state_size=0", "",
         NULL},
        {"mamba",
         SIZES "; ssm.conv_kernel=2; ssm.inner_size=" MOST "; ssm.state_size=" MOST
               "; ssm.group_count=" MOST,
         "", NULL},
        {"mamba",
         SIZES "; ssm.conv_kernel=" MOST "; ssm.inner_size=0; ssm.state_size=" MOST
               "; ssm.group_count=2",
         "", NULL},
        {"mamba", SIZES "; ssm.conv_kernel=0; ssm.inner_size=" MOST "; ssm.state_size=" MOST, "",
         NULL},
        {"rwkv6", SIZES "; wkv.head_size=0; token_shift_count=" MOST, NULL, NULL},
        {"kimi-linear",
         SIZES "; ssm.conv_kernel=4; kda.head_dim=" MOST "; attention.head_count=" MOST
               "; attention.head_count_kv=0",
         "", NULL},
        {"kimi-linear",
         SIZES "; ssm.conv_kernel=" MOST "; kda.head_dim=65536"
               "; attention.head_count=65536; attention.head_count_kv=0",
         "", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        model_text model = {
            .architecture = rows[i].architecture, .keys = rows[i].keys, .blocks = 2};
        if (rows[i].about == NULL) {
            (void)tell_model(&model, plain_options());
        } else {
            expect_refused_model(&model, plain_options(), rows[i].about);
        }
    }
}

/* Only the larger of the two states that flash attention decides between does not fit. */
Test(sizes, must_fit_whatever_the_device_decides) {
    const model_text model = {.architecture = "deci",
                              .keys = SIZES "; attention.head_count=1; attention.key_length=0;"
                                            " attention.value_length=1258291;"
                                            " attention.head_count_kv=u[1 " MOST "]",
                              .blocks = 2};
    rein_engine_options options = plain_options();
    (void)tell_model(&model, options);
    options.flash_attention = REIN_SWITCH_AUTO;
    expect_refused_model(&model, options, "");
    options.flash_attention = REIN_SWITCH_OFF;
    expect_refused_model(&model, options, "");
}
