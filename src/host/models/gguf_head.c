#include "host/models/gguf_head.h"

#include <string.h>

#include "host/contract/invalid.h"
#include "host/models/file_check.h"
#include "host/models/gguf_tensors.h"
#include "host/models/malformed.h"

enum {
    MAGIC_OFFSET = 0,
    VERSION_OFFSET = 4,
    TENSOR_COUNT_OFFSET = 8,
    ENTRY_COUNT_OFFSET = 16,
    ENTRY_BYTES_MIN = 14 /* of a key with one character and a value of one byte */
};

/* With more, a workspace would not fit in the address space. */
#define RECORDS_MAX (SIZE_MAX / 1024)

static const char magic[4] = {'G', 'G', 'U', 'F'};

static rein_result_void check_magic(byte_reader *reader) {
    char bytes[sizeof magic] = {0};
    REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, bytes, sizeof bytes));
    if (memcmp(bytes, magic, sizeof magic) != 0) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: the file does not begin with GGUF",
                              MAGIC_OFFSET, 0, 0);
    }
    return rein_done();
}

static rein_result_void take_version(byte_reader *reader, uint32_t *out_version) {
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u32(reader, out_version));
    uint32_t version = *out_version;
    if (version == 0) {
        return rein_i_invalid(REIN_HERE, "at byte {u}: the version is 0", VERSION_OFFSET, 0, 0);
    }
    if ((version & 0xFFFFU) == 0) {
        return rein_i_file_error(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                 "at byte {u}: the file is big endian; convert it to little endian",
                                 VERSION_OFFSET, version, 0, NULL);
    }
    if (version != 2 && version != 3) {
        return rein_i_file_error(REIN_ERROR_UNSUPPORTED, REIN_HERE,
                                 "at byte {u}: version {u} is not supported; versions 2 and 3 are",
                                 VERSION_OFFSET, version, 0, NULL);
    }
    return rein_done();
}

/* Refuses counts of records for which the rest of the file has no room. */
static rein_result_void check_counts(const byte_reader *reader, const gguf_head *head) {
    uint64_t left = byte_reader_left(reader);
    uint64_t most = left / GGUF_TENSOR_INFO_BYTES_MIN;
    if (head->tensor_count > most) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the file has {u} tensors, but room for at most {u}",
                              TENSOR_COUNT_OFFSET, head->tensor_count, most);
    }
    most = (left - head->tensor_count * GGUF_TENSOR_INFO_BYTES_MIN) / ENTRY_BYTES_MIN;
    if (head->entry_count > most) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: the file has {u} keys, but room for at most {u}",
                              ENTRY_COUNT_OFFSET, head->entry_count, most);
    }
    if (head->tensor_count > RECORDS_MAX || head->entry_count > RECORDS_MAX) {
        return rein_i_invalid(REIN_HERE,
                              "at byte {u}: {u} tensors and {u} keys do not fit in memory",
                              TENSOR_COUNT_OFFSET, head->tensor_count, head->entry_count);
    }
    return rein_done();
}

result_gguf_head rein_i_gguf_head_take(byte_reader *reader, const rein_model_file *file) {
    REIN_TRY(result_gguf_head, rein_i_model_file_check(file, REIN_HERE));
    rein_i_byte_reader_init(reader, file, 0, file->size_bytes);
    gguf_head head = {0};
    REIN_TRY(result_gguf_head, check_magic(reader));
    REIN_TRY(result_gguf_head, take_version(reader, &head.version));
    REIN_TRY(result_gguf_head, rein_i_byte_reader_take_u64(reader, &head.tensor_count));
    REIN_TRY(result_gguf_head, rein_i_byte_reader_take_u64(reader, &head.entry_count));
    REIN_TRY(result_gguf_head, check_counts(reader, &head));
    return result_gguf_head_ok(head);
}
