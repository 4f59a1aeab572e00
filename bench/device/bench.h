/* A run of the benchmark: its options, the device, and the results. */
#ifndef BENCH_DEVICE_BENCH_H
#define BENCH_DEVICE_BENCH_H

#include "contract/device.h"
#include "options.h"
#include "record.h"

enum { BENCH_THREADS_MAX = 16, BENCH_THREAD_COUNTS_MAX = 4 };

typedef struct bench {
    bench_options asked;
    const char *program; /* path for starting a second process of this program */
    int device;
    char waiver[RECORD_TEXT_CAPACITY]; /* reason why nothing can be measured; empty if it can */
    bool is_exclusive;                 /* the device accepts no second process */
    rein_device_profile profile;       /* of the device, if there is one */
    uint64_t driver_version;           /* 0: none */
    uint64_t runtime_version;
    uint64_t random_state;
    int64_t end_ns; /* on the monotonic clock: cases that have not begun by then are waived */
    int thread_counts[BENCH_THREAD_COUNTS_MAX + 1]; /* ascending, unique, 0 after the last */
    record found;
} bench;

/* Returns whether the rows are waived instead of measured. */
static inline bool bench_is_waived(const bench *run) {
    return run->waiver[0] != '\0';
}

#endif
