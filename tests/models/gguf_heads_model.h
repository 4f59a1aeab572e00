/* A model of one or more files of gguf/heads.tar.xz. */
#ifndef REIN_TESTS_MODELS_GGUF_HEADS_MODEL_H
#define REIN_TESTS_MODELS_GGUF_HEADS_MODEL_H

#include "gguf_case.h"
#include "gguf_heads.h"

enum { HEADS_MODEL_PARTS_MAX = 3 };

typedef struct heads_model {
    rein_gguf parts[HEADS_MODEL_PARTS_MAX];
    size_t part_count;
    gguf_case cases[HEADS_MODEL_PARTS_MAX];
    unsigned char *bytes[HEADS_MODEL_PARTS_MAX];
} heads_model;

static const char *wanted_head;
static uint64_t wanted_bytes;

static inline void keep_wanted_size(const gguf_head_facts *facts) {
    if (strcmp(facts->name, wanted_head) == 0) {
        wanted_bytes = facts->file_bytes;
    }
}

/* Returns the size of the whole file of this name. */
static inline uint64_t head_file_bytes(const char *name) {
    wanted_head = name;
    wanted_bytes = 0;
    visit_gguf_heads(keep_wanted_size);
    cr_assert(wanted_bytes != 0, "there is a file %s", name);
    return wanted_bytes;
}

/* Reads the next part of a model. */
static inline void heads_model_add(heads_model *model, const char *name) {
    size_t part = model->part_count++;
    size_t byte_count = 0;
    model->bytes[part] = gguf_head_read(name, &byte_count);
    gguf_case_read(&model->cases[part], model->bytes[part], byte_count, head_file_bytes(name));
    model->parts[part] = REIN_VALUE(model->cases[part].result);
}

/* Reads a model of `part_count` files, of which `first` is the first. */
static inline void heads_model_read(heads_model *model, const char *first, size_t part_count) {
    char name[sizeof((gguf_head_facts *)NULL)->name];
    snprintf(name, sizeof name, "%s", first);
    model->part_count = 0;
    heads_model_add(model, name);
    for (size_t part = 1; part < part_count; part++) {
        char *digit = strstr(name, "-0000");
        cr_assert(digit != NULL, "%s is a part", name);
        digit[strlen("-0000")] = (char)('1' + part);
        heads_model_add(model, name);
    }
}

static inline void heads_model_free(heads_model *model) {
    for (size_t part = 0; part < model->part_count; part++) {
        gguf_case_free(&model->cases[part]);
        free(model->bytes[part]);
    }
}

#endif
