/* Reads bytes of a model file in order, through a small buffer. */
#ifndef REIN_HOST_MODELS_BYTE_READER_H
#define REIN_HOST_MODELS_BYTE_READER_H

#include "models/file.h"

enum { BYTE_READER_BUFFER_BYTES = 4096 };

typedef struct byte_reader {
    const rein_model_file *file;
    uint64_t position; /* offset in the file of the next byte */
    /* No byte at or after this offset is returned; at most the file's size. The buffer may hold
     * bytes after it: it is moved often while nested messages are read. */
    uint64_t end;
    uint64_t buffer_offset;
    size_t buffered_bytes;
    unsigned char buffer[BYTE_READER_BUFFER_BYTES];
} byte_reader;

/* Starts reading the bytes from `begin` to before `end`, which are within the file. */
void rein_i_byte_reader_init(byte_reader *reader, const rein_model_file *file, uint64_t begin,
                             uint64_t end);

/* Reads the next bytes. Errors, after which the position is as before: InvalidArgument with the
 * position, the size and the end if fewer bytes are left; those of read_at. */
rein_result_void rein_i_byte_reader_take(byte_reader *reader, void *out_bytes, size_t size);

/* Reads a piece of the next bytes, as many as fit in the buffer. At least one must be left. The
 * bytes stay valid until the next call. Errors: those of read_at. */
rein_result_void rein_i_byte_reader_take_piece(byte_reader *reader, const unsigned char **out_bytes,
                                               size_t *out_size);

/* Moves past bytes without reading them. Errors: InvalidArgument as rein_i_byte_reader_take. */
rein_result_void rein_i_byte_reader_skip(byte_reader *reader, uint64_t size);

/* Read a little-endian integer. Errors: as rein_i_byte_reader_take. */
rein_result_void rein_i_byte_reader_take_u32(byte_reader *reader, uint32_t *out_number);
rein_result_void rein_i_byte_reader_take_u64(byte_reader *reader, uint64_t *out_number);

/* Returns the number of bytes that are left. */
static inline uint64_t byte_reader_left(const byte_reader *reader) {
    return reader->end - reader->position;
}

/* Returns the number that is stored in `count` bytes, at most 8. */
static inline uint64_t little_endian(const unsigned char *bytes, size_t count) {
    uint64_t number = 0;
    for (size_t index = count; index > 0; index--) {
        number = number << 8 | bytes[index - 1];
    }
    return number;
}

#endif
