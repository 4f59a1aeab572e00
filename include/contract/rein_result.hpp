/* Results in C++17: rein::result, a class that holds a value or an error. It converts from and to
 * the results of C (contract/result.h).
 *
 * No function here throws by itself. Reading a missing value stops the program, as in C. Works
 * without exceptions, too. */
#ifndef REIN_CONTRACT_REIN_RESULT_HPP
#define REIN_CONTRACT_REIN_RESULT_HPP

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>
#if __cplusplus > 202002L && __has_include(<expected>)
#include <expected>
#endif

#include "contract/rein_c_result.hpp"
#include "contract/rein_error.hpp"
#include "contract/result.h"

namespace rein {

/* A value or an error. T may be void or a type that can only be moved. It must not be a reference
 * or rein_error.
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
    /* The type of the value; may be void. */
    using value_type = T;
    /* The type of the error, under the name that code for std::expected uses. */
    using error_type = rein_error;

    /* Holds a success. Only result<void> has this constructor. */
    template <class U = T, std::enable_if_t<std::is_void_v<U>, int> = 0> result() noexcept {
    }

    /* Holds a value. */
    template <class U = T,
              std::enable_if_t<!std::is_void_v<T> && std::is_convertible_v<U &&, stored> &&
                                   !detail::is_result<std::decay_t<U>>::value &&
                                   !std::is_same_v<std::decay_t<U>, rein_error>,
                               int> = 0>
    result(U &&value) noexcept(std::is_nothrow_constructible_v<stored, U &&>)
        : held_(std::in_place_index<0>, std::forward<U>(value)) {
    }

    /* Holds an error. */
    result(const rein_error &error) noexcept : held_(std::in_place_index<1>, error) {
    }

    /* Holds the value or error of a result of C. */
    template <class C, std::enable_if_t<std::is_same_v<typename detail::c_result<C>::value_type, T>,
                                        int> = 0>
    result(const C &from) noexcept : held_(detail::hold<stored>(from)) {
    }

    /* Returns whether this holds a value; for result<void>, whether it is a success. */
    bool has_value() const noexcept {
        return held_.index() == 0;
    }
    /* Returns has_value(), for conditions. */
    explicit operator bool() const noexcept {
        return has_value();
    }

    /* Returns the value. Stops the program if this holds an error, and prints the location of the
     * call. The operators * and -> cannot print it. */
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
    /* Returns value(). */
    std::add_lvalue_reference_t<T> operator*() &noexcept {
        return value();
    }
    std::add_lvalue_reference_t<const T> operator*() const &noexcept {
        return value();
    }
    T operator*() &&noexcept {
        return std::move(*this).value();
    }
    /* Gives access to a member of value(). */
    std::add_pointer_t<T> operator->() noexcept {
        return &value();
    }
    std::add_pointer_t<const T> operator->() const noexcept {
        return &value();
    }

    /* Returns the error. Stops the program if this holds a value. */
    const rein_error &error(rein_source_location where = here()) const noexcept {
        rein_require_error(has_value(), where);
        return *std::get_if<1>(&held_);
    }

    /* Returns the value, or `other` if this holds an error. Not for result<void>. */
    template <class U> stored value_or(U &&other) && {
        return has_value() ? std::move(*std::get_if<0>(&held_)) : stored(std::forward<U>(other));
    }
    template <class U> stored value_or(U &&other) const & {
        return has_value() ? *std::get_if<0>(&held_) : stored(std::forward<U>(other));
    }

    /* Returns next(value) as a result, or the error. */
    template <class Next> auto map(Next &&next) && {
        return mapped(std::move(*this), std::forward<Next>(next));
    }
    template <class Next> auto map(Next &&next) const & {
        return mapped(*this, std::forward<Next>(next));
    }

    /* Returns next(value), which must be a rein::result or a result of C; or the error. */
    template <class Next> auto and_then(Next &&next) && {
        return chained(std::move(*this), std::forward<Next>(next));
    }
    template <class Next> auto and_then(Next &&next) const & {
        return chained(*this, std::forward<Next>(next));
    }

    /* Returns the value, or recover(error), which must be a rein::result or a result of C, of the
     * same value type. */
    template <class Recover> result or_else(Recover &&recover) && {
        return has_value() ? std::move(*this)
                           : result(std::invoke(std::forward<Recover>(recover), error()));
    }
    template <class Recover> result or_else(Recover &&recover) const & {
        return has_value() ? *this : result(std::invoke(std::forward<Recover>(recover), error()));
    }

    /* Returns the value, or the error with `text` and ": " in front of its message
     * (rein_error_with_context).
     *
     *     rein::result size = rein::result(rein_bytes_parse(text)).with_context("memory limit"); */
    result with_context(const char *text) &&noexcept {
        return has_value() ? std::move(*this) : result(rein_error_with_context(error(), text));
    }
    result with_context(const char *text) const & {
        return has_value() ? *this : result(rein_error_with_context(error(), text));
    }

    /* Returns the same as a result of C, whose value must have the same type. */
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
    /* Returns the same as a std::expected, if the standard library has it (C++23). */
    operator std::expected<T, rein_error>() const & {
        return as_expected(*this);
    }
    operator std::expected<T, rein_error>() && {
        return as_expected(std::move(*this));
    }
#endif

  private:
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
                      "map takes a function that returns a plain value; use and_then");
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

} // namespace rein

#endif
