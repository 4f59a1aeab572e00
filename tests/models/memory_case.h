/* Models that are written for a test, and the memory that is told for them. */
#ifndef REIN_TESTS_MODELS_MEMORY_CASE_H
#define REIN_TESTS_MODELS_MEMORY_CASE_H

#include <stdio.h>

#include "gguf_case.h"
#include "models/memory.h"

/* Writes the elements of an array, "1 2 -3", and returns their number. */
static inline uint64_t put_elements(gguf_writer *writer, const char *text, size_t bytes) {
    uint64_t count = 0;
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    for (; end != text; number = strtoll(text, &end, 10)) {
        put_number(writer, (uint64_t)number, bytes);
        text = end;
        count++;
    }
    return count;
}

static inline size_t element_bytes(uint32_t type) {
    static const size_t bytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return bytes[type];
}

/* Returns the type that a letter stands for: u UINT32, i INT32, b BOOL, L UINT64, l INT64, h
 * UINT16, f FLOAT32. */
static inline uint32_t type_of_letter(char letter) {
    static const struct {
        char letter;
        uint32_t type;
    } types[] = {{'u', REIN_GGUF_UINT32}, {'i', REIN_GGUF_INT32}, {'b', REIN_GGUF_BOOL},
                 {'L', REIN_GGUF_UINT64}, {'l', REIN_GGUF_INT64}, {'h', REIN_GGUF_UINT16},
                 {'f', REIN_GGUF_FLOAT32}};
    size_t i = 0;
    while (types[i].letter != letter) {
        i++;
    }
    return types[i].type;
}

/* Writes a value: "12", "i12", "b1", "L12", "\"text\"", "[1 2]" (INT32) or "u[1 2]". */
static inline void put_value(gguf_writer *writer, const char *key, const char *value) {
    uint32_t type = REIN_GGUF_UINT32;
    if (*value == '"') {
        char text[128];
        snprintf(text, sizeof text, "%.*s", (int)strcspn(value + 1, "\""), value + 1);
        put_text_key(writer, key, text);
        return;
    }
    if (*value == '[') {
        type = REIN_GGUF_INT32;
    } else if (*value < '0' || *value > '9') {
        type = type_of_letter(*value++);
    }
    if (*value != '[') {
        put_key(writer, key, type);
        put_elements(writer, value, element_bytes(type));
        return;
    }
    put_array_key(writer, key, type, 0);
    size_t count_at = writer->length - sizeof(uint64_t);
    uint64_t count = put_elements(writer, value + 1, element_bytes(type));
    memcpy(writer->bytes + count_at, &count, sizeof count);
}

/* Writes "KEY=VALUE; KEY=VALUE": keys of general and split as they are, others with the
 * architecture in front. Returns their number. */
static inline uint64_t put_keys(gguf_writer *writer, const char *architecture, const char *keys) {
    uint64_t count = 0;
    while (*keys != '\0') {
        size_t length = strcspn(keys, "=");
        bool is_whole = strncmp(keys, "general.", 8) == 0 || strncmp(keys, "split.", 6) == 0;
        char key[128];
        snprintf(key, sizeof key, "%s%s%.*s", is_whole ? "" : architecture, is_whole ? "" : ".",
                 (int)length, keys);
        put_value(writer, key, keys + length + 1);
        keys += strcspn(keys, ";");
        keys += strspn(keys, "; ");
        count++;
    }
    return count;
}

/* Writes the info of a tensor of `width` x `height` elements. Returns the end of its data. */
static inline uint64_t put_matrix(gguf_writer *writer, const char *name, uint64_t width,
                                  uint64_t height, uint32_t type, uint64_t offset) {
    const uint64_t extents[] = {width, height};
    const rein_gguf_type_layout *layout = rein_gguf_type_find(type);
    put_tensor(writer, name, 2, extents, type, offset);
    uint64_t bytes = width / layout->block_elements * layout->block_bytes * height;
    return (offset + bytes + 31) / 32 * 32;
}

/* A model to be written. */
typedef struct model_text {
    const char *architecture; /* NULL: the key is missing */
    const char *keys;         /* as put_keys reads them */
    uint32_t blocks;          /* tensors of 32 numbers, blk.N.attn_norm.weight */
    const char *tensors;      /* others: "NAME WIDTH HEIGHT TYPE;..."; NULL: none */
} model_text;

static inline void put_model(gguf_writer *writer, const model_text *model) {
    uint64_t counts[2] = {model->blocks, 0};
    uint64_t offset = 0;
    put_head(writer, 0, 0);
    if (model->architecture != NULL) {
        put_text_key(writer, "general.architecture", model->architecture);
        counts[1]++;
    }
    counts[1] += put_keys(writer, model->architecture, model->keys);
    for (uint32_t block = 0; block < model->blocks; block++) {
        char name[64];
        snprintf(name, sizeof name, "blk.%u.attn_norm.weight", block);
        offset = put_matrix(writer, name, 32, 1, 0, offset);
    }
    const char *text = model->tensors == NULL ? "" : model->tensors;
    for (; *text != '\0'; counts[0]++) {
        char name[REIN_GGUF_NAME_CAPACITY];
        unsigned long long width = 0;
        unsigned long long height = 0;
        unsigned type = 0;
        cr_assert(sscanf(text, "%63s %llu %llu %u", name, &width, &height, &type) == 4, "%s", text);
        offset = put_matrix(writer, name, width, height, type, offset);
        text += strcspn(text, ";");
        text += strspn(text, "; ");
    }
    memcpy(writer->bytes + 8, counts, sizeof counts);
}

/* A model that was written and read. */
typedef struct memory_case {
    gguf_writer writer;
    gguf_case gguf;
    rein_gguf part;
} memory_case;

static inline memory_case *memory_case_make(const model_text *model) {
    memory_case *c = malloc(sizeof *c);
    put_model(&c->writer, model);
    gguf_case_read(&c->gguf, c->writer.bytes, c->writer.length, UINT64_MAX);
    c->part = REIN_VALUE(c->gguf.result);
    return c;
}

static inline void memory_case_free(memory_case *c) {
    gguf_case_free(&c->gguf);
    free(c);
}

/* Returns the memory of the model. */
static inline rein_model_memory tell_model(const model_text *model, rein_engine_options options) {
    memory_case *c = memory_case_make(model);
    rein_model_memory_request request = rein_model_memory_request_make(&c->part, 1, options);
    rein_model_memory memory = rein_model_memory_make();
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    char text[EXPECT_TEXT_CAPACITY] = "";
    if (!told.is_ok) {
        rein_error_message(&REIN_ERROR(told), text, sizeof text);
    }
    cr_assert(told.is_ok, "%s: %s", model->architecture, text);
    memory_case_free(c);
    return memory;
}

/* Expects InvalidArgument about this text, and a memory as before. Returns the error. */
static inline rein_error expect_refused_model(const model_text *model, rein_engine_options options,
                                              const char *about) {
    memory_case *c = memory_case_make(model);
    rein_model_memory_request request = rein_model_memory_request_make(&c->part, 1, options);
    rein_model_memory memory = rein_model_memory_make();
    rein_model_memory before = memory;
    rein_result_void told = rein_model_memory_compute(&request, &memory);
    cr_assert(!told.is_ok, "the model is refused: %s", model->keys);
    expect_code(&REIN_ERROR(told), REIN_ERROR_INVALID_ARGUMENT);
    cr_assert(is_same_text(REIN_ERROR(told).foreign_text, about), "'%s' is named, expected '%s'",
              REIN_ERROR(told).foreign_text, about);
    cr_assert(memcmp(&memory, &before, sizeof memory) == 0, "the memory is as before");
    memory_case_free(c);
    return told.as.error;
}

/* Options with which nothing is left to the engine: one sequence of 1024 tokens, a batch of 256,
 * f16 and flash attention. */
static inline rein_engine_options plain_options(void) {
    rein_engine_options options = rein_engine_options_make(REIN_ENGINE_LLAMA_C_API);
    options.context = rein_fact_u64_known(1024);
    options.ubatch = rein_fact_u64_known(256);
    options.flash_attention = REIN_SWITCH_ON;
    options.swa_full = REIN_SWITCH_OFF;
    return options;
}

#endif
