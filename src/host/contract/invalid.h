/* Constructors of the errors of checks. */
#ifndef REIN_HOST_CONTRACT_INVALID_H
#define REIN_HOST_CONTRACT_INVALID_H

#include "contract/result.h"
#include "host/base/messages.h"

/* Returns InvalidArgument with the numbers that the template `message` asks for; signed ones are
 * passed as their bits. Cold: keeps the construction of errors out of the hot path. */
__attribute__((cold)) rein_error rein_i_invalid_error(rein_source_location where,
                                                      const char *message, uint64_t first,
                                                      uint64_t second, uint64_t third);

/* Returns the same error as the result of a check. */
__attribute__((cold)) rein_result_void rein_i_invalid(rein_source_location where,
                                                      const char *message, uint64_t first,
                                                      uint64_t second, uint64_t third);

/* Returns an error whose template has a {text}, with a copy of `text`. */
__attribute__((cold)) rein_error rein_i_error_about(rein_error_code code,
                                                    rein_source_location where, const char *message,
                                                    const char *text);

/* Returns an error of the same code and place about the element `index` of an array. `message` has
 * a {u} for the index, and a {text} for the message of `cause`. */
__attribute__((cold)) rein_error rein_i_error_within(const rein_error *cause, const char *message,
                                                     size_t index);

#endif
