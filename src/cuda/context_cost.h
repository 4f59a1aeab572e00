/* What a context takes of the device: the management library is asked before it is created, and
 * after. */
#ifndef REIN_CUDA_CONTEXT_COST_H
#define REIN_CUDA_CONTEXT_COST_H

#include "cuda/nvml.h"

typedef struct context_witness {
    nvml_session session;
    rein_fact_u64 used_before; /* of the device, by all processes */
    uint64_t own_before;       /* of the device, by this process */
} context_witness;

/* About the device of this PCI id, before the context. Close it in any case. */
context_witness rein_i_context_witness_open(const char *pci_id);
void rein_i_context_witness_close(context_witness *witness);

/* Bytes that the context takes, once it is there; unknown where nobody says. What all processes use
 * has grown by them, and by what others took and gave back meanwhile: where the library lists this
 * process, and the two are not alike, it is what is listed. */
rein_fact_u64 rein_i_context_witness_cost(const context_witness *before);

#endif
