/* Finds keys and tensors, and reads values from the file. */
#include <string.h>

#include "host/base/checked.h"
#include "host/contract/invalid.h"
#include "host/models/byte_reader.h"
#include "host/models/gguf_metadata.h"
#include "host/models/malformed.h"

const rein_gguf_entry *rein_gguf_find(const rein_gguf *gguf, const char *key) {
    size_t count = gguf == NULL || key == NULL ? 0 : gguf->entry_count;
    for (size_t i = 0; i < count; i++) {
        const rein_gguf_entry *entry = &gguf->entries[i];
        if (entry->key_bytes < sizeof entry->key && strcmp(entry->key, key) == 0) {
            return entry;
        }
    }
    return NULL;
}

const rein_gguf_tensor *rein_gguf_find_tensor(const rein_gguf *gguf, const char *name) {
    size_t count = gguf == NULL || name == NULL ? 0 : gguf->tensor_count;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(gguf->tensors[i].name, name) == 0) {
            return &gguf->tensors[i];
        }
    }
    return NULL;
}

static rein_result_void check_arguments(const rein_gguf *gguf, const rein_gguf_entry *entry) {
    if (gguf == NULL || gguf->file == NULL || gguf->file->read_at == NULL || entry == NULL) {
        return rein_i_invalid(REIN_HERE, "the gguf, its file and the entry" MUST_NOT_BE_NULL, 0, 0,
                              0);
    }
    return rein_done();
}

static bool is_signed(rein_gguf_value_type type) {
    return type == REIN_GGUF_INT8 || type == REIN_GGUF_INT16 || type == REIN_GGUF_INT32 ||
           type == REIN_GGUF_INT64;
}

static bool is_integer(rein_gguf_value_type type) {
    bool is_fraction = type == REIN_GGUF_FLOAT32 || type == REIN_GGUF_FLOAT64;
    return (unsigned)type < GGUF_VALUE_TYPES && rein_i_gguf_value_bytes(type) > 0 && !is_fraction;
}

static rein_gguf_integer integer_of(rein_gguf_value_type type, uint64_t bits, size_t bytes) {
    uint64_t sign = UINT64_C(1) << (bytes * 8 - 1) % 64;
    bool is_negative = is_signed(type) && (bits & sign) != 0;
    uint64_t magnitude = is_negative ? (~bits & (sign - 1)) + 1 : bits;
    if (type == REIN_GGUF_BOOL) {
        magnitude = bits != 0;
    }
    return (rein_gguf_integer){.is_negative = is_negative, .magnitude = magnitude};
}

static rein_result_void check_element(const rein_gguf_entry *entry, uint64_t index) {
    if (!is_integer(entry->type)) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the value of '{text}' is not an integer",
                                entry->value_offset, 0, 0, entry->key);
    }
    if (index >= entry->count) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u}: element {u} of '{text}' does not exist; it has {u}",
                                entry->value_offset, index, entry->count, entry->key);
    }
    return rein_done();
}

static rein_result_void check_text(const rein_gguf_entry *entry) {
    if (entry->type != REIN_GGUF_STRING || entry->is_array) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the value of '{text}' is not a string",
                                entry->value_offset, 0, 0, entry->key);
    }
    return rein_done();
}

/* Reads bytes of a value. Checks their place, because the caller may have built the entry. */
static rein_result_void read_bytes(const rein_gguf *gguf, uint64_t offset, void *out_bytes,
                                   size_t size) {
    if (!ends_within(offset, size, gguf->file->size_bytes)) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: {u} bytes do not end within the file",
                              offset, size, 0);
    }
    return size == 0 ? rein_done() : gguf->file->read_at(gguf->file->self, offset, out_bytes, size);
}

rein_result_gguf_integer rein_gguf_read_integer(const rein_gguf *gguf, const rein_gguf_entry *entry,
                                                uint64_t index) {
    REIN_TRY(rein_result_gguf_integer, check_arguments(gguf, entry));
    REIN_TRY(rein_result_gguf_integer, check_element(entry, index));
    unsigned char bytes[sizeof(uint64_t)] = {0};
    size_t size = rein_i_gguf_value_bytes(entry->type);
    uint64_t offset = UINT64_MAX;
    (void)(checked_multiply(index, size, &offset) &&
           checked_add(entry->value_offset, offset, &offset));
    REIN_TRY(rein_result_gguf_integer, read_bytes(gguf, offset, bytes, size));
    return rein_result_gguf_integer_ok(integer_of(entry->type, little_endian(bytes, size), size));
}

rein_result_bytes rein_gguf_read_text(const rein_gguf *gguf, const rein_gguf_entry *entry,
                                      char *buffer, size_t capacity) {
    REIN_TRY(rein_result_bytes, check_arguments(gguf, entry));
    REIN_TRY(rein_result_bytes, check_text(entry));
    unsigned char bytes[sizeof(uint64_t)] = {0};
    REIN_TRY(rein_result_bytes, read_bytes(gguf, entry->value_offset, bytes, sizeof bytes));
    uint64_t length = little_endian(bytes, sizeof bytes);
    if (buffer != NULL && capacity > 0) {
        size_t kept = length < capacity ? (size_t)length : capacity - 1;
        REIN_TRY(rein_result_bytes,
                 read_bytes(gguf, entry->value_offset + sizeof bytes, buffer, kept));
        buffer[kept] = '\0';
    }
    return rein_result_bytes_ok(length);
}
