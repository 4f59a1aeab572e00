#include "host/models/gguf_metadata.h"

#include <string.h>

#include "host/models/malformed.h"
#include "host/models/name_list.h"

enum {
    TYPE_BYTES = 4,
    COUNT_BYTES = 8,
    LENGTH_BYTES = 8,
    STRING_BYTES_MAX = 1 << 30,
    TAIL_PIECE_BYTES = 256
};

size_t rein_i_gguf_value_bytes(rein_gguf_value_type type) {
    static const unsigned char bytes[GGUF_VALUE_TYPES] = {
        [REIN_GGUF_UINT8] = 1,   [REIN_GGUF_INT8] = 1,    [REIN_GGUF_UINT16] = 2,
        [REIN_GGUF_INT16] = 2,   [REIN_GGUF_UINT32] = 4,  [REIN_GGUF_INT32] = 4,
        [REIN_GGUF_FLOAT32] = 4, [REIN_GGUF_BOOL] = 1,    [REIN_GGUF_UINT64] = 8,
        [REIN_GGUF_INT64] = 8,   [REIN_GGUF_FLOAT64] = 8,
    };
    return bytes[type];
}

uint64_t rein_i_gguf_entry_offset(const rein_gguf_entry *entry) {
    uint64_t between = entry->is_array ? 2 * TYPE_BYTES + COUNT_BYTES : TYPE_BYTES;
    return entry->value_offset - between - entry->key_bytes;
}

static rein_result_void check_key_piece(const char *piece, size_t bytes, uint64_t offset,
                                        const char *key) {
    const char *nul = memchr(piece, '\0', bytes);
    if (nul != NULL) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the key '{text}' contains a NUL byte",
                                offset + (uint64_t)(nul - piece), 0, 0, key);
    }
    return rein_done();
}

/* Reads the bytes of the key that do not fit in the entry, and adds them to the hash. */
static rein_result_void read_key_tail(byte_reader *reader, const rein_gguf_entry *entry,
                                      uint64_t left, uint64_t *hash) {
    char piece[TAIL_PIECE_BYTES];
    while (left > 0) {
        uint64_t offset = reader->position;
        size_t bytes = left < sizeof piece ? (size_t)left : sizeof piece;
        REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, piece, bytes));
        REIN_TRY(rein_result_void, check_key_piece(piece, bytes, offset, entry->key));
        *hash = name_hash(*hash, piece, bytes);
        left -= bytes;
    }
    return rein_done();
}

static rein_result_void check_key_length(const byte_reader *reader, uint64_t length) {
    uint64_t offset = reader->position - LENGTH_BYTES;
    if (length == 0) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the key is empty", offset, 0, 0, NULL);
    }
    if (length > STRING_BYTES_MAX || length > byte_reader_left(reader)) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the key cannot have {u} bytes", offset,
                                length, 0, NULL);
    }
    return rein_done();
}

static rein_result_void read_key(byte_reader *reader, rein_gguf_entry *entry, uint64_t *out_hash) {
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(reader, &entry->key_bytes));
    REIN_TRY(rein_result_void, check_key_length(reader, entry->key_bytes));
    uint64_t offset = reader->position;
    uint64_t most = sizeof entry->key - 1;
    size_t kept = (size_t)(entry->key_bytes < most ? entry->key_bytes : most);
    REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, entry->key, kept));
    REIN_TRY(rein_result_void, check_key_piece(entry->key, kept, offset, entry->key));
    *out_hash = name_hash(0, entry->key, kept);
    return read_key_tail(reader, entry, entry->key_bytes - kept, out_hash);
}

/* Reads the type of a value, or of the elements of an array. */
static rein_result_void read_type(byte_reader *reader, const char *key,
                                  rein_gguf_value_type *out_type) {
    uint64_t offset = reader->position;
    uint32_t type = 0;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u32(reader, &type));
    if (type >= GGUF_VALUE_TYPES) {
        return rein_i_malformed(
            REIN_HERE, "at byte {u}: the value of '{text}' has type {u}; the types are 0 to 12",
            offset, type, 0, key);
    }
    *out_type = (rein_gguf_value_type)type;
    return rein_done();
}

static rein_result_void read_array_head(byte_reader *reader, rein_gguf_entry *entry) {
    uint64_t offset = reader->position;
    REIN_TRY(rein_result_void, read_type(reader, entry->key, &entry->type));
    if (entry->type == REIN_GGUF_ARRAY) {
        return rein_i_malformed(
            REIN_HERE, "at byte {u}: the elements of '{text}' are arrays; they must not be", offset,
            0, 0, entry->key);
    }
    entry->is_array = true;
    return rein_i_byte_reader_take_u64(reader, &entry->count);
}

static rein_result_void skip_string(byte_reader *reader, const char *key) {
    uint64_t offset = reader->position;
    uint64_t length = 0;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(reader, &length));
    if (length > STRING_BYTES_MAX || length > byte_reader_left(reader)) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u}: a string of '{text}' cannot have {u} bytes", offset,
                                length, 0, key);
    }
    return rein_i_byte_reader_skip(reader, length);
}

static rein_result_void skip_value(byte_reader *reader, const rein_gguf_entry *entry) {
    size_t value_bytes = rein_i_gguf_value_bytes(entry->type);
    uint64_t least_bytes = value_bytes == 0 ? LENGTH_BYTES : value_bytes;
    if (entry->count > byte_reader_left(reader) / least_bytes) {
        return rein_i_malformed(
            REIN_HERE, "at byte {u}: the {u} values of '{text}' do not end within the file",
            reader->position, entry->count, 0, entry->key);
    }
    if (value_bytes > 0) {
        return rein_i_byte_reader_skip(reader, entry->count * value_bytes);
    }
    for (uint64_t i = 0; i < entry->count; i++) {
        REIN_TRY(rein_result_void, skip_string(reader, entry->key));
    }
    return rein_done();
}

rein_result_void rein_i_gguf_entry_read(byte_reader *reader, rein_gguf_entry *out_entry,
                                        uint64_t *out_hash) {
    memset(out_entry, 0, sizeof *out_entry);
    out_entry->count = 1;
    REIN_TRY(rein_result_void, read_key(reader, out_entry, out_hash));
    REIN_TRY(rein_result_void, read_type(reader, out_entry->key, &out_entry->type));
    if (out_entry->type == REIN_GGUF_ARRAY) {
        REIN_TRY(rein_result_void, read_array_head(reader, out_entry));
    }
    out_entry->value_offset = reader->position;
    return skip_value(reader, out_entry);
}
