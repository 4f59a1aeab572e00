#include <criterion/criterion.h>

#include <pthread.h>

#include "ledger_case.h"

/* Each thread acts on its own seed. The results are checked after all threads have ended. */
enum { WORKER_COUNT = 4, ROUND_COUNT = 300000 };

typedef struct worker {
    pthread_t thread;
    pthread_barrier_t *start; /* all start together: a thread alone would be done in a few ms */
    void *(*work)(void *self);
    rein_ledger *ledger;
    uint64_t *shadow;       /* at most what the workers hold, so within the limit */
    uint64_t state;         /* of its random numbers */
    uint64_t highest_grant; /* used + requested, at its highest */
    uint64_t refused;
    int64_t balance; /* taken less given back */
    uint64_t wrong;  /* observations that break a promise */
} worker;

static uint64_t next_random(worker *self, uint64_t bound) {
    self->state = self->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (self->state >> 33) % bound;
}

static void *start_with_others(void *context) {
    worker *self = context;
    pthread_barrier_wait(self->start);
    return self->work(self);
}

static void run_workers(worker *workers, void *(*work)(void *), rein_ledger *ledger,
                        uint64_t *shadow) {
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, WORKER_COUNT);
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        workers[index] = (worker){
            .start = &start, .work = work, .ledger = ledger, .shadow = shadow, .state = index + 1};
        int started =
            pthread_create(&workers[index].thread, NULL, start_with_others, &workers[index]);
        cr_assert(started == 0, "thread %zu starts", index);
    }
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        pthread_join(workers[index].thread, NULL);
    }
    pthread_barrier_destroy(&start);
}

/* Checks that the fields of a verdict are consistent with each other. */
static void check_verdict(worker *self, const rein_ledger_verdict *verdict) {
    bool fits = verdict->requested <= verdict->limit - verdict->used;
    uint64_t shortfall = fits ? 0 : verdict->requested - (verdict->limit - verdict->used);
    self->wrong += verdict->used > verdict->limit || verdict->is_granted != fits ||
                   verdict->shortfall != shortfall;
    if (!verdict->is_granted) {
        self->refused++;
    } else if (verdict->used + verdict->requested > self->highest_grant) {
        self->highest_grant = verdict->used + verdict->requested;
    }
}

/* The shadow is raised after a grant and lowered before a release, so it never exceeds what is
 * used. A shadow above the limit proves that the ledger exceeded it. */
static void raise_shadow(worker *self, uint64_t amount, uint64_t limit) {
    self->wrong += __atomic_add_fetch(self->shadow, amount, __ATOMIC_SEQ_CST) > limit;
}

static void lower_shadow(worker *self, uint64_t amount) {
    __atomic_sub_fetch(self->shadow, amount, __ATOMIC_SEQ_CST);
}

static void check_reading(worker *self) {
    rein_ledger_usage usage = rein_ledger_read(self->ledger);
    self->wrong += usage.memory_bytes.used > usage.memory_bytes.limit ||
                   usage.memory_bytes.peak > usage.memory_bytes.limit ||
                   usage.streams.used > usage.streams.limit ||
                   usage.streams.peak > usage.streams.limit;
}

/* Asks for up to the whole limit, together with three others: many refusals. */
static void *contend(void *context) {
    worker *self = context;
    uint64_t limit = rein_ledger_budget(self->ledger).memory_limit_bytes;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t amount = next_random(self, limit + 2);
        rein_ledger_verdict verdict = rein_ledger_charge_memory(self->ledger, amount);
        check_verdict(self, &verdict);
        if (verdict.is_granted) {
            raise_shadow(self, amount, limit);
            check_reading(self);
            lower_shadow(self, amount);
            self->wrong +=
                rein_result_void_is_error(rein_ledger_release_memory(self->ledger, amount));
        }
    }
    return NULL;
}

typedef struct worker_sums {
    uint64_t refused;
    uint64_t highest_grant;
} worker_sums;

static worker_sums expect_nothing_wrong(const worker *workers) {
    worker_sums sums = {0, 0};
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        cr_assert(workers[index].wrong == 0, "thread %zu saw %llu broken promises", index,
                  (unsigned long long)workers[index].wrong);
        sums.refused += workers[index].refused;
        if (workers[index].highest_grant > sums.highest_grant) {
            sums.highest_grant = workers[index].highest_grant;
        }
    }
    return sums;
}

Test(ledger_threads, memory_is_never_over_the_limit_and_does_not_drift) {
    rein_ledger ledger = ledger_of(1000, 1, 1);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, contend, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    cr_assert(sums.refused > 0, "there was something to refuse");
    expect_memory(&ledger, 0, sums.highest_grant, sums.refused);
}

/* Stays within its share of the limit, and also asks for more than the limit: only the latter is
 * refused. */
static void *stay_within_share(void *context) {
    worker *self = context;
    uint64_t limit = rein_ledger_budget(self->ledger).memory_limit_bytes;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t amount = 1 + next_random(self, limit / WORKER_COUNT);
        rein_ledger_verdict too_much =
            rein_ledger_charge_memory(self->ledger, limit + 1 + next_random(self, limit));
        check_verdict(self, &too_much);
        rein_ledger_verdict verdict = rein_ledger_charge_memory(self->ledger, amount);
        check_verdict(self, &verdict);
        self->wrong += !verdict.is_granted || too_much.is_granted;
        raise_shadow(self, amount, limit);
        lower_shadow(self, amount);
        self->wrong += rein_result_void_is_error(rein_ledger_release_memory(self->ledger, amount));
    }
    return NULL;
}

Test(ledger_threads, what_fits_is_never_refused_beside_what_cannot_fit) {
    rein_ledger ledger = ledger_of(4096, 1, 1);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, stay_within_share, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    cr_assert(sums.refused == (uint64_t)WORKER_COUNT * ROUND_COUNT, "all that cannot fit: %llu",
              (unsigned long long)sums.refused);
    expect_memory(&ledger, 0, sums.highest_grant, sums.refused);
}

/* Takes up to two streams of three that four threads share. */
static void *take_streams(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t held = 0;
        for (int stream = 0; stream < 2; stream++) {
            rein_ledger_verdict verdict = rein_ledger_acquire_stream(self->ledger);
            check_verdict(self, &verdict);
            held += verdict.is_granted ? 1 : 0;
        }
        raise_shadow(self, held, 3);
        check_reading(self);
        lower_shadow(self, held);
        for (; held > 0; held--) {
            self->wrong += rein_result_void_is_error(rein_ledger_release_stream(self->ledger));
        }
    }
    return NULL;
}

Test(ledger_threads, streams_are_never_over_the_limit_and_do_not_drift) {
    rein_ledger ledger = ledger_of(1, 3, 1);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, take_streams, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    cr_assert(sums.highest_grant > 0, "some were granted");
    expect_streams(&ledger, 0, sums.highest_grant, sums.refused);
}

/* Charges or releases one of two bytes at random, also a byte that another worker holds. */
static void *take_or_give(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        if (next_random(self, 2) == 0) {
            self->balance += rein_ledger_charge_memory(self->ledger, 1).is_granted ? 1 : 0;
        } else {
            rein_result_void released = rein_ledger_release_memory(self->ledger, 1);
            self->balance -= rein_result_void_is_ok(released) ? 1 : 0;
        }
        check_reading(self);
    }
    return NULL;
}

Test(ledger_threads, no_more_is_released_than_is_held) {
    rein_ledger ledger = ledger_of(2, 1, 1);
    worker workers[WORKER_COUNT];
    run_workers(workers, take_or_give, &ledger, NULL);
    expect_nothing_wrong(workers);
    int64_t held = 0;
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        held += workers[index].balance;
    }
    cr_assert(held >= 0 && held <= 2, "%lld bytes are held", (long long)held);
    cr_assert(rein_ledger_read(&ledger).memory_bytes.used == (uint64_t)held, "nothing drifts");
}

/* Ever longer executions, so that threads contend for the peak to the end. */
static void *spend_compute(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t spent = (uint64_t)round + next_random(self, 4);
        rein_ledger_verdict verdict = spend(self->ledger, (int64_t)spent);
        self->wrong += verdict.is_granted != (spent <= ROUND_COUNT / 2);
        self->wrong += rein_ledger_read(self->ledger).compute_ns.peak < spent;
        self->refused += verdict.is_granted ? 0 : 1;
        self->highest_grant = spent > self->highest_grant ? spent : self->highest_grant;
        __atomic_add_fetch(self->shadow, spent, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

Test(ledger_threads, compute_time_is_summed_exactly) {
    rein_ledger ledger = ledger_of(1, 1, ROUND_COUNT / 2);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, spend_compute, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    expect_compute(&ledger, shadow, sums.highest_grant, sums.refused);
}

/* Climbs by two steps up and one down, so that there is always a new peak; the last worker only
 * reads. */
static void *raise_peak_or_read(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        if (self->state != WORKER_COUNT) {
            REIN_IGNORE(rein_ledger_charge_memory(self->ledger, 2));
            self->wrong += rein_result_void_is_error(rein_ledger_release_memory(self->ledger, 1));
            continue;
        }
        rein_resource_usage usage = rein_ledger_read(self->ledger).memory_bytes;
        self->wrong += usage.used > usage.peak || usage.peak < self->highest_grant;
        self->highest_grant = usage.peak;
    }
    return NULL;
}

Test(ledger_threads, peak_is_never_below_what_is_in_use_and_never_goes_back) {
    rein_ledger ledger = ledger_of(UINT64_MAX, 1, 1);
    worker workers[WORKER_COUNT];
    run_workers(workers, raise_peak_or_read, &ledger, NULL);
    expect_nothing_wrong(workers);
    uint64_t all = (uint64_t)(WORKER_COUNT - 1) * ROUND_COUNT;
    cr_assert(rein_ledger_read(&ledger).memory_bytes.used == all, "nothing drifts");
}
