/* The demand of a model: its budget, and the known facts about its memory.
 *
 * Need
 * A model fits its budget if its need is within the budget's memory limit. The need is the largest
 * of three amounts:
 *  - what it holds while it runs: its weights, the activations of each concurrent execution and the
 *    state of each sequence;
 *  - its load peak. If it is unknown, loading is assumed to need no more than running;
 *  - its measured peak, if it is known.
 * Weights, activations of one execution, state of one sequence, load peak and measured peak are
 * each rounded up to the device's allocation granularity. If the limit covers the contexts
 * (rein_model_demand_covers_contexts), one context's overhead for each process of the model is
 * added to each amount, except to a measured peak that includes the contexts.
 *
 * Unknown facts
 * If the weights, the activations, the state of a sequence, or the overhead of contexts that the
 * limit covers are unknown, so is the need. A measured peak stands for the first three, and for the
 * overhead if it includes the contexts: the need is then that of the facts that are known.
 *
 * A measured peak is a lower bound: another run of the model can use more.
 * rein_model_verdict.is_measured says whether a verdict rests on it.
 *
 * Facts and counts cover all processes of the model together. */
#ifndef REIN_CONTRACT_DEMAND_H
#define REIN_CONTRACT_DEMAND_H

#include <string.h>

#include "contract/api.h"
#include "contract/budget.h"
#include "contract/device.h"
#include "contract/ids.h"

REIN_API_BEGIN

/* A model and what it asks for. It is a cap (admission.h) if its six facts are all unknown. */
typedef struct rein_model_demand {
    size_t struct_size;             /* sizeof(rein_model_demand), as the caller has it */
    rein_model_id id;               /* for the caller's reports; does not affect the verdict */
    rein_resource_budget budget;    /* the promise; its memory limit is reserved */
    rein_fact_u64 weights_bytes;    /* held from load to unload */
    rein_fact_u64 activation_bytes; /* of one execution: a plan's height, or an estimate */
    /* No plan needs less. Known and equal to activation_bytes if that is exact. */
    rein_fact_u64 activation_lower_bound_bytes;
    /* The most held at once while it is loaded, weights included. Optional: an unknown load peak
     * never makes the outcome "cannot tell". It does not replace unknown weights. */
    rein_fact_u64 load_peak_bytes;
    /* Held from the start to the end of a sequence: a KV cache. Has no effect if sequence_count is
     * 0. */
    rein_fact_u64 state_bytes_per_sequence;
    /* The most that the model's processes were seen to use at once, or that its engine reported.
     * Above 0. */
    rein_fact_u64 measured_peak_bytes;
    uint64_t concurrent_executions; /* most executions at once; 0 means 1 */
    uint64_t sequence_count;        /* most sequences at once; 0: the model has none */
    /* Processes that run this model and no other, with a context each. 0: not stated, see
     * rein_admission_request.process_count. */
    uint64_t process_count;
    /* The budget's memory limit covers the context of each of the model's processes, as the limits
     * of MPS do. */
    bool limit_includes_context;
    /* measured_peak_bytes includes the context of each of the processes. Has no effect if the
     * measured peak is unknown. */
    bool measured_includes_contexts;
    /* The model's own allocator takes memory from the device in steps of these bytes. 0: in any
     * size. The memory limit is rounded up to the step when it is set aside on the device. */
    uint64_t growth_bytes;
    /* The model's own allocator doubles when it grows: the memory limit is rounded up to a power of
     * two when it is set aside. growth_bytes then has no effect. */
    bool growth_doubles;
} rein_model_demand;

/* Returns whether the budget's memory limit covers the context of each of the model's processes: if
 * limit_includes_context is set, or if the measured peak is known and includes the contexts. They
 * then do not count on the device beside the limit. Returns false if the demand is NULL. */
static inline bool rein_model_demand_covers_contexts(const rein_model_demand *demand) {
    return demand != NULL &&
           (demand->limit_includes_context ||
            (demand->measured_peak_bytes.is_known && demand->measured_includes_contexts));
}

/* Returns a demand that is a cap: every fact unknown, every count 0. */
static inline rein_model_demand rein_model_demand_make(rein_model_id id,
                                                       rein_resource_budget budget) {
    rein_model_demand demand;
    memset(&demand, 0, sizeof demand);
    demand.struct_size = sizeof demand;
    demand.id = id;
    demand.budget = budget;
    return demand;
}

/* The device memory that a model needs, as far as its backend knows it before loading. */
typedef struct rein_memory_estimate {
    /* Held from load to unload: the weights, and whatever else the engine keeps between executions,
     * such as execution contexts and workspaces of its libraries. */
    rein_fact_u64 weights_bytes;
    rein_fact_u64 load_peak_bytes; /* the most held at once while it is loaded, weights included */
    /* The most that one execution holds at once, workspaces included. The caller's input and output
     * tensors do not count: a caller that allocates them in device memory adds them. */
    rein_fact_u64 activation_bytes;
    /* No execution holds less at its peak. Known and equal to activation_bytes if that is exact. */
    rein_fact_u64 activation_lower_bound_bytes;
} rein_memory_estimate;

/* Returns a demand with the facts of an estimate and of a plan. `planned_bytes` is the height of a
 * placement of the model's lifetimes and `planned_lower_bound_bytes` its proven lower bound
 * (plan/plan.h); both unknown if there is no plan. If `estimate` is NULL, all its facts are
 * unknown.
 *
 * The activations of the demand are the larger of the estimate's and the plan's; so is their lower
 * bound. An estimate may hold workspaces that have no lifetime, and a placement may need more than
 * its live bytes. The caller sets the counts, which are 0, and the state of a sequence
 * (contract/sequences.h) and the measured peak, which are unknown. */
rein_model_demand rein_model_demand_from_estimate(rein_model_id id, rein_resource_budget budget,
                                                  const rein_memory_estimate *estimate,
                                                  rein_fact_u64 planned_bytes,
                                                  rein_fact_u64 planned_lower_bound_bytes);

REIN_API_END

#endif
