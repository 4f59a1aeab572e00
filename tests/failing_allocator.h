/* An allocator that fails on request. Include it in one file of a program that is linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc. It then replaces the calls of all objects and
 * static libraries of the program, but not of shared libraries. */
#ifndef REIN_TESTS_FAILING_ALLOCATOR_H
#define REIN_TESTS_FAILING_ALLOCATOR_H

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stddef.h>

#include "contract/result.h"

/* The number of the allocation that fails, counted from now; 0: none. */
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

/* Runs `live` with the first allocation failing, then with the second, until a run succeeds.
 * Asserts that each failure is OutOfMemory. Returns the number of allocations that failed. */
static inline size_t fail_each_allocation(rein_result_void (*live)(size_t failing)) {
    size_t failing = 1;
    rein_result_void lived = live(failing);
    while (!lived.is_ok) {
        cr_assert(REIN_ERROR(lived).code == REIN_ERROR_OUT_OF_MEMORY, "allocation %zu: %s", failing,
                  rein_error_code_name(REIN_ERROR(lived).code));
        failing++;
        lived = live(failing);
    }
    return failing - 1;
}

#endif
