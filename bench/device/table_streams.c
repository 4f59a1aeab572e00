/* Obtaining a stream by a lease, and by creating it. */
#include <stdio.h>

#include "budget.h"
#include "contract/units.h"
#include "cuda/stream_pool.h"
#include "protocol.h"
#include "raw.h"
#include "tables.h"

static const char table[] = "streams: get and give back";

/* The contestant that leases a stream. */
typedef struct lessee {
    rein_ledger ledger;
    rein_cuda_stream_pool *pool;
} lessee;

static rein_result_void set_up_lessee(void *self, const contest_setting *setting) {
    lessee *user = self;
    *user = (lessee){.pool = NULL};
    REIN_TRY(rein_result_void, budget_init(&user->ledger, REIN_MIB, setting->threads));
    rein_cuda_stream_pool_options options = {.device = setting->device, .ledger = &user->ledger};
    options.counts[REIN_CUDA_PRIORITY_NORMAL] = (uint32_t)setting->threads;
    rein_cuda_stream_pool *created =
        REIN_TRY(rein_result_void, rein_cuda_stream_pool_create(&options));
    user->pool = created;
    return rein_done();
}

static rein_result_void lease(void *self, int thread, double *out_ns) {
    (void)thread;
    (void)out_ns;
    lessee *user = self;
    rein_cuda_stream_lease leased = REIN_TRY(
        rein_result_void, rein_cuda_stream_try_acquire(user->pool, REIN_CUDA_PRIORITY_NORMAL));
    if (!leased.verdict.is_granted) {
        return raw_failure("a stream was refused although one is idle", REIN_HERE);
    }
    return rein_cuda_stream_release(user->pool, &leased);
}

static void tear_down_lessee(void *self) {
    lessee *user = self;
    REIN_IGNORE(rein_cuda_stream_pool_destroy(user->pool));
}

static rein_result_void create_and_destroy(void *self, int thread, double *out_ns) {
    (void)self;
    (void)thread;
    (void)out_ns;
    cudaStream_t stream = NULL;
    REIN_TRY(rein_result_void, raw_result(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking),
                                          "cudaStreamCreateWithFlags", REIN_HERE));
    return raw_result(cudaStreamDestroy(stream), "cudaStreamDestroy", REIN_HERE);
}

void table_streams_run(bench *run) {
    record_add_table(
        &run->found,
        (record_table){.name = table,
                       .what = "one idle stream obtained and given back: a lease and its release, "
                               "or cudaStreamCreateWithFlags and cudaStreamDestroy",
                       .limits = "ours: the query of the stream when it is given back, and the "
                                 "pool's lock",
                       .subjects = {"rein", "create and destroy"}});
    lessee user;
    const contestant contestants[2] = {
        {.name = "rein",
         .role = RECORD_OURS,
         .self = &user,
         .set_up = set_up_lessee,
         .operate = lease,
         .tear_down = tear_down_lessee},
        {.name = "create and destroy", .role = RECORD_PEER, .operate = create_and_destroy}};
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
