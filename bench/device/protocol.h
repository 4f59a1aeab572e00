/* Measures contestants: all contestants of a case run in one process, interleaved in random order.
 *
 * Each contestant is set up, its result is verified, and it is warmed up until the number of
 * operations that fill a repetition is known. A repetition is two batches. The first is timed as a
 * whole; medians and ratios use its mean. In the second, each operation is timed alone, for the
 * percentiles. */
#ifndef BENCH_DEVICE_PROTOCOL_H
#define BENCH_DEVICE_PROTOCOL_H

#include "bench.h"
#include "contract/result.h"

typedef struct contest_setting {
    int device;
    int threads;    /* that run concurrently */
    int depth;      /* operations of a thread between two calls of settle */
    uint64_t bytes; /* size of an allocation, if the case has one */
} contest_setting;

/* `self` is private to the contestant; threads are numbered from 0. */
typedef struct contestant {
    const char *name;
    record_role role;
    void *self;
    /* NULL: nothing to set up. */
    rein_result_void (*set_up)(void *self, const contest_setting *setting);
    /* NULL: nothing to verify. */
    rein_result_void (*verify)(void *self);
    /* Runs one operation. Sets `out_ns` if the contestant times itself. */
    rein_result_void (*operate)(void *self, int thread, double *out_ns);
    bool times_itself;
    /* Waits for submitted work. Its time counts for the batch, not for the single operation. NULL:
     * nothing to wait for. */
    rein_result_void (*settle)(void *self, int thread);
    /* Also called after a set-up that failed half-way. NULL: nothing to tear down. */
    void (*tear_down)(void *self);
} contestant;

typedef struct contest {
    const char *table;
    char name[RECORD_NAME_CAPACITY]; /* of the case */
    contest_setting setting;
    const contestant *contestants;
    size_t contestant_count;
    /* reason why this case cannot be measured; empty if it can */
    char waiver[RECORD_TEXT_CAPACITY];
} contest;

/* Adds a row for each contestant. Our rows have the ratio of their time to that of each other
 * contestant. */
void contest_run(bench *run, const contest *held);

#endif
