/* The allocations of a pool, found by their pointers. Not for several threads. */
#ifndef REIN_CUDA_LIVE_TABLE_H
#define REIN_CUDA_LIVE_TABLE_H

#include <cuda_runtime_api.h>

#include "cuda/memory_pool.h"

/* One allocation, from before it is made until the stream that frees it got there. */
typedef struct live_allocation {
    rein_cuda_live_allocation facts;
    cudaEvent_t freed; /* made when first freed on a stream; kept for the next allocation */
    struct live_allocation *next;
} live_allocation;

typedef struct live_bucket {
    live_allocation *first;
} live_bucket;

typedef struct live_table {
    live_bucket *buckets;
    size_t bucket_count; /* a power of two */
    size_t count;
    uint64_t charged_bytes;
} live_table;

/* Whether the host has the memory. */
bool rein_i_live_table_init(live_table *table);

/* Cannot fail: a table that cannot grow gets slower. Expected O(1), amortised. */
void rein_i_live_table_insert(live_table *table, live_allocation *allocation);

/* NULL where there is none. Expected O(1). */
live_allocation *rein_i_live_table_remove(live_table *table, const void *pointer);

/* Any allocation, NULL where the table is empty. O(buckets). */
live_allocation *rein_i_live_table_any(const live_table *table);

/* Copies at most `capacity`; returns how many there are. */
size_t rein_i_live_table_list(const live_table *table, rein_cuda_live_allocation *out_allocations,
                              size_t capacity);

void rein_i_live_table_deinit(live_table *table);

#endif
