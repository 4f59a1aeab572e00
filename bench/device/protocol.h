/* How contestants are measured: all those of one case in one run, interleaved in random order.
 *
 * Each is set up, its result verified, and warmed up until it is known how many operations fill a
 * repetition. A repetition is a batch timed as a whole, whose mean is what medians and ratios are
 * made of, and a second one in which each operation is timed alone, for the percentiles. */
#ifndef BENCH_DEVICE_PROTOCOL_H
#define BENCH_DEVICE_PROTOCOL_H

#include "bench.h"
#include "contract/result.h"

typedef struct contest_setting {
    int device;
    int threads;    /* that work at the same time */
    int depth;      /* operations of a thread between two calls of settle */
    uint64_t bytes; /* of an allocation, where there is one */
} contest_setting;

/* `self` is the contestant's own; threads are numbered from 0. */
typedef struct contestant {
    const char *name;
    record_role role;
    void *self;
    /* NULL: there is nothing to set up. */
    rein_result_void (*set_up)(void *self, const contest_setting *setting);
    /* NULL: nothing to verify. */
    rein_result_void (*verify)(void *self);
    /* One operation. `out_ns` is set by those that time themselves, in ns. */
    rein_result_void (*operate)(void *self, int thread, double *out_ns);
    bool times_itself;
    /* Waits for what was submitted; counts for the batch, not for the single operation. NULL: there
     * is nothing to wait for. */
    rein_result_void (*settle)(void *self, int thread);
    /* After a set up that failed half way too. NULL: there is nothing to tear down. */
    void (*tear_down)(void *self);
} contestant;

typedef struct contest {
    const char *table;
    char name[RECORD_NAME_CAPACITY]; /* of the case */
    contest_setting setting;
    const contestant *contestants;
    size_t contestant_count;
    char waiver[RECORD_TEXT_CAPACITY]; /* why this case cannot be measured; empty where it can */
} contest;

/* Adds a row for each contestant; ours carry the ratio of their time to each other one's. */
void contest_run(bench *run, const contest *held);

#endif
