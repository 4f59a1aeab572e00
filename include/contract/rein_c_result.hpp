/* Used by the other C++ headers: which types are results of C, and the types of their values. */
#ifndef REIN_CONTRACT_REIN_C_RESULT_HPP
#define REIN_CONTRACT_REIN_C_RESULT_HPP

#include <type_traits>
#include <utility>
#include <variant>

#include "contract/result.h"

namespace rein {

template <class T> class result;

namespace detail {

/* Whether C is a result of C, such as rein_result_bytes, and the type of its value: void for
 * rein_result_void. */
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

/* The rein::result for a returned type: itself, or the one of a result of C. */
template <class R>
using as_result =
    std::conditional_t<is_result<R>::value, R, result<typename c_result<R>::value_type>>;

/* Returns the value or the error of a result of C. Stored is std::monostate for a result without a
 * value. */
template <class Stored, class C> std::variant<Stored, rein_error> hold(const C &from) noexcept {
    using variant = std::variant<Stored, rein_error>;
    if (!from.is_ok) {
        return variant(std::in_place_index<1>, from.as.error);
    } else if constexpr (std::is_void_v<typename c_result<C>::value_type>) {
        return variant(std::in_place_index<0>);
    } else {
        return variant(std::in_place_index<0>, from.as.value);
    }
}

} // namespace detail

} // namespace rein

#endif
