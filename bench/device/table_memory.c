/* Allocate and free: budgeted, and with CUDA alone. */
#include <stdio.h>

#include "budget.h"
#include "contract/units.h"
#include "protocol.h"
#include "raw.h"
#include "tables.h"

enum { DEPTH = 8, SIZE_COUNT = 6 };

static const char at_once[] = "memory: allocate and free";
static const char in_order_kept[] = "memory: in stream order, what is freed is kept";
static const char in_order_returned[] = "memory: in stream order, what is freed is given back";

typedef enum way {
    BUDGETED,
    BUDGETED_KEEPING,
    BUDGETED_RELEASING,
    MALLOC,
    POOL_AND_WAIT, /* the CUDA calls of the budgeted pool, made directly */
    POOL_KEEPING,
    POOL_RELEASING,
} way;

typedef struct memory_user {
    way way;
    contest_setting setting;
    rein_ledger ledger;
    rein_cuda_memory_pool *budgeted;
    cudaMemPool_t pool;
    cudaStream_t streams[BENCH_THREADS_MAX];
} memory_user;

static bool is_budgeted(const memory_user *user) {
    return user->way == BUDGETED || user->way == BUDGETED_KEEPING ||
           user->way == BUDGETED_RELEASING;
}

static bool is_ordered(const memory_user *user) {
    return user->way == BUDGETED_KEEPING || user->way == BUDGETED_RELEASING ||
           user->way == POOL_KEEPING || user->way == POOL_RELEASING;
}

static rein_result_void create_streams(memory_user *user) {
    for (int i = 0; i < user->setting.threads; i++) {
        REIN_TRY(rein_result_void,
                 raw_result(cudaStreamCreateWithFlags(&user->streams[i], cudaStreamNonBlocking),
                            "cudaStreamCreateWithFlags", REIN_HERE));
    }
    return rein_done();
}

/* Memory freed on a stream stays charged until the thread settles next. */
static uint64_t limit_of(const contest_setting *setting) {
    return (setting->bytes + 2 * REIN_MIB) * (uint64_t)(setting->depth * setting->threads);
}

static rein_result_void set_up(void *self, const contest_setting *setting) {
    memory_user *user = self;
    *user = (memory_user){.way = user->way, .setting = *setting};
    REIN_TRY(rein_result_void, create_streams(user));
    if (is_budgeted(user)) {
        REIN_TRY(rein_result_void, budget_init(&user->ledger, limit_of(setting), 1));
        uint64_t kept_bytes = user->way == BUDGETED_KEEPING ? limit_of(setting) : 0;
        return budget_create_pool(&user->ledger, setting->device, kept_bytes, &user->budgeted);
    }
    return user->way == MALLOC
               ? rein_done()
               : raw_pool_create(setting->device, user->way == POOL_KEEPING, &user->pool);
}

static rein_result_void obtain_raw(memory_user *user, cudaStream_t stream, void **out_pointer) {
    size_t bytes = (size_t)user->setting.bytes;
    if (user->way == MALLOC) {
        return raw_result(cudaMalloc(out_pointer, bytes), "cudaMalloc", REIN_HERE);
    }
    rein_result_void allocated =
        raw_result(cudaMallocFromPoolAsync(out_pointer, bytes, user->pool, stream),
                   "cudaMallocFromPoolAsync", REIN_HERE);
    if (!allocated.is_ok || user->way != POOL_AND_WAIT) {
        return allocated;
    }
    return raw_result(cudaStreamSynchronize(stream), "cudaStreamSynchronize", REIN_HERE);
}

static rein_result_void obtain(memory_user *user, int thread, void **out_pointer) {
    cudaStream_t stream = user->streams[thread];
    return is_budgeted(user) ? budget_allocate(user->budgeted, user->setting.bytes,
                                               is_ordered(user), stream, out_pointer)
                             : obtain_raw(user, stream, out_pointer);
}

static rein_result_void release(memory_user *user, int thread, void *pointer) {
    cudaStream_t stream = user->streams[thread];
    switch (user->way) {
    case BUDGETED:
        return rein_cuda_memory_free(user->budgeted, pointer);
    case BUDGETED_KEEPING:
    case BUDGETED_RELEASING:
        return rein_cuda_memory_free_async(user->budgeted, pointer, stream);
    case MALLOC:
        return raw_result(cudaFree(pointer), "cudaFree", REIN_HERE);
    case POOL_AND_WAIT:
    case POOL_KEEPING:
    case POOL_RELEASING:
    default:
        return raw_result(cudaFreeAsync(pointer, stream), "cudaFreeAsync", REIN_HERE);
    }
}

static rein_result_void operate(void *self, int thread, double *out_ns) {
    (void)out_ns;
    void *pointer = NULL;
    REIN_TRY(rein_result_void, obtain(self, thread, &pointer));
    return release(self, thread, pointer);
}

static rein_result_void settle(void *self, int thread) {
    memory_user *user = self;
    rein_result_void waited = raw_result(cudaStreamSynchronize(user->streams[thread]),
                                         "cudaStreamSynchronize", REIN_HERE);
    if (!waited.is_ok || !is_budgeted(user)) {
        return waited;
    }
    REIN_TRY(rein_result_void, rein_cuda_memory_pool_collect(user->budgeted));
    return waited;
}

static rein_result_void verify(void *self) {
    memory_user *user = self;
    void *pointer = NULL;
    REIN_TRY(rein_result_void, obtain(user, 0, &pointer));
    REIN_TRY(rein_result_void, raw_verify_memory(pointer, user->setting.bytes, user->streams[0]));
    REIN_TRY(rein_result_void, release(user, 0, pointer));
    return settle(user, 0);
}

static void tear_down(void *self) {
    memory_user *user = self;
    for (int i = 0; i < user->setting.threads; i++) {
        (void)cudaStreamSynchronize(user->streams[i]);
    }
    REIN_IGNORE(rein_cuda_memory_pool_destroy(user->budgeted));
    if (user->pool != NULL) {
        (void)cudaMemPoolDestroy(user->pool);
    }
    for (int i = 0; i < user->setting.threads && user->streams[i] != NULL; i++) {
        (void)cudaStreamDestroy(user->streams[i]);
    }
    (void)cudaGetLastError();
}

static contestant make(memory_user *user, way chosen, const char *name, record_role role) {
    user->way = chosen;
    return (contestant){.name = name,
                        .role = role,
                        .self = user,
                        .set_up = set_up,
                        .verify = verify,
                        .operate = operate,
                        .settle = is_ordered(user) ? settle : NULL,
                        .tear_down = tear_down};
}

static void waive_unsupported(const bench *run, contest *held) {
    const rein_device_profile *profile = &run->profile;
    uint64_t needed = limit_of(&held->setting);
    if (held->contestants[0].settle != NULL && !profile->supports_memory_pools.value) {
        snprintf(held->waiver, sizeof held->waiver, "the device has no memory pools");
    } else if (!profile->free_bytes.is_known || needed > profile->free_bytes.value / 2) {
        char text[REIN_UNITS_TEXT_CAPACITY];
        rein_bytes_to_rounded_string(needed, text, sizeof text);
        snprintf(held->waiver, sizeof held->waiver, "%s do not fit in half of the free memory",
                 text);
    }
}

static void run_cases(bench *run, const char *table, const contestant *contestants, size_t count) {
    static const uint64_t sizes[SIZE_COUNT] = {256,      4 * REIN_KIB,  64 * REIN_KIB,
                                               REIN_MIB, 16 * REIN_MIB, 256 * REIN_MIB};
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        for (size_t j = 0; run->thread_counts[j] != 0; j++) {
            int threads = run->thread_counts[j];
            contest held = {.table = table,
                            .setting = {run->device, threads, DEPTH, sizes[i]},
                            .contestants = contestants,
                            .contestant_count = count};
            char size[REIN_UNITS_TEXT_CAPACITY];
            rein_bytes_to_string(sizes[i], size, sizeof size);
            snprintf(held.name, sizeof held.name, "%s, %d thread%s", size, threads,
                     threads == 1 ? "" : "s");
            waive_unsupported(run, &held);
            contest_run(run, &held);
        }
    }
}

static void run_at_once(bench *run) {
    record_add_table(
        &run->found,
        (record_table){.name = at_once,
                       .what = "one allocation that every stream may use at once, and its free",
                       .limits =
                           "the driver's lock and the waiting for the device; `same calls` is "
                           "what the budgeted pool asks of the driver, without the budget",
                       .subjects = {"rein", "cudaMalloc", "same calls"}});
    memory_user users[3];
    contestant contestants[3] = {make(&users[0], BUDGETED, "rein", RECORD_OURS),
                                 make(&users[1], MALLOC, "cudaMalloc", RECORD_PEER),
                                 make(&users[2], POOL_AND_WAIT, "same calls", RECORD_LIMIT)};
    run_cases(run, at_once, contestants, 3);
}

static const char in_order_what[] = "one allocation and its free in the order of a stream; the "
                                    "stream is waited for after every 8 of them";

static void run_in_order_kept(bench *run) {
    record_add_table(&run->found, (record_table){.name = in_order_kept,
                                                 .what = in_order_what,
                                                 .limits = "the driver's bookkeeping",
                                                 .subjects = {"rein", "cudaMallocAsync"}});
    memory_user users[2];
    contestant contestants[2] = {make(&users[0], BUDGETED_KEEPING, "rein", RECORD_OURS),
                                 make(&users[1], POOL_KEEPING, "cudaMallocAsync", RECORD_PEER)};
    run_cases(run, in_order_kept, contestants, 2);
}

static void run_in_order_returned(bench *run) {
    record_add_table(&run->found,
                     (record_table){.name = in_order_returned,
                                    .what = in_order_what,
                                    .limits = "each waiting gives the memory back to the device, "
                                              "from which it is taken again",
                                    .subjects = {"rein", "cudaMallocAsync"}});
    memory_user users[2];
    contestant contestants[2] = {make(&users[0], BUDGETED_RELEASING, "rein", RECORD_OURS),
                                 make(&users[1], POOL_RELEASING, "cudaMallocAsync", RECORD_PEER)};
    run_cases(run, in_order_returned, contestants, 2);
}

void table_memory_run(bench *run) {
    run_at_once(run);
    run_in_order_kept(run);
    run_in_order_returned(run);
}
