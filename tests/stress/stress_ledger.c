/* Threads charge one ledger, and a witness counts what they hold. A thread adds to the witness
 * after a grant and subtracts before a release. The witness is therefore never above the granted
 * amount, and exceeds the limit only if the ledger granted too much. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "contract/ledger.h"

enum { WORKER_COUNT = 4, ROUND_COUNT = 200000, STREAMS_PER_WORKER = 2 };

/* Each worker may hold this much. Together they then hold exactly the limit. */
static const uint64_t worker_share_bytes = 1021;
static const uint64_t limit_bytes = WORKER_COUNT * 1021;

typedef struct workload {
    rein_ledger ledger;
    atomic_uint_fast64_t held_bytes;
    atomic_uint_fast64_t held_streams;
    atomic_uint_fast64_t refused_bytes; /* requests, as the threads saw them */
    atomic_uint_fast64_t compute_ns;
    atomic_int_fast64_t longest_ns;
    atomic_bool is_over;
    atomic_int faults;
} workload;

typedef struct worker {
    workload *load;
    uint64_t seed;
} worker;

static void expect(workload *load, bool holds, const char *rule) {
    if (!holds && atomic_fetch_add(&load->faults, 1) == 0) {
        fprintf(stderr, "broken: %s\n", rule);
    }
}

/* xorshift64: the seed must not be 0. */
static uint64_t random_next(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void expect_usage_within_limits(workload *load) {
    rein_ledger_usage usage = rein_ledger_read(&load->ledger);
    expect(load, usage.memory_bytes.used <= limit_bytes, "used bytes stay within the limit");
    expect(load, usage.memory_bytes.peak <= limit_bytes, "the peak stays within the limit");
    expect(load, usage.streams.used <= usage.streams.limit, "used streams stay within the limit");
}

static bool charge(workload *load, uint64_t bytes) {
    rein_ledger_verdict verdict = rein_ledger_charge_memory(&load->ledger, bytes);
    expect(load, verdict.requested == bytes && verdict.limit == limit_bytes,
           "a verdict repeats the request and the limit");
    expect(load, verdict.is_granted == (bytes <= limit_bytes - verdict.used),
           "a verdict agrees with its own numbers");
    if (verdict.is_granted) {
        expect(load, atomic_fetch_add(&load->held_bytes, bytes) + bytes <= limit_bytes,
               "the total held stays within the limit");
    } else {
        atomic_fetch_add(&load->refused_bytes, 1);
    }
    return verdict.is_granted;
}

static void release(workload *load, uint64_t bytes) {
    atomic_fetch_sub(&load->held_bytes, bytes);
    expect(load, rein_ledger_release_memory(&load->ledger, bytes).is_ok,
           "a charge can be released");
}

static void hold_streams(workload *load) {
    for (int count = 0; count < STREAMS_PER_WORKER; count++) {
        expect(load, rein_ledger_acquire_stream(&load->ledger).is_granted,
               "a stream that fits is granted");
        expect(load, atomic_fetch_add(&load->held_streams, 1) < WORKER_COUNT * STREAMS_PER_WORKER,
               "held streams stay within the limit");
    }
    for (int count = 0; count < STREAMS_PER_WORKER; count++) {
        atomic_fetch_sub(&load->held_streams, 1);
        expect(load, rein_ledger_release_stream(&load->ledger).is_ok,
               "an acquired stream can be released");
    }
}

/* Accounts more time with each call, so that every call raises the peak. */
static void account_longer(workload *load) {
    int64_t ns = atomic_fetch_add(&load->longest_ns, 1) + 1;
    rein_result_ledger_verdict accounted =
        rein_ledger_account_compute(&load->ledger, rein_duration_from_ns(ns));
    expect(load, accounted.is_ok, "compute time is accounted");
    expect(load, rein_ledger_read(&load->ledger).compute_ns.peak >= (uint64_t)ns,
           "the peak is at least what has been accounted");
    atomic_fetch_add(&load->compute_ns, (uint64_t)ns);
}

/* Holds at most its share, in two pieces: none of its requests may be refused. */
static void *work_within_share(void *argument) {
    worker *self = argument;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t first = random_next(&self->seed) % (worker_share_bytes + 1);
        uint64_t second = worker_share_bytes - first;
        expect(self->load, charge(self->load, first), "a first request that fits is granted");
        expect(self->load, charge(self->load, second), "a second request that fits is granted");
        hold_streams(self->load);
        release(self->load, second);
        release(self->load, first);
    }
    return NULL;
}

/* Keeps asking for more than the limit: a ledger that adds and rolls back would sometimes refuse
 * others. */
static void *request_too_much(void *argument) {
    worker *self = argument;
    while (!atomic_load(&self->load->is_over)) {
        expect(self->load, !charge(self->load, limit_bytes + 1), "more than the limit is refused");
        expect_usage_within_limits(self->load);
    }
    return NULL;
}

/* Asks for random amounts, and is often refused. */
static void *work_beyond_share(void *argument) {
    worker *self = argument;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t bytes = random_next(&self->seed) % (limit_bytes + 2);
        if (charge(self->load, bytes)) {
            release(self->load, bytes);
        }
        expect_usage_within_limits(self->load);
    }
    return NULL;
}

static void *work_ever_longer(void *argument) {
    worker *self = argument;
    for (int round = 0; round < ROUND_COUNT; round++) {
        account_longer(self->load);
    }
    return NULL;
}

static void expect_no_drift(workload *load) {
    rein_ledger_usage usage = rein_ledger_read(&load->ledger);
    expect(load, usage.memory_bytes.used == 0, "no byte is left charged");
    expect(load, usage.streams.used == 0, "no stream is left acquired");
    expect(load, usage.memory_bytes.refused == atomic_load(&load->refused_bytes),
           "every refusal is counted once");
    expect(load, usage.compute_ns.used == atomic_load(&load->compute_ns),
           "the compute time is the sum of what was accounted");
    expect(load, usage.compute_ns.peak == (uint64_t)atomic_load(&load->longest_ns),
           "the peak is the longest time accounted");
    expect(load, rein_ledger_charge_memory(&load->ledger, limit_bytes).is_granted,
           "the whole limit can be charged again");
}

static void prepare(workload *load) {
    *load = (workload){.is_over = false};
    rein_resource_budget budget = {.memory_limit_bytes = limit_bytes,
                                   .stream_limit = WORKER_COUNT * STREAMS_PER_WORKER,
                                   .compute_budget = rein_duration_from_ns(500)};
    expect(load, rein_ledger_init(&load->ledger, &budget).is_ok, "the budget is valid");
}

/* Runs `work` in all workers and, if it is not NULL, `rival` beside them until they finish. */
static void run_threads(workload *load, void *(*work)(void *), void *(*rival)(void *)) {
    pthread_t threads[WORKER_COUNT];
    worker workers[WORKER_COUNT];
    pthread_t rival_thread;
    worker rival_worker = {.load = load, .seed = 1};
    bool is_started = true;
    for (uint64_t index = 0; index < WORKER_COUNT; index++) {
        workers[index] = (worker){.load = load, .seed = index + 7};
        is_started &= pthread_create(&threads[index], NULL, work, &workers[index]) == 0;
    }
    is_started &= rival == NULL || pthread_create(&rival_thread, NULL, rival, &rival_worker) == 0;
    expect(load, is_started, "the system starts the threads");
    for (int index = 0; is_started && index < WORKER_COUNT; index++) {
        pthread_join(threads[index], NULL);
    }
    atomic_store(&load->is_over, true);
    if (is_started && rival != NULL) {
        pthread_join(rival_thread, NULL);
    }
}

static int stress(const char *name, void *(*work)(void *), void *(*rival)(void *)) {
    static workload load;
    prepare(&load);
    run_threads(&load, work, rival);
    expect_no_drift(&load);
    int faults = atomic_load(&load.faults);
    printf("%s: %d faults, %llu refusals\n", name, faults,
           (unsigned long long)atomic_load(&load.refused_bytes));
    return faults;
}

int main(void) {
    int faults = stress("everything fits, beside a rival that requests too much", work_within_share,
                        request_too_much);
    faults += stress("all ask for anything", work_beyond_share, NULL);
    faults += stress("all account ever longer times", work_ever_longer, NULL);
    return faults == 0 ? 0 : 1;
}
