#include "host/models/memory_metadata.h"

#include "host/base/text_writer.h"
#include "host/contract/invalid.h"
#include "host/models/malformed.h"
#include "host/models/memory_notes.h"

const rein_gguf_entry *rein_i_metadata_find(const arch_metadata *metadata, const char *suffix,
                                            char out_key[REIN_GGUF_KEY_CAPACITY]) {
    text_writer writer = rein_i_text_writer_make(out_key, REIN_GGUF_KEY_CAPACITY);
    rein_i_text_writer_append(&writer, metadata->architecture);
    rein_i_text_writer_append(&writer, ".");
    rein_i_text_writer_append(&writer, suffix);
    return rein_gguf_find(metadata->gguf, out_key);
}

rein_result_void rein_i_metadata_refuse(const rein_gguf_entry *entry, rein_source_location where,
                                        const char *message, uint64_t second, uint64_t third) {
    return rein_i_malformed(where, message, entry->value_offset, second, third, entry->key);
}

/* Reads an integer that is at most 32 bits wide and must not be negative. */
static rein_result_void read_element(const arch_metadata *metadata, const rein_gguf_entry *entry,
                                     uint64_t index, uint32_t *out_number) {
    rein_gguf_integer integer =
        REIN_TRY(rein_result_void, rein_gguf_read_integer(metadata->gguf, entry, index));
    if (integer.is_negative) {
        return rein_i_metadata_refuse(
            entry, REIN_HERE, "at byte {u}: element {u} of '{text}' is -{u}" MUST_NOT_BE_NEGATIVE,
            index, integer.magnitude);
    }
    *out_number = (uint32_t)integer.magnitude;
    return rein_done();
}

static rein_result_void read_number(const arch_metadata *metadata, const rein_gguf_entry *entry,
                                    uint32_t *out_number) {
    if (entry->is_array || entry->type != REIN_GGUF_UINT32) {
        return rein_i_metadata_refuse(entry, REIN_HERE,
                                      "at byte {u}: '{text}' must be a single UINT32", 0, 0);
    }
    REIN_TRY(rein_result_void, read_element(metadata, entry, 0, out_number));
    rein_i_note_number(metadata->memory, entry->key, REIN_MEMORY_FROM_FILE, 1, *out_number);
    return rein_done();
}

rein_result_void rein_i_metadata_need(const arch_metadata *metadata, const char *suffix,
                                      uint32_t *out_number) {
    char key[REIN_GGUF_KEY_CAPACITY];
    const rein_gguf_entry *entry = rein_i_metadata_find(metadata, suffix, key);
    if (entry == NULL) {
        return rein_result_void_fail(
            rein_i_error_about(REIN_ERROR_INVALID_ARGUMENT, REIN_HERE,
                               "the file does not state '{text}', which the engine needs", key));
    }
    return read_number(metadata, entry, out_number);
}

rein_result_void rein_i_metadata_take(const arch_metadata *metadata, const char *suffix,
                                      uint32_t missing, uint32_t *out_number) {
    char key[REIN_GGUF_KEY_CAPACITY];
    const rein_gguf_entry *entry = rein_i_metadata_find(metadata, suffix, key);
    if (entry != NULL) {
        return read_number(metadata, entry, out_number);
    }
    if (missing != 0) {
        rein_i_note_number(metadata->memory, key, REIN_MEMORY_FROM_DEFAULT, 1, missing);
    }
    *out_number = missing;
    return rein_done();
}

/* Reads `count` elements, and notes the largest. */
static rein_result_void read_elements(const arch_metadata *metadata, const rein_gguf_entry *entry,
                                      uint32_t count, uint32_t *numbers) {
    uint32_t largest = 0;
    for (uint32_t index = 0; index < count; index++) {
        REIN_TRY(rein_result_void, read_element(metadata, entry, index, &numbers[index]));
        largest = numbers[index] > largest ? numbers[index] : largest;
    }
    rein_i_note_number(metadata->memory, entry->key, REIN_MEMORY_FROM_FILE, count, largest);
    return rein_done();
}

rein_result_void rein_i_metadata_take_each(const arch_metadata *metadata, const char *suffix,
                                           uint32_t count, uint32_t *numbers) {
    char key[REIN_GGUF_KEY_CAPACITY];
    const rein_gguf_entry *entry = rein_i_metadata_find(metadata, suffix, key);
    if (entry == NULL) {
        return rein_done();
    }
    if (!entry->is_array) {
        uint32_t number = 0;
        REIN_TRY(rein_result_void, read_number(metadata, entry, &number));
        for (uint32_t index = 0; index < count; index++) {
            numbers[index] = number;
        }
        return rein_done();
    }
    if (entry->type != REIN_GGUF_UINT32 && entry->type != REIN_GGUF_INT32) {
        return rein_i_metadata_refuse(
            entry, REIN_HERE,
            "at byte {u}: '{text}' must be a UINT32, or an array of UINT32 or INT32", 0, 0);
    }
    if (entry->count != count) {
        return rein_i_metadata_refuse(
            entry, REIN_HERE,
            "at byte {u}: the array '{text}' has {u} elements; it must have one for each of {u} "
            "blocks",
            entry->count, count);
    }
    return read_elements(metadata, entry, count, numbers);
}

rein_result_void rein_i_metadata_read_flags(const arch_metadata *metadata,
                                            const rein_gguf_entry *entry, uint32_t least,
                                            uint32_t most, bool *flags) {
    bool is_flag = entry->type == REIN_GGUF_BOOL || entry->type == REIN_GGUF_UINT32 ||
                   entry->type == REIN_GGUF_INT32;
    if (!entry->is_array || !is_flag) {
        return rein_i_metadata_refuse(
            entry, REIN_HERE, "at byte {u}: '{text}' must be an array of BOOL, UINT32 or INT32", 0,
            0);
    }
    if (entry->count < least || entry->count > most) {
        return rein_i_metadata_refuse(
            entry, REIN_HERE,
            "at byte {u}: the array '{text}' has {u} elements; it must have one for each of {u} "
            "blocks",
            entry->count, most);
    }
    uint64_t flag_count = 0;
    for (uint32_t index = 0; index < entry->count; index++) {
        uint32_t number = 0;
        REIN_TRY(rein_result_void, read_element(metadata, entry, index, &number));
        flags[index] = number != 0;
        flag_count += flags[index];
    }
    rein_i_note_number(metadata->memory, entry->key, REIN_MEMORY_FROM_FILE, entry->count,
                       flag_count != 0);
    return rein_done();
}
