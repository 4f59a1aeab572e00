/* The load of a stress program: PROGRAM [THREADS [SECONDS]]. Without arguments, a single pass with
 * a few threads; with them, passes with that many threads until the time is over. */
#ifndef REIN_TESTS_STRESS_LOAD_H
#define REIN_TESTS_STRESS_LOAD_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LOAD_THREADS_MOST = 64 };

typedef struct load {
    int thread_count; /* 1 to LOAD_THREADS_MOST; 0: the arguments are wrong */
    time_t seconds;
    time_t start_s;
} load;

static inline time_t load_now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static inline load load_of_arguments(int count, char **arguments, int thread_count) {
    load asked = {.thread_count = thread_count, .start_s = load_now_s()};
    if (count > 1) {
        asked.thread_count = atoi(arguments[1]);
    }
    if (count > 2) {
        asked.seconds = atoi(arguments[2]);
    }
    if (asked.thread_count < 1 || asked.thread_count > LOAD_THREADS_MOST) {
        asked.thread_count = 0;
    }
    return asked;
}

static inline bool load_goes_on(const load *asked) {
    return load_now_s() - asked->start_s < asked->seconds;
}

/* The main function of a stress program. Repeats `pass` with the given number of threads while it
 * returns 0 and there is time left. Returns the status of the last pass, or 2 if the arguments are
 * wrong. */
static inline int load_main(const char *name, int count, char **arguments, int default_threads,
                            int (*pass)(int thread_count)) {
    load asked = load_of_arguments(count, arguments, default_threads);
    if (asked.thread_count == 0) {
        fprintf(stderr, "usage: %s [1 to %d threads [SECONDS]]\n", name, LOAD_THREADS_MOST);
        return 2;
    }
    int status = 0;
    do {
        status = pass(asked.thread_count);
    } while (status == 0 && load_goes_on(&asked));
    return status;
}

#endif
