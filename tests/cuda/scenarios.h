/* Uses of the CUDA module that need nothing but to be run: what the torture repeats with a fault at
 * every call. Two simulated devices: number 0 can do everything, number 1 has neither memory pools
 * nor stream priorities. */
#ifndef SCENARIOS_H
#define SCENARIOS_H

#include "contract/ledger.h"
#include "mocks/simulated_cudart/simulated_cudart.h"

typedef struct cuda_scenario {
    const char *name;
    /* Gives back all it takes; returns the first error that any call gave. */
    rein_result_void (*run)(rein_ledger *ledger, int32_t device);
} cuda_scenario;

extern const cuda_scenario scenarios[];
extern const size_t scenario_count;

/* The runtime of the scenarios, as new, with a ledger of 64 MiB, 4 streams, 100 ms. */
void scenarios_reset(rein_ledger *ledger);

/* The error of the first of two results that is one. */
rein_result_void first_error(rein_result_void first, rein_result_void second);

#endif
