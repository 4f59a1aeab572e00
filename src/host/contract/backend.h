/* Checks that the calls of a backend share. */
#ifndef REIN_HOST_CONTRACT_BACKEND_H
#define REIN_HOST_CONTRACT_BACKEND_H

#include "contract/backend.h"

/* Returns whether the table has the slot or part at `offset`: one compiled against an older header
 * may end before it. Every access to a member that may be absent must ask it first. */
bool rein_i_backend_has(const rein_backend_interface *table, size_t offset);

/* Checks that the backend is bound. Errors: InvalidArgument if it is NULL, was never bound, or was
 * destroyed. */
rein_result_void rein_i_backend_require(const rein_backend *backend);

/* Checks a path. Errors: InvalidArgument if it is NULL or empty. */
rein_result_void rein_i_backend_check_path(const char *model_path, rein_source_location where);

/* Checks a request for this backend. Errors: as rein_i_request_check; Unsupported if the request
 * has a sequence and the backend has none. */
rein_result_void rein_i_backend_check_request(const rein_backend *backend,
                                              const rein_execution_request *request);

#endif
