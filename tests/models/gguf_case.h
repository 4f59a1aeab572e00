/* A GGUF file in memory that is read, with a workspace of exactly the bytes that it needs. */
#ifndef REIN_TESTS_MODELS_GGUF_CASE_H
#define REIN_TESTS_MODELS_GGUF_CASE_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "expect.h"
#include "gguf_writer.h"
#include "memory_file.h"

typedef struct gguf_case {
    memory_file memory;
    rein_model_file file;
    void *workspace; /* NULL if the file was refused before it was needed */
    rein_result_gguf result;
} gguf_case;

/* Reads the file of `size_bytes` that begins with `bytes`. */
static inline void gguf_case_read(gguf_case *c, const void *bytes, size_t byte_count,
                                  uint64_t size_bytes) {
    c->memory = (memory_file){.bytes = bytes, .byte_count = byte_count, .size_bytes = size_bytes};
    c->file = memory_file_of(&c->memory);
    c->workspace = NULL;
    rein_result_bytes needed = rein_gguf_workspace_bytes(&c->file);
    if (!needed.is_ok) {
        c->result = rein_result_gguf_fail(needed.as.error);
        return;
    }
    c->workspace = malloc(REIN_VALUE(needed));
    c->result = rein_gguf_read(&c->file, (rein_workspace){c->workspace, REIN_VALUE(needed)});
    cr_assert(!c->memory.has_read_outside, "only bytes of the file are read");
}

static inline void gguf_case_free(gguf_case *c) {
    free(c->workspace);
}

/* More than the data of any tensor that the tests write. */
enum { GGUF_CASE_DATA_BYTES = 1 << 16 };

/* Reads what was written, followed by zeros for the data of tensors. */
static inline rein_gguf gguf_case_accept(gguf_case *c, const gguf_writer *writer) {
    gguf_case_read(c, writer->bytes, writer->length, writer->length + GGUF_CASE_DATA_BYTES);
    return REIN_UNWRAP(c->result);
}

static inline void expect_refusal(const gguf_case *c, rein_error_code code, uint64_t offset,
                                  const char *name) {
    const rein_error *error = &REIN_ERROR(c->result);
    char text[EXPECT_TEXT_CAPACITY];
    rein_error_message(error, text, sizeof text);
    expect_code(error, code);
    cr_assert(error->numbers[0] == offset, "the offset is %llu, expected %llu: %s",
              (unsigned long long)error->numbers[0], (unsigned long long)offset, text);
    cr_assert(is_same_text(error->foreign_text, name), "the name is '%s', expected '%s': %s",
              error->foreign_text, name, text);
}

/* Expects that a file of `size_bytes` is refused at this offset, with the key or tensor named. */
static inline void expect_refused_file(const gguf_writer *writer, uint64_t size_bytes,
                                       rein_error_code code, uint64_t offset, const char *name) {
    gguf_case c;
    gguf_case_read(&c, writer->bytes, writer->length, size_bytes);
    expect_refusal(&c, code, offset, name);
    gguf_case_free(&c);
}

/* Expects InvalidArgument for what was written, followed by zeros for the data of tensors. */
static inline void expect_refused(const gguf_writer *writer, uint64_t offset, const char *name) {
    expect_refused_file(writer, writer->length + GGUF_CASE_DATA_BYTES, REIN_ERROR_INVALID_ARGUMENT,
                        offset, name);
}

#endif
