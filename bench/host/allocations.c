#include "host/allocations.h"

#include <stddef.h>
#include <stdlib.h>

/* A counter per thread is a plain addition, and does not slow the allocating threads. */
static _Thread_local uint64_t allocation_count;

uint64_t bench_allocations(void) {
    return allocation_count;
}

#if defined(__GLIBC__)

/* The functions that implement the public names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

bool bench_counts_allocations(void) {
    return true;
}

void *malloc(size_t size) {
    allocation_count++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocation_count++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    allocation_count++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocation_count++;
    return __libc_memalign(alignment, size);
}

#else

bool bench_counts_allocations(void) {
    return false;
}

#endif
