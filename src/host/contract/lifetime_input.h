/* What every function over lifetimes asks of its input first. */
#ifndef REIN_HOST_CONTRACT_LIFETIME_INPUT_H
#define REIN_HOST_CONTRACT_LIFETIME_INPUT_H

#include "contract/lifetime.h"

/* Errors: as rein_lifetimes_validate; InvalidArgument where the workspace is smaller than
 * rein_lifetime_workspace_bytes says, or has no memory. */
rein_result_void rein_i_lifetime_input_check(const rein_tensor_lifetime *lifetimes, size_t count,
                                             rein_workspace workspace);

#endif
