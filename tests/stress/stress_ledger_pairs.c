/* stress_ledger_pairs [THREADS [PAIRS]]: threads charge one ledger and release their charges, in
 * pairs. At the end no byte is left or lost, and every grant and refusal was counted. A plain main,
 * for ThreadSanitizer. */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "contract/ledger.h"

enum { THREADS_MOST = 64, DEFAULT_THREADS = 64, DEFAULT_PAIRS = 200000 };

/* Each thread holds one charge while it asks for the next, and three of the largest fit. Threads
 * refuse each other, and a thread that is alone is never refused. */
static const uint64_t charge_most_bytes = 1000;
static const uint64_t limit_bytes = 3000;

static pthread_barrier_t start;

typedef struct worker {
    pthread_t thread;
    rein_ledger *ledger;
    uint64_t random_state;
    uint64_t pairs;
    uint64_t refused;
    uint64_t wrong;
} worker;

/* xorshift64: the seed must not be 0. */
static uint64_t random_next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void release(worker *self, uint64_t bytes) {
    self->wrong += !rein_ledger_release_memory(self->ledger, bytes).is_ok;
}

static void *work(void *argument) {
    worker *self = argument;
    uint64_t held_bytes = 0;
    pthread_barrier_wait(&start);
    for (uint64_t done = 0; done < self->pairs;) {
        uint64_t bytes = 1 + random_next(&self->random_state) % charge_most_bytes;
        rein_ledger_verdict verdict = rein_ledger_charge_memory(self->ledger, bytes);
        self->wrong += verdict.is_granted != (bytes <= verdict.limit - verdict.used);
        release(self, held_bytes);
        held_bytes = verdict.is_granted ? bytes : 0;
        if (verdict.is_granted) {
            done++;
        } else {
            self->refused++;
            sched_yield();
        }
    }
    release(self, held_bytes);
    return NULL;
}

static bool is_even(rein_ledger *ledger, uint64_t refused) {
    rein_resource_usage usage = rein_ledger_read(ledger).memory_bytes;
    bool is = usage.used == 0 && usage.peak > 0 && usage.peak <= usage.limit;
    return is && usage.refused == refused &&
           rein_ledger_charge_memory(ledger, usage.limit).is_granted;
}

static int run(int thread_count, uint64_t pairs) {
    static rein_ledger ledger;
    static worker workers[THREADS_MOST];
    rein_resource_budget budget = {.memory_limit_bytes = limit_bytes,
                                   .stream_limit = 1,
                                   .compute_budget = rein_duration_from_ns(1)};
    if (!rein_ledger_init(&ledger, &budget).is_ok ||
        pthread_barrier_init(&start, NULL, (unsigned)thread_count) != 0) {
        return 1;
    }
    for (int i = 0; i < thread_count; i++) {
        bool is_last = i == thread_count - 1;
        uint64_t part = pairs / (uint64_t)thread_count;
        workers[i] = (worker){.ledger = &ledger,
                              .random_state = (uint64_t)i + 1,
                              .pairs = part + (is_last ? pairs % (uint64_t)thread_count : 0)};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            fputs("the system starts no more threads\n", stderr);
            return 1;
        }
    }
    uint64_t refused = 0;
    uint64_t wrong = 0;
    for (int i = 0; i < thread_count; i++) {
        pthread_join(workers[i].thread, NULL);
        refused += workers[i].refused;
        wrong += workers[i].wrong;
    }
    bool even = is_even(&ledger, refused);
    printf("%" PRIu64 " pairs by %d threads, %" PRIu64 " refusals, %" PRIu64 " wrong, %s\n", pairs,
           thread_count, refused, wrong, even ? "no drift" : "DRIFT");
    return even && wrong == 0 ? 0 : 1;
}

int main(int count, char **arguments) {
    int thread_count = count > 1 ? atoi(arguments[1]) : DEFAULT_THREADS;
    uint64_t pairs = count > 2 ? strtoull(arguments[2], NULL, 10) : DEFAULT_PAIRS;
    if (thread_count < 1 || thread_count > THREADS_MOST || pairs == 0) {
        fprintf(stderr, "usage: stress_ledger_pairs [1 to %d threads [PAIRS]]\n", THREADS_MOST);
        return 2;
    }
    return run(thread_count, pairs);
}
