#include <criterion/criterion.h>

#include <pthread.h>
#include <string.h>

#include "contract/ledger.h"
#include "expect.h"

static rein_ledger ledger_of(uint64_t memory, int32_t streams, int64_t compute_ns) {
    rein_resource_budget budget = {.memory_limit_bytes = memory,
                                   .stream_limit = streams,
                                   .compute_budget = rein_duration_from_ns(compute_ns)};
    rein_ledger ledger;
    rein_result_void made = rein_ledger_init(&ledger, &budget);
    cr_assert(rein_result_void_is_ok(made), "the ledger is made");
    return ledger;
}

static void expect_usage(const rein_resource_usage *usage, uint64_t limit, uint64_t used,
                         uint64_t peak, uint64_t refused) {
    cr_assert(usage->limit == limit && usage->used == used && usage->peak == peak &&
                  usage->refused == refused,
              "limit %llu, used %llu, peak %llu, refused %llu; expected %llu, %llu, %llu, %llu",
              (unsigned long long)usage->limit, (unsigned long long)usage->used,
              (unsigned long long)usage->peak, (unsigned long long)usage->refused,
              (unsigned long long)limit, (unsigned long long)used, (unsigned long long)peak,
              (unsigned long long)refused);
}

static void expect_memory(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                          uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.memory_bytes, rein_ledger_budget(ledger).memory_limit_bytes, used, peak,
                 refused);
}

static void expect_streams(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                           uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.streams, (uint64_t)rein_ledger_budget(ledger).stream_limit, used, peak,
                 refused);
}

static void expect_compute(const rein_ledger *ledger, uint64_t used, uint64_t peak,
                           uint64_t refused) {
    rein_ledger_usage usage = rein_ledger_read(ledger);
    expect_usage(&usage.compute_ns, (uint64_t)rein_ledger_budget(ledger).compute_budget.ns, used,
                 peak, refused);
}

static void expect_verdict(rein_ledger_verdict verdict, bool is_granted, uint64_t requested,
                           uint64_t limit, uint64_t used, uint64_t shortfall) {
    cr_assert(verdict.is_granted == is_granted, "%s", is_granted ? "granted" : "refused");
    cr_assert(verdict.requested == requested && verdict.limit == limit && verdict.used == used &&
                  verdict.shortfall == shortfall,
              "requested %llu, limit %llu, used %llu, shortfall %llu; expected %llu, %llu, %llu, "
              "%llu",
              (unsigned long long)verdict.requested, (unsigned long long)verdict.limit,
              (unsigned long long)verdict.used, (unsigned long long)verdict.shortfall,
              (unsigned long long)requested, (unsigned long long)limit, (unsigned long long)used,
              (unsigned long long)shortfall);
}

static void expect_released(rein_ledger *ledger, uint64_t bytes) {
    cr_assert(rein_result_void_is_ok(rein_ledger_release_memory(ledger, bytes)),
              "%llu bytes are released", (unsigned long long)bytes);
}

Test(ledger, starts_empty_with_the_limits_of_the_budget) {
    rein_ledger ledger;
    memset(&ledger, 0xA5, sizeof ledger);
    rein_resource_budget budget = rein_resource_budget_default();
    rein_result_void made = rein_ledger_init(&ledger, &budget);
    cr_assert(rein_result_void_is_ok(made), "made");
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
    expect_compute(&ledger, 0, 0, 0);
    rein_resource_budget kept = rein_ledger_budget(&ledger);
    cr_assert(rein_resource_budget_equal(&kept, &budget), "the budget is kept");
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    cr_assert(usage.memory_bytes.limit == UINT64_C(536870912) && usage.streams.limit == 4 &&
                  usage.compute_ns.limit == 100000000,
              "the limits are the budget's");
}

Test(ledger, takes_the_largest_budget) {
    rein_ledger ledger = ledger_of(UINT64_MAX, INT32_MAX, INT64_MAX);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), true, UINT64_MAX, UINT64_MAX, 0,
                   0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 1), false, 1, UINT64_MAX, UINT64_MAX, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, UINT64_MAX,
                   UINT64_MAX, UINT64_MAX);
    expect_memory(&ledger, UINT64_MAX, UINT64_MAX, 2);
    expect_streams(&ledger, 0, 0, 0);
}

Test(ledger, init_refuses_a_budget_that_is_not_valid_and_changes_nothing) {
    rein_ledger ledger;
    memset(&ledger, 0xA5, sizeof ledger);
    rein_ledger before;
    memcpy(&before, &ledger, sizeof before);
    const rein_resource_budget wrong[] = {{0, 1, {1}}, {1, 0, {1}}, {1, 1, {0}}, {1, -1, {-1}}};
    static const char *const messages[] = {
        "memory_limit_bytes is 0, expected above 0", "stream_limit is 0, expected above 0",
        "compute_budget is 0ns, expected above 0ns", "stream_limit is -1, expected above 0"};
    for (size_t index = 0; index < 4; index++) {
        rein_result_void made = rein_ledger_init(&ledger, &wrong[index]);
        cr_assert(rein_result_void_is_error(made), "row %zu", index);
        expect_invalid_argument(&REIN_ERROR(made), messages[index]);
        cr_assert(memcmp(&ledger, &before, sizeof before) == 0, "row %zu: unchanged", index);
    }
    rein_result_void made = rein_ledger_init(&ledger, NULL);
    expect_invalid_argument(&REIN_ERROR(made), "the budget is NULL, expected a budget");
    cr_assert(memcmp(&ledger, &before, sizeof before) == 0, "unchanged");
}

Test(ledger, init_again_forgets_all) {
    rein_ledger ledger = ledger_of(100, 1, 10);
    rein_ledger_charge_memory(&ledger, 60);
    rein_ledger_charge_memory(&ledger, 60);
    rein_ledger_acquire_stream(&ledger);
    ledger = ledger_of(50, 2, 20);
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
    cr_assert(rein_ledger_read(&ledger).memory_bytes.limit == 50, "the new limit");
}

Test(ledger_memory, is_granted_up_to_the_limit_and_refused_beyond) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 60), true, 60, 100, 0, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 41), false, 41, 100, 60, 1);
    expect_memory(&ledger, 60, 60, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 40), true, 40, 100, 60, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 1), false, 1, 100, 100, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, 100, 100,
                   UINT64_MAX);
    expect_memory(&ledger, 100, 100, 3);
}

Test(ledger_memory, refusal_of_more_than_the_limit_names_the_excess) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 101), false, 101, 100, 0, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, UINT64_MAX), false, UINT64_MAX, 100, 0,
                   UINT64_MAX - 100);
    expect_memory(&ledger, 0, 0, 2);
}

Test(ledger_memory, zero_bytes_are_always_granted) {
    rein_ledger ledger = ledger_of(1, 1, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 0), true, 0, 1, 0, 0);
    rein_ledger_charge_memory(&ledger, 1);
    expect_verdict(rein_ledger_charge_memory(&ledger, 0), true, 0, 1, 1, 0);
    expect_memory(&ledger, 1, 1, 0);
    expect_released(&ledger, 0);
    expect_memory(&ledger, 1, 1, 0);
}

Test(ledger_memory, release_gives_back_and_keeps_the_peak) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    rein_ledger_charge_memory(&ledger, 30);
    rein_ledger_charge_memory(&ledger, 50);
    expect_released(&ledger, 45);
    expect_memory(&ledger, 35, 80, 0);
    rein_ledger_charge_memory(&ledger, 45);
    expect_memory(&ledger, 80, 80, 0);
    rein_ledger_charge_memory(&ledger, 1);
    expect_memory(&ledger, 81, 81, 0);
    expect_released(&ledger, 81);
    expect_memory(&ledger, 0, 81, 0);
    expect_verdict(rein_ledger_charge_memory(&ledger, 100), true, 100, 100, 0, 0);
}

Test(ledger_memory, releasing_more_than_is_held_changes_nothing) {
    rein_ledger ledger = ledger_of(1 << 20, 1, 1);
    rein_result_void released = rein_ledger_release_memory(&ledger, 1);
    expect_invalid_argument(&REIN_ERROR(released),
                            "1B were released, expected at most what is in use, 0B");
    rein_ledger_charge_memory(&ledger, 2048);
    released = rein_ledger_release_memory(&ledger, 2049);
    expect_invalid_argument(&REIN_ERROR(released),
                            "2049B were released, expected at most what is in use, 2KiB");
    cr_assert(rein_result_void_is_error(rein_ledger_release_memory(&ledger, UINT64_MAX)), "max");
    expect_memory(&ledger, 2048, 2048, 0);
    expect_released(&ledger, 2048);
    expect_memory(&ledger, 0, 2048, 0);
}

Test(ledger_streams, are_granted_up_to_the_limit_and_refused_beyond) {
    rein_ledger ledger = ledger_of(1, 2, 1);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 0, 0);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 1, 0);
    expect_verdict(rein_ledger_acquire_stream(&ledger), false, 1, 2, 2, 1);
    expect_streams(&ledger, 2, 2, 1);
    cr_assert(rein_result_void_is_ok(rein_ledger_release_stream(&ledger)), "one is given back");
    expect_streams(&ledger, 1, 2, 1);
    expect_verdict(rein_ledger_acquire_stream(&ledger), true, 1, 2, 1, 0);
    expect_memory(&ledger, 0, 0, 0);
}

Test(ledger_streams, releasing_one_that_is_not_held_changes_nothing) {
    rein_ledger ledger = ledger_of(1, 2, 1);
    rein_result_void released = rein_ledger_release_stream(&ledger);
    expect_invalid_argument(&REIN_ERROR(released),
                            "1 stream was released, expected at most what is in use, 0");
    expect_streams(&ledger, 0, 0, 0);
    rein_ledger_acquire_stream(&ledger);
    cr_assert(rein_result_void_is_ok(rein_ledger_release_stream(&ledger)), "the one held");
    cr_assert(rein_result_void_is_error(rein_ledger_release_stream(&ledger)), "no second");
    expect_streams(&ledger, 0, 1, 0);
}

static rein_ledger_verdict spend(rein_ledger *ledger, int64_t ns) {
    return REIN_UNWRAP(rein_result_ledger_verdict,
                       rein_ledger_account_compute(ledger, rein_duration_from_ns(ns)));
}

Test(ledger_compute, accounts_all_and_judges_each_execution) {
    rein_ledger ledger = ledger_of(1, 1, 100);
    expect_verdict(spend(&ledger, 0), true, 0, 100, 0, 0);
    expect_verdict(spend(&ledger, 60), true, 60, 100, 0, 0);
    expect_verdict(spend(&ledger, 100), true, 100, 100, 0, 0);
    expect_compute(&ledger, 160, 100, 0);
    expect_verdict(spend(&ledger, 101), false, 101, 100, 0, 1);
    expect_verdict(spend(&ledger, 500), false, 500, 100, 0, 400);
    expect_verdict(spend(&ledger, 99), true, 99, 100, 0, 0);
    expect_compute(&ledger, 860, 500, 2);
    expect_memory(&ledger, 0, 0, 0);
    expect_streams(&ledger, 0, 0, 0);
}

Test(ledger_compute, sum_stops_at_the_end_of_the_range) {
    rein_ledger ledger = ledger_of(1, 1, 1);
    expect_verdict(spend(&ledger, INT64_MAX), false, INT64_MAX, 1, 0, INT64_MAX - 1);
    spend(&ledger, INT64_MAX);
    expect_compute(&ledger, UINT64_MAX - 1, INT64_MAX, 2);
    spend(&ledger, 1);
    expect_compute(&ledger, UINT64_MAX, INT64_MAX, 2);
    spend(&ledger, 1);
    spend(&ledger, INT64_MAX);
    expect_compute(&ledger, UINT64_MAX, INT64_MAX, 3);
}

Test(ledger_compute, refuses_negative_time_and_changes_nothing) {
    rein_ledger ledger = ledger_of(1, 1, 100);
    spend(&ledger, 70);
    rein_result_ledger_verdict spent =
        rein_ledger_account_compute(&ledger, rein_duration_from_ns(-1));
    expect_invalid_argument(&REIN_ERROR(spent), "the time spent is -1ns, expected 0ns or above");
    spent = rein_ledger_account_compute(&ledger, rein_duration_from_ns(INT64_MIN));
    cr_assert(rein_result_ledger_verdict_is_error(spent), "the least");
    expect_compute(&ledger, 70, 70, 0);
}

Test(ledger, refusal_becomes_an_error_of_the_callers_place) {
    rein_ledger ledger = ledger_of(100, 1, 1);
    rein_ledger_charge_memory(&ledger, 60);
    rein_ledger_verdict verdict = rein_ledger_charge_memory(&ledger, 41);
    rein_source_location here = REIN_HERE;
    rein_error error = rein_ledger_verdict_error(&verdict, here);
    expect_error(&error, REIN_ERROR_BUDGET_EXCEEDED,
                 "41 were requested with 60 in use, expected at most 100 together");
    cr_assert(error.where.function == here.function && error.where.file == here.file &&
                  error.where.line == here.line,
              "where is the caller's");
}

/* Threads. What each does is decided by its own seed; what they found is looked at when all have
 * ended. */
enum { WORKER_COUNT = 4, ROUND_COUNT = 50000 };

typedef struct worker {
    pthread_t thread;
    rein_ledger *ledger;
    uint64_t *shadow;       /* what the workers know to hold, never above the limit */
    uint64_t state;         /* of its random numbers */
    uint64_t highest_grant; /* used + requested, at its highest */
    uint64_t refused;
    uint64_t wrong; /* observations that break a promise */
} worker;

static uint64_t next_random(worker *self, uint64_t bound) {
    self->state = self->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (self->state >> 33) % bound;
}

static void run_workers(worker *workers, void *(*work)(void *), rein_ledger *ledger,
                        uint64_t *shadow) {
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        workers[index] = (worker){.ledger = ledger, .shadow = shadow, .state = index + 1};
    }
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        int started = pthread_create(&workers[index].thread, NULL, work, &workers[index]);
        cr_assert(started == 0, "thread %zu starts", index);
    }
    for (size_t index = 0; index < WORKER_COUNT; index++) {
        pthread_join(workers[index].thread, NULL);
    }
}

/* What holds for a verdict by itself. */
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

/* The shadow is raised after a grant and lowered before a release: it is never above what is used,
 * so that a shadow above the limit proves that the ledger was. */
static void hold_in_shadow(worker *self, uint64_t amount, uint64_t limit) {
    self->wrong += __atomic_add_fetch(self->shadow, amount, __ATOMIC_SEQ_CST) > limit;
}

static void leave_shadow(worker *self, uint64_t amount) {
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
            hold_in_shadow(self, amount, limit);
            check_reading(self);
            leave_shadow(self, amount);
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

/* Keeps to its share of the limit, while it asks for more than there can ever be: only that is
 * refused. */
static void *keep_to_share(void *context) {
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
        hold_in_shadow(self, amount, limit);
        leave_shadow(self, amount);
        self->wrong += rein_result_void_is_error(rein_ledger_release_memory(self->ledger, amount));
    }
    return NULL;
}

Test(ledger_threads, what_fits_is_never_refused_beside_what_cannot_fit) {
    rein_ledger ledger = ledger_of(4096, 1, 1);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, keep_to_share, &ledger, &shadow);
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
        hold_in_shadow(self, held, 3);
        check_reading(self);
        leave_shadow(self, held);
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

/* Gives back twice what it took once in a while: with nothing else held, the second is an error. */
static void *release_too_much(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        self->wrong += rein_result_void_is_ok(
            rein_ledger_release_memory(self->ledger, 1000 + next_random(self, 1000)));
        rein_ledger_verdict verdict = rein_ledger_charge_memory(self->ledger, 100);
        check_verdict(self, &verdict);
        self->wrong += rein_result_void_is_error(rein_ledger_release_memory(self->ledger, 100));
    }
    return NULL;
}

Test(ledger_threads, releasing_more_than_is_held_never_takes_from_others) {
    rein_ledger ledger = ledger_of(999, 1, 1);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, release_too_much, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    cr_assert(sums.refused == 0, "400 of 999 bytes always fit");
    expect_memory(&ledger, 0, sums.highest_grant, 0);
}

static void *spend_compute(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        uint64_t spent = next_random(self, 200);
        rein_ledger_verdict verdict = spend(self->ledger, (int64_t)spent);
        self->wrong += verdict.is_granted != (spent <= 100);
        self->refused += verdict.is_granted ? 0 : 1;
        self->highest_grant = spent > self->highest_grant ? spent : self->highest_grant;
        __atomic_add_fetch(self->shadow, spent, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

Test(ledger_threads, compute_time_is_summed_exactly) {
    rein_ledger ledger = ledger_of(1, 1, 100);
    uint64_t shadow = 0;
    worker workers[WORKER_COUNT];
    run_workers(workers, spend_compute, &ledger, &shadow);
    worker_sums sums = expect_nothing_wrong(workers);
    expect_compute(&ledger, shadow, sums.highest_grant, sums.refused);
}

/* Climbs by two steps up and one down, so that there is always a new peak; the last worker only
 * reads. */
static void *climb_or_read(void *context) {
    worker *self = context;
    for (int round = 0; round < ROUND_COUNT; round++) {
        if (self->state != WORKER_COUNT) {
            rein_ledger_charge_memory(self->ledger, 2);
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
    run_workers(workers, climb_or_read, &ledger, NULL);
    expect_nothing_wrong(workers);
    uint64_t all = (uint64_t)(WORKER_COUNT - 1) * ROUND_COUNT;
    cr_assert(rein_ledger_read(&ledger).memory_bytes.used == all, "nothing drifts");
}
