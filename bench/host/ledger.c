/* Charging and releasing memory: the ledger compared with hand-written code. The peers are inlined
 * into the loop; the ledger is called in its library. */
#include "contract/ledger.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/subject.h"
#include "host/topics.h"

#define CHARGE_TABLE "ledger: charge and release"
#define RIVAL_TABLE  "ledger: beside a rival that asks for too much"

enum { BATCH = 1000, AMOUNT = 4096, THREADS_MAX = 64 };

static const uint64_t limit_bytes = UINT64_C(1) << 40;

/* The counter of the peers, in its own cache line. */
typedef struct limiter {
    _Alignas(128) _Atomic uint64_t used;
    uint64_t limit;
    _Alignas(128) pthread_mutex_t mutex;
    uint64_t used_under_mutex;
} limiter;

static limiter shared_limiter = {.limit = UINT64_C(1) << 40, .mutex = PTHREAD_MUTEX_INITIALIZER};
static rein_ledger shared_ledger;

/* The functions of a limiter. A charge returns whether it was granted. */
typedef bool (*charge_function)(uint64_t bytes);
typedef void (*release_function)(uint64_t bytes);

static inline bool rein_charge(uint64_t bytes) {
    return rein_ledger_charge_memory(&shared_ledger, bytes).is_granted;
}

static inline void rein_release(uint64_t bytes) {
    rein_result_void released = rein_ledger_release_memory(&shared_ledger, bytes);
    if (rein_result_void_is_error(released)) {
        abort();
    }
}

/* Charges without a limit: the cost of an atomic word. */
static inline bool add_charge(uint64_t bytes) {
    atomic_fetch_add_explicit(&shared_limiter.used, bytes, memory_order_acq_rel);
    return true;
}

static inline void add_release(uint64_t bytes) {
    atomic_fetch_sub_explicit(&shared_limiter.used, bytes, memory_order_acq_rel);
}

/* Charges with the check only: no peak, verdict, count of refusals or error. */
static inline bool swap_charge(uint64_t bytes) {
    uint64_t used = atomic_load_explicit(&shared_limiter.used, memory_order_acquire);
    do {
        if (bytes > shared_limiter.limit - used) {
            return false;
        }
    } while (!atomic_compare_exchange_weak_explicit(&shared_limiter.used, &used, used + bytes,
                                                    memory_order_acq_rel, memory_order_acquire));
    return true;
}

static inline void swap_release(uint64_t bytes) {
    uint64_t used = atomic_load_explicit(&shared_limiter.used, memory_order_acquire);
    do {
        if (bytes > used) {
            abort();
        }
    } while (!atomic_compare_exchange_weak_explicit(&shared_limiter.used, &used, used - bytes,
                                                    memory_order_acq_rel, memory_order_acquire));
}

/* The same pair in functions that are not inlined, as in a library. They return the ledger's types.
 */
BENCH_OPAQUE static rein_ledger_verdict judged_swap(uint64_t bytes) {
    return (rein_ledger_verdict){.is_granted = swap_charge(bytes),
                                 .resource = REIN_RESOURCE_MEMORY,
                                 .requested = bytes,
                                 .limit = shared_limiter.limit};
}

BENCH_OPAQUE static rein_result_void checked_swap_release(uint64_t bytes) {
    swap_release(bytes);
    return rein_done();
}

static inline bool answering_swap_charge(uint64_t bytes) {
    return judged_swap(bytes).is_granted;
}

static inline void answering_swap_release(uint64_t bytes) {
    rein_result_void released = checked_swap_release(bytes);
    if (rein_result_void_is_error(released)) {
        abort();
    }
}

/* Charges as limiting adaptors of memory resources do: adds first, then subtracts again if the sum
 * exceeds the limit. */
static inline bool roll_back_charge(uint64_t bytes) {
    uint64_t used = atomic_fetch_add(&shared_limiter.used, bytes);
    if (used + bytes <= shared_limiter.limit) {
        return true;
    }
    atomic_fetch_sub(&shared_limiter.used, bytes);
    return false;
}

static inline void roll_back_release(uint64_t bytes) {
    atomic_fetch_sub(&shared_limiter.used, bytes);
}

static inline bool mutex_charge(uint64_t bytes) {
    pthread_mutex_lock(&shared_limiter.mutex);
    bool fits = bytes <= shared_limiter.limit - shared_limiter.used_under_mutex;
    shared_limiter.used_under_mutex += fits ? bytes : 0;
    pthread_mutex_unlock(&shared_limiter.mutex);
    return fits;
}

static inline void mutex_release(uint64_t bytes) {
    pthread_mutex_lock(&shared_limiter.mutex);
    shared_limiter.used_under_mutex -= bytes;
    pthread_mutex_unlock(&shared_limiter.mutex);
}

/* Charges and releases `count` times and returns the number of refusals. Always inlined with both
 * functions known, so that each limiter gets its own loop. */
__attribute__((always_inline)) static inline uint64_t charge_and_release(charge_function charge,
                                                                         release_function release,
                                                                         uint64_t amount,
                                                                         uint64_t count) {
    uint64_t refused = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (charge(bench_hide(amount))) {
            release(bench_hide(amount));
        } else {
            refused++;
        }
    }
    return refused;
}

/* `context` points to the amount. */
static uint64_t run_rein(void *context, uint64_t count) {
    return charge_and_release(rein_charge, rein_release, *(const uint64_t *)context, count);
}

static uint64_t run_add(void *context, uint64_t count) {
    return charge_and_release(add_charge, add_release, *(const uint64_t *)context, count);
}

static uint64_t run_swap(void *context, uint64_t count) {
    return charge_and_release(swap_charge, swap_release, *(const uint64_t *)context, count);
}

static uint64_t run_answering_swap(void *context, uint64_t count) {
    return charge_and_release(answering_swap_charge, answering_swap_release,
                              *(const uint64_t *)context, count);
}

static uint64_t run_roll_back(void *context, uint64_t count) {
    return charge_and_release(roll_back_charge, roll_back_release, *(const uint64_t *)context,
                              count);
}

static uint64_t run_mutex(void *context, uint64_t count) {
    return charge_and_release(mutex_charge, mutex_release, *(const uint64_t *)context, count);
}

typedef struct way {
    const char *name;
    bench_role role;
    bench_operation run;
} way;

static const way ways[] = {
    {"rein", BENCH_OURS, run_rein},
    {"atomic add, no limit", BENCH_LIMIT, run_add},
    {"compare-and-swap pair", BENCH_LIMIT, run_swap},
    {"the pair, called, with answers", BENCH_LIMIT, run_answering_swap},
    {"add, then roll back", BENCH_PEER, run_roll_back},
    {"mutex", BENCH_PEER, run_mutex},
};

enum { WAY_COUNT = sizeof ways / sizeof ways[0] };

/* A thread that keeps requesting one byte more than the limit, and is always refused. */
typedef struct rival {
    pthread_t thread;
    atomic_bool is_asking;
    atomic_bool is_ended;
    bench_operation run;
} rival;

static rival the_rival;

static void *request_too_much(void *context) {
    rival *asking = context;
    uint64_t too_much = limit_bytes + 1;
    while (!atomic_load_explicit(&asking->is_ended, memory_order_relaxed)) {
        asking->run(&too_much, 100);
        atomic_store_explicit(&asking->is_asking, true, memory_order_relaxed);
    }
    return NULL;
}

static void start_rival(bench_operation run) {
    the_rival.run = run;
    atomic_store(&the_rival.is_asking, false);
    atomic_store(&the_rival.is_ended, false);
    if (pthread_create(&the_rival.thread, NULL, request_too_much, &the_rival) != 0) {
        bench_stop("the rival's thread cannot be started");
    }
    while (!atomic_load_explicit(&the_rival.is_asking, memory_order_relaxed)) {
        sched_yield();
    }
}

static void start_rein_rival(void *context) {
    (void)context;
    start_rival(run_rein);
}

static void start_swap_rival(void *context) {
    (void)context;
    start_rival(run_swap);
}

static void start_roll_back_rival(void *context) {
    (void)context;
    start_rival(run_roll_back);
}

static void start_mutex_rival(void *context) {
    (void)context;
    start_rival(run_mutex);
}

static void end_rival(void *context) {
    (void)context;
    atomic_store(&the_rival.is_ended, true);
    pthread_join(the_rival.thread, NULL);
}

static uint64_t amount = AMOUNT;

static void add_threads(int threads) {
    char case_name[32];
    snprintf(case_name, sizeof case_name, "%d thread%s", threads, threads == 1 ? "" : "s");
    for (int i = 0; i < WAY_COUNT; i++) {
        bench_subject subject = {.table = CHARGE_TABLE,
                                 .case_name = case_name,
                                 .subject = ways[i].name,
                                 .role = ways[i].role,
                                 .run = ways[i].run,
                                 .context = &amount,
                                 .batch = BATCH,
                                 .threads = threads > 1 ? threads : 0,
                                 .counts_instructions = threads == 1};
        bench_add(&subject);
    }
}

static void add_rivals(void) {
    static const struct {
        int way;
        bench_hook start;
    } rivals[] = {{0, start_rein_rival},
                  {2, start_swap_rival},
                  {4, start_roll_back_rival},
                  {5, start_mutex_rival}};
    for (unsigned i = 0; i < sizeof rivals / sizeof rivals[0]; i++) {
        const way *measured = &ways[rivals[i].way];
        bench_subject subject = {.table = RIVAL_TABLE,
                                 .case_name = "1 thread and the rival",
                                 .subject = measured->name,
                                 .role = measured->role,
                                 .run = measured->run,
                                 .context = &amount,
                                 .batch = BATCH,
                                 .uses_wall_clock = true,
                                 .prepare = rivals[i].start,
                                 .finish = end_rival,
                                 .counter = "refused wrongly per million",
                                 .counter_is_per_million = true};
        bench_add(&subject);
    }
}

void bench_add_ledger(int core_count) {
    rein_resource_budget budget = rein_resource_budget_default();
    budget.memory_limit_bytes = limit_bytes;
    rein_result_void made = rein_ledger_init(&shared_ledger, &budget);
    if (rein_result_void_is_error(made)) {
        bench_stop("the ledger cannot be made");
    }
    for (int threads = 1; threads <= 2 * core_count && threads <= THREADS_MAX; threads *= 2) {
        add_threads(threads);
    }
    add_rivals();
}
