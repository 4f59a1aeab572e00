#include "host/contract/invalid.h"

rein_error rein_i_invalid_error(rein_source_location where, const char *message, uint64_t first,
                                uint64_t second, uint64_t third) {
    rein_error error = rein_error_make(REIN_ERROR_INVALID_ARGUMENT, where, message);
    return rein_error_with_numbers(error, first, second, third);
}

rein_result_void rein_i_invalid(rein_source_location where, const char *message, uint64_t first,
                                uint64_t second, uint64_t third) {
    return rein_result_void_fail(rein_i_invalid_error(where, message, first, second, third));
}

rein_error rein_i_error_about(rein_error_code code, rein_source_location where, const char *message,
                              const char *text) {
    return rein_error_with_text(rein_error_make(code, where, message), text);
}

rein_error rein_i_error_within(const rein_error *cause, const char *message, size_t index) {
    char text[REIN_ERROR_FOREIGN_TEXT_CAPACITY];
    rein_error_message(cause, text, sizeof text);
    rein_error error = rein_error_make(cause->code, cause->where, message);
    return rein_error_with_text(rein_error_with_numbers(error, index, 0, 0), text);
}
