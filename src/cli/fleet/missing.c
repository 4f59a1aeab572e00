#include "cli/fleet/missing.h"

#include "contract/admission.h"

const missing_fact missing_facts[] = {
    {REIN_MISSING_DEVICE_MEMORY, false, "device_memory", "memory", false,
     "state the device's total or free memory in its profile"},
    {REIN_MISSING_CONTEXT_OVERHEAD, false, "context_overhead", "context_overhead", false,
     "state context_overhead in the manifest's device or in the profile"},
    {REIN_MISSING_GRANULARITY, false, "granularity", "granularity", false,
     "state granularity in the manifest's device or in the profile"},
    {REIN_MISSING_POOL_GROWTH, false, "pool_growth", "pool_growth", false,
     "state pool_growth in the manifest's device or in the profile"},
    {REIN_MISSING_WEIGHTS, true, "weights", "weights", true, "state its weights"},
    {REIN_MISSING_ACTIVATIONS, true, "activations", "activations", true,
     "state its lifetimes or its activations, or measure it with 'rein run --measure'"},
    {REIN_MISSING_STATE, true, "state", "state", false,
     "state the size of one sequence's state, such as its KV cache"},
    {REIN_MISSING_EXACT_PLAN, true, "exact_plan", NULL, false, NULL},
    {REIN_MISSING_RESERVED_IN_USE, false, "reserved_in_use", NULL, false,
     "if every process on the device reserves its memory, judge by the total memory: --by-total"},
    {REIN_MISSING_RESERVATIONS, false, "reservations", NULL, false,
     "run 'rein status', which lists each unrecognised file and the reason"},
    {REIN_MISSING_DEVICE_TOTAL, false, "device_total", NULL, false,
     "use one profile of the device, with the correct total, for all commands"},
};

const size_t missing_fact_count = sizeof missing_facts / sizeof missing_facts[0];
