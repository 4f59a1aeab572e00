/* Random allocations and frees under a budget: the load of the tables about accuracy. */
#ifndef BENCH_DEVICE_CHURN_H
#define BENCH_DEVICE_CHURN_H

#include "cuda/memory_pool.h"
#include "raw.h"

typedef struct churn_counts {
    uint64_t operations;
    uint64_t refused;        /* by the budget */
    uint64_t without_memory; /* granted by the budget, and the device had none */
} churn_counts;

typedef struct churn_load {
    rein_cuda_memory_pool *pool;
    cudaStream_t stream;   /* of this load alone */
    bool has_stream_order; /* the device can allocate and free in the order of a stream */
    uint64_t operations;
    int64_t deadline_ns; /* of raw_now_ns: ends earlier then */
    uint64_t random_state;
    uint64_t size_max_bytes;
} churn_load;

/* Leaves nothing allocated, unless it fails. */
rein_result_void churn(churn_load *load, churn_counts *out_counts);

#endif
