/* Measures the device memory of a context: queries NVML before the context is created, and after.
 */
#ifndef REIN_CUDA_CONTEXT_COST_H
#define REIN_CUDA_CONTEXT_COST_H

#include "nvml/session.h"

typedef struct context_witness {
    nvml_session session;
    rein_fact_u64 used_before; /* on the device, by all processes */
    uint64_t own_before;       /* on the device, by this process */
} context_witness;

/* Measures before the context is created. Always close the result. */
context_witness rein_i_context_witness_open(const char *pci_id);
void rein_i_context_witness_close(context_witness *witness);

/* Returns the bytes that the context takes, after its creation; unknown if NVML does not report
 * them. The memory used by all processes has grown by that amount, and by allocations and frees of
 * other processes meanwhile. If NVML lists this process and the two figures differ, the listed
 * figure is returned. */
rein_fact_u64 rein_i_context_witness_cost(const context_witness *before);

#endif
