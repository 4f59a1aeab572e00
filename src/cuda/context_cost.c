#include "cuda/context_cost.h"

#include "nvml/processes.h"

/* The figure listed for a process is slightly low: 1 % on an H100 (docs/hardware). Figures agree if
 * they differ by at most 1/UNLISTED_PART_MAX of it. */
enum { UNLISTED_PART_MAX = 8 };

context_witness rein_i_context_witness_open(const char *pci_id) {
    context_witness witness = {.session = rein_i_nvml_open_by_pci_id(pci_id)};
    witness.used_before = rein_i_nvml_used_bytes(&witness.session);
    /* A process that is not listed yet uses nothing. */
    witness.own_before = rein_i_nvml_own_bytes(&witness.session).value;
    return witness;
}

void rein_i_context_witness_close(context_witness *witness) {
    rein_i_nvml_close(&witness->session);
}

static rein_fact_u64 growth(rein_fact_u64 before, rein_fact_u64 after) {
    bool is_known = before.is_known && after.is_known && after.value >= before.value;
    return is_known ? rein_fact_u64_known(after.value - before.value) : rein_fact_u64_unknown();
}

rein_fact_u64 rein_i_context_witness_cost(const context_witness *before) {
    rein_fact_u64 of_all = growth(before->used_before, rein_i_nvml_used_bytes(&before->session));
    rein_fact_u64 own =
        growth(rein_fact_u64_known(before->own_before), rein_i_nvml_own_bytes(&before->session));
    bool are_alike = of_all.is_known && of_all.value >= own.value &&
                     of_all.value - own.value <= own.value / UNLISTED_PART_MAX;
    return own.is_known && !are_alike ? own : of_all;
}
