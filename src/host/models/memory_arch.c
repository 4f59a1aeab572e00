#include "host/models/memory_arch.h"

#include <stddef.h>
#include <string.h>

/* Gemma 2. */
static const arch_window defaulted_every_2nd = {.period = 2, .default_tokens = 4096};
/* EXAONE 4 32B; the smaller model has no windows. */
static const arch_window exaone4_window = {.period = 4, .default_tokens = 4096, .block_count = 64};
/* Llama 4 attends to chunks, which take as much as a window. */
static const arch_window llama4_window = {
    .is_off_if_zero = true, .period = 4, .default_tokens = 8192, .fixed_tokens = 8192};
static const arch_window smallthinker_window = {
    .is_off_if_zero = true, .is_dense_first = true, .period = 4, .fixed_tokens = 4096};
static const arch_window optional_every_4th = {.is_off_if_zero = true, .period = 4};
static const arch_window optional_every_6th = {.is_off_if_zero = true, .period = 6};
static const arch_window optional_every_8th = {.is_off_if_zero = true, .period = 8};
static const arch_window optional_dense_first = {
    .is_off_if_zero = true, .is_dense_first = true, .period = 4};
static const arch_window required_every_2nd = {.is_required = true, .period = 2};
static const arch_window required_every_4th = {.is_required = true, .period = 4};
static const arch_window required_every_5th = {.is_required = true, .period = 5};
static const arch_window required_dense_first = {
    .is_required = true, .is_dense_first = true, .period = 4};
static const arch_window required_with_pattern = {.is_required = true, .needs_pattern = true};

/* Sorted by name. CACHE_ATTENTION without windows is what most architectures have. Those that name
 * a sliding window in the file but do not use one, such as llama and phi3, are among them. */
static const model_arch archs[] = {
    {.name = "afmoe", .window = &optional_every_4th},
    {.name = "apertus"},
    {.name = "arcee"},
    {.name = "arctic"},
    {.name = "arwkv7", .cache = CACHE_RECURRENT, .recurrence = RECURRENCE_RWKV},
    {.name = "baichuan"},
    {.name = "bailingmoe", .traits = ARCH_HAS_NEXTN},
    {.name = "bailingmoe2", .traits = ARCH_HAS_NEXTN},
    {.name = "bert", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "bitnet"},
    {.name = "bloom"},
    {.name = "chameleon"},
    {.name = "chatglm"},
    {.name = "codeshell"},
    {.name = "cogvlm"},
    {.name = "cohere2", .window = &required_every_4th},
    {.name = "cohere2moe", .window = &required_dense_first, .traits = ARCH_HAS_NEXTN},
    {.name = "command-r"},
    {.name = "dbrx"},
    {.name = "deci"},
    {.name = "deepseek"},
    {.name = "deepseek2", .traits = ARCH_HAS_NEXTN},
    {.name = "deepseek2-ocr"},
    {.name = "deepseek32", .traits = ARCH_HAS_NEXTN | ARCH_INDEXES_ALL},
    {.name = "deepseek4", .cache = CACHE_OF_ITS_OWN},
    {.name = "dflash", .cache = CACHE_OF_ITS_OWN},
    {.name = "dots1"},
    {.name = "dots3note", .cache = CACHE_OF_ITS_OWN},
    {.name = "dream", .cache = CACHE_NONE},
    {.name = "eagle3", .cache = CACHE_OF_ITS_OWN},
    {.name = "ernie4_5"},
    {.name = "ernie4_5-moe"},
    {.name = "eurobert", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "exaone", .traits = ARCH_HAS_NEXTN},
    {.name = "exaone-moe", .window = &required_every_4th, .traits = ARCH_HAS_NEXTN},
    {.name = "exaone4", .window = &exaone4_window, .traits = ARCH_HAS_NEXTN},
    {.name = "falcon"},
    {.name = "falcon-h1", .cache = CACHE_BOTH},
    {.name = "gemma"},
    {.name = "gemma-embedding", .cache = CACHE_NONE},
    {.name = "gemma2", .window = &defaulted_every_2nd},
    {.name = "gemma3", .window = &optional_every_6th},
    {.name = "gemma3n",
     .window = &required_every_5th,
     .traits = ARCH_COPIES_ON_HOST,
     .cached_blocks = 20},
    {.name = "gemma4",
     .window = &required_with_pattern,
     .traits = ARCH_COPIES_ON_HOST | ARCH_SHARES_KV | ARCH_ROPE_IF_FULL},
    {.name = "gemma4-assistant", .cache = CACHE_OF_ITS_OWN},
    {.name = "glm-dsa", .traits = ARCH_HAS_NEXTN | ARCH_INDEXES_SOME},
    {.name = "glm4"},
    {.name = "glm4moe", .traits = ARCH_HAS_NEXTN},
    {.name = "gpt-oss", .window = &required_every_2nd},
    {.name = "gpt2"},
    {.name = "gptneox"},
    {.name = "granite"},
    {.name = "granite-switch", .cache = CACHE_OF_ITS_OWN},
    {.name = "granitehybrid", .cache = CACHE_BY_HEADS},
    {.name = "granitemoe"},
    {.name = "grok"},
    {.name = "grovemoe"},
    {.name = "hrm-text", .cache = CACHE_OF_ITS_OWN},
    {.name = "hunyuan-dense"},
    {.name = "hunyuan-moe"},
    {.name = "hy_v3", .traits = ARCH_HAS_NEXTN},
    {.name = "hy_v4", .cache = CACHE_OF_ITS_OWN},
    {.name = "internlm2"},
    {.name = "jais"},
    {.name = "jamba", .cache = CACHE_BY_HEADS},
    {.name = "jina-bert-v2", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "jina-bert-v3", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "kimi-k3", .cache = CACHE_OF_ITS_OWN},
    {.name = "kimi-linear", .cache = CACHE_BY_HEADS, .recurrence = RECURRENCE_KDA},
    {.name = "laguna", .window = &optional_dense_first},
    {.name = "lfm2",
     .cache = CACHE_BY_HEADS,
     .recurrence = RECURRENCE_SHORT_CONVOLUTION,
     .traits = ARCH_EMBEDDING_NORM_LAST},
    {.name = "lfm2moe",
     .cache = CACHE_BY_HEADS,
     .recurrence = RECURRENCE_SHORT_CONVOLUTION,
     .traits = ARCH_EMBEDDING_NORM_LAST},
    {.name = "llada", .cache = CACHE_NONE},
    {.name = "llada-moe", .cache = CACHE_NONE},
    {.name = "llama"},
    {.name = "llama4", .window = &llama4_window},
    {.name = "maincoder"},
    {.name = "mamba", .cache = CACHE_RECURRENT},
    {.name = "mamba2", .cache = CACHE_RECURRENT},
    {.name = "mellum", .window = &optional_every_4th},
    {.name = "mimo2", .window = &required_with_pattern, .traits = ARCH_HAS_NEXTN},
    {.name = "minicpm"},
    {.name = "minicpm3"},
    {.name = "minimax-01", .cache = CACHE_OF_ITS_OWN},
    {.name = "minimax-m2"},
    {.name = "minimax-m3", .cache = CACHE_OF_ITS_OWN},
    {.name = "mistral3"},
    {.name = "mistral4"},
    {.name = "modern-bert", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "mpt"},
    {.name = "nanbeige", .cache = CACHE_OF_ITS_OWN},
    {.name = "nemotron"},
    {.name = "nemotron_h", .cache = CACHE_BY_HEADS_AND_FEED_FORWARD},
    {.name = "nemotron_h_moe", .cache = CACHE_BY_HEADS_AND_FEED_FORWARD},
    {.name = "neo-bert", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "nomic-bert", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "nomic-bert-moe", .cache = CACHE_NONE, .traits = ARCH_HAS_NO_HEAD},
    {.name = "olmo"},
    {.name = "olmo2", .window = &optional_every_4th},
    {.name = "olmoe"},
    {.name = "openelm"},
    {.name = "orion"},
    {.name = "paddleocr"},
    {.name = "pangu-embedded"},
    {.name = "phi2"},
    {.name = "phi3"},
    {.name = "phimoe"},
    {.name = "plamo"},
    {.name = "plamo2", .cache = CACHE_BY_HEADS},
    {.name = "plamo3", .window = &optional_every_8th},
    {.name = "plm"},
    {.name = "qwen"},
    {.name = "qwen2"},
    {.name = "qwen2moe"},
    {.name = "qwen2vl"},
    {.name = "qwen3"},
    {.name = "qwen35", .cache = CACHE_BY_INTERVAL, .traits = ARCH_HAS_NEXTN},
    {.name = "qwen35moe", .cache = CACHE_BY_INTERVAL, .traits = ARCH_HAS_NEXTN},
    {.name = "qwen3moe"},
    {.name = "qwen3next", .cache = CACHE_BY_INTERVAL, .traits = ARCH_HAS_NEXTN},
    {.name = "qwen3vl"},
    {.name = "qwen3vlmoe"},
    {.name = "qwen4exp", .cache = CACHE_OF_ITS_OWN},
    {.name = "refact"},
    {.name = "rnd1", .cache = CACHE_NONE},
    {.name = "rwkv6", .cache = CACHE_RECURRENT, .recurrence = RECURRENCE_RWKV},
    {.name = "rwkv6qwen2", .cache = CACHE_RECURRENT, .recurrence = RECURRENCE_RWKV},
    {.name = "rwkv7", .cache = CACHE_RECURRENT, .recurrence = RECURRENCE_RWKV},
    {.name = "seed_oss"},
    {.name = "smallthinker", .window = &smallthinker_window},
    {.name = "smollm3"},
    {.name = "stablelm"},
    {.name = "starcoder"},
    {.name = "starcoder2"},
    {.name = "step35", .window = &required_with_pattern, .traits = ARCH_HAS_NEXTN},
    {.name = "t5"},
    {.name = "wavtokenizer-dec", .cache = CACHE_NONE},
    {.name = "xverse"},
};

const model_arch *rein_i_model_arch_find(const char *name) {
    size_t begin = 0;
    size_t end = sizeof archs / sizeof archs[0];
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        int order = strcmp(archs[middle].name, name);
        if (order == 0) {
            return &archs[middle];
        }
        if (order < 0) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return NULL;
}
