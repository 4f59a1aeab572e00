/* A model file whose bytes are in memory. */
#ifndef REIN_TESTS_MODELS_MEMORY_FILE_H
#define REIN_TESTS_MODELS_MEMORY_FILE_H

#include <string.h>

#include "models/file.h"

typedef struct memory_file {
    const unsigned char *bytes; /* the beginning of the file; the rest is zero, as in a hole */
    size_t byte_count;
    uint64_t size_bytes;   /* of the file, at least byte_count */
    uint64_t read_count;   /* calls so far */
    uint64_t failing_read; /* number of the call that fails, from 1; 0: none fails */
    bool has_read_outside; /* a call asked for bytes that are not in the file */
} memory_file;

static inline rein_result_void memory_file_read_at(void *self, uint64_t offset, void *out_bytes,
                                                   size_t size) {
    memory_file *file = self;
    file->read_count++;
    file->has_read_outside =
        file->has_read_outside || offset > file->size_bytes || size > file->size_bytes - offset;
    if (file->has_read_outside || file->read_count == file->failing_read) {
        return rein_result_void_fail(
            rein_error_make(REIN_ERROR_INTERNAL_ERROR, REIN_HERE, "the read failed"));
    }
    memset(out_bytes, 0, size);
    if (offset < file->byte_count) {
        size_t left = file->byte_count - (size_t)offset;
        memcpy(out_bytes, file->bytes + offset, size < left ? size : left);
    }
    return rein_done();
}

/* Returns a file that borrows `file`. */
static inline rein_model_file memory_file_of(memory_file *file) {
    return (rein_model_file){
        .read_at = memory_file_read_at, .self = file, .size_bytes = file->size_bytes};
}

#endif
