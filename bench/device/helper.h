/* A second process of this program, for what one process cannot show: the price of its first call
 * of CUDA, and a tenant that knows of no budget. It prints lines of numbers, and ends when its
 * standard input does. */
#ifndef BENCH_DEVICE_HELPER_H
#define BENCH_DEVICE_HELPER_H

#include <stdio.h>
#include <sys/types.h>

#include "bench.h"
#include "contract/result.h"

typedef struct helper {
    pid_t process;
    int input;    /* its standard input: closed to end it */
    FILE *output; /* its standard output */
} helper;

/* Why nothing that needs a second process can be measured; NULL where it can. */
const char *helper_obstacle(const bench *run);

/* Starts a process that plays `part`, as helper_main knows it. */
rein_result_void helper_start(const bench *run, const char *part, helper *out_helper);

/* Two numbers of its next line; waits for it. */
rein_result_void helper_read(helper *started, double *out_first, double *out_second);

/* Lets it end, and waits for that. Errors: where it did not end well. */
rein_result_void helper_stop(helper *started);

/* Lets it end, its last line read: two numbers. */
rein_result_void helper_finish(helper *started, double *out_first, double *out_second);

/* What the second process does. A probe's part times one first call: "context-free", "exact",
 * "properties", "memory"; its line: ns, and bytes that the probe says it took, -1 where it says
 * nothing. "tenant" grabs and frees device memory as fast as it can: its first line says that it
 * has begun, its last one how often it was granted and refused memory. Returns the exit code. */
int helper_main(const char *part, int device);

#endif
