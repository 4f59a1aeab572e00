/* A backend that runs dense networks on the CPU: the smallest one that really computes. */
#ifndef REIN_EXAMPLES_DENSE_BACKEND_H
#define REIN_EXAMPLES_DENSE_BACKEND_H

#include <contract/contract.h>

/* A backend without a model; rein_backend_destroy destroys it. The clock's functions are copied;
 * what `clock->self` points to outlives the backend. Executions share one block of memory for their
 * hidden tensors, so they run one after the other. Errors: OutOfMemory. */
rein_result_backend dense_backend_create(const rein_clock *clock);

#endif
