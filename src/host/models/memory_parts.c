#include "host/models/memory_parts.h"

#include "host/contract/invalid.h"
#include "host/models/memory_metadata.h"

/* Reads a number of a part, of the type UINT16 or INT32; `missing` if it is not stated. */
static rein_result_void read_number(const rein_gguf *part, const char *key,
                                    rein_gguf_value_type type, uint64_t missing,
                                    uint64_t *out_number) {
    const rein_gguf_entry *entry = rein_gguf_find(part, key);
    *out_number = missing;
    if (entry == NULL) {
        return rein_done();
    }
    if (entry->is_array || entry->type != type) {
        return rein_i_metadata_refuse(entry, REIN_HERE,
                                      type == REIN_GGUF_UINT16
                                          ? "at byte {u}: '{text}' must be a single UINT16"
                                          : "at byte {u}: '{text}' must be a single INT32",
                                      0, 0);
    }
    rein_gguf_integer number = REIN_TRY(rein_result_void, rein_gguf_read_integer(part, entry, 0));
    if (number.is_negative) {
        return rein_i_metadata_refuse(entry, REIN_HERE,
                                      "at byte {u}: '{text}' is -{u}" MUST_NOT_BE_NEGATIVE,
                                      number.magnitude, 0);
    }
    *out_number = number.magnitude;
    return rein_done();
}

static rein_result_void check_order(const rein_gguf *parts, size_t part_count) {
    for (size_t index = 0; index < part_count; index++) {
        uint64_t number = 0;
        /* The first part may be a model that is not split; the others must say what they are. */
        REIN_TRY(rein_result_void, read_number(&parts[index], "split.no", REIN_GGUF_UINT16,
                                               index == 0 ? 0 : UINT64_MAX, &number));
        if (number == UINT64_MAX) {
            return rein_i_invalid(REIN_HERE,
                                  "file {u} is not a part of a split model: it does not state "
                                  "split.no",
                                  index + 1, 0, 0);
        }
        if (number != index) {
            return rein_i_invalid(REIN_HERE,
                                  "file {u} is part {u} of a split model; give all parts in order, "
                                  "beginning with the first",
                                  index + 1, number + 1, 0);
        }
    }
    return rein_done();
}

rein_result_void rein_i_memory_parts_check(const rein_gguf *parts, size_t part_count) {
    uint64_t count = 0;
    uint64_t stated_tensors = 0;
    uint64_t tensors = 0;
    REIN_TRY(rein_result_void, check_order(parts, part_count));
    REIN_TRY(rein_result_void, read_number(parts, "split.count", REIN_GGUF_UINT16, 1, &count));
    if (count > 1 ? count != part_count : part_count != 1) {
        return rein_i_invalid(
            REIN_HERE,
            "the model has {u} parts (split.count of the first), but {u} are given; "
            "give all parts in order",
            count, part_count, 0);
    }
    for (size_t index = 0; index < part_count; index++) {
        tensors += parts[index].tensor_count;
    }
    REIN_TRY(rein_result_void,
             read_number(parts, "split.tensors.count", REIN_GGUF_INT32, tensors, &stated_tensors));
    if (count > 1 && tensors != stated_tensors) {
        return rein_i_invalid(REIN_HERE,
                              "the parts have {u} tensors, but split.tensors.count is {u}", tensors,
                              stated_tensors, 0);
    }
    return rein_done();
}
