#include "host/models/malformed.h"

rein_result_void rein_i_file_error(rein_error_code code, rein_source_location where,
                                   const char *message, uint64_t offset, uint64_t second,
                                   uint64_t third, const char *name) {
    rein_error error = rein_error_with_text(rein_error_make(code, where, message), name);
    return rein_result_void_fail(rein_error_with_numbers(error, offset, second, third));
}

rein_result_void rein_i_malformed(rein_source_location where, const char *message, uint64_t offset,
                                  uint64_t second, uint64_t third, const char *name) {
    return rein_i_file_error(REIN_ERROR_INVALID_ARGUMENT, where, message, offset, second, third,
                             name);
}

rein_result_void rein_i_occurs_twice(rein_source_location where, uint64_t offset,
                                     const char *name) {
    return rein_i_malformed(where, "at byte {u}: '{text}' occurs twice", offset, 0, 0, name);
}
