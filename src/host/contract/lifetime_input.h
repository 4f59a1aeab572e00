/* Checks of input that the functions over lifetimes share. */
#ifndef REIN_HOST_CONTRACT_LIFETIME_INPUT_H
#define REIN_HOST_CONTRACT_LIFETIME_INPUT_H

#include "contract/lifetime.h"

/* Checks that the workspace has memory and at least `needed_bytes`; `where` is the caller's.
 * Errors: InvalidArgument. */
rein_result_void rein_i_workspace_check(rein_workspace workspace, uint64_t needed_bytes,
                                        rein_source_location where);

/* Checks lifetimes and workspace. Errors: as rein_lifetimes_validate; InvalidArgument if the
 * workspace is smaller than rein_lifetime_workspace_bytes. */
rein_result_void rein_i_lifetime_input_check(const rein_tensor_lifetime *lifetimes, size_t count,
                                             rein_workspace workspace);

#endif
