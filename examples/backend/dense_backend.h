/* A small backend that runs dense networks on the CPU. */
#ifndef REIN_EXAMPLES_DENSE_BACKEND_H
#define REIN_EXAMPLES_DENSE_BACKEND_H

#include <contract/contract.h>

/* Returns a backend without a model; rein_backend_destroy destroys it. The clock's functions are
 * copied; its `self` must outlive the backend. Executions share one block of memory for their
 * hidden tensors, so they run one after the other. Errors: OutOfMemory. */
rein_result_backend dense_backend_create(const rein_clock *clock);

#endif
