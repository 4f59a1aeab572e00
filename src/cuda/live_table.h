/* Hash table of a pool's allocations, keyed by pointer. Not thread-safe. */
#ifndef REIN_CUDA_LIVE_TABLE_H
#define REIN_CUDA_LIVE_TABLE_H

#include <cuda_runtime_api.h>

#include "cuda/memory_pool.h"

/* An allocation, from before it is made until its free has completed. */
typedef struct live_allocation {
    rein_cuda_live_allocation facts;
    cudaEvent_t freed; /* created when first freed on a stream; reused for the next allocation */
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

/* Returns false if the host is out of memory. */
bool rein_i_live_table_init(live_table *table);

/* Never fails: a table that cannot grow gets slower. Expected O(1), amortised. */
void rein_i_live_table_insert(live_table *table, live_allocation *allocation);

/* Returns the record, or NULL if there is none. Expected O(1). */
live_allocation *rein_i_live_table_remove(live_table *table, const void *pointer);

/* Returns any record, or NULL if the table is empty. O(buckets). */
live_allocation *rein_i_live_table_any(const live_table *table);

/* Copies at most `capacity` records; returns the number of all. */
size_t rein_i_live_table_list(const live_table *table, rein_cuda_live_allocation *out_allocations,
                              size_t capacity);

void rein_i_live_table_deinit(live_table *table);

#endif
