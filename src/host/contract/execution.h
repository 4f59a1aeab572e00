/* Checks of every request and result before a slot is called. */
#ifndef REIN_HOST_CONTRACT_EXECUTION_H
#define REIN_HOST_CONTRACT_EXECUTION_H

#include "contract/execution.h"

/* Checks a request or a result without its tensors. Errors: InvalidArgument if it is NULL, has a
 * struct_size that this library does not know, or has a NULL array with a count above zero. */
rein_result_void rein_i_request_check(const rein_execution_request *request);
rein_result_void rein_i_result_check(const rein_execution_result *result);

/* Returns the error of an output that does not fit its capacity. */
rein_error rein_i_buffer_too_small(rein_source_location where, uint64_t needed_bytes,
                                   uint64_t capacity_bytes, size_t index);

#endif
