/* Device time of an execution: measured with a compute window, with a bare pair of events, and not
 * at all. */
#include <stdio.h>

#include "budget.h"
#include "contract/units.h"
#include "cuda/compute_window.h"
#include "protocol.h"
#include "raw.h"
#include "tables.h"

static const char host_table[] = "compute window: what it costs the host";
static const char device_table[] = "compute window: what it measures";

/* The work of an execution: number of memsets, and the size of each. */
enum { SETS_PER_EXECUTION = 8, SET_BYTES = 1 << 20 };

typedef enum way { WINDOW, EVENT_PAIR, UNMEASURED } way;

typedef struct timekeeper {
    way way;
    rein_ledger ledger;
    rein_cuda_compute_window *window;
    cudaEvent_t before;
    cudaEvent_t after;
    cudaStream_t stream;
    void *memory;
} timekeeper;

static rein_result_void create_events(timekeeper *user) {
    REIN_TRY(rein_result_void, raw_result(cudaEventCreateWithFlags(&user->before, cudaEventDefault),
                                          "cudaEventCreateWithFlags", REIN_HERE));
    return raw_result(cudaEventCreateWithFlags(&user->after, cudaEventDefault),
                      "cudaEventCreateWithFlags", REIN_HERE);
}

static rein_result_void create_window(timekeeper *user, int device) {
    REIN_TRY(rein_result_void, budget_init(&user->ledger, REIN_MIB, 1));
    rein_cuda_compute_window_options options = {.device = device, .ledger = &user->ledger};
    rein_cuda_compute_window *created =
        REIN_TRY(rein_result_void, rein_cuda_compute_window_create(&options));
    user->window = created;
    return rein_done();
}

static rein_result_void set_up(void *self, const contest_setting *setting) {
    timekeeper *user = self;
    *user = (timekeeper){.way = user->way};
    REIN_TRY(rein_result_void,
             raw_result(cudaStreamCreateWithFlags(&user->stream, cudaStreamNonBlocking),
                        "cudaStreamCreateWithFlags", REIN_HERE));
    REIN_TRY(rein_result_void,
             raw_result(cudaMalloc(&user->memory, SET_BYTES), "cudaMalloc", REIN_HERE));
    switch (user->way) {
    case WINDOW:
        return create_window(user, setting->device);
    case EVENT_PAIR:
        return create_events(user);
    case UNMEASURED:
    default:
        return rein_done();
    }
}

static rein_result_void verify(void *self) {
    timekeeper *user = self;
    return raw_verify_memory(user->memory, SET_BYTES, user->stream);
}

static rein_result_void begin(timekeeper *user) {
    if (user->way == EVENT_PAIR) {
        return raw_result(cudaEventRecord(user->before, user->stream), "cudaEventRecord",
                          REIN_HERE);
    }
    if (user->way == WINDOW) {
        rein_ledger_verdict begun =
            REIN_TRY(rein_result_void, rein_cuda_compute_window_begin(user->window, user->stream,
                                                                      rein_timestamp_never()));
        return begun.is_granted
                   ? rein_done()
                   : raw_failure("an execution within its budget was refused", REIN_HERE);
    }
    return rein_done();
}

static rein_result_void submit(timekeeper *user) {
    for (int i = 0; i < SETS_PER_EXECUTION; i++) {
        REIN_TRY(rein_result_void,
                 raw_result(cudaMemsetAsync(user->memory, i, SET_BYTES, user->stream),
                            "cudaMemsetAsync", REIN_HERE));
    }
    return rein_done();
}

static rein_result_void end(timekeeper *user) {
    switch (user->way) {
    case WINDOW:
        return rein_cuda_compute_window_end(user->window);
    case EVENT_PAIR:
        return raw_result(cudaEventRecord(user->after, user->stream), "cudaEventRecord", REIN_HERE);
    case UNMEASURED:
    default:
        return rein_done();
    }
}

static rein_result_void wait_for_window(timekeeper *user, double *out_ns) {
    rein_cuda_execution_time waited =
        REIN_TRY(rein_result_void, rein_cuda_compute_window_wait(user->window));
    *out_ns = (double)waited.elapsed.ns;
    return rein_done();
}

static rein_result_void wait_for_pair(timekeeper *user, double *out_ns) {
    REIN_TRY(rein_result_void,
             raw_result(cudaEventSynchronize(user->after), "cudaEventSynchronize", REIN_HERE));
    float ms = 0.0f;
    rein_result_void read = raw_result(cudaEventElapsedTime(&ms, user->before, user->after),
                                       "cudaEventElapsedTime", REIN_HERE);
    *out_ns = (double)ms * 1e6;
    return read;
}

static rein_result_void wait_for(timekeeper *user, double *out_ns) {
    switch (user->way) {
    case WINDOW:
        return wait_for_window(user, out_ns);
    case EVENT_PAIR:
        return wait_for_pair(user, out_ns);
    case UNMEASURED:
    default:
        return raw_result(cudaStreamSynchronize(user->stream), "cudaStreamSynchronize", REIN_HERE);
    }
}

static rein_result_void submit_all(timekeeper *user) {
    REIN_TRY(rein_result_void, begin(user));
    REIN_TRY(rein_result_void, submit(user));
    return end(user);
}

static rein_result_void execute(void *self, int thread, double *out_ns) {
    (void)thread;
    timekeeper *user = self;
    REIN_TRY(rein_result_void, submit_all(user));
    return wait_for(user, out_ns);
}

/* Without the blocker, the gaps between the host's calls would count as device time. */
static rein_result_void execute_blocked(void *self, int thread, double *out_ns) {
    (void)thread;
    timekeeper *user = self;
    raw_blocker blocker;
    REIN_TRY(rein_result_void, raw_blocker_close(&blocker, user->stream));
    rein_result_void submitted = submit_all(user);
    raw_blocker_open(&blocker);
    REIN_TRY(rein_result_void,
             raw_result(cudaStreamSynchronize(user->stream), "cudaStreamSynchronize", REIN_HERE));
    REIN_TRY(rein_result_void, submitted);
    REIN_TRY(rein_result_void, raw_blocker_check(&blocker));
    return wait_for(user, out_ns);
}

static void tear_down(void *self) {
    timekeeper *user = self;
    (void)cudaStreamSynchronize(user->stream);
    REIN_IGNORE(rein_cuda_compute_window_destroy(user->window));
    if (user->before != NULL) {
        (void)cudaEventDestroy(user->before);
    }
    if (user->after != NULL) {
        (void)cudaEventDestroy(user->after);
    }
    (void)cudaFree(user->memory);
    if (user->stream != NULL) {
        (void)cudaStreamDestroy(user->stream);
    }
    (void)cudaGetLastError();
}

static contestant make(timekeeper *user, way chosen, const char *name, record_role role,
                       bool is_blocked) {
    user->way = chosen;
    return (contestant){.name = name,
                        .role = role,
                        .self = user,
                        .set_up = set_up,
                        .verify = verify,
                        .operate = is_blocked ? execute_blocked : execute,
                        .times_itself = is_blocked,
                        .tear_down = tear_down};
}

static void run_case(bench *run, const char *table, const contestant *contestants, size_t count) {
    contest held = {.table = table,
                    .setting = {run->device, 1, 1, 0},
                    .contestants = contestants,
                    .contestant_count = count};
    snprintf(held.name, sizeof held.name, "%d times 1MiB set", SETS_PER_EXECUTION);
    contest_run(run, &held);
}

void table_window_run(bench *run) {
    record_add_table(
        &run->found,
        (record_table){.name = host_table,
                       .what = "one execution submitted and waited for by the host",
                       .limits = "two events recorded, one waited for, and the device's own work",
                       .subjects = {"rein", "event pair", "unmeasured"}});
    timekeeper users[3];
    const contestant on_host[3] = {make(&users[0], WINDOW, "rein", RECORD_OURS, false),
                                   make(&users[1], EVENT_PAIR, "event pair", RECORD_PEER, false),
                                   make(&users[2], UNMEASURED, "unmeasured", RECORD_LIMIT, false)};
    run_case(run, host_table, on_host, 3);
    record_add_table(
        &run->found,
        (record_table){.name = device_table,
                       .what = "the device's time of one execution as it is reported, all of it "
                               "submitted before the device may start",
                       .limits = "the resolution of CUDA's events, about half a microsecond",
                       .subjects = {"rein", "event pair"}});
    const contestant on_device[2] = {make(&users[0], WINDOW, "rein", RECORD_OURS, true),
                                     make(&users[1], EVENT_PAIR, "event pair", RECORD_PEER, true)};
    run_case(run, device_table, on_device, 2);
}
