/* A child of a process that used CUDA: everything but destruction is refused, without a call. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "contract/units.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/scenarios.h"
#include "cuda/stream_pool.h"

#ifdef REIN_COVERAGE
extern void __gcov_dump(void);
#endif

/* Whether a lock is found taken, as by a thread of the parent at fork. */
static bool is_locked_at_fork;

int __real_pthread_mutex_trylock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex);

int __wrap_pthread_mutex_trylock(pthread_mutex_t *mutex) {
    return is_locked_at_fork ? EBUSY : __real_pthread_mutex_trylock(mutex);
}

/* A child that ends by _exit writes no counts of its own accord. */
__attribute__((noreturn)) static void end_child(int status) {
#ifdef REIN_COVERAGE
    __gcov_dump();
#endif
    _exit(status);
}

typedef struct objects {
    rein_ledger ledger;
    rein_cuda_memory_pool *memory;
    rein_cuda_memory_pool *plain; /* on the device without pools of the driver */
    rein_cuda_stream_pool *streams;
    rein_cuda_compute_window *window;
    void *pointer;
    rein_cuda_stream_lease lease;
} objects;

static void create_objects(objects *all) {
    scenarios_reset(&all->ledger);
    rein_cuda_memory_pool_options memory = {.ledger = &all->ledger};
    all->memory = REIN_UNWRAP(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(&memory));
    memory.device = 1;
    all->plain = REIN_UNWRAP(rein_result_cuda_memory_pool, rein_cuda_memory_pool_create(&memory));
    rein_cuda_stream_pool_options streams = {.ledger = &all->ledger, .counts = {0, 1, 0}};
    all->streams =
        REIN_UNWRAP(rein_result_cuda_stream_pool, rein_cuda_stream_pool_create(&streams));
    rein_cuda_compute_window_options window = {.ledger = &all->ledger};
    all->window =
        REIN_UNWRAP(rein_result_cuda_compute_window, rein_cuda_compute_window_create(&window));
    all->pointer =
        REIN_UNWRAP(rein_result_cuda_allocation, rein_cuda_memory_allocate(all->memory, 1)).pointer;
    all->lease = REIN_UNWRAP(rein_result_cuda_stream_lease,
                             rein_cuda_stream_try_acquire(all->streams, REIN_CUDA_PRIORITY_NORMAL));
}

static bool destroy_objects(objects *all) {
    return rein_cuda_memory_pool_destroy(all->memory).is_ok &&
           rein_cuda_memory_pool_destroy(all->plain).is_ok &&
           rein_cuda_stream_pool_destroy(all->streams).is_ok &&
           rein_cuda_compute_window_destroy(all->window).is_ok;
}

static bool is_refusal(bool is_ok, const rein_error *error) {
    return !is_ok && rein_cuda_condition_of(error) == REIN_CUDA_FORKED_CHILD;
}

#define IS_REFUSED(result) is_refusal((result).is_ok, &(result).as.error)

/* The number of the first promise that is broken; 0: none. */
static int run_child(objects *all) {
    simulated_cudart_fail_call(0, cudaSuccess);
    rein_result_cuda_allocation memory = rein_cuda_memory_allocate(all->memory, 1);
    rein_result_void freed = rein_cuda_memory_free(all->memory, all->pointer);
    rein_result_void later = rein_cuda_memory_free_async(all->memory, all->pointer, NULL);
    rein_result_cuda_memory_report report = rein_cuda_memory_pool_report(all->memory);
    rein_result_cuda_collected collected = rein_cuda_memory_pool_collect(all->memory);
    rein_result_cuda_memory_report plain = rein_cuda_memory_pool_report(all->plain);
    rein_result_cuda_stream_lease lease =
        rein_cuda_stream_try_acquire(all->streams, REIN_CUDA_PRIORITY_NORMAL);
    rein_result_void released = rein_cuda_stream_release(all->streams, &all->lease);
    rein_result_ledger_verdict begun =
        rein_cuda_compute_window_begin(all->window, NULL, rein_timestamp_never());
    rein_result_void abandoned = rein_cuda_compute_window_abandon(all->window);
    rein_result_void trimmed = rein_cuda_memory_pool_trim(all->memory, 0);
    if (!IS_REFUSED(memory) || !IS_REFUSED(freed) || !IS_REFUSED(later) || !IS_REFUSED(report)) {
        return 1;
    }
    if (!IS_REFUSED(plain) || !IS_REFUSED(collected) || !IS_REFUSED(abandoned) ||
        !IS_REFUSED(trimmed)) {
        return 7;
    }
    if (!IS_REFUSED(lease) || !IS_REFUSED(released) || !IS_REFUSED(begun)) {
        return 2;
    }
    if (simulated_cudart_call_count() != 0) {
        return 3;
    }
    if (!destroy_objects(all) || simulated_cudart_call_count() != 0) {
        return 4;
    }
    rein_ledger_usage usage = rein_ledger_read(&all->ledger);
    if (usage.memory_bytes.used != 0 || usage.streams.used != 0) {
        return 5;
    }
    rein_result_cuda_report probed = rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT);
    return IS_REFUSED(probed) && rein_cuda_system_query().condition == REIN_CUDA_FORKED_CHILD ? 0
                                                                                              : 6;
}

/* A child keeps what `run` promises, and the parent's objects are as they were. */
static void assert_promised(int (*run)(objects *)) {
    objects all;
    create_objects(&all);
    pid_t child = fork();
    cr_assert(child >= 0, "a child is made");
    if (child == 0) {
        end_child(run(&all));
    }
    int status = 0;
    cr_assert(waitpid(child, &status, 0) == child, "it ends");
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "promise %d is broken",
              WEXITSTATUS(status));
    cr_assert(rein_cuda_stream_release(all.streams, &all.lease).is_ok, "the parent goes on");
    cr_assert(destroy_objects(&all), "and destroys");
}

Test(cuda_fork, a_child_is_refused_and_can_destroy) {
    assert_promised(run_child);
}

/* What a child leaves alone it cannot corrupt: its charge is what tells. */
static int destroy_while_locked(objects *all) {
    is_locked_at_fork = true;
    uint64_t charged = rein_ledger_read(&all->ledger).memory_bytes.used;
    if (!rein_cuda_memory_pool_destroy(all->memory).is_ok) {
        return 1;
    }
    return charged != 0 && rein_ledger_read(&all->ledger).memory_bytes.used == charged ? 0 : 2;
}

Test(cuda_fork, a_child_leaves_a_pool_alone_that_a_thread_was_at_work_in) {
    assert_promised(destroy_while_locked);
}

Test(cuda_fork, a_child_of_an_unused_module_may_begin) {
    rein_ledger ledger;
    scenarios_reset(&ledger);
    pid_t child = fork();
    cr_assert(child >= 0, "a child is made");
    if (child == 0) {
        end_child(rein_cuda_probe(0, REIN_CUDA_PROBE_EXACT).is_ok ? 0 : 1);
    }
    int status = 0;
    cr_assert(waitpid(child, &status, 0) == child, "it ends");
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "it could use the device");
}
