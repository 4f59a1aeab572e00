/* The rules that ids and names keep: bounded UTF-8 of visible characters. */
#ifndef REIN_HOST_CONTRACT_NAME_H
#define REIN_HOST_CONTRACT_NAME_H

#include "contract/ids.h"

/* Copies `text` into `out_name` and zeroes the bytes after it. Errors: InvalidArgument; `out_name`
 * is then unchanged. */
rein_result_void rein_i_name_copy(const char *text, char out_name[REIN_NAME_MAX_BYTES + 1]);

/* Checks that a name that was filled by hand keeps the same rules, with zeros after the text. */
rein_result_void rein_i_name_validate(const char name[REIN_NAME_MAX_BYTES + 1]);

#endif
