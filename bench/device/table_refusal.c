/* A request that does not fit: refused by the ledger, and by the driver. */
#include <stdio.h>

#include "budget.h"
#include "contract/units.h"
#include "protocol.h"
#include "raw.h"
#include "tables.h"

static const char table[] = "memory: refuse";

typedef struct refused_user {
    rein_ledger ledger;
    rein_cuda_memory_pool *pool;
    void *held;
    size_t too_many_bytes;
} refused_user;

static rein_result_void set_up_budgeted(void *self, const contest_setting *setting) {
    refused_user *user = self;
    *user = (refused_user){.pool = NULL};
    REIN_TRY(rein_result_void, budget_init(&user->ledger, 2 * REIN_MIB, 1));
    REIN_TRY(rein_result_void, budget_create_pool(&user->ledger, setting->device, 0, &user->pool));
    return budget_allocate(user->pool, 2 * REIN_MIB, false, NULL, &user->held);
}

static rein_result_void refuse_budgeted(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    refused_user *user = self;
    rein_cuda_allocation refused =
        REIN_TRY(rein_result_void, rein_cuda_memory_allocate(user->pool, 4 * REIN_KIB));
    return !refused.verdict.is_granted
               ? rein_done()
               : raw_failure("an allocation over the budget was granted", REIN_HERE);
}

static void tear_down_budgeted(void *self) {
    refused_user *user = self;
    REIN_IGNORE(rein_cuda_memory_pool_destroy(user->pool));
}

static rein_result_void set_up_raw(void *self, const contest_setting *setting) {
    (void)setting;
    refused_user *user = self;
    size_t free_now = 0;
    size_t total = 0;
    rein_result_void asked =
        raw_result(cudaMemGetInfo(&free_now, &total), "cudaMemGetInfo", REIN_HERE);
    *user = (refused_user){.too_many_bytes = 2 * total};
    return asked;
}

/* A failed call leaves its error pending: clearing it is part of the refusal. */
static rein_result_void refuse_raw(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    refused_user *user = self;
    void *pointer = NULL;
    cudaError_t code = cudaMalloc(&pointer, user->too_many_bytes);
    cudaError_t taken = cudaGetLastError();
    if (code == cudaSuccess) {
        (void)cudaFree(pointer);
        return raw_failure("the driver granted twice the device's memory", REIN_HERE);
    }
    return code == taken && code == cudaErrorMemoryAllocation
               ? rein_done()
               : raw_result(code, "cudaMalloc", REIN_HERE);
}

void table_refusal_run(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = table,
                                    .what = "one request for memory that is refused; for the "
                                            "driver: twice the device's memory, and the taking of "
                                            "the error that it leaves",
                                    .limits = "ours: an atomic read and its numbers, no CUDA call",
                                    .subjects = {"rein", "cudaMalloc"}});
    refused_user users[2];
    const contestant contestants[2] = {{.name = "rein",
                                        .role = RECORD_OURS,
                                        .self = &users[0],
                                        .set_up = set_up_budgeted,
                                        .operate = refuse_budgeted,
                                        .tear_down = tear_down_budgeted},
                                       {.name = "cudaMalloc",
                                        .role = RECORD_PEER,
                                        .self = &users[1],
                                        .set_up = set_up_raw,
                                        .operate = refuse_raw}};
    for (size_t i = 0; run->thread_counts[i] != 0; i++) {
        contest held = {.table = table,
                        .setting = {run->device, run->thread_counts[i], 1, 0},
                        .contestants = contestants,
                        .contestant_count = 2};
        snprintf(held.name, sizeof held.name, "%d thread%s", run->thread_counts[i],
                 run->thread_counts[i] == 1 ? "" : "s");
        contest_run(run, &held);
    }
}
