/* A second process of this program, for effects that need one: the cost of its first CUDA call, and
 * a tenant without a budget. It prints lines of numbers, and ends when its standard input is
 * closed. */
#ifndef BENCH_DEVICE_HELPER_H
#define BENCH_DEVICE_HELPER_H

#include <stdio.h>
#include <sys/types.h>

#include "bench.h"
#include "contract/result.h"

typedef struct helper {
    pid_t process;
    int input;    /* its standard input; closing it ends the process */
    FILE *output; /* its standard output */
} helper;

/* Returns the reason why a second process cannot be used; NULL if it can. */
const char *helper_obstacle(const bench *run);

/* Starts a process that plays `part`: see helper_main. */
rein_result_void helper_start(const bench *run, const char *part, helper *out_helper);

/* Waits for the next line of the process and reads its two numbers. */
rein_result_void helper_read(helper *started, double *out_first, double *out_second);

/* Ends the process and waits for it. Fails if it did not exit successfully. */
rein_result_void helper_stop(helper *started);

/* Ends the process after reading the two numbers of its last line. */
rein_result_void helper_finish(helper *started, double *out_first, double *out_second);

/* Runs as the second process. Returns the exit code.
 *
 * The probe parts "context-free", "exact", "properties" and "memory" time one first call. They
 * print its ns, and the bytes that the probe reports as taken, or -1 if it reports none.
 *
 * The part "tenant" allocates and frees device memory as fast as it can. Its first line signals
 * that it has begun; the last one has the numbers of granted and refused allocations. */
int helper_main(const char *part, int device);

#endif
