#include "host/models/byte_reader.h"

#include <string.h>

#include "host/contract/invalid.h"

void rein_i_byte_reader_init(byte_reader *reader, const rein_model_file *file, uint64_t begin,
                             uint64_t end) {
    reader->file = file;
    reader->position = begin;
    reader->end = end;
    reader->buffer_offset = begin;
    reader->buffered_bytes = 0;
}

static rein_result_void check_left(const byte_reader *reader, uint64_t size) {
    if (size > byte_reader_left(reader)) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: {u} bytes should follow, but byte {u} is the end",
                              reader->position, size, reader->end);
    }
    return rein_done();
}

/* Copies the next bytes that are in the buffer, at most `size`. Returns their number. */
static size_t take_buffered(byte_reader *reader, unsigned char *out_bytes, size_t size) {
    uint64_t begin = reader->position - reader->buffer_offset;
    if (reader->position < reader->buffer_offset || begin >= reader->buffered_bytes) {
        return 0;
    }
    size_t ready = reader->buffered_bytes - (size_t)begin;
    size_t taken = ready < size ? ready : size;
    memcpy(out_bytes, reader->buffer + begin, taken);
    reader->position += taken;
    return taken;
}

static rein_result_void fill(byte_reader *reader) {
    uint64_t left = reader->file->size_bytes - reader->position;
    size_t size = left < sizeof reader->buffer ? (size_t)left : sizeof reader->buffer;
    reader->buffered_bytes = 0;
    REIN_TRY(rein_result_void,
             reader->file->read_at(reader->file->self, reader->position, reader->buffer, size));
    reader->buffer_offset = reader->position;
    reader->buffered_bytes = size;
    return rein_done();
}

rein_result_void rein_i_byte_reader_take(byte_reader *reader, void *out_bytes, size_t size) {
    REIN_TRY(rein_result_void, check_left(reader, size));
    uint64_t begin = reader->position;
    size_t taken = take_buffered(reader, out_bytes, size);
    while (taken < size) {
        rein_result_void filled = fill(reader);
        if (!filled.is_ok) {
            reader->position = begin;
            return filled;
        }
        taken += take_buffered(reader, (unsigned char *)out_bytes + taken, size - taken);
    }
    return rein_done();
}

rein_result_void rein_i_byte_reader_take_piece(byte_reader *reader, const unsigned char **out_bytes,
                                               size_t *out_size) {
    REIN_TRY(rein_result_void, fill(reader));
    uint64_t left = byte_reader_left(reader);
    *out_bytes = reader->buffer;
    *out_size = reader->buffered_bytes < left ? reader->buffered_bytes : (size_t)left;
    reader->position += *out_size;
    return rein_done();
}

rein_result_void rein_i_byte_reader_skip(byte_reader *reader, uint64_t size) {
    REIN_TRY(rein_result_void, check_left(reader, size));
    reader->position += size;
    return rein_done();
}

rein_result_void rein_i_byte_reader_take_u32(byte_reader *reader, uint32_t *out_number) {
    unsigned char bytes[4] = {0};
    REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, bytes, sizeof bytes));
    *out_number = (uint32_t)little_endian(bytes, sizeof bytes);
    return rein_done();
}

rein_result_void rein_i_byte_reader_take_u64(byte_reader *reader, uint64_t *out_number) {
    unsigned char bytes[8] = {0};
    REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, bytes, sizeof bytes));
    *out_number = little_endian(bytes, sizeof bytes);
    return rein_done();
}
