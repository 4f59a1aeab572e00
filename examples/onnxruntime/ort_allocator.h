/* The allocator that the engine takes the memory of tensors from: it counts what each session and
 * each execution holds.
 *
 * The engine computes on the thread that calls it (see ort_model.h). So its allocations
 * are charged to the account that its caller has set for the thread. */
#ifndef REIN_EXAMPLES_ORT_ALLOCATOR_H
#define REIN_EXAMPLES_ORT_ALLOCATOR_H

#include <stdatomic.h>

#include "ort_api.h"

/* The memory of one session or one execution. It outlives its blocks. A zeroed one is empty. */
typedef struct ort_account {
    atomic_uint_least64_t used_bytes; /* any thread may free a block */
    uint64_t peak_bytes;              /* read and written by the thread that has set the account */
    /* Called after each allocation, by the thread that allocates. NULL: nothing is called. */
    void (*watch)(void *context);
    void *watch_context;
} ort_account;

/* Host memory, aligned for the engine's vector instructions. Any thread may allocate and free. */
typedef struct ort_counting_allocator {
    ort_allocator table; /* first: the engine passes a pointer to it */
    ort_memory_info *info;
} ort_counting_allocator;

/* Sets up an allocator of the memory that `info` describes; borrows it. */
void ort_counting_allocator_init(ort_counting_allocator *allocator, ort_memory_info *info);

/* Sets the account of the calling thread. NULL: its allocations are not counted. */
void ort_account_use(ort_account *account);

/* Returns the bytes that are allocated now. */
uint64_t ort_account_used_bytes(const ort_account *account);

#endif
