/* Errors about model files, and about names in them. */
#ifndef REIN_HOST_MODELS_MALFORMED_H
#define REIN_HOST_MODELS_MALFORMED_H

#include "contract/result.h"

/* Returns an error of `code` with the numbers that the template `message` asks for, the offset in
 * the file first, and a copy of `name` as its text. `name` may be NULL. */
__attribute__((cold)) rein_result_void
rein_i_file_error(rein_error_code code, rein_source_location where, const char *message,
                  uint64_t offset, uint64_t second, uint64_t third, const char *name);

/* Returns the same as InvalidArgument. */
__attribute__((cold)) rein_result_void rein_i_malformed(rein_source_location where,
                                                        const char *message, uint64_t offset,
                                                        uint64_t second, uint64_t third,
                                                        const char *name);

/* Returns InvalidArgument: `name`, which must occur once, is a second time at `offset`. */
__attribute__((cold)) rein_result_void rein_i_occurs_twice(rein_source_location where,
                                                           uint64_t offset, const char *name);

#endif
