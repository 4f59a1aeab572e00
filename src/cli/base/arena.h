/* Memory that is allocated piece by piece and freed at once.
 *
 * These functions do not fail: if the system is out of memory, they print that and end the command
 * with EXIT_CODE_BAD_INPUT. */
#ifndef REIN_CLI_BASE_ARENA_H
#define REIN_CLI_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct arena arena;

/* put_off_stop makes other threads wait for allow_stop before they end the command for lack of
 * memory. Between the two calls the thread must not allocate from an arena. */
void put_off_stop(void);
void allow_stop(void);

/* Prints that memory is exhausted, then ends the command. */
__attribute__((noreturn)) void stop_without_memory(void);

arena *arena_create(void);
void arena_destroy(arena *memory);

/* Returns `count` zeroed elements of `size_bytes`, aligned for any type. */
void *arena_allocate(arena *memory, size_t count, size_t size_bytes);

/* Returns the array at `elements` with room for at least one element more than `count`. The old
 * array stays valid until the arena is destroyed. `capacity` starts as 0; this function maintains
 * it. Amortised O(1). */
void *arena_grow(arena *memory, void *elements, size_t count, size_t *capacity, size_t size_bytes);

/* A text that grows in an arena; zero-initialised: empty, with `text` NULL. */
typedef struct growing_text {
    char *text; /* terminated */
    size_t length;
    size_t capacity;
} growing_text;

/* Appends a text, in time that is linear in its length. */
void arena_append(arena *memory, growing_text *target, const char *text);

/* Returns a NUL-terminated copy of `length` bytes. */
char *arena_copy(arena *memory, const char *text, size_t length);

/* Returns a text formatted as by printf. */
__attribute__((format(printf, 2, 3))) char *arena_print(arena *memory, const char *format, ...);

/* As arena_print, with the arguments as a list, which is indeterminate afterwards. */
__attribute__((format(printf, 2, 0))) char *arena_print_list(arena *memory, const char *format,
                                                             va_list arguments);

#endif
