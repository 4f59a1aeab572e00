#include "host/models/gguf_tensors.h"

#include <string.h>

#include "host/base/messages.h"
#include "host/models/extent_product.h"
#include "host/models/malformed.h"

enum { LENGTH_BYTES = 8, RANK_BYTES = 4, EXTENT_BYTES = 8 };

static rein_result_void read_name(byte_reader *reader, rein_gguf_tensor *tensor) {
    uint64_t offset = reader->position;
    uint64_t length = 0;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(reader, &length));
    if (length >= sizeof tensor->name) {
        return rein_i_malformed(
            REIN_HERE, "at byte {u}: the name of the tensor has {u} bytes; the most is {u}", offset,
            length, sizeof tensor->name - 1, NULL);
    }
    REIN_TRY(rein_result_void, rein_i_byte_reader_take(reader, tensor->name, (size_t)length));
    size_t text_bytes = strlen(tensor->name);
    if (text_bytes < length) {
        return rein_i_malformed(REIN_HERE, "at byte {u}: the name '{text}' contains a NUL byte",
                                offset + LENGTH_BYTES + text_bytes, 0, 0, tensor->name);
    }
    return rein_done();
}

static rein_result_void read_extents(byte_reader *reader, rein_gguf_tensor *tensor) {
    uint64_t offset = reader->position;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u32(reader, &tensor->rank));
    if (tensor->rank > REIN_GGUF_RANK_MAX) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u}: tensor '{text}' has {u} dimensions; the most is {u}",
                                offset, tensor->rank, REIN_GGUF_RANK_MAX, tensor->name);
    }
    for (uint32_t i = 0; i < REIN_GGUF_RANK_MAX; i++) {
        tensor->extents[i] = 1;
    }
    for (uint32_t i = 0; i < tensor->rank; i++) {
        REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(reader, &tensor->extents[i]));
    }
    return rein_done();
}

/* Returns false if the number of elements does not fit in 64 bits. */
static bool count_elements(rein_gguf_tensor *tensor) {
    extent_product extents = extent_product_begin();
    for (size_t i = 0; i < REIN_GGUF_RANK_MAX; i++) {
        extent_product_take(&extents, tensor->extents[i]);
    }
    return extent_product_end(&extents, &tensor->element_count);
}

/* Computes the bytes of the data. `offset` is of the type in the file. */
static rein_result_void measure(rein_gguf_tensor *tensor, const rein_gguf_type_layout *layout,
                                uint64_t offset) {
    if (tensor->extents[0] % layout->block_elements != 0) {
        return rein_i_malformed(
            REIN_HERE,
            "at byte {u}: a row of '{text}' has {u} elements, which are not whole "
            "blocks of {u}",
            offset, tensor->extents[0], layout->block_elements, tensor->name);
    }
    if (!count_elements(tensor) || !checked_multiply(tensor->element_count / layout->block_elements,
                                                     layout->block_bytes, &tensor->size_bytes)) {
        return rein_i_malformed(REIN_HERE,
                                "at byte {u}: the size of tensor '{text}'" MUST_FIT_64_BITS, offset,
                                0, 0, tensor->name);
    }
    return rein_done();
}

static rein_result_void read_type(byte_reader *reader, rein_gguf_tensor *tensor) {
    uint64_t offset = reader->position;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u32(reader, &tensor->type));
    const rein_gguf_type_layout *layout = rein_gguf_type_find(tensor->type);
    if (layout == NULL) {
        return rein_i_malformed(
            REIN_HERE,
            "at byte {u}: tensor '{text}' has type {u}, which does not exist or was "
            "removed from the format",
            offset, tensor->type, 0, tensor->name);
    }
    return measure(tensor, layout, offset);
}

static rein_result_void read_offset(byte_reader *reader, tensor_cursor *cursor,
                                    rein_gguf_tensor *tensor) {
    uint64_t offset = reader->position;
    REIN_TRY(rein_result_void, rein_i_byte_reader_take_u64(reader, &tensor->offset_bytes));
    if (tensor->offset_bytes != cursor->next_offset) {
        return rein_i_malformed(
            REIN_HERE,
            "at byte {u}: tensor '{text}' has offset {u}; it must be {u}, behind the "
            "tensor before it",
            offset, tensor->offset_bytes, cursor->next_offset, tensor->name);
    }
    uint64_t end = add_saturating(tensor->offset_bytes, tensor->size_bytes);
    cursor->next_offset = UINT64_MAX;
    (void)checked_round_up(end, cursor->alignment_bytes, &cursor->next_offset);
    return rein_done();
}

rein_result_void rein_i_gguf_tensor_read(byte_reader *reader, tensor_cursor *cursor,
                                         rein_gguf_tensor *out_tensor) {
    memset(out_tensor, 0, sizeof *out_tensor);
    REIN_TRY(rein_result_void, read_name(reader, out_tensor));
    REIN_TRY(rein_result_void, read_extents(reader, out_tensor));
    REIN_TRY(rein_result_void, read_type(reader, out_tensor));
    return read_offset(reader, cursor, out_tensor);
}

uint64_t rein_i_gguf_tensor_info_bytes(const rein_gguf_tensor *tensor) {
    return GGUF_TENSOR_INFO_BYTES_MIN + strlen(tensor->name) +
           (uint64_t)tensor->rank * EXTENT_BYTES;
}
