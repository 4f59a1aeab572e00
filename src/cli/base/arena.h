/* Memory that is allocated piece by piece and freed at once.
 *
 * Nothing here fails: if the system has no memory left, the command says so and ends with
 * EXIT_CODE_BAD_INPUT. */
#ifndef REIN_CLI_BASE_ARENA_H
#define REIN_CLI_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct arena arena;

/* While a thread is between these two, no other thread ends the command for lack of memory; it must
 * not allocate from an arena itself. */
void put_off_stop(void);
void allow_stop(void);

/* Prints that the memory is exhausted, then ends the command. */
__attribute__((noreturn)) void stop_without_memory(void);

arena *arena_create(void);
void arena_destroy(arena *memory);

/* `count` zeroed elements of `size_bytes`, aligned for any type. */
void *arena_allocate(arena *memory, size_t count, size_t size_bytes);

/* The array at `elements` with room for at least one element more than `count`; the old one stays
 * valid until the end. `capacity` is kept by this function and starts as 0. Amortised O(1). */
void *arena_grow(arena *memory, void *elements, size_t count, size_t *capacity, size_t size_bytes);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(arena *memory, const char *text, size_t length);

/* A text as printf writes it. */
__attribute__((format(printf, 2, 3))) char *arena_print(arena *memory, const char *format, ...);

/* The same for arguments that were passed on; `arguments` are spent. */
__attribute__((format(printf, 2, 0))) char *arena_print_list(arena *memory, const char *format,
                                                             va_list arguments);

#endif
