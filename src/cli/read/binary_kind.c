#include "cli/read/binary_kind.h"

#include <string.h>

#include "models/file.h"

/* Never fails. The library reads at most BINARY_KIND_BYTES from the beginning. */
static rein_result_void read_start(void *self, uint64_t offset, void *out_bytes, size_t size) {
    memcpy(out_bytes, (const char *)self + offset, size);
    return rein_done();
}

static binary_kind model_kind(const char *bytes, uint64_t file_bytes) {
    static const char *const names[] = {
        [REIN_MODEL_FORMAT_UNKNOWN] = NULL,
        [REIN_MODEL_FORMAT_GGUF] = "a GGUF model",
        [REIN_MODEL_FORMAT_SAFETENSORS] = "a safetensors model",
        [REIN_MODEL_FORMAT_ONNX] = "an ONNX model",
    };
    const rein_model_file file = {
        .read_at = read_start, .self = (void *)bytes, .size_bytes = file_bytes};
    return (binary_kind){.name = names[REIN_UNWRAP(rein_model_file_format(&file))]};
}

/* Other kinds that people have beside models, by the bytes that they begin with. */
typedef struct magic_number {
    const char *bytes;
    size_t count;
    binary_kind kind;
} magic_number;

#define MAGIC(literal) literal, sizeof(literal) - 1

static const magic_number magic_numbers[] = {
    {MAGIC("\x1F\x8B"), {"compressed with gzip", "decompress it with gunzip"}},
    {MAGIC("PK\x03\x04"),
     {"a zip archive, such as a PyTorch checkpoint", "'rein inspect' reads GGUF, safetensors and "
                                                     "ONNX"}},
    {MAGIC("\x80\x02"), {"a pickle of Python", "convert it first (docs/guides/lifetimes.md)"}},
    {MAGIC("\x80\x03"), {"a pickle of Python", "convert it first (docs/guides/lifetimes.md)"}},
    {MAGIC("\x80\x04"), {"a pickle of Python", "convert it first (docs/guides/lifetimes.md)"}},
    {MAGIC("\x80\x05"), {"a pickle of Python", "convert it first (docs/guides/lifetimes.md)"}},
    {MAGIC("\x7F"
           "ELF"),
     {"a program or a library", "name a text file"}},
    {MAGIC("\xFF\xFE"), {"text in UTF-16", "save it as UTF-8"}},
    {MAGIC("\xFE\xFF"), {"text in UTF-16", "save it as UTF-8"}},
};

static binary_kind kind_by_magic(const char *bytes, size_t count) {
    for (size_t index = 0; index < sizeof magic_numbers / sizeof magic_numbers[0]; index++) {
        const magic_number *magic = &magic_numbers[index];
        if (count >= magic->count && memcmp(bytes, magic->bytes, magic->count) == 0) {
            return magic->kind;
        }
    }
    return (binary_kind){.name = NULL};
}

static bool is_plain(char byte) {
    return (byte >= ' ' && byte <= '~') || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Returns whether a control character or a byte that is not ASCII is among the first bytes. All
 * recognised files have one there, and most texts do not. */
static bool may_be_binary(const char *bytes, size_t count) {
    enum { LOOKED_AT = 8 };
    for (size_t index = 0; index < count && index < LOOKED_AT; index++) {
        if (!is_plain(bytes[index])) {
            return true;
        }
    }
    return false;
}

binary_kind binary_kind_of(const char *bytes, size_t count, uint64_t file_bytes) {
    if (!may_be_binary(bytes, count)) {
        return (binary_kind){.name = NULL};
    }
    binary_kind kind = model_kind(bytes, file_bytes);
    return kind.name != NULL ? kind : kind_by_magic(bytes, count);
}
