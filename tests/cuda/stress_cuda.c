/* Random operations by several threads on pools that share one ledger, checked against a model:
 * each thread counts what it holds. After every operation the ledger is within its limit and at
 * least the thread's count. At the end and at every barrier, the sums equal the ledger, the pools'
 * reports and, if the runtime can tell, its handles. One source, linked with the simulated runtime
 * and with the real one. Exits with 77 if there is no device. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/units.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/runtime_under_test.h"
#include "cuda/stream_pool.h"
#include "stress/load.h"

enum { EXIT_SKIPPED = 77 };
enum { DEFAULT_THREADS = 4, ROUND_COUNT = 8, OPERATION_COUNT = 1500 };
enum { HELD_MAX = 24, STREAM_LIMIT = 6 };

#define LIMIT_BYTES (8 * REIN_MIB)

static rein_ledger ledger;
static rein_cuda_memory_pool *memory;
static rein_cuda_stream_pool *streams;
static uint64_t granularity_bytes;
static pthread_barrier_t meeting;

/* The resources that a thread holds, by its own count. */
typedef struct model {
    uint64_t random_state;
    void *pointers[HELD_MAX];
    uint64_t charges[HELD_MAX];
    cudaStream_t ready_on[HELD_MAX]; /* the stream on which the memory becomes usable */
    int held_count;
    uint64_t held_bytes;
    rein_cuda_stream_lease leases[STREAM_LIMIT];
    int lease_count;
    rein_cuda_compute_window *window;
    uint64_t fragmented_count;
} model;

static model models[LOAD_THREADS_MOST];
static int thread_count;

static void expect(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "FAILS: %s\n", what);
        abort();
    }
}

static uint64_t next_random(model *own) {
    own->random_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = own->random_state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* NULL is the device's default stream. */
static cudaStream_t any_stream(const model *own) {
    return own->lease_count > 0 ? own->leases[0].stream : NULL;
}

static void allocate(model *own) {
    uint64_t bytes = 1 + next_random(own) % (LIMIT_BYTES / 4);
    bool is_ordered = next_random(own) % 2 == 0;
    cudaStream_t stream = any_stream(own);
    if (own->held_count == HELD_MAX) {
        return;
    }
    rein_result_cuda_allocation result =
        is_ordered ? rein_cuda_memory_allocate_async(memory, bytes, stream)
                   : rein_cuda_memory_allocate(memory, bytes);
    if (runtime_can_fragment && !result.is_ok &&
        REIN_ERROR(result).code == REIN_ERROR_OUT_OF_MEMORY) {
        own->fragmented_count++;
        return;
    }
    expect(result.is_ok, "an allocation is answered");
    rein_cuda_allocation answer = REIN_VALUE(result);
    expect(answer.verdict.requested >= bytes &&
               answer.verdict.requested - bytes < granularity_bytes,
           "the charge is the size rounded up");
    expect(answer.verdict.is_granted == (answer.pointer != NULL), "granted means a pointer");
    if (answer.verdict.is_granted) {
        own->pointers[own->held_count] = answer.pointer;
        own->ready_on[own->held_count] = stream;
        own->charges[own->held_count++] = answer.verdict.requested;
        own->held_bytes += answer.verdict.requested;
    } else {
        expect(answer.verdict.requested > answer.verdict.limit - answer.verdict.used,
               "nothing is refused that fits");
    }
}

static void release(model *own) {
    if (own->held_count == 0) {
        return;
    }
    int index = (int)(next_random(own) % (uint64_t)own->held_count);
    bool is_ordered = next_random(own) % 2 == 0;
    void *pointer = own->pointers[index];
    cudaStream_t stream = any_stream(own);
    /* No other stream may use the memory before its own stream has allocated it. */
    if (!is_ordered || stream != own->ready_on[index]) {
        expect(cudaStreamSynchronize(own->ready_on[index]) == cudaSuccess, "it becomes usable");
    }
    rein_result_void freed = is_ordered ? rein_cuda_memory_free_async(memory, pointer, stream)
                                        : rein_cuda_memory_free(memory, pointer);
    expect(freed.is_ok, "a held allocation can be freed");
    own->held_bytes -= own->charges[index];
    own->held_count--;
    own->pointers[index] = own->pointers[own->held_count];
    own->charges[index] = own->charges[own->held_count];
    own->ready_on[index] = own->ready_on[own->held_count];
}

static void lease(model *own) {
    rein_cuda_priority priority = (rein_cuda_priority)(next_random(own) % 3);
    if (own->lease_count == STREAM_LIMIT) {
        return;
    }
    rein_result_cuda_stream_lease result = rein_cuda_stream_try_acquire(streams, priority);
    expect(result.is_ok, "a request for a stream is answered");
    if (REIN_VALUE(result).verdict.is_granted) {
        own->leases[own->lease_count++] = REIN_VALUE(result);
    }
}

static void release_stream(model *own) {
    if (own->lease_count > 0) {
        rein_cuda_stream_lease *last = &own->leases[--own->lease_count];
        expect(runtime_submit_work(last->stream, next_random(own) % 1000), "it has work to do");
        expect(rein_cuda_stream_release(streams, last).is_ok, "a lease is released");
        expect(!rein_cuda_stream_release(streams, last).is_ok, "but once");
    }
}

static void measure(model *own) {
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(own->window, any_stream(own), rein_timestamp_never());
    expect(begun.is_ok, "an execution is begun");
    expect(rein_cuda_compute_window_end(own->window).is_ok, "and ended");
    expect(rein_cuda_compute_window_wait(own->window).is_ok, "and measured");
}

static void check_bounds(const model *own) {
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    expect(usage.memory_bytes.used <= LIMIT_BYTES, "memory is within the limit");
    expect(usage.memory_bytes.used >= own->held_bytes, "the total held is charged");
    expect(usage.streams.used <= STREAM_LIMIT, "streams are within the limit");
    expect(usage.streams.used >= (uint64_t)own->lease_count, "leases are charged");
}

static void operate(model *own) {
    switch (next_random(own) % 8) {
    case 0:
    case 1:
    case 2:
        allocate(own);
        break;
    case 3:
    case 4:
        release(own);
        break;
    case 5:
        lease(own);
        break;
    case 6:
        release_stream(own);
        break;
    default:
        measure(own);
        runtime_advance(next_random(own) % 2000);
        expect(rein_cuda_memory_pool_collect(memory).is_ok, "a collection is answered");
        break;
    }
    check_bounds(own);
}

/* All other threads wait at the barrier. */
static void check_sums(void) {
    uint64_t held_bytes = 0;
    uint64_t held_count = 0;
    uint32_t lease_count = 0;
    for (int i = 0; i < thread_count; i++) {
        held_bytes += models[i].held_bytes;
        held_count += (uint64_t)models[i].held_count;
        lease_count += (uint32_t)models[i].lease_count;
    }
    runtime_finish_work();
    expect(rein_cuda_memory_pool_collect(memory).is_ok, "everything is collected");
    rein_cuda_memory_report report = REIN_UNWRAP(rein_cuda_memory_pool_report(memory));
    expect(report.live_count == held_count, "the pool lists what is held");
    expect(report.live_bytes == held_bytes, "and its bytes");
    expect(report.draining_bytes == 0, "and nothing more");
    expect(report.drift_bytes.value == 0, "as the driver does");
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    expect(usage.memory_bytes.used == held_bytes, "as the ledger does");
    rein_cuda_stream_usage leased = rein_cuda_stream_pool_read(streams);
    expect(leased.leased_count == lease_count, "the stream pool knows the leases");
    expect(usage.streams.used == leased.leased_count + leased.draining_count, "so does the ledger");
    expect(runtime_holds_allocations(held_count), "and so does the device");
}

static void *run(void *argument) {
    model *own = argument;
    for (int round = 0; round < ROUND_COUNT; round++) {
        for (int i = 0; i < OPERATION_COUNT; i++) {
            operate(own);
        }
        if (pthread_barrier_wait(&meeting) == PTHREAD_BARRIER_SERIAL_THREAD) {
            check_sums();
        }
        pthread_barrier_wait(&meeting);
    }
    while (own->held_count > 0) {
        release(own);
    }
    while (own->lease_count > 0) {
        release_stream(own);
    }
    return NULL;
}

static void create_objects(void) {
    rein_resource_budget budget = {.memory_limit_bytes = LIMIT_BYTES,
                                   .stream_limit = STREAM_LIMIT,
                                   .compute_budget = rein_duration_from_ns(REIN_NS_PER_S)};
    expect(rein_ledger_init(&ledger, &budget).is_ok, "a ledger");
    rein_cuda_memory_pool_options pool = {.ledger = &ledger};
    memory = REIN_UNWRAP(rein_cuda_memory_pool_create(&pool));
    granularity_bytes = REIN_UNWRAP(rein_cuda_memory_pool_report(memory)).granularity_bytes;
    rein_cuda_stream_pool_options some = {.ledger = &ledger, .counts = {2, 2, 2}};
    streams = REIN_UNWRAP(rein_cuda_stream_pool_create(&some));
    rein_cuda_compute_window_options window = {.ledger = &ledger};
    for (int i = 0; i < thread_count; i++) {
        models[i] = (model){.random_state = (uint64_t)i};
        models[i].window = REIN_UNWRAP(rein_cuda_compute_window_create(&window));
    }
}

static void destroy_objects(void) {
    for (int i = 0; i < thread_count; i++) {
        expect(rein_cuda_compute_window_destroy(models[i].window).is_ok, "a window is destroyed");
    }
    expect(rein_cuda_stream_pool_destroy(streams).is_ok, "the stream pool is destroyed");
    expect(rein_cuda_memory_pool_destroy(memory).is_ok, "the memory pool is destroyed");
    rein_ledger_usage usage = rein_ledger_read(&ledger);
    expect(usage.memory_bytes.used == 0 && usage.streams.used == 0, "the ledger is even");
    expect(runtime_holds_nothing(), "nothing is leaked");
}

/* Creates all objects, runs the threads and destroys the objects. Returns the number of allocations
 * within the budget for which the driver had no contiguous range. */
static uint64_t pass(void) {
    pthread_t threads[LOAD_THREADS_MOST];
    create_objects();
    expect(pthread_barrier_init(&meeting, NULL, (unsigned)thread_count) == 0, "a barrier");
    for (int i = 0; i < thread_count; i++) {
        expect(pthread_create(&threads[i], NULL, run, &models[i]) == 0, "a thread starts");
    }
    for (int i = 0; i < thread_count; i++) {
        expect(pthread_join(threads[i], NULL) == 0, "a thread ends");
    }
    pthread_barrier_destroy(&meeting);
    destroy_objects();
    uint64_t fragmented_count = 0;
    for (int i = 0; i < thread_count; i++) {
        fragmented_count += models[i].fragmented_count;
    }
    return fragmented_count;
}

int main(int count, char **arguments) {
    load asked = load_of_arguments(count, arguments, DEFAULT_THREADS);
    thread_count = asked.thread_count;
    if (thread_count == 0) {
        fprintf(stderr, "usage: stress_cuda [1 to %d threads [SECONDS]]\n", LOAD_THREADS_MOST);
        return 2;
    }
    if (!runtime_prepare()) {
        return EXIT_SKIPPED;
    }
    long long operations = 0;
    uint64_t fragmented_count = 0;
    do {
        fragmented_count += pass();
        operations += (long long)ROUND_COUNT * OPERATION_COUNT * thread_count;
    } while (load_goes_on(&asked));
    printf("%lld operations by %d threads; no range within the budget: %" PRIu64 "\n", operations,
           thread_count, fragmented_count);
    return 0;
}
