/* Beginnings of GGUF files of public models and of broken files, and the facts about them. */
#ifndef REIN_TESTS_MODELS_GGUF_HEADS_H
#define REIN_TESTS_MODELS_GGUF_HEADS_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line of gguf/oracle.txt. */
typedef struct gguf_head_facts {
    char name[64];
    uint64_t file_bytes;
    char answer[16];
    /* As the columns follow; "-" if not stated. */
    char facts[9][24];
} gguf_head_facts;

enum {
    FACT_VERSION,
    FACT_ALIGNMENT,
    FACT_DATA_OFFSET,
    FACT_TENSOR_BYTES,
    FACT_TENSORS,
    FACT_PARAMETERS,
    FACT_DEVICE_BYTES,
    FACT_HOST_BYTES,
    FACT_HOST_ALONE_BYTES
};

/* Reads a file as a whole. */
static inline unsigned char *read_whole(const char *path, size_t *out_bytes) {
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s can be opened", path);
    fseek(file, 0, SEEK_END);
    *out_bytes = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*out_bytes + 1);
    cr_assert(fread(bytes, 1, *out_bytes, file) == *out_bytes, "%s can be read", path);
    fclose(file);
    return bytes;
}

/* Reads the beginning of a file up to the data of its tensors; the caller frees it. */
static inline unsigned char *gguf_head_read(const char *name, size_t *out_bytes) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", REIN_GGUF_HEADS, name);
    return read_whole(path, out_bytes);
}

/* Calls `visit` with the facts of each file. Returns the number of files. */
static inline size_t visit_gguf_heads(void (*visit)(const gguf_head_facts *facts)) {
    FILE *table = fopen(REIN_GGUF_ORACLE, "r");
    cr_assert(table != NULL, "%s can be opened", REIN_GGUF_ORACLE);
    char line[512];
    size_t count = 0;
    while (fgets(line, sizeof line, table) != NULL) {
        gguf_head_facts head;
        unsigned long long file_bytes = 0;
        char(*f)[24] = head.facts;
        if (line[0] == '#') {
            continue;
        }
        int read =
            sscanf(line, "%63s %llu %15s %23s %23s %23s %23s %23s %23s %23s %23s %23s", head.name,
                   &file_bytes, head.answer, f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8]);
        cr_assert(read == 12, "the table has a line that is not whole: %s", line);
        head.file_bytes = file_bytes;
        visit(&head);
        count++;
    }
    fclose(table);
    return count;
}

#endif
