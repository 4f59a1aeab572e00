/* The state of the kinds of architectures, for small models whose sizes can be checked by hand: one
 * sequence of 1024 tokens, f16, heads of 64 elements unless stated. */
#include "memory_case.h"

/* A model of each kind and its state in bytes. */
typedef struct kind_row {
    const char *architecture;
    const char *keys;
    uint32_t blocks;
    uint64_t kv;
    uint64_t sliding;
    uint64_t recurrent;
    uint64_t index;
} kind_row;

/* Bytes of K and V of a block with `heads` KV heads of 64 elements, for `cells` cells. */
#define KV(heads, cells) (UINT64_C(2) * 2 * 64 * (heads) * (cells))

#define SIZES      "context_length=4096; embedding_length=512"
#define HEADS      "attention.head_count=8; attention.head_count_kv=2"
#define SSM        "ssm.conv_kernel=4; ssm.inner_size=1024; ssm.state_size=16; ssm.group_count=2"
#define SSM_BYTES  (4 * (3 * (1024 + 2 * 2 * 16) + 16 * 1024))
#define WINDOW(n)  "attention.sliding_window=" #n
#define PERIOD(n)  "attention.sliding_window_pattern=" #n
#define FLAGS(...) "attention.sliding_window_pattern=b[" #__VA_ARGS__ "]"

/* A window of 100 tokens and a batch of 256 take 512 cells. */
enum { WINDOW_CELLS = 512 };

static const kind_row rows[] = {
    /* Each block has K and V; a window in the file alone proves nothing. */
    {"llama", SIZES "; " HEADS "; " WINDOW(100), 4, 4 * KV(2, 1024), 0, 0, 0},
    {"phi3", SIZES "; " HEADS "; " WINDOW(100) "; " PERIOD(2), 4, 4 * KV(2, 1024), 0, 0, 0},
    {"llama", SIZES "; attention.head_count=8", 1, KV(8, 1024), 0, 0, 0},
    {"llama", SIZES "; attention.head_count=0", 1, 0, 0, 0, 0},
    {"llama", SIZES, 1, 0, 0, 0, 0},
    {"deci", SIZES "; attention.head_count=8; attention.head_count_kv=[2 0 1]", 3, KV(3, 1024), 0,
     0, 0},
    {"llama", SIZES "; " HEADS "; attention.key_length=128; attention.value_length=32", 1,
     (128 + 32) * 2 * 2 * 1024, 0, 0, 0},
    /* The last blocks are skipped. */
    {"glm4moe", SIZES "; " HEADS "; nextn_predict_layers=1", 3, 2 * KV(2, 1024), 0, 0, 0},
    /* The last blocks share the caches of others. */
    {"gemma3n", SIZES "; " HEADS "; " WINDOW(100) "; " PERIOD(1), 22, 20 * KV(2, 1024), 0, 0, 0},
    {"gemma4",
     SIZES "; " HEADS "; " WINDOW(100) "; " FLAGS(
         1 0 1) "; attention.shared_kv_layers=1"
                "; attention.key_length_swa=32; attention.value_length_swa=16",
     3, KV(2, 1024), (32 + 16) * 2 * 2 * WINDOW_CELLS, 0, 0},
    {"gemma4", SIZES "; " HEADS "; " WINDOW(100) "; " FLAGS(1 0) "; attention.shared_kv_layers=2",
     2, 0, 0, 0, 0},
    /* Windows. */
    {"gemma2", SIZES "; " HEADS, 4, 2 * KV(2, 1024), 2 * KV(2, 1024), 0, 0},
    {"gemma2", SIZES "; " HEADS "; " WINDOW(100), 4, 2 * KV(2, 1024), 2 * KV(2, WINDOW_CELLS), 0,
     0},
    {"gemma3", SIZES "; " HEADS, 6, 6 * KV(2, 1024), 0, 0, 0},
    {"gemma3", SIZES "; " HEADS "; " WINDOW(0), 6, 6 * KV(2, 1024), 0, 0, 0},
    {"gemma3", SIZES "; " HEADS "; " WINDOW(100), 6, KV(2, 1024), 5 * KV(2, WINDOW_CELLS), 0, 0},
    {"olmo2", SIZES "; " HEADS "; " WINDOW(100), 4, KV(2, 1024), 3 * KV(2, WINDOW_CELLS), 0, 0},
    {"olmo2", SIZES "; " HEADS "; " WINDOW(100) "; " PERIOD(0), 2, 0, 2 * KV(2, WINDOW_CELLS), 0,
     0},
    {"olmo2", SIZES "; " HEADS "; " WINDOW(100) "; " PERIOD(1), 2, 2 * KV(2, 1024), 0, 0, 0},
    {"gpt-oss", SIZES "; " HEADS "; " WINDOW(100), 4, 2 * KV(2, 1024), 2 * KV(2, WINDOW_CELLS), 0,
     0},
    {"gpt-oss", SIZES "; " HEADS "; " WINDOW(0), 2, KV(2, 1024), KV(2, 256), 0, 0},
    {"cohere2", SIZES "; " HEADS "; " WINDOW(100), 4, KV(2, 1024), 3 * KV(2, WINDOW_CELLS), 0, 0},
    {"exaone4", SIZES "; " HEADS "; " WINDOW(100), 4, 4 * KV(2, 1024), 0, 0, 0},
    {"exaone4", SIZES "; " HEADS "; " WINDOW(100), 64, 16 * KV(2, 1024), 48 * KV(2, WINDOW_CELLS),
     0, 0},
    {"llama4", SIZES "; " HEADS, 4, KV(2, 1024), 3 * KV(2, 1024), 0, 0},
    {"llama4", SIZES "; " HEADS "; " WINDOW(100), 4, KV(2, 1024), 3 * KV(2, 1024), 0, 0},
    {"llama4", SIZES "; " HEADS "; " WINDOW(0), 4, 4 * KV(2, 1024), 0, 0, 0},
    {"afmoe", SIZES "; " HEADS "; " WINDOW(100), 4, KV(2, 1024), 3 * KV(2, WINDOW_CELLS), 0, 0},
    {"plamo3", SIZES "; " HEADS "; " WINDOW(100), 8, KV(2, 1024), 7 * KV(2, WINDOW_CELLS), 0, 0},
    {"smallthinker", SIZES "; " HEADS, 4, 4 * KV(2, 1024), 0, 0, 0},
    {"smallthinker", SIZES "; " HEADS "; " WINDOW(100), 5, 2 * KV(2, 1024), 3 * KV(2, 1024), 0, 0},
    {"cohere2moe", SIZES "; " HEADS "; " WINDOW(100) "; nextn_predict_layers=1", 5, KV(2, 1024),
     3 * KV(2, WINDOW_CELLS), 0, 0},
    {"mimo2", SIZES "; " HEADS "; " WINDOW(100) "; " FLAGS(1 0 1 1) "; nextn_predict_layers=1", 4,
     KV(2, 1024), 2 * KV(2, WINDOW_CELLS), 0, 0},
    {"mimo2", SIZES "; " HEADS "; " WINDOW(100) "; " FLAGS(1 0 1) "; nextn_predict_layers=1", 4,
     KV(2, 1024), 2 * KV(2, WINDOW_CELLS), 0, 0},
    /* Latent attention, by the keys alone. */
    {"deepseek2",
     SIZES "; attention.head_count=8; attention.head_count_kv=1; attention.key_length=576"
           "; attention.value_length=512; attention.key_length_mla=192"
           "; attention.value_length_mla=128",
     2, 2 * 576 * 2 * 1024, 0, 0, 0},
    {"deepseek2",
     SIZES "; attention.head_count=8; attention.key_length=192; attention.value_length=128"
           "; attention.key_length_mla=192",
     1, (192 + 128) * 8 * 2 * 1024, 0, 0, 0},
    {"deepseek32",
     SIZES "; attention.head_count=8; attention.head_count_kv=1; attention.key_length=576"
           "; attention.value_length=512; attention.key_length_mla=192"
           "; attention.value_length_mla=128; attention.indexer.key_length=128",
     2, 2 * 576 * 2 * 1024, 0, 0, 2 * 128 * 2 * 1024},
    /* Recurrent states. */
    {"mamba", SIZES "; ssm.conv_kernel=4; ssm.inner_size=1024; ssm.state_size=16", 2, 0, 0,
     2 * 4 * (3 * 1024 + 16 * 1024), 0},
    {"mamba2", SIZES "; " SSM, 2, 0, 0, 2 * SSM_BYTES, 0},
    {"mamba", SIZES "; ssm.conv_kernel=0; ssm.inner_size=1024; ssm.state_size=16", 1, 0, 0,
     4 * 16 * 1024, 0},
    {"rwkv6", SIZES "; wkv.head_size=64", 2, 0, 0, UINT64_C(2) * 4 * 512 * (2 + 64), 0},
    {"rwkv7", SIZES "; wkv.head_size=64; token_shift_count=1", 1, 0, 0, 4 * 512 * (1 + 64), 0},
    {"jamba", SIZES "; " SSM "; attention.head_count=8; attention.head_count_kv=[0 2 0]", 3,
     KV(2, 1024), 0, 2 * SSM_BYTES, 0},
    {"granitehybrid", SIZES "; attention.head_count=8; attention.head_count_kv=[2 2]", 2,
     2 * KV(2, 1024), 0, 0, 0},
    {"lfm2", SIZES "; shortconv.l_cache=3; attention.head_count=8; attention.head_count_kv=[0 2 0]",
     3, KV(2, 1024), 0, 2 * 4 * 512 * 2, 0},
    {"kimi-linear",
     SIZES "; ssm.conv_kernel=4; kda.head_dim=32; attention.head_count=8"
           "; attention.head_count_kv=[0 1]; attention.key_length=576; attention.value_length=512"
           "; attention.key_length_mla=192; attention.value_length_mla=128",
     2, 576 * 2 * 1024, 0, 4 * (3 * 3 * 8 * 32 + 32 * 32 * 8), 0},
    {"nemotron_h",
     SIZES "; " SSM "; attention.head_count=8; attention.head_count_kv=[0 2 0]"
           "; feed_forward_length=[0 0 64]",
     3, KV(2, 1024), 0, SSM_BYTES, 0},
    {"falcon-h1", SIZES "; " SSM "; " HEADS, 2, 2 * KV(2, 1024), 0, 2 * SSM_BYTES, 0},
    {"qwen3next", SIZES "; " SSM "; " HEADS, 8, 2 * KV(2, 1024), 0, 6 * SSM_BYTES, 0},
    {"qwen35", SIZES "; " SSM "; " HEADS "; full_attention_interval=2", 4, 2 * KV(2, 1024), 0,
     2 * SSM_BYTES, 0},
    {"qwen35", SIZES "; " SSM "; " HEADS "; full_attention_interval=0", 2, 0, 0, 2 * SSM_BYTES, 0},
    {"qwen35moe", SIZES "; " SSM "; " HEADS "; attention.recurrent_layers=b[1 0 0]", 3,
     2 * KV(2, 1024), 0, SSM_BYTES, 0},
    /* No cache. */
    {"bert", SIZES "; attention.head_count=8", 2, 0, 0, 0, 0},
    {"llada", SIZES "; " HEADS, 2, 0, 0, 0, 0},
};

static void expect_bytes(const kind_row *row, const char *name, rein_fact_u64 fact,
                         uint64_t expected) {
    cr_assert(fact.is_known && fact.value == expected, "%s (%s): %s is %llu, expected %llu",
              row->architecture, row->keys, name, (unsigned long long)fact.value,
              (unsigned long long)expected);
}

static rein_model_memory tell_row(const kind_row *row, rein_engine_options options) {
    char keys[1024];
    int length = snprintf(keys, sizeof keys, "block_count=%u; %s", row->blocks, row->keys);
    cr_assert(length > 0 && (size_t)length < sizeof keys, "the keys fit");
    model_text model = {
        .architecture = row->architecture, .keys = keys, .blocks = row->blocks, .tensors = NULL};
    return tell_model(&model, options);
}

Test(kinds, have_the_state_of_their_blocks) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_model_memory memory = tell_row(&rows[i], plain_options());
        expect_bytes(&rows[i], "kv", memory.state.kv_bytes, rows[i].kv);
        expect_bytes(&rows[i], "sliding", memory.state.sliding_window_bytes, rows[i].sliding);
        expect_bytes(&rows[i], "recurrent", memory.state.recurrent_bytes, rows[i].recurrent);
        expect_bytes(&rows[i], "index", memory.state.index_bytes, rows[i].index);
        expect_bytes(&rows[i], "total", memory.state.total_bytes,
                     rows[i].kv + rows[i].sliding + rows[i].recurrent + rows[i].index);
        expect_bytes(&rows[i], "per token", memory.state.bytes_per_token,
                     (rows[i].kv + rows[i].index) / 1024);
    }
}

/* The blocks on the device and those on the host have all of the state. */
Test(kinds, divide_their_state_between_device_and_host) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = plain_options();
        uint64_t total = REIN_UNWRAP(
            rein_bytes_add(rows[i].kv + rows[i].sliding, rows[i].recurrent + rows[i].index));
        for (uint64_t layers = 0; layers <= rows[i].blocks + 2; layers++) {
            options.gpu_layers = rein_fact_u64_known(layers);
            rein_model_memory memory = tell_row(&rows[i], options);
            uint64_t sum = memory.state.device_bytes.value + memory.state.host_bytes.value;
            cr_assert(sum >= total && sum - total < 128 * 4 * rows[i].blocks, "%s: %llu of %llu",
                      rows[i].architecture, (unsigned long long)sum, (unsigned long long)total);
            cr_assert(layers > 1 || memory.state.device_bytes.value == 0);
            cr_assert(layers <= rows[i].blocks || memory.state.host_bytes.value == 0);
        }
    }
}

static bool is_monotone(rein_fact_u64 less, rein_fact_u64 more) {
    return less.is_known && more.is_known && less.value <= more.value;
}

Test(kinds, need_no_less_for_a_larger_context) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = plain_options();
        rein_model_memory before = tell_row(&rows[i], options);
        for (uint64_t context = 1025; context < 40000; context = context * 3 / 2) {
            options.context = rein_fact_u64_known(context);
            rein_model_memory memory = tell_row(&rows[i], options);
            cr_assert(is_monotone(before.state.kv_bytes, memory.state.kv_bytes));
            cr_assert(
                is_monotone(before.state.sliding_window_bytes, memory.state.sliding_window_bytes));
            cr_assert(is_monotone(before.state.device_bytes, memory.state.device_bytes));
            expect_bytes(&rows[i], "recurrent", memory.state.recurrent_bytes, rows[i].recurrent);
            expect_bytes(&rows[i], "growing", memory.state.kv_bytes,
                         rows[i].kv / 1024 * memory.context.cells.value);
            before = memory;
        }
    }
}

static uint64_t next_random(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

enum { RANDOM_BLOCKS = 24 };

/* Appends the text of a number to an array. */
static void append_number(char *text, size_t capacity, uint64_t number) {
    size_t length = strlen(text);
    snprintf(text + length, capacity - length, " %llu", (unsigned long long)number);
}

/* Blocks with any number of heads, some of which slide: the state is the sum over the blocks. */
Test(kinds, add_up_over_their_blocks) {
    uint64_t random = 1;
    for (int round = 0; round < 200; round++) {
        char heads[256] = "";
        char flags[256] = "";
        char keys[1024];
        uint64_t kv = 0;
        uint64_t sliding = 0;
        for (int block = 0; block < RANDOM_BLOCKS; block++) {
            uint64_t count = next_random(&random) % 9;
            bool slides = next_random(&random) % 2 == 0;
            append_number(heads, sizeof heads, count);
            append_number(flags, sizeof flags, slides ? 1 : 0);
            kv += slides ? 0 : KV(count, 1024);
            sliding += slides ? KV(count, WINDOW_CELLS) : 0;
        }
        snprintf(keys, sizeof keys,
                 SIZES "; " WINDOW(100) "; attention.head_count=8; attention.head_count_kv=[%s];"
                                        " attention.sliding_window_pattern=b[%s]",
                 heads, flags);
        kind_row row = {"gemma3", keys, RANDOM_BLOCKS, kv, sliding, 0, 0};
        rein_model_memory memory = tell_row(&row, plain_options());
        expect_bytes(&row, "kv", memory.state.kv_bytes, kv);
        expect_bytes(&row, "sliding", memory.state.sliding_window_bytes, sliding);
        expect_bytes(&row, "per token", memory.state.bytes_per_token, kv / 1024);
    }
}

/* With full caches, blocks with windows grow with the context too. */
Test(kinds, grow_in_each_cache_if_it_is_full) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = plain_options();
        options.swa_full = REIN_SWITCH_ON;
        rein_model_memory memory = tell_row(&rows[i], options);
        uint64_t growing = memory.state.total_bytes.value - rows[i].recurrent;
        expect_bytes(&rows[i], "per token", memory.state.bytes_per_token, growing / 1024);
        cr_assert(memory.state.sliding_window_bytes.value >= rows[i].sliding);
    }
}

/* Each sequence has a recurrent state of its own; unified or not, the cells are the same. */
Test(kinds, keep_a_recurrent_state_for_each_sequence) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rein_engine_options options = plain_options();
        options.parallel = rein_fact_u64_known(4);
        options.swa_full = REIN_SWITCH_ON;
        rein_model_memory apart = tell_row(&rows[i], options);
        options.unified_kv = REIN_SWITCH_ON;
        rein_model_memory unified = tell_row(&rows[i], options);
        expect_bytes(&rows[i], "recurrent", apart.state.recurrent_bytes, 4 * rows[i].recurrent);
        expect_bytes(&rows[i], "recurrent", unified.state.recurrent_bytes, 4 * rows[i].recurrent);
        expect_bytes(&rows[i], "kv", apart.state.kv_bytes, unified.state.kv_bytes.value);
        expect_bytes(&rows[i], "kv", apart.state.kv_bytes, rows[i].kv);
    }
}
