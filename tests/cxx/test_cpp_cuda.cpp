#include "cuda/rein_cuda.hpp"

#include "cxx_case.hpp"

namespace {

rein_ledger new_ledger() {
    rein_resource_budget budget = rein_resource_budget_default();
    rein_ledger ledger;
    CHECK(rein::result(rein_ledger_init(&ledger, &budget)));
    return ledger;
}

void a_memory_pool_goes_with_its_owner() {
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

void what_cuda_refuses_to_destroy_stays_owned() {
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

void a_window_goes_with_its_owner() {
    rein_ledger ledger = new_ledger();
    rein_cuda_compute_window_options options{};
    options.ledger = &ledger;
    rein::result window = rein::create_cuda_compute_window(options);
    CHECK(window && rein_cuda_compute_window_read(window->get()).execution_count == 0);
}

} // namespace

int main() {
    a_memory_pool_goes_with_its_owner();
    what_cuda_refuses_to_destroy_stays_owned();
    a_window_goes_with_its_owner();
    return 0;
}
