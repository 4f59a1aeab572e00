/* Self-contained uses of the CUDA module. The torture test repeats them with a fault at every call.
 * They use two simulated devices: device 0 supports everything, device 1 has neither memory pools
 * nor stream priorities. */
#ifndef SCENARIOS_H
#define SCENARIOS_H

#include "contract/ledger.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

typedef struct cuda_scenario {
    const char *name;
    /* Releases everything that it acquires; returns the first error of any call. */
    rein_result_void (*run)(rein_ledger *ledger, int32_t device);
} cuda_scenario;

extern const cuda_scenario scenarios[];
extern const size_t scenario_count;

/* Resets the runtime of the scenarios, and the ledger to 64 MiB, 4 streams and 100 ms. */
void scenarios_reset(rein_ledger *ledger);

/* Returns the first of two results that is an error; otherwise done. */
rein_result_void first_error(rein_result_void first, rein_result_void second);

#endif
