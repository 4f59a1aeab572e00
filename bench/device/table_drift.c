/* Bytes that are left in the accounts after many random operations. */
#include <math.h>

#include "budget.h"
#include "churn.h"
#include "contract/units.h"
#include "tables.h"

static const char table[] = "accuracy: drift";

enum { OPERATIONS = 1000000, QUICK_OPERATIONS = 20000, ROW_COUNT = 3 };

static const int64_t longest_ns = INT64_C(40000000000);

static const char *const names[ROW_COUNT] = {"the ledger", "the driver's pool, used",
                                             "pool against ledger, the most seen"};

/* Bytes left at the end; NAN if the device does not report them. */
typedef struct leftovers {
    churn_counts counts;
    double bytes[ROW_COUNT];
} leftovers;

static rein_result_void read_drift(rein_cuda_memory_pool *pool, leftovers *found) {
    rein_cuda_memory_report report = REIN_TRY(rein_result_void, rein_cuda_memory_pool_report(pool));
    rein_fact_u64 used = report.used_bytes;
    rein_fact_i64 drift = report.drift_bytes;
    found->bytes[1] = used.is_known ? (double)used.value : NAN;
    double most = isnan(found->bytes[2]) ? 0.0 : found->bytes[2];
    found->bytes[2] = drift.is_known ? fmax(most, fabs((double)drift.value)) : NAN;
    return rein_done();
}

/* Runs ten parts. Compares the accounts after each of them, when all memory is freed. */
static rein_result_void churn_and_compare(const bench *run, rein_cuda_memory_pool *pool,
                                          cudaStream_t stream, leftovers *found) {
    churn_load load = {.pool = pool,
                       .stream = stream,
                       .has_stream_order = run->profile.supports_memory_pools.value,
                       .operations = (run->asked.is_quick ? QUICK_OPERATIONS : OPERATIONS) / 10,
                       .deadline_ns = raw_now_ns() + longest_ns,
                       .random_state = run->asked.seed,
                       .size_max_bytes = 4 * REIN_MIB};
    for (int i = 0; i < 10; i++) {
        churn_counts counts = {0, 0, 0};
        rein_result_void done = churn(&load, &counts);
        found->counts.operations += counts.operations;
        found->counts.refused += counts.refused;
        REIN_TRY(rein_result_void, done);
        REIN_TRY(rein_result_void, read_drift(pool, found));
    }
    return rein_done();
}

static rein_result_void measure(const bench *run, leftovers *found) {
    rein_ledger ledger;
    REIN_TRY(rein_result_void, budget_init(&ledger, 32 * REIN_MIB, 1));
    rein_cuda_memory_pool *pool = NULL;
    REIN_TRY(rein_result_void, budget_create_pool(&ledger, run->device, 0, &pool));
    cudaStream_t stream = NULL;
    rein_result_void done = raw_result(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking),
                                       "cudaStreamCreateWithFlags", REIN_HERE);
    if (done.is_ok) {
        done = churn_and_compare(run, pool, stream, found);
        (void)cudaStreamDestroy(stream);
    }
    found->bytes[0] = (double)rein_ledger_read(&ledger).memory_bytes.used;
    rein_result_void destroyed = rein_cuda_memory_pool_destroy(pool);
    return done.is_ok ? destroyed : done;
}

static void fill_row(record_row *row, const leftovers *found, size_t index) {
    if (isnan(found->bytes[index])) {
        record_waive(row, "the device has no memory pools");
        return;
    }
    record_value(row, "B", found->bytes[index]);
    record_count(row, "operations", (double)found->counts.operations);
    record_count(row, "refused by the budget", (double)found->counts.refused);
}

void table_drift_run(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = table,
                                    .what = "bytes left in the accounts after many random "
                                            "allocations were all freed; 1000000 operations, or as "
                                            "many as 40 s allow; 20000 with --quick",
                                    .limits = "nothing but 0 is right",
                                    .subjects = {"rein"}});
    leftovers found = {.bytes = {NAN, NAN, NAN}};
    rein_result_void done = bench_is_waived(run) ? rein_done() : measure(run, &found);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        record_row *row = record_add_row(&run->found, table, names[i], "rein", RECORD_OURS);
        if (bench_is_waived(run)) {
            record_waive(row, run->waiver);
        } else if (!done.is_ok) {
            record_fail(row, &REIN_ERROR(done));
        } else {
            fill_row(row, &found, i);
        }
    }
}
