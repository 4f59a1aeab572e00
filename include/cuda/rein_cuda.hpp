/* The CUDA module in C++17: owners of pools and windows. See contract/rein.hpp.
 *
 *     rein::result pool = rein::create_cuda_memory_pool(options); // result<cuda_memory_pool>
 *     rein::result memory = rein_cuda_memory_allocate(pool->get(), 1 << 20);
 *
 * The destructor of an owner destroys the owned object. It cannot report an error: if CUDA refuses,
 * the object is not freed. Call rein::destroy to get that error.
 *
 * Fork: an owner that is destroyed in a child process (at exit, for instance) makes no CUDA call
 * and does not change the parent's device memory, streams and ledger. */
#ifndef REIN_CUDA_REIN_CUDA_HPP
#define REIN_CUDA_REIN_CUDA_HPP

#include <memory>

#include "contract/rein.hpp"
#include "cuda/check.h"
#include "cuda/compute_window.h"
#include "cuda/memory_pool.h"
#include "cuda/probe.h"
#include "cuda/stream_pool.h"

namespace rein {

namespace detail {

template <class T, rein_result_void (*destroy)(T *)> struct cuda_deleter {
    void operator()(T *held) const noexcept {
        REIN_IGNORE(destroy(held)); /* a destructor cannot return an error */
    }
    static rein_result_void destroy_now(T *held) noexcept {
        return destroy(held);
    }
};

template <class T, rein_result_void (*destroy)(T *)>
using cuda_owner = std::unique_ptr<T, cuda_deleter<T, destroy>>;

template <class Owner, class C> result<Owner> own(const C &created) noexcept {
    if (!created.is_ok) {
        return created.as.error;
    }
    return Owner(created.as.value);
}

} // namespace detail

/* A std::unique_ptr that owns a memory pool. get() returns a pointer to pass to C functions. */
using cuda_memory_pool = detail::cuda_owner<rein_cuda_memory_pool, rein_cuda_memory_pool_destroy>;

/* Owns a stream pool. Release its leases first: otherwise it is not destroyed. */
using cuda_stream_pool = detail::cuda_owner<rein_cuda_stream_pool, rein_cuda_stream_pool_destroy>;

/* Owns a compute window. */
using cuda_compute_window =
    detail::cuda_owner<rein_cuda_compute_window, rein_cuda_compute_window_destroy>;

/* Returns an owner of a new pool (rein_cuda_memory_pool_create). The ledger must outlive it.
 * Errors: the same. */
inline result<cuda_memory_pool>
create_cuda_memory_pool(const rein_cuda_memory_pool_options &options) noexcept {
    return detail::own<cuda_memory_pool>(rein_cuda_memory_pool_create(&options));
}

/* Returns an owner of a new pool (rein_cuda_stream_pool_create). The ledger must outlive it.
 * Errors: the same. */
inline result<cuda_stream_pool>
create_cuda_stream_pool(const rein_cuda_stream_pool_options &options) noexcept {
    return detail::own<cuda_stream_pool>(rein_cuda_stream_pool_create(&options));
}

/* Returns an owner of a new window (rein_cuda_compute_window_create). The ledger must outlive it.
 * Errors: the same. */
inline result<cuda_compute_window>
create_cuda_compute_window(const rein_cuda_compute_window_options &options) noexcept {
    return detail::own<cuda_compute_window>(rein_cuda_compute_window_create(&options));
}

/* Destroys the object of `owner`. If CUDA refuses, `owner` keeps the object and the call can be
 * repeated. */
template <class Owner> result<void> destroy(Owner &owner) noexcept {
    result<void> done = Owner::deleter_type::destroy_now(owner.get());
    if (done) {
        owner.release();
    }
    return done;
}

} // namespace rein

#endif
