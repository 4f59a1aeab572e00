/* For rein_backend.hpp alone: which optional functions a class has, and the table of each optional
 * part of a backend (contract/sequences.h, submission.h, buffers.h). */
#ifndef REIN_CONTRACT_REIN_BACKEND_PARTS_HPP
#define REIN_CONTRACT_REIN_BACKEND_PARTS_HPP

#include <cstdint>
#include <type_traits>
#include <utility>

#include "contract/buffers.h"
#include "contract/rein_backend_slots.hpp"
#include "contract/sequences.h"
#include "contract/submission.h"

namespace rein {

namespace detail {

template <class Engine, template <class> class Found, class = void>
struct is_found : std::false_type {};
template <class Engine, template <class> class Found>
struct is_found<Engine, Found, std::void_t<Found<Engine>>> : std::true_type {};

/* Defines has_NAME: whether a class has a public function of this name. Looking up the name also
 * finds a function with wrong parameters, whose call then fails to compile instead of being ignored
 * silently. Looking up the call also finds an overloaded one. */
#define REIN_DETAIL_HAS(function, arguments)                                              \
    template <class Engine> using name_of_##function = decltype(&Engine::function);       \
    template <class Engine>                                                               \
    using call_of_##function = decltype(std::declval<Engine &>().function arguments);     \
    template <class Engine>                                                               \
    inline constexpr bool has_##function = is_found<Engine, name_of_##function>::value || \
                                           is_found<Engine, call_of_##function>::value;
REIN_DETAIL_HAS(warmup, (nullptr))
REIN_DETAIL_HAS(estimate_state, ("", std::uint64_t()))
REIN_DETAIL_HAS(open_sequence, (std::uint64_t()))
REIN_DETAIL_HAS(close_sequence, (rein_sequence_id()))
REIN_DETAIL_HAS(submit, (std::declval<const rein_execution_request &>(),
                         std::declval<rein_execution_result &>(), rein_completion()))
REIN_DETAIL_HAS(drain, ())
REIN_DETAIL_HAS(allocate_buffer, (std::uint64_t(), REIN_MEMORY_HOST))
REIN_DETAIL_HAS(release_buffer, (nullptr))
#undef REIN_DETAIL_HAS

template <class Engine> struct sequence_slots {
    static rein_result_bytes estimate_state(void *self, const char *model_path,
                                            std::uint64_t max_tokens) noexcept {
        return answer<rein_result_bytes>(
            [&] { return engine_of<Engine>(self).estimate_state(model_path, max_tokens); });
    }
    static rein_result_sequence_id open(void *self, std::uint64_t max_tokens) noexcept {
        return answer<rein_result_sequence_id>(
            [&] { return engine_of<Engine>(self).open_sequence(max_tokens); });
    }
    static rein_result_void close(void *self, rein_sequence_id sequence) noexcept {
        return answer<rein_result_void>(
            [&] { return engine_of<Engine>(self).close_sequence(sequence); });
    }
};

template <class Engine> struct submission_slots {
    static rein_result_void submit(void *self, const rein_execution_request *request,
                                   rein_execution_result *out_result,
                                   rein_completion completion) noexcept {
        return answer<rein_result_void>(
            [&] { return engine_of<Engine>(self).submit(*request, *out_result, completion); });
    }
    static rein_result_void drain(void *self) noexcept {
        return answer<rein_result_void>([&] { return engine_of<Engine>(self).drain(); });
    }
};

template <class Engine> struct buffer_slots {
    static rein_result_buffer allocate(void *self, std::uint64_t size_bytes,
                                       rein_memory_kind kind) noexcept {
        return answer<rein_result_buffer>(
            [&] { return engine_of<Engine>(self).allocate_buffer(size_bytes, kind); });
    }
    static void release(void *self, void *buffer) noexcept {
        static_assert(noexcept(engine_of<Engine>(self).release_buffer(buffer)),
                      "release_buffer must be noexcept");
        engine_of<Engine>(self).release_buffer(buffer);
    }
};

/* Returns the table of a part, or nullptr if the class does not have it. */
template <class Engine> const rein_sequences_interface *sequences_of() noexcept {
    static_assert(has_estimate_state<Engine> == has_open_sequence<Engine> &&
                      has_open_sequence<Engine> == has_close_sequence<Engine>,
                  "a backend must have all of estimate_state, open_sequence and close_sequence, or "
                  "none");
    if constexpr (has_estimate_state<Engine> && has_open_sequence<Engine> &&
                  has_close_sequence<Engine>) {
        using slots = sequence_slots<Engine>;
        static constexpr rein_sequences_interface table{
            sizeof(rein_sequences_interface), slots::estimate_state, slots::open, slots::close};
        return &table;
    } else {
        return nullptr;
    }
}
template <class Engine> const rein_submission_interface *submission_of() noexcept {
    static_assert(has_submit<Engine> == has_drain<Engine>,
                  "a backend must have both submit and drain, or neither");
    if constexpr (has_submit<Engine> && has_drain<Engine>) {
        using slots = submission_slots<Engine>;
        static constexpr rein_submission_interface table{sizeof(rein_submission_interface),
                                                         slots::submit, slots::drain};
        return &table;
    } else {
        return nullptr;
    }
}
template <class Engine> const rein_buffers_interface *buffers_of() noexcept {
    static_assert(has_allocate_buffer<Engine> == has_release_buffer<Engine>,
                  "a backend must have both allocate_buffer and release_buffer, or neither");
    if constexpr (has_allocate_buffer<Engine> && has_release_buffer<Engine>) {
        using slots = buffer_slots<Engine>;
        static constexpr rein_buffers_interface table{sizeof(rein_buffers_interface),
                                                      slots::allocate, slots::release};
        return &table;
    } else {
        return nullptr;
    }
}

} // namespace detail

} // namespace rein

#endif
