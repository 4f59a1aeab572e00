#include "cuda/rein_cuda.hpp"

#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cxx_case.hpp"

namespace {

/* Destroyed by exit, in the process that calls it. */
rein::cuda_memory_pool memory_until_exit;
rein::cuda_stream_pool streams_until_exit;
rein::cuda_compute_window window_until_exit;

rein_ledger new_ledger() {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_ledger ledger;
    CHECK(rein::result(rein_ledger_init(&ledger, &budget)));
    return ledger;
}

void a_memory_pool_is_destroyed_with_its_owner() {
    rein_ledger ledger = new_ledger();
    rein_cuda_memory_pool_options options{};
    options.ledger = &ledger;
    {
        rein::result pool = rein::create_cuda_memory_pool(options);
        CHECK(pool);
        rein::result memory = rein_cuda_memory_allocate(pool->get(), REIN_MIB);
        CHECK(memory && memory->verdict.is_granted);
        CHECK(rein_ledger_read(&ledger).memory_bytes.used == REIN_MIB);
        rein::cuda_memory_pool moved = std::move(*pool);
        CHECK(moved != nullptr && *pool == nullptr);
    }
    CHECK(rein_ledger_read(&ledger).memory_bytes.used == 0);
    options.device = 7;
    CHECK(rein::create_cuda_memory_pool(options).error().code == REIN_ERROR_NOT_FOUND);
}

void an_object_that_cuda_does_not_destroy_stays_owned() {
    rein_ledger ledger = new_ledger();
    rein_cuda_stream_pool_options options{};
    options.ledger = &ledger;
    options.counts[REIN_CUDA_PRIORITY_LOW] = 1;
    rein::result made = rein::create_cuda_stream_pool(options);
    CHECK(made);
    rein::cuda_stream_pool pool = std::move(made).value();
    rein::result lease = rein_cuda_stream_try_acquire(pool.get(), REIN_CUDA_PRIORITY_LOW);
    CHECK(lease && lease->stream != nullptr);
    CHECK(rein::destroy(pool).error().code == REIN_ERROR_INVALID_STATE && pool != nullptr);
    CHECK(rein_cuda_stream_release(pool.get(), &*lease).is_ok);
    CHECK(rein::destroy(pool) && pool == nullptr);
}

void a_window_is_destroyed_with_its_owner() {
    rein_ledger ledger = new_ledger();
    rein_cuda_compute_window_options options{};
    options.ledger = &ledger;
    rein::result window = rein::create_cuda_compute_window(options);
    CHECK(window && rein_cuda_compute_window_read(window->get()).execution_count == 0);
}

rein_ledger *new_shared_ledger() {
    void *shared = mmap(nullptr, sizeof(rein_ledger), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    return new (shared) rein_ledger(new_ledger());
}

rein_cuda_stream_lease own_until_exit(rein_ledger *ledger) {
    rein_cuda_memory_pool_options memory{};
    memory.ledger = ledger;
    memory_until_exit = rein::create_cuda_memory_pool(memory).value();
    CHECK(rein_cuda_memory_allocate(memory_until_exit.get(), REIN_MIB).is_ok);
    rein_cuda_stream_pool_options streams{};
    streams.ledger = ledger;
    streams.counts[REIN_CUDA_PRIORITY_LOW] = 1;
    streams_until_exit = rein::create_cuda_stream_pool(streams).value();
    rein_cuda_compute_window_options window{};
    window.ledger = ledger;
    window_until_exit = rein::create_cuda_compute_window(window).value();
    return rein::result(
               rein_cuda_stream_try_acquire(streams_until_exit.get(), REIN_CUDA_PRIORITY_LOW))
        .value();
}

void owners_in_a_forked_child_do_not_affect_the_parent() {
    rein_ledger *ledger = new_shared_ledger();
    rein_cuda_stream_lease lease = own_until_exit(ledger);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        std::exit(memory_until_exit == nullptr);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(rein_ledger_read(ledger).memory_bytes.used == REIN_MIB);
    CHECK(rein_ledger_read(ledger).streams.used == 1);
    CHECK(rein_cuda_stream_release(streams_until_exit.get(), &lease).is_ok);
    CHECK(rein::destroy(memory_until_exit) && rein::destroy(streams_until_exit));
    CHECK(rein::destroy(window_until_exit));
    CHECK(rein_ledger_read(ledger).memory_bytes.used == 0);
    CHECK(munmap(ledger, sizeof *ledger) == 0);
}

} // namespace

int main() {
    a_memory_pool_is_destroyed_with_its_owner();
    an_object_that_cuda_does_not_destroy_stays_owned();
    a_window_is_destroyed_with_its_owner();
    owners_in_a_forked_child_do_not_affect_the_parent();
    return 0;
}
