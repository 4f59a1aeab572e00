/* Counts what a thread allocates, by standing in for the C library's functions. */
#ifndef REIN_BENCH_ALLOCATIONS_H
#define REIN_BENCH_ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* False where the C library offers no way to stand in for it: then nothing is counted. */
bool bench_counts_allocations(void);

/* Calls of malloc, calloc, realloc and aligned_alloc by this thread, the C++ library's among them.
 */
uint64_t bench_allocations(void);

#ifdef __cplusplus
}
#endif

#endif
