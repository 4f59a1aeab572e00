/* Errors in C++17: made with the location of the caller, and written to std::string. */
#ifndef REIN_CONTRACT_REIN_ERROR_HPP
#define REIN_CONTRACT_REIN_ERROR_HPP

#include <cstddef>
#include <string>

#include "contract/error.h"

namespace rein {

/* Returns the location of the call, if the caller leaves the arguments out. */
inline rein_source_location here(const char *function = __builtin_FUNCTION(),
                                 const char *file = __builtin_FILE(),
                                 int line = __builtin_LINE()) noexcept {
    return rein_source_location_make(function, file, line);
}

/* Calls rein_error_make with a literal: the message must have static storage. */
template <std::size_t size>
rein_error make_error(rein_error_code code, const char (&message)[size],
                      rein_source_location where = here()) noexcept {
    return rein_error_make(code, where, message);
}

namespace detail {

/* Returns the text that a function of C writes about an error. */
inline std::string text_of(std::size_t (*write)(const rein_error *, char *, std::size_t),
                           const rein_error &error) {
    std::string text(write(&error, nullptr, 0), '\0');
    write(&error, text.data(), text.size() + 1);
    return text;
}

} // namespace detail

/* Returns the whole text of an error (rein_error_to_string). Throws std::bad_alloc if there is no
 * memory for it. */
inline std::string to_string(const rein_error &error) {
    return detail::text_of(rein_error_to_string, error);
}

/* Returns the context and the rendered message alone (rein_error_message). Throws std::bad_alloc if
 * there is no memory for it. */
inline std::string message(const rein_error &error) {
    return detail::text_of(rein_error_message, error);
}

} // namespace rein

#endif
