/* Rein from C++17: results and ownership.
 *
 * The C headers are C++ as they are, and what they declare is called as it is. This header adds
 * what only C++ can give: a result that is a class, and objects that give back what they hold when
 * they go. contract/rein_ids.hpp makes ids keys of maps, contract/rein_backend.hpp makes a backend
 * out of a class, node/rein_node.hpp owns reservations, cuda/rein_cuda.hpp owns pools and windows.
 * Headers alone, all inline.
 *
 * No function here throws, but for rein::to_string, which makes a std::string. A wrong access to a
 * result stops the program, as in C (contract/result.h); it works without exceptions, too. */
#ifndef REIN_CONTRACT_REIN_HPP
#define REIN_CONTRACT_REIN_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#if __cplusplus > 202002L && __has_include(<expected>)
#include <expected>
#endif

#include "contract/contract.h"
#include "contract/rein_ids.hpp"

namespace rein {

/* The place of the call: a default argument that the caller leaves out. */
inline rein_source_location here(const char *function = __builtin_FUNCTION(),
                                 const char *file = __builtin_FILE(),
                                 int line = __builtin_LINE()) noexcept {
    return rein_source_location_make(function, file, line);
}

/* rein_error_make for a literal, which is static storage as the message must be. */
template <std::size_t size>
rein_error make_error(rein_error_code code, const char (&message)[size],
                      rein_source_location where = here()) noexcept {
    return rein_error_make(code, where, message);
}

/* The whole text of an error, as rein_error_to_string writes it. */
inline std::string to_string(const rein_error &error) {
    std::string text(rein_error_to_string(&error, nullptr, 0), '\0');
    rein_error_to_string(&error, text.data(), text.size() + 1);
    return text;
}

template <class T> class result;

namespace detail {

/* Whether C is a result of C, such as rein_result_bytes, and what it holds: void where C has to
 * hold something. */
struct no_value;
template <class C, class = void> struct c_result : std::false_type { using value_type = no_value; };
template <class C>
struct c_result<
    C, std::void_t<std::enable_if_t<std::is_same_v<decltype(C::is_ok), bool>>,
                   decltype(std::declval<C &>().as.value), decltype(std::declval<C &>().as.error)>>
    : std::true_type {
    using held = std::remove_reference_t<decltype(std::declval<C &>().as.value)>;
    using value_type = std::conditional_t<std::is_same_v<held, rein_unit>, void, held>;
};

template <class T> struct is_result : std::false_type {};
template <class T> struct is_result<result<T>> : std::true_type {};

/* The result class of what a function returns: itself, or that of a result of C. */
template <class R>
using as_result =
    std::conditional_t<is_result<R>::value, R, result<typename c_result<R>::value_type>>;

} // namespace detail

/* A value or an error. T may be void, and may be movable alone; it is no reference and no
 * rein_error.
 *
 *     rein::result size = rein_bytes_parse("8GiB");   // result<uint64_t>
 *     if (!size) {
 *         return size.error();                        // from a function that returns a result
 *     }
 *     use(*size); */
template <class T> class [[nodiscard]] result {
    static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, rein_error>);
    using stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
    std::variant<stored, rein_error> held_;

  public:
    /* What it holds when all is well; may be void. */
    using value_type = T;
    /* What it holds otherwise: the error of C, for code that is written for std::expected. */
    using error_type = rein_error;

    /* Done: of result<void> alone. */
    template <class U = T, std::enable_if_t<std::is_void_v<U>, int> = 0> result() noexcept {
    }

    /* A value. */
    template <class U = T,
              std::enable_if_t<!std::is_void_v<T> && std::is_convertible_v<U &&, stored> &&
                                   !detail::is_result<std::decay_t<U>>::value &&
                                   !std::is_same_v<std::decay_t<U>, rein_error>,
                               int> = 0>
    result(U &&value) noexcept(std::is_nothrow_constructible_v<stored, U &&>)
        : held_(std::in_place_index<0>, std::forward<U>(value)) {
    }

    /* An error. */
    result(const rein_error &error) noexcept : held_(std::in_place_index<1>, error) {
    }

    /* What a function of C returned. */
    template <class C, std::enable_if_t<std::is_same_v<typename detail::c_result<C>::value_type, T>,
                                        int> = 0>
    result(const C &from) noexcept : held_(hold(from)) {
    }

    /* Whether it holds a value; for result<void>, whether all is well. */
    bool has_value() const noexcept {
        return held_.index() == 0;
    }
    /* The same, for conditions. */
    explicit operator bool() const noexcept {
        return has_value();
    }

    /* The value. Stops the program where there is none; value() then names the place of the call,
     * which * and -> cannot know. */
    std::add_lvalue_reference_t<T> value(rein_source_location where = here()) &noexcept {
        require_value(where);
        return get(held_);
    }
    std::add_lvalue_reference_t<const T>
    value(rein_source_location where = here()) const &noexcept {
        require_value(where);
        return get(held_);
    }
    T value(rein_source_location where = here()) &&noexcept {
        require_value(where);
        if constexpr (!std::is_void_v<T>) {
            return std::move(*std::get_if<0>(&held_));
        }
    }
    /* As value(), which does not learn the place of the call. */
    std::add_lvalue_reference_t<T> operator*() &noexcept {
        return value();
    }
    std::add_lvalue_reference_t<const T> operator*() const &noexcept {
        return value();
    }
    T operator*() &&noexcept {
        return std::move(*this).value();
    }
    /* A member of the value, on the same terms. */
    std::add_pointer_t<T> operator->() noexcept {
        return &value();
    }
    std::add_pointer_t<const T> operator->() const noexcept {
        return &value();
    }

    /* The error. Stops the program where there is none. */
    const rein_error &error(rein_source_location where = here()) const noexcept {
        rein_require_error(has_value(), where);
        return *std::get_if<1>(&held_);
    }

    /* The value, else `other`, which is made in any case. Not of result<void>. */
    template <class U> stored value_or(U &&other) && {
        return has_value() ? std::move(*std::get_if<0>(&held_)) : stored(std::forward<U>(other));
    }
    template <class U> stored value_or(U &&other) const & {
        return has_value() ? *std::get_if<0>(&held_) : stored(std::forward<U>(other));
    }

    /* A result of what `next` makes of the value; else the error. */
    template <class Next> auto map(Next &&next) && {
        return mapped(std::move(*this), std::forward<Next>(next));
    }
    template <class Next> auto map(Next &&next) const & {
        return mapped(*this, std::forward<Next>(next));
    }

    /* What `next` makes of the value, itself a result, of C too; else the error. */
    template <class Next> auto and_then(Next &&next) && {
        return chained(std::move(*this), std::forward<Next>(next));
    }
    template <class Next> auto and_then(Next &&next) const & {
        return chained(*this, std::forward<Next>(next));
    }

    /* The value, else what `recover` makes of the error, itself a result of T, of C too. */
    template <class Recover> result or_else(Recover &&recover) && {
        return has_value() ? std::move(*this)
                           : result(std::invoke(std::forward<Recover>(recover), error()));
    }
    template <class Recover> result or_else(Recover &&recover) const & {
        return has_value() ? *this : result(std::invoke(std::forward<Recover>(recover), error()));
    }

    /* The value, else the error with `text` and ": " in front of its message:
     * rein_error_with_context.
     *
     *     rein::result loaded = rein::result(rein_backend_load(backend, path)).with_context(path);
     */
    result with_context(const char *text) &&noexcept {
        return has_value() ? std::move(*this) : result(rein_error_with_context(error(), text));
    }
    result with_context(const char *text) const & {
        return has_value() ? *this : result(rein_error_with_context(error(), text));
    }

    /* The same as a result of C, whose value is of the same type. */
    template <class C> [[nodiscard]] C to_c() const noexcept {
        static_assert(std::is_same_v<typename detail::c_result<C>::value_type, T>);
        C to;
        to.is_ok = has_value();
        if (!to.is_ok) {
            to.as.error = *std::get_if<1>(&held_);
        } else if constexpr (std::is_void_v<T>) {
            to.as.value = rein_unit{};
        } else {
            to.as.value = *std::get_if<0>(&held_);
        }
        return to;
    }

#ifdef __cpp_lib_expected
    /* The same as a std::expected, where the library has it (C++23). */
    operator std::expected<T, rein_error>() const & {
        return as_expected(*this);
    }
    operator std::expected<T, rein_error>() && {
        return as_expected(std::move(*this));
    }
#endif

  private:
    template <class C> static std::variant<stored, rein_error> hold(const C &from) noexcept {
        using variant = std::variant<stored, rein_error>;
        if (!from.is_ok) {
            return variant(std::in_place_index<1>, from.as.error);
        } else if constexpr (std::is_void_v<T>) {
            return variant(std::in_place_index<0>);
        } else {
            return variant(std::in_place_index<0>, from.as.value);
        }
    }
    void require_value(rein_source_location where) const noexcept {
        rein_require_value(has_value(), std::get_if<1>(&held_), where);
    }
    template <class Held>
    static auto get(Held &held) noexcept
        -> std::conditional_t<std::is_void_v<T>, void, decltype(*std::get_if<0>(&held))> {
        if constexpr (!std::is_void_v<T>) {
            return *std::get_if<0>(&held);
        }
    }
    template <class Self, class Next> static auto call(Self &&self, Next &&next) {
        if constexpr (std::is_void_v<T>) {
            return std::invoke(std::forward<Next>(next));
        } else {
            return std::invoke(std::forward<Next>(next),
                               std::get<0>(std::forward<Self>(self).held_));
        }
    }
    template <class Self, class Next> static auto mapped(Self &&self, Next &&next) {
        using Value = decltype(call(std::forward<Self>(self), std::forward<Next>(next)));
        static_assert(!detail::is_result<Value>::value && !detail::c_result<Value>::value,
                      "a function that returns a result is for and_then");
        if (!self.has_value()) {
            return result<Value>(self.error());
        }
        if constexpr (std::is_void_v<Value>) {
            call(std::forward<Self>(self), std::forward<Next>(next));
            return result<void>();
        } else {
            return result<Value>(call(std::forward<Self>(self), std::forward<Next>(next)));
        }
    }
    template <class Self, class Next> static auto chained(Self &&self, Next &&next) {
        using Answer =
            detail::as_result<decltype(call(std::forward<Self>(self), std::forward<Next>(next)))>;
        return self.has_value() ? Answer(call(std::forward<Self>(self), std::forward<Next>(next)))
                                : Answer(self.error());
    }
#ifdef __cpp_lib_expected
    template <class Self> static std::expected<T, rein_error> as_expected(Self &&self) {
        if (!self.has_value()) {
            return std::unexpected(self.error());
        }
        if constexpr (std::is_void_v<T>) {
            return {};
        } else {
            return std::forward<Self>(self).value();
        }
    }
#endif
};

template <class C, std::enable_if_t<detail::c_result<C>::value, int> = 0>
result(const C &) -> result<typename detail::c_result<C>::value_type>;

/* A plain value of C that is to be given back: the one owner of it, which can be moved and not
 * copied. Empty after a move and where it was made empty. One thread at a time. */
template <class T, void (*give_back)(T *)> class owned {
    T held_{};
    bool is_empty_ = true;

  public:
    /* Empty. */
    owned() noexcept = default;
    /* Takes `held` over from the caller, who gives back no copy of it. */
    explicit owned(const T &held) noexcept : held_(held), is_empty_(false) {
    }
    owned(owned &&other) noexcept
        : held_(other.held_), is_empty_(std::exchange(other.is_empty_, true)) {
    }
    /* Gives back what this holds first. */
    owned &operator=(owned &&other) noexcept {
        if (this != &other) {
            reset();
            held_ = other.held_;
            is_empty_ = std::exchange(other.is_empty_, true);
        }
        return *this;
    }
    /* Gives back what this holds, as reset(). */
    ~owned() {
        reset();
    }

    /* Whether there is something to give back. */
    explicit operator bool() const noexcept {
        return !is_empty_;
    }

    /* For the functions of C; nullptr where this is empty. */
    T *get() noexcept {
        return is_empty_ ? nullptr : &held_;
    }
    const T *get() const noexcept {
        return is_empty_ ? nullptr : &held_;
    }

    /* Gives it back now. */
    void reset() noexcept {
        if (!std::exchange(is_empty_, true)) {
            give_back(&held_);
        }
    }

    /* Hands it to the caller, who gives it back; this must not be empty. */
    T release() noexcept {
        is_empty_ = true;
        return held_;
    }
};

/* A bound backend, which is unloaded and destroyed with its owner. */
using backend = owned<rein_backend, rein_backend_destroy>;

namespace detail {

inline void give_back_memory(rein_ledger *ledger, const rein_ledger_verdict &granted) noexcept {
    REIN_IGNORE(rein_ledger_release_memory(ledger, granted.requested));
}
inline void give_back_stream(rein_ledger *ledger, const rein_ledger_verdict &) noexcept {
    REIN_IGNORE(rein_ledger_release_stream(ledger));
}

/* What a ledger answered, given back when this goes if it was granted. */
template <void (*give_back)(rein_ledger *, const rein_ledger_verdict &)> class charge {
    rein_ledger_verdict verdict_;
    rein_ledger *ledger_;
    bool is_charged_; /* is to be given back */

  public:
    charge(charge &&other) noexcept
        : verdict_(other.verdict_), ledger_(other.ledger_),
          is_charged_(std::exchange(other.is_charged_, false)) {
    }
    charge &operator=(charge &&) = delete;
    /* Inline, or the whole object would have to lie in memory. */
    __attribute__((always_inline)) ~charge() {
        if (is_charged_) {
            give_back(ledger_, verdict_);
        }
    }

    explicit operator bool() const noexcept {
        return is_charged_;
    }
    [[nodiscard]] const rein_ledger_verdict &verdict() const noexcept {
        return verdict_;
    }

  protected:
    charge(const rein_ledger_verdict &verdict, rein_ledger &ledger) noexcept
        : verdict_(verdict), ledger_(&ledger), is_charged_(verdict.is_granted) {
    }
};

} // namespace detail

/* Bytes of a ledger, given back when this goes. True where they were granted; the verdict has the
 * numbers. The ledger outlives it. One thread at a time; the ledger itself is for any. */
struct memory_charge : detail::charge<detail::give_back_memory> {
    /* Asks for `bytes`: rein_ledger_charge_memory. */
    [[nodiscard]] memory_charge(rein_ledger &ledger, std::uint64_t bytes) noexcept
        : charge(rein_ledger_charge_memory(&ledger, bytes), ledger) {
    }
};

/* One stream of a ledger, on the same terms. */
struct stream_charge : detail::charge<detail::give_back_stream> {
    /* Asks for a stream: rein_ledger_acquire_stream. */
    [[nodiscard]] explicit stream_charge(rein_ledger &ledger) noexcept
        : charge(rein_ledger_acquire_stream(&ledger), ledger) {
    }
};

} // namespace rein

#endif
