/* The parts of a benchmark. A subject is one side of a comparison. The sides of a case of a table
 * are measured in turn, interleaved.
 *
 * Code that users of the library write in C is in files compiled as C, with the flags of the
 * library; C++ peers are compiled with the same flags. There is no link-time optimisation, so a
 * call of the library remains a call. */
#ifndef REIN_BENCH_SUBJECT_H
#define REIN_BENCH_SUBJECT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bench_role {
    BENCH_OURS = 1,
    BENCH_PEER = 2, /* what a user would choose instead */
    BENCH_LIMIT = 3 /* a bound for any implementation, or the bare primitive */
} bench_role;

/* Does the operation `count` times. The result depends on each of them, so that the compiler cannot
 * omit any. If the subject has threads, each calls it with the same context. */
typedef uint64_t (*bench_operation)(void *context, uint64_t count);

/* Called by one thread, outside the measured time. */
typedef void (*bench_hook)(void *context);

typedef struct bench_subject {
    const char *table;
    const char *case_name;
    const char *subject;
    bench_role role;
    bench_operation run; /* NULL: waived */
    void *context;
    const char *waived_because; /* if it is waived */
    uint64_t batch;             /* `count` of each call of `run`, above 0 */
    int threads;                /* 0: one */
    bool uses_wall_clock;       /* implied by threads; else the processor's time counts */
    bool counts_instructions;   /* small enough for an emulated processor to count */
    bench_hook prepare;         /* NULL, or before each measurement; makes what is missing */
    bench_hook finish;          /* NULL, or after each measurement */
    /* NULL, or the name of a counter: the last result of `run`, or the sum of its results per
     * million operations. */
    const char *counter;
    bool counter_is_per_million;
} bench_subject;

/* Adds a subject; its texts are copied. */
void bench_add(const bench_subject *subject);

/* Adds an array of subjects. */
void bench_add_all(const bench_subject *subjects, uint64_t count);

/* Prints the reason to standard error and ends the program, because a benchmark that cannot be set
 * up measures nothing. */
__attribute__((noreturn)) void bench_stop(const char *reason);

/* Returns `value`, about which the compiler then knows nothing. */
static inline uint64_t bench_hide(uint64_t value) {
    __asm__ volatile("" : "+r"(value));
    return value;
}

/* Prevents the compiler from omitting or reordering writes to `object`. */
static inline void bench_keep(const void *object) {
    __asm__ volatile("" : : "g"(object) : "memory");
}

/* A function that is called as if it were in another library: not inlined, with unknown effects. */
#if defined(__GNUC__) && !defined(__clang__)
#define BENCH_OPAQUE __attribute__((noipa))
#else
#define BENCH_OPAQUE __attribute__((noinline))
#endif

#ifdef __cplusplus
}
#endif

#endif
