/* Whether the budget is ever exceeded beside a process without a budget. */
#include <math.h>
#include <pthread.h>

#include "budget.h"
#include "churn.h"
#include "contract/units.h"
#include "helper.h"
#include "tables.h"

static const char table[] = "accuracy: overshoot beside a hostile process";

enum { THREADS = 4, ROW_COUNT = 3, LIMIT_MIB = 32 };

static const int64_t duration_ns = INT64_C(10000000000);
static const int64_t quick_duration_ns = INT64_C(300000000);

static const char *const names[ROW_COUNT] = {"the ledger", "the driver's pool, used",
                                             "the driver's pool, reserved"};

/* Highest excess over the limit, in bytes; NAN if the device does not report it. */
typedef struct excess {
    double bytes[ROW_COUNT];
    churn_counts counts;
    double tenant_granted;
    double tenant_refused;
} excess;

/* A thread of the budgeted side. */
typedef struct worker {
    int device;
    churn_load load;
    churn_counts counts;
    rein_result_void result;
} worker;

static void *work(void *self) {
    worker *own = self;
    own->result = raw_result(cudaSetDevice(own->device), "cudaSetDevice", REIN_HERE);
    if (own->result.is_ok) {
        own->result = churn(&own->load, &own->counts);
    }
    return NULL;
}

/* Also creates their streams before the tenant begins, which may leave no memory for them. */
static rein_result_void prepare(const bench *run, rein_cuda_memory_pool *pool, worker *workers) {
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.device = run->device,
                              .load = {.pool = pool,
                                       .has_stream_order = run->profile.supports_memory_pools.value,
                                       .operations = UINT64_MAX,
                                       .random_state = run->asked.seed + (uint64_t)i,
                                       .size_max_bytes = 4 * REIN_MIB}};
    }
    for (int i = 0; i < THREADS; i++) {
        REIN_TRY(rein_result_void, raw_result(cudaStreamCreateWithFlags(&workers[i].load.stream,
                                                                        cudaStreamNonBlocking),
                                              "cudaStreamCreateWithFlags", REIN_HERE));
    }
    return rein_done();
}

static rein_result_void work_together(const bench *run, worker *workers, excess *found) {
    pthread_t threads[THREADS];
    int64_t end = raw_now_ns() + (run->asked.is_quick ? quick_duration_ns : duration_ns);
    int started = 0;
    for (; started < THREADS; started++) {
        workers[started].load.deadline_ns = end;
        if (pthread_create(&threads[started], NULL, work, &workers[started]) != 0) {
            break;
        }
    }
    rein_result_void all =
        started == THREADS ? rein_done() : raw_failure("a thread cannot be started", REIN_HERE);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        found->counts.operations += workers[i].counts.operations;
        found->counts.refused += workers[i].counts.refused;
        found->counts.without_memory += workers[i].counts.without_memory;
        all = all.is_ok ? workers[i].result : all;
    }
    return all;
}

static rein_result_void work_beside_tenant(const bench *run, worker *workers, excess *found) {
    helper tenant;
    REIN_TRY(rein_result_void, helper_start(run, "tenant", &tenant));
    double granted = 0.0;
    double refused = 0.0;
    rein_result_void begun = helper_read(&tenant, &granted, &refused);
    rein_result_void worked = begun.is_ok ? work_together(run, workers, found) : begun;
    rein_result_void ended = helper_finish(&tenant, &found->tenant_granted, &found->tenant_refused);
    return worked.is_ok ? ended : worked;
}

static double above(double bytes, double limit) {
    return fmax(bytes - limit, 0.0);
}

static rein_result_void read_excess(rein_cuda_memory_pool *pool, const rein_ledger *ledger,
                                    excess *found) {
    double limit = (double)rein_ledger_budget(ledger).memory_limit_bytes;
    found->bytes[0] = above((double)rein_ledger_read(ledger).memory_bytes.peak, limit);
    rein_cuda_memory_report report = REIN_TRY(rein_result_void, rein_cuda_memory_pool_report(pool));
    rein_fact_u64 used = report.used_peak_bytes;
    rein_fact_u64 reserved = report.reserved_peak_bytes;
    found->bytes[1] = used.is_known ? above((double)used.value, limit) : NAN;
    found->bytes[2] = reserved.is_known ? above((double)reserved.value, limit) : NAN;
    return rein_done();
}

static rein_result_void work_in_pool(const bench *run, rein_cuda_memory_pool *pool, excess *found) {
    worker workers[THREADS];
    rein_result_void prepared = prepare(run, pool, workers);
    rein_result_void worked = prepared.is_ok ? work_beside_tenant(run, workers, found) : prepared;
    for (int i = 0; i < THREADS; i++) {
        if (workers[i].load.stream != NULL) {
            (void)cudaStreamDestroy(workers[i].load.stream);
        }
    }
    return worked;
}

static rein_result_void measure(const bench *run, excess *found) {
    rein_ledger ledger;
    REIN_TRY(rein_result_void, budget_init(&ledger, LIMIT_MIB * REIN_MIB, 1));
    rein_cuda_memory_pool *pool = NULL;
    REIN_TRY(rein_result_void, budget_create_pool(&ledger, run->device, 0, &pool));
    rein_result_void worked = work_in_pool(run, pool, found);
    rein_result_void read = read_excess(pool, &ledger, found);
    rein_result_void destroyed = rein_cuda_memory_pool_destroy(pool);
    REIN_TRY(rein_result_void, worked);
    return read.is_ok ? destroyed : read;
}

static void fill_row(record_row *row, const excess *found, size_t index) {
    if (isnan(found->bytes[index])) {
        record_waive(row, "the device has no memory pools");
        return;
    }
    record_value(row, "B", found->bytes[index]);
    record_count(row, "operations", (double)found->counts.operations);
    record_count(row, "refused by the budget", (double)found->counts.refused);
    record_count(row, "within the budget, and the device full",
                 (double)found->counts.without_memory);
    record_count(row, "grabbed by the other process", found->tenant_granted);
}

void table_overshoot_run(bench *run) {
    record_add_table(
        &run->found,
        (record_table){.name = table,
                       .what = "bytes above a budget of 32 MiB, at the worst, while 4 threads "
                               "allocate and free at random and another process takes whatever "
                               "memory is left",
                       .limits = "nothing but 0 is right",
                       .subjects = {"rein"}});
    excess found = {.bytes = {NAN, NAN, NAN}};
    rein_result_void done = helper_obstacle(run) != NULL ? rein_done() : measure(run, &found);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        record_row *row = record_add_row(&run->found, table, names[i], "rein", RECORD_OURS);
        if (helper_obstacle(run) != NULL) {
            record_waive(row, helper_obstacle(run));
        } else if (!done.is_ok) {
            record_fail(row, &REIN_ERROR(done));
        } else {
            fill_row(row, &found, i);
        }
    }
}
