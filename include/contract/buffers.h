/* Memory for tensors that the engine allocates itself: page-locked, on its device, or specially
 * aligned. An optional part of a backend (backend.h). */
#ifndef REIN_CONTRACT_BUFFERS_H
#define REIN_CONTRACT_BUFFERS_H

#include "contract/api.h"
#include "contract/backend.h"

REIN_API_BEGIN

REIN_RESULT_DEFINE(rein_result_buffer, void *)

/* The slots of a backend that allocates buffers. Both are required. Any thread may call them at any
 * time. A buffer lives until it is released; destroy releases the remaining ones. */
typedef struct rein_buffers_interface {
    size_t struct_size; /* sizeof(rein_buffers_interface) where the table was compiled */

    /* Returns `size_bytes` bytes, above 0, with unspecified contents, aligned for a tensor of any
     * element type. Device memory is on the backend's device. The backend does not charge a ledger:
     * the caller does. Errors: OutOfMemory; Unsupported if the backend accepts tensors in this kind
     * of memory (capabilities.memory_kinds), but cannot allocate it. */
    rein_result_buffer (*allocate)(void *self, uint64_t size_bytes, rein_memory_kind kind);

    /* Releases a buffer that `allocate` returned. No execution uses it. */
    void (*release)(void *self, void *buffer);
} rein_buffers_interface;

/* Checks the arguments and calls the slot of the same name. Releasing NULL, or through a backend
 * without buffers, does nothing. Errors of allocate besides the slot's:
 *  - InvalidArgument if the backend is NULL or not bound, the size is 0 or the kind is not valid;
 *  - Unsupported if the backend has no buffers or does not accept this kind of memory. */
REIN_MUST_USE rein_result_buffer rein_backend_allocate_buffer(const rein_backend *backend,
                                                              uint64_t size_bytes,
                                                              rein_memory_kind kind);
void rein_backend_release_buffer(const rein_backend *backend, void *buffer);

REIN_API_END

#endif
