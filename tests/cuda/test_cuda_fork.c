/* A child of a process that used CUDA: everything except destruction is refused without a call, and
 * the parent's accounts do not change. The check cuda_fork_is_covered ensures that every public
 * function is called here. */
#define _GNU_SOURCE
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract/units.h"
#include "cuda/check.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/scenarios.h"
#include "cuda/stream_pool.h"
#include "end_child.h"

enum { CHILD_TIMEOUT_S = 60 /* a child that blocks on a lock is killed by a signal */ };

static bool atfork_fails;

int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
    return atfork_fails ? ENOMEM : __real_pthread_atfork(prepare, parent, child);
}

/* Detects whether this memory was freed. */
static const void *watched;
static bool is_watched_freed;

void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory) {
    is_watched_freed |= memory != NULL && memory == watched;
    __real_free(memory);
}

typedef struct objects {
    rein_ledger *ledger; /* in memory that parent and child share */
    rein_cuda_memory_pool *memory;
    rein_cuda_memory_pool *plain; /* on the device without driver pools */
    rein_cuda_stream_pool *streams;
    rein_cuda_compute_window *window;
    rein_cuda_report report;
    void *pointer;
    rein_cuda_stream_lease lease;
} objects;

static objects all;

static rein_ledger *shared_ledger(void) {
    void *shared =
        mmap(NULL, sizeof(rein_ledger), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert(shared != MAP_FAILED, "memory is shared");
    return shared;
}

static void create_pools(void) {
    rein_cuda_memory_pool_options memory = {.ledger = all.ledger};
    all.memory = REIN_UNWRAP(rein_cuda_memory_pool_create(&memory));
    memory.device = 1;
    all.plain = REIN_UNWRAP(rein_cuda_memory_pool_create(&memory));
    rein_cuda_stream_pool_options streams = {.ledger = all.ledger, .counts = {0, 2, 0}};
    all.streams = REIN_UNWRAP(rein_cuda_stream_pool_create(&streams));
}

static rein_cuda_stream_lease acquire_stream(void) {
    return REIN_UNWRAP(rein_cuda_stream_try_acquire(all.streams, REIN_CUDA_PRIORITY_NORMAL));
}

static void *allocate_mib(void) {
    return REIN_UNWRAP(rein_cuda_memory_allocate(all.memory, REIN_MIB)).pointer;
}

/* Creates live and draining memory, a leased and a draining stream, and an ended execution. */
static void create_objects(void) {
    all.ledger = shared_ledger();
    scenarios_reset(all.ledger);
    create_pools();
    rein_cuda_compute_window_options window = {.ledger = all.ledger};
    all.window = REIN_UNWRAP(rein_cuda_compute_window_create(&window));
    all.report = REIN_UNWRAP(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    all.lease = acquire_stream();
    rein_cuda_stream_lease draining = acquire_stream();
    simulated_cudart_submit_work(draining.stream, REIN_MIB);
    all.pointer = allocate_mib();
    cr_assert(rein_cuda_memory_free_async(all.memory, allocate_mib(), draining.stream).is_ok);
    cr_assert(rein_cuda_stream_release(all.streams, &draining).is_ok);
    cr_assert(
        rein_cuda_compute_window_begin(all.window, all.lease.stream, rein_timestamp_never()).is_ok);
    cr_assert(rein_cuda_compute_window_end(all.window).is_ok);
}

static bool destroy_objects(void) {
    return rein_cuda_memory_pool_destroy(all.memory).is_ok &&
           rein_cuda_memory_pool_destroy(all.plain).is_ok &&
           rein_cuda_stream_pool_destroy(all.streams).is_ok &&
           rein_cuda_compute_window_destroy(all.window).is_ok;
}

/* Called in the child. If the expectation fails, the child exits with 1, which the parent asserts.
 */
static void expect(bool is_so, int line, const char *what) {
    if (!is_so) {
        fprintf(stderr, "line %d: in the child it is not so: %s\n", line, what);
        _exit(1);
    }
}

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static bool is_refusal(bool is_ok, const rein_error *error) {
    return !is_ok && rein_cuda_condition_of(error) == REIN_CUDA_FORKED_CHILD &&
           error->code == REIN_ERROR_DEVICE_UNAVAILABLE;
}

#define EXPECT_REFUSED(type, call)                                                    \
    do {                                                                              \
        type result_ = (call);                                                        \
        expect(is_refusal(result_.is_ok, &result_.as.error), __LINE__, "" #call);     \
        expect(simulated_cudart_call_count() == 0, __LINE__, "no CUDA call: " #call); \
    } while (0)

static void expect_memory_refused(void) {
    rein_cuda_memory_pool_options options = {.ledger = all.ledger};
    EXPECT_REFUSED(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(&options));
    rein_cuda_memory_pool *const pools[] = {all.memory, all.plain};
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++) {
        rein_cuda_memory_pool *pool = pools[i];
        EXPECT_REFUSED(rein_result_cuda_allocation, rein_cuda_memory_allocate(pool, 1));
        EXPECT_REFUSED(rein_result_cuda_allocation, rein_cuda_memory_allocate(pool, UINT64_MAX));
        EXPECT_REFUSED(rein_result_cuda_allocation, rein_cuda_memory_allocate_async(pool, 1, NULL));
        EXPECT_REFUSED(rein_result_void, rein_cuda_memory_free(pool, all.pointer));
        EXPECT_REFUSED(rein_result_void, rein_cuda_memory_free_async(pool, all.pointer, NULL));
        EXPECT_REFUSED(rein_result_cuda_collected, rein_cuda_memory_pool_collect(pool));
        EXPECT_REFUSED(rein_result_void, rein_cuda_memory_pool_trim(pool, 0));
        EXPECT_REFUSED(rein_result_cuda_memory_report, rein_cuda_memory_pool_report(pool));
        rein_cuda_live_allocation listed;
        EXPECT(rein_cuda_memory_pool_list(pool, &listed, 1) == 0);
    }
}

static void expect_streams_refused(void) {
    rein_cuda_stream_pool_options options = {.ledger = all.ledger, .counts = {1, 0, 0}};
    EXPECT_REFUSED(rein_result_cuda_stream_pool, rein_cuda_stream_pool_create(&options));
    EXPECT_REFUSED(rein_result_cuda_stream_lease,
                   rein_cuda_stream_try_acquire(all.streams, REIN_CUDA_PRIORITY_NORMAL));
    EXPECT_REFUSED(rein_result_cuda_stream_lease,
                   rein_cuda_stream_acquire_until(all.streams, REIN_CUDA_PRIORITY_NORMAL,
                                                  rein_clock_system(), rein_timestamp_never()));
    EXPECT_REFUSED(rein_result_void, rein_cuda_stream_release(all.streams, &all.lease));
    rein_cuda_stream_usage usage = rein_cuda_stream_pool_read(all.streams);
    EXPECT(usage.stream_count == 0 && usage.leased_count == 0 && usage.draining_count == 0);
}

static void expect_window_refused(void) {
    rein_cuda_compute_window_options options = {.ledger = all.ledger};
    EXPECT_REFUSED(rein_result_cuda_compute_window, rein_cuda_compute_window_create(&options));
    EXPECT_REFUSED(rein_result_ledger_verdict,
                   rein_cuda_compute_window_begin(all.window, NULL, rein_timestamp_never()));
    EXPECT_REFUSED(rein_result_void, rein_cuda_compute_window_end(all.window));
    EXPECT_REFUSED(rein_result_cuda_execution_time, rein_cuda_compute_window_collect(all.window));
    EXPECT_REFUSED(rein_result_cuda_execution_time, rein_cuda_compute_window_wait(all.window));
    EXPECT_REFUSED(rein_result_void, rein_cuda_compute_window_abandon(all.window));
    rein_cuda_compute_window_resume(all.window);
    rein_cuda_compute_statistics seen = rein_cuda_compute_window_read(all.window);
    EXPECT(seen.execution_count == 0 && seen.abandoned_count == 0 && seen.longest.ns == 0);
}

static void expect_device_refused(void) {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_admission_request request = rein_admission_request_make(NULL, 0, NULL);
    EXPECT_REFUSED(rein_result_cuda_report, rein_cuda_probe(0, REIN_CUDA_PROBE_CONTEXT_FREE));
    EXPECT_REFUSED(rein_result_cuda_report, rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    EXPECT_REFUSED(rein_result_void, rein_cuda_probe_refresh(&all.report));
    EXPECT_REFUSED(rein_result_cuda_device, rein_cuda_find_device("0"));
    EXPECT_REFUSED(rein_result_cuda_check, rein_cuda_check(0, &request, NULL));
    EXPECT_REFUSED(rein_result_cuda_check, rein_cuda_check_budget(0, &budget));
    EXPECT(rein_cuda_system_query().condition == REIN_CUDA_FORKED_CHILD);
    EXPECT(simulated_cudart_call_count() == 0);
}

/* These functions only use plain values. */
static void expect_values_judged(void) {
    rein_model_demand model = rein_model_demand_make(REIN_UNWRAP(rein_model_id_make("one")),
                                                     rein_resource_budget_default());
    rein_admission_request request = rein_admission_request_make(&model, 1, NULL);
    rein_model_verdict verdict;
    EXPECT(rein_cuda_check_report(&all.report, &request, &verdict).is_ok);
    EXPECT(rein_cuda_error_classify((int32_t)cudaErrorMemoryAllocation) == REIN_CUDA_EXHAUSTED);
    EXPECT(strcmp(rein_cuda_error_class_name(REIN_CUDA_LOST), "lost") == 0);
    EXPECT(strcmp(rein_cuda_condition_name(REIN_CUDA_FORKED_CHILD), "forked child") == 0);
}

static void expect_refused(void) {
    expect_memory_refused();
    expect_streams_refused();
    expect_window_refused();
    expect_device_refused();
    expect_values_judged();
}

static bool is_same_usage(const rein_ledger_usage *left, const rein_ledger_usage *right) {
    return left->memory_bytes.used == right->memory_bytes.used &&
           left->streams.used == right->streams.used;
}

static void expect_destroyed(void) {
    rein_ledger_usage before = rein_ledger_read(all.ledger);
    EXPECT(before.memory_bytes.used != 0 && before.streams.used != 0);
    EXPECT(destroy_objects());
    EXPECT(simulated_cudart_call_count() == 0);
    rein_ledger_usage after = rein_ledger_read(all.ledger);
    EXPECT(is_same_usage(&before, &after));
}

/* Asserts that the expectations of `run` hold in a child. */
static void assert_kept(void (*run)(void)) {
    pid_t child = fork();
    cr_assert(child >= 0, "a child is made");
    if (child == 0) {
        alarm(CHILD_TIMEOUT_S);
        simulated_cudart_fail_call(0, cudaSuccess);
        run();
        end_child(0);
    }
    int status = 0;
    cr_assert(waitpid(child, &status, 0) == child, "it ends");
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "its status is %d", status);
}

static void assert_parent_continues(void) {
    cr_assert(rein_cuda_stream_release(all.streams, &all.lease).is_ok, "the parent continues");
    cr_assert(rein_cuda_memory_free(all.memory, all.pointer).is_ok, "with all it has");
    cr_assert(destroy_objects(), "and destroys");
    rein_ledger_usage usage = rein_ledger_read(all.ledger);
    cr_assert(usage.memory_bytes.used == 0 && usage.streams.used == 0, "the ledger is even");
    munmap(all.ledger, sizeof *all.ledger);
}

static void refuse_and_destroy(void) {
    watched = all.memory;
    expect_refused();
    expect_destroyed();
    EXPECT(is_watched_freed);
}

Test(cuda_fork, a_child_is_refused_and_can_destroy) {
    create_objects();
    assert_kept(refuse_and_destroy);
    assert_parent_continues();
}

static void refuse_with_an_error_pending(void) {
    (void)cudaSetDevice(-1);
    simulated_cudart_fail_call(0, cudaSuccess);
    expect_refused();
}

Test(cuda_fork, a_pending_error_changes_nothing_in_a_child) {
    create_objects();
    assert_kept(refuse_with_an_error_pending);
    assert_parent_continues();
}

static void refuse_closed(void) {
    EXPECT_REFUSED(rein_result_cuda_allocation, rein_cuda_memory_allocate(all.plain, 1));
    EXPECT_REFUSED(rein_result_cuda_collected, rein_cuda_memory_pool_collect(all.plain));
    EXPECT_REFUSED(rein_result_void, rein_cuda_memory_pool_trim(all.plain, 0));
    expect_destroyed();
}

Test(cuda_fork, a_child_is_refused_whatever_state_an_object_is_in) {
    create_objects();
    simulated_cudart_fail_function("cudaGetDevice", cudaErrorInvalidValue);
    cr_assert(!rein_cuda_memory_pool_destroy(all.plain).is_ok, "CUDA refuses to destroy it");
    assert_kept(refuse_closed);
    assert_parent_continues();
}

/* The lists of a locked pool may be inconsistent: the child must not free their records. */
static void leave_a_locked_pool_alone(void) {
    watched = all.memory;
    expect_refused();
    expect_destroyed();
    EXPECT(!is_watched_freed);
}

static void fork_in_a_locked_pool(void) {
    assert_kept(leave_a_locked_pool_alone);
}

static void fork_in_a_locked_object(void) {
    assert_kept(refuse_and_destroy);
}

/* Forks during calls that hold an object's lock while they call CUDA. */
Test(cuda_fork, a_child_waits_for_no_lock_that_was_held_at_fork) {
    create_objects();
    simulated_cudart_meanwhile("cudaEventQuery", fork_in_a_locked_pool);
    cr_assert(rein_cuda_memory_pool_collect(all.memory).is_ok, "the pool was at work");
    simulated_cudart_meanwhile("cudaEventQuery", fork_in_a_locked_object);
    cr_assert(rein_cuda_compute_window_collect(all.window).is_ok, "the window was at work");
    simulated_cudart_meanwhile("cudaStreamQuery", fork_in_a_locked_object);
    cr_assert(rein_cuda_stream_try_acquire(all.streams, REIN_CUDA_PRIORITY_NORMAL).is_ok,
              "the streams were at work");
    assert_parent_continues();
}

static void probe_in_child(void) {
    EXPECT(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT).is_ok);
}

Test(cuda_fork, a_child_of_an_unused_module_may_begin) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
    assert_kept(probe_in_child);
}

static void assert_out_of_memory(bool is_ok, const rein_error *error) {
    cr_assert(!is_ok && error->code == REIN_ERROR_OUT_OF_MEMORY, "there is no room");
    cr_assert(error->native_code == 0, "CUDA has nothing to do with it");
}

#define ASSERT_NO_ROOM(type, call)                              \
    do {                                                        \
        type result_ = (call);                                  \
        assert_out_of_memory(result_.is_ok, &result_.as.error); \
    } while (0)

static void assert_nothing_is_created(rein_ledger *ledger) {
    rein_cuda_memory_pool_options memory = {.ledger = ledger};
    ASSERT_NO_ROOM(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(&memory));
    rein_cuda_stream_pool_options streams = {.ledger = ledger, .counts = {0, 1, 0}};
    ASSERT_NO_ROOM(rein_result_cuda_stream_pool, rein_cuda_stream_pool_create(&streams));
    rein_cuda_compute_window_options window = {.ledger = ledger};
    ASSERT_NO_ROOM(rein_result_cuda_compute_window, rein_cuda_compute_window_create(&window));
    cr_assert(simulated_cudart_call_count() == 0, "CUDA was not called");
    ASSERT_NO_ROOM(rein_result_cuda_report, rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT));
    rein_cuda_system system = rein_cuda_system_query();
    cr_assert(system.condition == REIN_CUDA_UNUSABLE, "nor is the system ready");
    cr_assert(system.reason.code == REIN_ERROR_OUT_OF_MEMORY, "and it says why");
}

Test(cuda_fork, nothing_is_created_if_forks_cannot_be_watched) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
    atfork_fails = true;
    assert_nothing_is_created(&ledger);
    atfork_fails = false;
    create_objects();
    assert_kept(refuse_and_destroy);
    assert_parent_continues();
}
