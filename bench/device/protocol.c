#include "protocol.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "raw.h"
#include "statistics.h"

enum {
    OPERATIONS_MAX = 10000,
    REPETITIONS_MIN = 3,
    P99_SAMPLES_MIN = 100,
    P99_9_SAMPLES_MIN = 1000,
    BATCH_NS = 10000000,
    QUICK_BATCH_NS = 200000
};

/* The measurements of one contestant so far. */
typedef struct series {
    const contestant *who;
    bool has_failed;
    rein_error error;  /* if it has failed */
    size_t operations; /* per thread and batch */
    double *means;     /* one per repetition */
    double *singles;   /* one per operation that was timed alone */
    size_t single_count;
} series;

typedef struct share {
    const contest *held;
    const contestant *who;
    int thread;
    size_t operations;
    double *singles; /* NULL: only the whole batch is timed */
    pthread_barrier_t *start;
    double mean_ns;
    rein_result_void result;
} share;

static void fail(series *measured, rein_result_void result) {
    measured->has_failed = true;
    measured->error = REIN_ERROR(result);
}

static rein_result_void operate(const contestant *who, int thread, double *out_ns) {
    int64_t start = who->times_itself ? 0 : raw_now_ns();
    rein_result_void result = who->operate(who->self, thread, out_ns);
    if (!who->times_itself) {
        *out_ns = (double)(raw_now_ns() - start);
    }
    return result;
}

static bool settles_after(const share *own, size_t operation) {
    return own->who->settle != NULL && (operation + 1) % (size_t)own->held->setting.depth == 0;
}

static rein_result_void run_singles(share *own) {
    for (size_t i = 0; i < own->operations; i++) {
        REIN_TRY(rein_result_void, operate(own->who, own->thread, &own->singles[i]));
        if (settles_after(own, i)) {
            REIN_TRY(rein_result_void, own->who->settle(own->who->self, own->thread));
        }
    }
    return rein_done();
}

static rein_result_void run_batch(share *own) {
    double own_ns = 0.0;
    int64_t start = raw_now_ns();
    for (size_t i = 0; i < own->operations; i++) {
        double ns = 0.0;
        REIN_TRY(rein_result_void, own->who->operate(own->who->self, own->thread, &ns));
        own_ns += ns;
        if (settles_after(own, i)) {
            REIN_TRY(rein_result_void, own->who->settle(own->who->self, own->thread));
        }
    }
    double all_ns = own->who->times_itself ? own_ns : (double)(raw_now_ns() - start);
    own->mean_ns = all_ns / (double)own->operations;
    return rein_done();
}

static void *run_share(void *self) {
    share *own = self;
    own->result = raw_result(cudaSetDevice(own->held->setting.device), "cudaSetDevice", REIN_HERE);
    if (own->start != NULL) {
        pthread_barrier_wait(own->start);
    }
    if (own->result.is_ok) {
        own->result = own->singles != NULL ? run_singles(own) : run_batch(own);
    }
    return NULL;
}

/* Aborts if a thread cannot be started, because the others would wait for it forever. */
static void run_threads(share *shares, int count) {
    pthread_t threads[BENCH_THREADS_MAX];
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)count);
    for (int i = 0; i < count; i++) {
        shares[i].start = &start;
        if (pthread_create(&threads[i], NULL, run_share, &shares[i]) != 0) {
            fputs("bench_device: a thread cannot be started\n", stderr);
            abort();
        }
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&start);
}

/* Runs a batch of `operations` on every thread. `singles` has room for all of them, or is NULL. */
static rein_result_void run_all(const contest *held, const contestant *who, size_t operations,
                                double *singles, double *out_mean_ns) {
    share shares[BENCH_THREADS_MAX];
    int count = held->setting.threads;
    for (int i = 0; i < count; i++) {
        shares[i] = (share){.held = held,
                            .who = who,
                            .thread = i,
                            .operations = operations,
                            .singles = singles == NULL ? NULL : singles + (size_t)i * operations,
                            .result = rein_done()};
    }
    if (count == 1) {
        run_share(&shares[0]);
    } else {
        run_threads(shares, count);
    }
    *out_mean_ns = 0.0;
    for (int i = 0; i < count; i++) {
        REIN_TRY(rein_result_void, shares[i].result);
        *out_mean_ns += shares[i].mean_ns / count;
    }
    return rein_done();
}

/* Warms up, and adds whole rounds of `depth` until a batch takes long enough to be timed. */
static rein_result_void calibrate(const contest *held, series *measured, double batch_ns) {
    size_t depth = (size_t)held->setting.depth;
    size_t operations = depth;
    for (;;) {
        double mean_ns = 0.0;
        int64_t start = raw_now_ns();
        REIN_TRY(rein_result_void, run_all(held, measured->who, operations, NULL, &mean_ns));
        double passed_ns = (double)(raw_now_ns() - start);
        if (passed_ns >= batch_ns / 4 || operations >= OPERATIONS_MAX) {
            double wanted = batch_ns * (double)operations / passed_ns;
            size_t rounds = (size_t)(wanted / (double)depth) + 1;
            size_t most = OPERATIONS_MAX / depth;
            measured->operations = depth * (rounds < most ? rounds : most);
            return rein_done();
        }
        operations *= 2;
    }
}

static double batch_ns_of(const bench *run) {
    return run->asked.is_quick ? QUICK_BATCH_NS : BATCH_NS;
}

static rein_result_void prepare(const bench *run, const contest *held, series *measured) {
    const contestant *who = measured->who;
    if (who->set_up != NULL) {
        REIN_TRY(rein_result_void, who->set_up(who->self, &held->setting));
    }
    if (who->verify != NULL) {
        REIN_TRY(rein_result_void, who->verify(who->self));
    }
    REIN_TRY(rein_result_void, calibrate(held, measured, batch_ns_of(run)));
    size_t singles =
        measured->operations * (size_t)held->setting.threads * (size_t)run->asked.repetitions;
    measured->means = calloc(run->asked.repetitions, sizeof *measured->means);
    measured->singles = calloc(singles, sizeof *measured->singles);
    return measured->means != NULL && measured->singles != NULL
               ? rein_done()
               : raw_failure("the host has no memory for the samples", REIN_HERE);
}

static rein_result_void repeat(const contest *held, series *measured, size_t repetition) {
    REIN_TRY(rein_result_void, run_all(held, measured->who, measured->operations, NULL,
                                       &measured->means[repetition]));
    double unused = 0.0;
    rein_result_void single = run_all(held, measured->who, measured->operations,
                                      measured->singles + measured->single_count, &unused);
    measured->single_count += measured->operations * (size_t)held->setting.threads;
    return single;
}

static void shuffle(size_t *order, size_t count, uint64_t *random_state) {
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random_below(random_state, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

/* Returns twice the expected time, because some operations take long even if there are few of them.
 */
static int64_t longest_ns(const bench *run, const contest *held) {
    double repetition_ns = 2.0 * batch_ns_of(run) * (double)held->contestant_count;
    return (int64_t)(2.0 * repetition_ns * run->asked.repetitions);
}

/* Returns the number of repetitions: as many as requested, or fewer if they take too long. */
static size_t interleave(bench *run, const contest *held, series *all) {
    size_t order[RECORD_SUBJECTS_MAX];
    int64_t end_ns = raw_now_ns() + longest_ns(run, held);
    for (size_t i = 0; i < held->contestant_count; i++) {
        order[i] = i;
    }
    size_t repetition = 0;
    for (; repetition < run->asked.repetitions; repetition++) {
        if (repetition >= REPETITIONS_MIN && raw_now_ns() >= end_ns) {
            break;
        }
        shuffle(order, held->contestant_count, &run->random_state);
        for (size_t i = 0; i < held->contestant_count; i++) {
            series *measured = &all[order[i]];
            rein_result_void done =
                measured->has_failed ? rein_done() : repeat(held, measured, repetition);
            if (!done.is_ok) {
                fail(measured, done);
            }
        }
    }
    return repetition;
}

/* Returns the median ratio of `own` times to `other` times, paired by repetition. */
static double ratio(const series *own, const series *other, size_t repetitions) {
    double *ratios = calloc(repetitions, sizeof *ratios);
    if (ratios == NULL) {
        return NAN;
    }
    for (size_t i = 0; i < repetitions; i++) {
        ratios[i] = own->means[i] / other->means[i];
    }
    double median = statistics_median(ratios, repetitions);
    free(ratios);
    return median;
}

static void add_ratios(const contest *held, const series *all, size_t own, size_t repetitions,
                       record_row *row) {
    for (size_t i = 0; i < held->contestant_count; i++) {
        if (all[i].who->role != RECORD_OURS && !all[i].has_failed) {
            char name[RECORD_NAME_CAPACITY];
            snprintf(name, sizeof name, "time / %.50s", all[i].who->name);
            record_count(row, name, ratio(&all[own], &all[i], repetitions));
        }
    }
}

/* Must be called after the ratios are computed, because sorting the means loses their repetitions.
 */
static void summarise(series *measured, size_t repetitions, record_row *row) {
    record_value(row, "ns", statistics_median(measured->means, repetitions));
    row->repetitions = repetitions;
    row->low = statistics_percentile(measured->means, repetitions, 250);
    row->high = statistics_percentile(measured->means, repetitions, 750);
    size_t count = measured->single_count;
    statistics_sort(measured->singles, count);
    row->p50 = statistics_percentile(measured->singles, count, 500);
    row->p99 = count < P99_SAMPLES_MIN ? NAN : statistics_percentile(measured->singles, count, 990);
    row->p99_9 =
        count < P99_9_SAMPLES_MIN ? NAN : statistics_percentile(measured->singles, count, 999);
}

static void add_rows(bench *run, const contest *held, series *all, size_t repetitions) {
    size_t first = run->found.row_count;
    for (size_t i = 0; i < held->contestant_count; i++) {
        const contestant *who = all[i].who;
        record_row *row =
            record_add_row(&run->found, held->table, held->name, who->name, who->role);
        if (all[i].has_failed) {
            record_fail(row, &all[i].error);
        } else if (who->role == RECORD_OURS) {
            add_ratios(held, all, i, repetitions, row);
        }
    }
    for (size_t i = 0; i < held->contestant_count; i++) {
        if (!all[i].has_failed) {
            summarise(&all[i], repetitions, &run->found.rows[first + i]);
        }
    }
}

static void waive(bench *run, const contest *held, const char *reason) {
    for (size_t i = 0; i < held->contestant_count; i++) {
        const contestant *who = &held->contestants[i];
        record_waive(record_add_row(&run->found, held->table, held->name, who->name, who->role),
                     reason);
    }
}

/* Returns why the contest is waived; NULL if it can run. */
static const char *waiver_reason(const bench *run, const contest *held) {
    if (bench_is_waived(run)) {
        return run->waiver;
    }
    if (held->waiver[0] != '\0') {
        return held->waiver;
    }
    return raw_now_ns() >= run->end_ns ? "the time limit of the run was reached before" : NULL;
}

void contest_run(bench *run, const contest *held) {
    const char *reason = waiver_reason(run, held);
    if (reason != NULL) {
        waive(run, held, reason);
        return;
    }
    series all[RECORD_SUBJECTS_MAX];
    for (size_t i = 0; i < held->contestant_count; i++) {
        all[i] = (series){.who = &held->contestants[i]};
        rein_result_void ready = prepare(run, held, &all[i]);
        if (!ready.is_ok) {
            fail(&all[i], ready);
        }
    }
    add_rows(run, held, all, interleave(run, held, all));
    for (size_t i = 0; i < held->contestant_count; i++) {
        if (all[i].who->tear_down != NULL) {
            all[i].who->tear_down(all[i].who->self);
        }
        free(all[i].means);
        free(all[i].singles);
    }
}
