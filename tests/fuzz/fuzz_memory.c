/* The memory of a model whose metadata, tensors and options are chosen. Whatever is told adds up,
 * does not shrink if the context grows, and is told again in the same way. Anything that is refused
 * leaves the memory as it was. */
#include <string.h>

#include "fuzz.h"
#include "models/memory.h"

enum { FILE_CAPACITY = 1 << 16, WORKSPACE_BYTES = 1 << 20 };

static unsigned char file_bytes[FILE_CAPACITY];
static size_t file_length;
static unsigned char workspace[WORKSPACE_BYTES];

static rein_result_void read_at(void *self, uint64_t offset, void *out_bytes, size_t size) {
    (void)self;
    memset(out_bytes, 0, size);
    if (offset < file_length) {
        size_t left = file_length - (size_t)offset;
        memcpy(out_bytes, file_bytes + offset, size < left ? size : left);
    }
    return rein_done();
}

static void put(const void *data, size_t size) {
    if (size <= sizeof file_bytes - file_length) {
        memcpy(file_bytes + file_length, data, size);
        file_length += size;
    }
}

static void put_number(uint64_t number, size_t size) {
    unsigned char little[8];
    for (size_t i = 0; i < sizeof little; i++) {
        little[i] = (unsigned char)(number >> (8 * i));
    }
    put(little, size);
}

static void put_text(const char *text) {
    put_number(strlen(text), 8);
    put(text, strlen(text));
}

static const char *const architectures[] = {
    "llama",     "gemma2",     "gemma3", "gemma3n",   "gemma4",     "gpt-oss",    "exaone4",
    "llama4",    "mimo2",      "mamba",  "rwkv6",     "jamba",      "lfm2",       "kimi-linear",
    "falcon-h1", "nemotron_h", "qwen35", "deepseek2", "deepseek32", "glm-dsa",    "glm4moe",
    "bert",      "t5",         "deci",   "deepseek4", "unheard-of", "cohere2moe", "smallthinker"};

static const char *const suffixes[] = {"block_count",
                                       "context_length",
                                       "embedding_length",
                                       "attention.head_count",
                                       "attention.head_count_kv",
                                       "attention.key_length",
                                       "attention.value_length",
                                       "attention.key_length_mla",
                                       "attention.value_length_mla",
                                       "attention.key_length_swa",
                                       "attention.value_length_swa",
                                       "attention.sliding_window",
                                       "attention.sliding_window_pattern",
                                       "attention.shared_kv_layers",
                                       "attention.recurrent_layers",
                                       "attention.indexer.key_length",
                                       "nextn_predict_layers",
                                       "full_attention_interval",
                                       "feed_forward_length",
                                       "ssm.conv_kernel",
                                       "ssm.inner_size",
                                       "ssm.state_size",
                                       "ssm.group_count",
                                       "wkv.head_size",
                                       "token_shift_count",
                                       "shortconv.l_cache",
                                       "kda.head_dim"};

static const char *const tensors[] = {"token_embd.weight",         "output.weight",
                                      "output_norm.weight",        "rope_freqs.weight",
                                      "token_embd_norm.weight",    "blk.0.attn_k.weight",
                                      "blk.1.attn_v.weight",       "enc.blk.0.ffn",
                                      "dec.blk.900.ffn",           "mystery",
                                      "per_layer_proj_norm.weight"};

#define COUNT(array) ((unsigned)(sizeof(array) / sizeof(array)[0]))

/* Chooses a number that is likely to be accepted, or any. */
static uint32_t choose_u32(choices *from) {
    unsigned kind = choose_below(from, 4);
    return kind == 0 ? (uint32_t)choose_number(from) : choose_below(from, kind == 1 ? 4 : 256);
}

static void put_array(choices *from, uint32_t blocks) {
    static const uint32_t types[] = {REIN_GGUF_INT32, REIN_GGUF_UINT32, REIN_GGUF_BOOL};
    uint32_t type = types[choose_below(from, COUNT(types))];
    uint64_t count = choose_below(from, 8) == 0 ? choose_below(from, 8) : blocks;
    put_number(REIN_GGUF_ARRAY, 4);
    put_number(type, 4);
    put_number(count, 8);
    for (uint64_t i = 0; i < count; i++) {
        put_number(choose_below(from, 3), type == REIN_GGUF_BOOL ? 1 : 4);
    }
}

/* Writes the value of a key: a UINT32, rarely a BOOL, or an array for those keys that may be one.
 */
static void put_value(choices *from, size_t suffix, uint32_t blocks) {
    const char *name = suffixes[suffix];
    bool may_be_array = strstr(name, "head_count") != NULL || strstr(name, "pattern") != NULL ||
                        strstr(name, "layers") != NULL || strstr(name, "feed") != NULL;
    if (may_be_array && choose_below(from, 2) == 0) {
        put_array(from, blocks);
    } else {
        put_number(REIN_GGUF_UINT32, 4);
        put_number(suffix == 0 ? blocks : choose_u32(from), 4);
    }
}

static uint64_t put_metadata(choices *from, uint32_t blocks) {
    const char *architecture = architectures[choose_below(from, COUNT(architectures))];
    uint64_t count = 1;
    put_text("general.architecture");
    put_number(REIN_GGUF_STRING, 4);
    put_text(architecture);
    uint64_t missing = choose_number(from);
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        char key[128];
        if ((missing >> i & 1) != 0) {
            continue;
        }
        snprintf(key, sizeof key, "%s.%s", architecture, suffixes[i]);
        put_text(key);
        put_value(from, i, blocks);
        count++;
    }
    return count;
}

static void put_tensor(const char *name, uint64_t width, uint64_t height, uint64_t *offset) {
    put_text(name);
    put_number(2, 4);
    put_number(width, 8);
    put_number(height, 8);
    put_number(0, 4);
    put_number(*offset, 8);
    *offset = (*offset + width * height * 4 + 31) / 32 * 32;
}

static uint64_t put_tensors(choices *from, uint32_t blocks) {
    uint64_t offset = 0;
    uint64_t count = 0;
    for (; count < blocks; count++) {
        char name[64];
        snprintf(name, sizeof name, "blk.%u.attn_norm.weight", (unsigned)count);
        put_tensor(name, 1 + choose_below(from, 4), 1, &offset);
    }
    uint64_t chosen = choose_number(from);
    for (size_t i = 0; i < COUNT(tensors); i++) {
        if ((chosen >> i & 1) != 0) {
            put_tensor(tensors[i], choose_u32(from) % 4096, choose_u32(from) % 4096, &offset);
            count++;
        }
    }
    return count;
}

static void put_file(choices *from) {
    uint32_t blocks = choose_below(from, 12);
    file_length = 0;
    put("GGUF", 4);
    put_number(3, 4);
    put_number(0, 8);
    put_number(0, 8);
    uint64_t keys = put_metadata(from, blocks);
    uint64_t tensor_count = put_tensors(from, blocks);
    size_t end = file_length;
    file_length = 8;
    put_number(tensor_count, 8);
    put_number(keys, 8);
    file_length = end;
}

static rein_fact_u64 choose_fact(choices *from, uint64_t most) {
    return choose_below(from, 4) == 0 ? rein_fact_u64_unknown()
                                      : rein_fact_u64_known(choose_number(from) % (most + 1));
}

static rein_engine_options choose_options(choices *from) {
    rein_engine_options options =
        rein_engine_options_make((rein_engine)(1 + choose_below(from, 2)));
    options.context = choose_fact(from, 1 << 20);
    options.parallel = choose_fact(from, 256);
    options.batch = choose_fact(from, 4096);
    options.ubatch = choose_fact(from, 4096);
    options.gpu_layers = choose_fact(from, 16);
    options.k_type = (rein_cache_type)choose_below(from, 10);
    options.v_type = (rein_cache_type)choose_below(from, 10);
    options.flash_attention = (rein_switch)choose_below(from, 4);
    options.unified_kv = (rein_switch)choose_below(from, 3);
    options.swa_full = (rein_switch)choose_below(from, 3);
    return options;
}

static void require_sums(const rein_model_memory *memory) {
    const rein_model_state *state = &memory->state;
    require(memory->weights.file_bytes.is_known, "the bytes of the file are known");
    require(memory->unknown_count >= 1 && memory->unknown_count <= REIN_MEMORY_UNKNOWN_CAPACITY,
            "the activations are unknown");
    require(memory->input_count <= REIN_MEMORY_INPUT_CAPACITY, "the inputs have room");
    if (state->total_bytes.is_known) {
        uint64_t total = state->kv_bytes.value + state->sliding_window_bytes.value +
                         state->recurrent_bytes.value + state->index_bytes.value;
        uint64_t placed = state->device_bytes.value + state->host_bytes.value;
        require(state->total_bytes.value == total, "the total is the sum");
        require(memory->kind != REIN_MODEL_KIND_MODEL || placed >= total, "all is placed");
    } else {
        require(memory->unknown_count > 1, "there is a reason");
    }
}

static bool is_at_most(rein_fact_u64 less, rein_fact_u64 more) {
    return !less.is_known || !more.is_known || less.value <= more.value;
}

/* A larger context takes no less. */
static void require_growth(rein_model_memory_request request, const rein_model_memory *before) {
    if (!request.options.context.is_known || request.options.context.value == 0) {
        return;
    }
    request.options.context.value += 1000;
    rein_model_memory memory = rein_model_memory_make();
    if (rein_model_memory_compute(&request, &memory).is_ok) {
        require(
            is_at_most(before->state.kv_bytes, memory.state.kv_bytes) &&
                is_at_most(before->state.sliding_window_bytes, memory.state.sliding_window_bytes) &&
                is_at_most(before->state.device_bytes, memory.state.device_bytes),
            "a larger context takes no less");
        require(memory.state.recurrent_bytes.value == before->state.recurrent_bytes.value,
                "a recurrent state does not depend on the context");
    }
}

static bool is_same(const rein_fact_u64 *left, const rein_fact_u64 *right, size_t bytes) {
    for (size_t i = 0; i < bytes / sizeof *left; i++) {
        if (left[i].is_known != right[i].is_known || left[i].value != right[i].value) {
            return false;
        }
    }
    return true;
}

static void tell(const rein_gguf *gguf, rein_engine_options options) {
    static rein_model_memory memory;
    static rein_model_memory again;
    rein_model_memory_request request = rein_model_memory_request_make(gguf, 1, options);
    memory = rein_model_memory_make();
    again = memory;
    if (!rein_model_memory_compute(&request, &memory).is_ok) {
        require(memcmp(&memory, &again, sizeof memory) == 0, "the memory is as before");
        return;
    }
    require(rein_model_memory_compute(&request, &again).is_ok, "it is told again");
    require(is_same(&memory.weights.file_bytes, &again.weights.file_bytes, sizeof memory.weights) &&
                is_same(&memory.state.kv_bytes, &again.state.kv_bytes, sizeof memory.state) &&
                memory.input_count == again.input_count,
            "it is told in the same way");
    require_sums(&memory);
    require_growth(request, &memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    choices from = {data, size};
    rein_engine_options options = choose_options(&from);
    put_file(&from);
    const rein_model_file file = {.read_at = read_at, .size_bytes = UINT64_C(1) << 50};
    rein_result_gguf gguf = rein_gguf_read(&file, (rein_workspace){workspace, sizeof workspace});
    if (gguf.is_ok) {
        tell(&gguf.as.value, options);
    }
    return 0;
}
