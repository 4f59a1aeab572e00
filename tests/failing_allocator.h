/* An allocator that fails when a test says so. Include it in one file of a program that is linked
 * with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc: then it stands before the calls of all
 * objects and static libraries of the program, and of no shared library. */
#ifndef REIN_TESTS_FAILING_ALLOCATOR_H
#define REIN_TESTS_FAILING_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

/* The allocation that fails, counted from now; 0: none. */
static size_t failing_allocation;

static bool fails_now(void) {
    if (failing_allocation == 0) {
        return false;
    }
    failing_allocation--;
    return failing_allocation == 0;
}

void *__real_malloc(size_t bytes);
void *__wrap_malloc(size_t bytes);
void *__real_calloc(size_t count, size_t bytes);
void *__wrap_calloc(size_t count, size_t bytes);
void *__real_realloc(void *memory, size_t bytes);
void *__wrap_realloc(void *memory, size_t bytes);

void *__wrap_malloc(size_t bytes) {
    return fails_now() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes) {
    return fails_now() ? NULL : __real_calloc(count, bytes);
}

void *__wrap_realloc(void *memory, size_t bytes) {
    return fails_now() ? NULL : __real_realloc(memory, bytes);
}

#endif
