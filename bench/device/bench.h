/* One run of the benchmark: what was asked for, the device, and what was found. */
#ifndef BENCH_DEVICE_BENCH_H
#define BENCH_DEVICE_BENCH_H

#include "contract/device.h"
#include "options.h"
#include "record.h"

enum { BENCH_THREADS_MAX = 16, BENCH_THREAD_COUNTS_MAX = 4 };

typedef struct bench {
    bench_options asked;
    const char *program; /* how to start a second process of this one */
    int device;
    char waiver[RECORD_TEXT_CAPACITY]; /* why nothing can be measured; empty where it can */
    bool is_exclusive;                 /* the device lets no second process in */
    rein_device_profile profile;       /* of the device, where there is one */
    uint64_t driver_version;           /* 0: none */
    uint64_t runtime_version;
    uint64_t random_state;
    int64_t end_ns; /* of the monotonic clock: what has not begun by then is waived */
    int thread_counts[BENCH_THREAD_COUNTS_MAX + 1]; /* ascending, each once, 0 after the last */
    record found;
} bench;

/* Whether the tables are to be measured, or their rows waived. */
static inline bool bench_is_waived(const bench *run) {
    return run->waiver[0] != '\0';
}

#endif
