#include "host/models/json_input.h"

#include "host/contract/invalid.h"

bool rein_i_json_fill(json_reader *reader) {
    if (reader->has_failed || byte_reader_left(&reader->bytes) == 0) {
        return false;
    }
    size_t size = 0;
    rein_result_void taken = rein_i_byte_reader_take_piece(&reader->bytes, &reader->next, &size);
    if (!taken.is_ok) {
        reader->has_failed = true;
        reader->failure = taken.as.error;
        return false;
    }
    reader->limit = reader->next + size;
    return true;
}

bool rein_i_json_fail(json_reader *reader, const char *message, uint64_t offset) {
    if (!reader->has_failed) {
        reader->has_failed = true;
        reader->failure = rein_i_invalid_error(REIN_HERE, message, offset, JSON_DEPTH_MAX, 0);
    }
    return false;
}
