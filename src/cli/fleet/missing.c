#include "cli/fleet/missing.h"

#include "contract/admission.h"

const missing_fact missing_facts[] = {
    {REIN_MISSING_DEVICE_MEMORY, false, "device_memory", "memory",
     "state the device's total or free memory in its profile"},
    {REIN_MISSING_CONTEXT_OVERHEAD, false, "context_overhead", "context_overhead",
     "state context_overhead: in the manifest's device, or in the profile"},
    {REIN_MISSING_GRANULARITY, false, "granularity", "granularity",
     "state granularity: in the manifest's device, or in the profile"},
    {REIN_MISSING_POOL_GROWTH, false, "pool_growth", "pool_growth",
     "state pool_growth: in the manifest's device, or in the profile"},
    {REIN_MISSING_WEIGHTS, true, "weights", "weights", "state its weights"},
    {REIN_MISSING_ACTIVATIONS, true, "activations", "activations",
     "state its lifetimes or its activations"},
    {REIN_MISSING_STATE, true, "state", "state",
     "set state to what one sequence holds, such as its KV cache"},
    {REIN_MISSING_EXACT_PLAN, true, "exact_plan", NULL, NULL},
    {REIN_MISSING_RESERVED_IN_USE, false, "reserved_in_use", NULL,
     "if all that use the device reserve, let its total memory decide: --by-total"},
    {REIN_MISSING_RESERVATIONS, false, "reservations", NULL,
     "run 'rein status': it names each unknown file and says why"},
    {REIN_MISSING_DEVICE_TOTAL, false, "device_total", NULL,
     "use one profile of the device, with its right total, for all"},
};

const size_t missing_fact_count = sizeof missing_facts / sizeof missing_facts[0];
