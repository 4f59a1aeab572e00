/* Counts the allocations of a thread, by replacing the C library's functions. */
#ifndef REIN_BENCH_ALLOCATIONS_H
#define REIN_BENCH_ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns false if the C library's functions cannot be replaced: allocations are then not
 * counted. */
bool bench_counts_allocations(void);

/* Returns the number of calls of malloc, calloc, realloc and aligned_alloc by this thread,
 * including those of the C++ library. */
uint64_t bench_allocations(void);

#ifdef __cplusplus
}
#endif

#endif
