#include "models/file.h"

#include <string.h>

#include "host/models/file_check.h"
#include "host/models/protobuf.h"
#include "host/models/safetensors_header.h"

enum { PREFIX_BYTES = 4096 };

const char *rein_model_format_name(rein_model_format format) {
    static const char *const names[] = {
        [REIN_MODEL_FORMAT_UNKNOWN] = "unknown",
        [REIN_MODEL_FORMAT_GGUF] = "gguf",
        [REIN_MODEL_FORMAT_SAFETENSORS] = "safetensors",
        [REIN_MODEL_FORMAT_ONNX] = "onnx",
    };
    int value = (int)format;
    return value >= 1 && value <= (int)REIN_MODEL_FORMAT_ONNX ? names[value] : "unknown";
}

/* The beginning of a file. */
typedef struct file_prefix {
    unsigned char bytes[PREFIX_BYTES];
    size_t count;        /* bytes that are there */
    uint64_t file_bytes; /* of the whole file */
} file_prefix;

static bool is_gguf(const file_prefix *prefix) {
    return prefix->count >= 4 && memcmp(prefix->bytes, "GGUF", 4) == 0;
}

static bool is_safetensors(const file_prefix *prefix) {
    if (prefix->count <= SAFETENSORS_LENGTH_BYTES) {
        return false;
    }
    uint64_t length = little_endian(prefix->bytes, SAFETENSORS_LENGTH_BYTES);
    return length > 0 && length <= SAFETENSORS_HEADER_BYTES_MAX &&
           length <= prefix->file_bytes - SAFETENSORS_LENGTH_BYTES &&
           prefix->bytes[SAFETENSORS_LENGTH_BYTES] == '{';
}

/* Returns the type of a field of ModelProto; PROTOBUF_UNKNOWN if ModelProto does not have it. */
static protobuf_type type_of_field(uint64_t field) {
    switch (field) {
    case 1: /* ir_version */
    case 5: /* model_version */
        return PROTOBUF_INTEGER;
    case 2:  /* producer_name */
    case 3:  /* producer_version */
    case 4:  /* domain */
    case 6:  /* doc_string */
    case 7:  /* graph */
    case 8:  /* opset_import */
    case 14: /* metadata_props */
    case 20: /* training_info */
    case 25: /* functions */
    case 26: /* configuration */
        return PROTOBUF_BYTES;
    default:
        return PROTOBUF_UNKNOWN;
    }
}

/* Reads a varint of at most 10 bytes at `*at`. Returns false if the prefix does not hold it. */
static bool read_varint(const file_prefix *prefix, size_t *at, uint64_t *out_number) {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 70 && *at < prefix->count; shift += 7) {
        unsigned char byte = prefix->bytes[(*at)++];
        number |= (uint64_t)(byte & 0x7FU) << shift;
        if (byte < 0x80) {
            *out_number = number;
            return true;
        }
    }
    return false;
}

/* Reads a field of ModelProto at `*at`, and moves past it. Returns false if it is not one. */
static bool pass_field(const file_prefix *prefix, size_t *at, uint64_t *out_field) {
    uint64_t tag = 0;
    uint64_t number = 0;
    if (!read_varint(prefix, at, &tag) || !read_varint(prefix, at, &number)) {
        return prefix->count < prefix->file_bytes && *at == prefix->count;
    }
    *out_field = tag >> 3;
    protobuf_type type = type_of_field(tag >> 3);
    uint64_t wire = type == PROTOBUF_BYTES ? PROTOBUF_BLOCK : PROTOBUF_VARINT;
    if (type == PROTOBUF_UNKNOWN || (tag & 7) != wire) {
        return false;
    }
    if (type == PROTOBUF_BYTES) {
        if (number > prefix->file_bytes - *at) {
            return false;
        }
        uint64_t left = prefix->count - *at;
        *at += (size_t)(number < left ? number : left);
    }
    return true;
}

static bool is_onnx(const file_prefix *prefix) {
    size_t at = 0;
    uint64_t field = 0;
    if (!pass_field(prefix, &at, &field) || field != 1) {
        return false;
    }
    while (at < prefix->count) {
        if (!pass_field(prefix, &at, &field)) {
            return false;
        }
    }
    return true;
}

rein_result_model_format rein_model_file_format(const rein_model_file *file) {
    REIN_TRY(rein_result_model_format, rein_i_model_file_check(file, REIN_HERE));
    file_prefix prefix = {.file_bytes = file->size_bytes};
    prefix.count = file->size_bytes < PREFIX_BYTES ? (size_t)file->size_bytes : PREFIX_BYTES;
    if (prefix.count > 0) {
        REIN_TRY(rein_result_model_format,
                 file->read_at(file->self, 0, prefix.bytes, prefix.count));
    }
    rein_model_format format = is_gguf(&prefix)          ? REIN_MODEL_FORMAT_GGUF
                               : is_safetensors(&prefix) ? REIN_MODEL_FORMAT_SAFETENSORS
                               : is_onnx(&prefix)        ? REIN_MODEL_FORMAT_ONNX
                                                         : REIN_MODEL_FORMAT_UNKNOWN;
    return rein_result_model_format_ok(format);
}
