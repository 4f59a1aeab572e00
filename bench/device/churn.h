/* Random allocations and frees under a budget: the load of the accuracy tables. */
#ifndef BENCH_DEVICE_CHURN_H
#define BENCH_DEVICE_CHURN_H

#include "cuda/memory_pool.h"
#include "raw.h"

typedef struct churn_counts {
    uint64_t operations;
    uint64_t refused;        /* by the budget */
    uint64_t without_memory; /* granted by the budget, but the device had none left */
} churn_counts;

typedef struct churn_load {
    rein_cuda_memory_pool *pool;
    cudaStream_t stream;   /* used only by this load */
    bool has_stream_order; /* the device can allocate and free in stream order */
    uint64_t operations;
    int64_t deadline_ns; /* time of raw_now_ns at which the load ends early */
    uint64_t random_state;
    uint64_t size_max_bytes;
} churn_load;

/* Runs the load. Leaves nothing allocated unless it fails. */
rein_result_void churn(churn_load *load, churn_counts *out_counts);

#endif
