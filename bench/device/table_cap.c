/* The truth table of the cap: the requests granted around the limit. */
#include "budget.h"
#include "contract/units.h"
#include "raw.h"
#include "tables.h"

static const char table[] = "accuracy: the cap";

enum { LIMIT_BYTES = 64 << 20, HALF_BYTES = LIMIT_BYTES / 2, REQUESTS_MAX = 3 };

/* The requests of a case, made one after another on a new pool. */
static const struct {
    const char *name;
    uint64_t requests[REQUESTS_MAX];
    size_t request_count;
    uint64_t granted_bytes; /* by a cap of LIMIT_BYTES */
} cases[] = {
    {"0B", {0}, 1, 0},
    {"1B", {1}, 1, 1},
    {"the limit less 1B", {LIMIT_BYTES - 1}, 1, LIMIT_BYTES - 1},
    {"the limit", {LIMIT_BYTES}, 1, LIMIT_BYTES},
    {"the limit and 1B", {LIMIT_BYTES + 1}, 1, 0},
    {"twice the limit", {2 * (uint64_t)LIMIT_BYTES}, 1, 0},
    {"2^63B", {UINT64_C(1) << 63}, 1, 0},
    {"2^64-1B", {UINT64_MAX}, 1, 0},
    {"two halves, then 1B", {HALF_BYTES, HALF_BYTES, 1}, 3, LIMIT_BYTES},
    {"more than half, twice", {HALF_BYTES + 1, HALF_BYTES + 1}, 2, HALF_BYTES + 1},
};

enum { CASE_COUNT = sizeof cases / sizeof cases[0] };

/* An error counts as a refusal: 0 bytes and sizes that cannot be rounded up are errors. */
static rein_result_void request_budgeted(int device, size_t index, uint64_t *out_bytes) {
    rein_ledger ledger;
    REIN_TRY(rein_result_void, budget_init(&ledger, LIMIT_BYTES, 1));
    rein_cuda_memory_pool *pool = NULL;
    REIN_TRY(rein_result_void, budget_create_pool(&ledger, device, 0, &pool));
    for (size_t i = 0; i < cases[index].request_count; i++) {
        uint64_t bytes = cases[index].requests[i];
        rein_result_cuda_allocation answer = rein_cuda_memory_allocate(pool, bytes);
        *out_bytes += answer.is_ok && REIN_VALUE(answer).verdict.is_granted ? bytes : 0;
    }
    return rein_cuda_memory_pool_destroy(pool);
}

static rein_result_void allocate_capped(cudaMemPool_t pool, size_t index, uint64_t *out_bytes) {
    void *pointers[REQUESTS_MAX] = {NULL};
    for (size_t i = 0; i < cases[index].request_count; i++) {
        uint64_t bytes = cases[index].requests[i];
        cudaError_t code = cudaMallocFromPoolAsync(&pointers[i], (size_t)bytes, pool, NULL);
        (void)cudaGetLastError();
        *out_bytes += code == cudaSuccess ? bytes : 0;
        pointers[i] = code == cudaSuccess ? pointers[i] : NULL;
    }
    for (size_t i = 0; i < REQUESTS_MAX; i++) {
        if (pointers[i] != NULL) {
            (void)cudaFreeAsync(pointers[i], NULL);
        }
    }
    return raw_result(cudaStreamSynchronize(NULL), "cudaStreamSynchronize", REIN_HERE);
}

/* Tests the driver's own cap. The row shows whether and how it limits. */
static rein_result_void request_driver(int device, size_t index, uint64_t *out_bytes) {
    struct cudaMemPoolProps properties = {
        .allocType = cudaMemAllocationTypePinned,
        .location = {.type = cudaMemLocationTypeDevice, .id = device},
        .maxSize = LIMIT_BYTES};
    cudaMemPool_t pool = NULL;
    REIN_TRY(rein_result_void,
             raw_result(cudaMemPoolCreate(&pool, &properties), "cudaMemPoolCreate", REIN_HERE));
    rein_result_void asked = allocate_capped(pool, index, out_bytes);
    rein_result_void destroyed =
        raw_result(cudaMemPoolDestroy(pool), "cudaMemPoolDestroy", REIN_HERE);
    return asked.is_ok ? destroyed : asked;
}

static void fill_row(bench *run, record_row *row, size_t index,
                     rein_result_void (*ask)(int, size_t, uint64_t *)) {
    if (bench_is_waived(run)) {
        record_waive(row, run->waiver);
        return;
    }
    uint64_t bytes = 0;
    rein_result_void asked = ask(run->device, index, &bytes);
    if (!asked.is_ok) {
        record_fail(row, &REIN_ERROR(asked));
        return;
    }
    record_value(row, "B", (double)bytes);
    record_count(row, "expected", (double)cases[index].granted_bytes);
}

static void waive_driver(bench *run, size_t index) {
    record_waive(
        record_add_row(&run->found, table, cases[index].name, "maxSize alone", RECORD_PEER),
        "the device has no memory pools");
}

void table_cap_run(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = table,
                                    .what = "bytes granted of what is asked for, under a limit of "
                                            "64 MiB; the peer is a pool of the driver's with "
                                            "nothing but its own cap",
                                    .limits = "what each case allows",
                                    .subjects = {"rein", "maxSize alone"}});
    for (size_t i = 0; i < CASE_COUNT; i++) {
        fill_row(run, record_add_row(&run->found, table, cases[i].name, "rein", RECORD_OURS), i,
                 request_budgeted);
        if (!bench_is_waived(run) && !run->profile.supports_memory_pools.value) {
            waive_driver(run, i);
        } else {
            fill_row(
                run,
                record_add_row(&run->found, table, cases[i].name, "maxSize alone", RECORD_PEER), i,
                request_driver);
        }
    }
}
