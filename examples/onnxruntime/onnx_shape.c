#include "onnx_shape.h"

#include <stdio.h>
#include <string.h>

/* An ONNX file is a message of Protocol Buffers: a sequence of numbered fields. The content of a
 * field is an integer, 4 or 8 bytes, or a block of bytes: a text or another message. */
enum wire_type { WIRE_INTEGER = 0, WIRE_8_BYTES = 1, WIRE_BLOCK = 2, WIRE_4_BYTES = 5 };

/* Numbers of fields, each with the message that has it. A value is an input or an output. */
enum {
    MODEL_GRAPH = 7,
    GRAPH_INPUT = 11,
    GRAPH_OUTPUT = 12,
    VALUE_NAME = 1,
    VALUE_TYPE = 2,
    TYPE_TENSOR = 1,
    TENSOR_SHAPE = 2
};

/* The part of a file from `position` to `end`. */
typedef struct block {
    FILE *file;
    uint64_t position;
    uint64_t end;
} block;

/* Takes an integer of 7 bits a byte, the lowest first; the last byte is below 0x80. Returns false
 * at the end of the block. */
static bool take_integer(block *from, uint64_t *out_value) {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && from->position < from->end; shift += 7) {
        int byte = fgetc(from->file);
        if (byte == EOF) {
            return false;
        }
        from->position++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *out_value = value;
            return true;
        }
    }
    return false;
}

/* Takes the size of a field's content. An integer is taken, and counts as no content. */
static bool take_size(block *from, uint64_t type, uint64_t *out_size_bytes) {
    uint64_t integer = 0;
    switch (type) {
    case WIRE_INTEGER:
        *out_size_bytes = 0;
        return take_integer(from, &integer);
    case WIRE_BLOCK:
        return take_integer(from, out_size_bytes);
    case WIRE_8_BYTES:
        *out_size_bytes = 8;
        return true;
    case WIRE_4_BYTES:
        *out_size_bytes = 4;
        return true;
    default:
        return false;
    }
}

/* Takes a field, and returns its number and content. Returns false at the end of a message, and if
 * the bytes are not a field. */
static bool take_field(block *from, uint64_t *out_number, block *out_content) {
    uint64_t key = 0;
    uint64_t size_bytes = 0;
    if (fseeko(from->file, (off_t)from->position, SEEK_SET) != 0 || !take_integer(from, &key) ||
        !take_size(from, key & 7, &size_bytes) || size_bytes > from->end - from->position) {
        return false;
    }
    *out_number = key >> 3;
    *out_content = *from;
    from->position += size_bytes;
    out_content->end = from->position;
    return true;
}

/* Takes fields up to the next one with this number, and returns its content. */
static bool take_next(block *from, uint64_t wanted, block *out_content) {
    uint64_t number = 0;
    while (take_field(from, &number, out_content)) {
        if (number == wanted) {
            return true;
        }
    }
    return false;
}

static bool has_name(block value, const char *name) {
    char text[REIN_NAME_MAX_BYTES];
    size_t length = strlen(name);
    block content;
    return take_next(&value, VALUE_NAME, &content) && length <= sizeof text &&
           content.end - content.position == length &&
           fseeko(content.file, (off_t)content.position, SEEK_SET) == 0 &&
           fread(text, 1, length, content.file) == length && memcmp(text, name, length) == 0;
}

static bool has_shape(block value) {
    block type;
    block tensor;
    block shape;
    return take_next(&value, VALUE_TYPE, &type) && take_next(&type, TYPE_TENSOR, &tensor) &&
           take_next(&tensor, TENSOR_SHAPE, &shape);
}

static bool states_shape(block model, uint64_t side, const char *name) {
    block graph;
    block value;
    if (!take_next(&model, MODEL_GRAPH, &graph)) {
        return false;
    }
    while (take_next(&graph, side, &value)) {
        if (has_name(value, name)) {
            return has_shape(value);
        }
    }
    return false;
}

bool onnx_states_shape(const char *path, ort_side side, const char *name) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    bool is_stated = false;
    off_t size_bytes = fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : -1;
    if (size_bytes > 0) {
        block model = {.file = file, .end = (uint64_t)size_bytes};
        is_stated = states_shape(model, side == ORT_INPUT ? GRAPH_INPUT : GRAPH_OUTPUT, name);
    }
    fclose(file);
    return is_stated;
}
