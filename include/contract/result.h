/* Results: a value or an error, by value.
 *
 * Every function that can fail returns a result. One line defines the result of a type:
 *
 *     REIN_RESULT_DEFINE(rein_result_bytes, uint64_t)
 *
 * and gives
 *
 *     rein_result_bytes rein_result_bytes_ok(uint64_t value);
 *     rein_result_bytes rein_result_bytes_fail(rein_error error);
 *     bool              rein_result_bytes_is_ok(rein_result_bytes result);
 *     bool              rein_result_bytes_is_error(rein_result_bytes result);
 *     rein_result_bytes rein_result_bytes_or_else(
 *                           rein_result_bytes result,
 *                           rein_result_bytes (*recover)(rein_error, void *context),
 *                           void *context);
 *
 * A caller passes an error on in one line:
 *
 *     uint64_t bytes = REIN_TRY(rein_result_plan, rein_bytes_parse(text));
 *
 * The macros that take an expression evaluate it once:
 *
 *     REIN_TRY(Result, expression)            the value, or returns the error as a Result
 *     REIN_TRY_GOTO(label, error, expression) the value, or stores the error and goes to the label
 *     REIN_UNWRAP(expression)                 the value; aborts if there is none
 *     REIN_IGNORE(expression)                 drops a result on purpose, on a cleanup path
 *     REIN_VALUE(result)                      the value, to read or to write   (result: a variable)
 *     REIN_ERROR(result)                      the error, to read or to write   (result: a variable)
 *
 * Pointers to functions are not checked for NULL.
 *
 * REIN_TRY leaves the function at once: use REIN_TRY_GOTO while a lock or another resource is held.
 * Use both as a whole statement or initialiser, or in an expression whose other parts have no
 * effects. It is unspecified which of those parts are evaluated before the function returns.
 * REIN_UNWRAP, REIN_VALUE and REIN_ERROR check in every build type that the result holds a value,
 * or an error for REIN_ERROR. If it does not, they print the misuse, its location and the error to
 * standard error and abort. REIN_VALUE and REIN_ERROR evaluate their argument more than once.
 *
 * Layout, for other languages: a bool, then, aligned to 8 bytes, a union of the value and the error
 * (error.h). The bool says which member is valid. */
#ifndef REIN_CONTRACT_RESULT_H
#define REIN_CONTRACT_RESULT_H

#include <stdbool.h>

#include "contract/api.h"
#include "contract/error.h"

REIN_API_BEGIN

/* Prints the misuse, its location and the error (if it is not NULL) to standard error, then
 * aborts. Does not check the texts for NULL. */
__attribute__((noreturn, cold)) void rein_stop(const char *broken_rule, const rein_error *error,
                                               rein_source_location where);

/* Aborts unless the result holds a value. Used by the macros below. */
static inline void rein_require_value(bool is_ok, const rein_error *error,
                                      rein_source_location where) {
    if (__builtin_expect(!is_ok, 0)) {
        rein_stop("the value of a result that holds an error was asked for", error, where);
    }
}

/* Aborts unless the result holds an error. Used by the macros below. */
static inline void rein_require_error(bool is_ok, rein_source_location where) {
    if (__builtin_expect(is_ok, 0)) {
        rein_stop("the error of a result that holds a value was asked for", NULL, where);
    }
}

/* The value of a result, to read or to write. `result` is a variable. */
#define REIN_VALUE(result) \
    (*(rein_require_value((result).is_ok, &(result).as.error, REIN_HERE), &(result).as.value))

/* The error of a result, to read or to write. `result` is a variable. */
#define REIN_ERROR(result) (*(rein_require_error((result).is_ok, REIN_HERE), &(result).as.error))

/* The type of a variable that is initialised with the expression. */
#ifdef __cplusplus
#define REIN_AUTO(...) auto
#else
#define REIN_AUTO(...) __typeof__(__VA_ARGS__)
#endif

/* The value of an expression of any result type. */
#define REIN_UNWRAP(...) REIN_UNWRAP_NAMED(REIN_UNIQUE(rein_result_), __VA_ARGS__)
#define REIN_UNWRAP_NAMED(result, ...)                                 \
    __extension__({                                                    \
        REIN_AUTO(__VA_ARGS__) result = (__VA_ARGS__);                 \
        rein_require_value(result.is_ok, &result.as.error, REIN_HERE); \
        result.as.value;                                               \
    })

/* The value of an expression of any result type. If it is an error, the function that contains this
 * returns it as a `Result`. */
#define REIN_TRY(Result, ...) REIN_TRY_NAMED(REIN_UNIQUE(rein_result_), Result, __VA_ARGS__)
#define REIN_TRY_NAMED(result, Result, ...)            \
    __extension__({                                    \
        REIN_AUTO(__VA_ARGS__) result = (__VA_ARGS__); \
        if (__builtin_expect(!result.is_ok, 0)) {      \
            return Result##_fail(result.as.error);     \
        }                                              \
        result.as.value;                               \
    })

#ifndef __cplusplus
/* The value of an expression of any result type. If it is an error, stores it in `error`, a
 * variable of type rein_error, and goes to `label`. In C++ a destructor does what the label is for.
 */
#define REIN_TRY_GOTO(label, error, ...) \
    REIN_TRY_GOTO_NAMED(REIN_UNIQUE(rein_result_), label, error, __VA_ARGS__)
#define REIN_TRY_GOTO_NAMED(result, label, error, ...) \
    __extension__({                                    \
        REIN_AUTO(__VA_ARGS__) result = (__VA_ARGS__); \
        if (__builtin_expect(!result.is_ok, 0)) {      \
            (error) = result.as.error;                 \
            goto label;                                \
        }                                              \
        result.as.value;                               \
    })
#endif

/* Drops the value of an expression without a warning about its REIN_MUST_USE. */
#define REIN_IGNORE(...) REIN_IGNORE_NAMED(REIN_UNIQUE(rein_result_), __VA_ARGS__)
#define REIN_IGNORE_NAMED(result, ...)                 \
    do {                                               \
        REIN_AUTO(__VA_ARGS__) result = (__VA_ARGS__); \
        (void)result;                                  \
    } while (0)

/* A name that is unique to each use of a macro, so that macros can be nested. */
#define REIN_UNIQUE(prefix)                    REIN_CONCATENATE(prefix, __COUNTER__)
#define REIN_CONCATENATE(left, right)          REIN_CONCATENATE_EXPANDED(left, right)
#define REIN_CONCATENATE_EXPANDED(left, right) left##right

/* Silences warnings about functions that a file does not use. */
#define REIN_MAYBE_UNUSED __attribute__((unused))

/* A call of _ok that gcc does not inline copies the whole result, 264 bytes, instead of the value.
 */
#define REIN_ALWAYS_INLINE static inline __attribute__((always_inline, unused))

/* For REIN_RESULT_DEFINE alone. gcc builds a compound literal directly in the return slot, but
 * copies a named variable there, twice the 256 bytes of the error. C++ has no compound literals. */
#ifdef __cplusplus
#define REIN_RESULT_RETURN_ERROR(Result, failure) \
    do {                                          \
        Result result;                            \
        result.is_ok = false;                     \
        result.as.error = failure;                \
        return result;                            \
    } while (0)
#else
#define REIN_RESULT_RETURN_ERROR(Result, failure)                    \
    do {                                                             \
        return (Result){.is_ok = false, .as = {.error = (failure)}}; \
    } while (0)
#endif

/* Defines the type `Result` and its functions: see the top of this file. */
#define REIN_RESULT_DEFINE(Result, Value)                                                  \
    typedef Value Result##_value_type;                                                     \
    typedef struct Result {                                                                \
        bool is_ok;                                                                        \
        union {                                                                            \
            Result##_value_type value;                                                     \
            rein_error error;                                                              \
        } as;                                                                              \
    } Result;                                                                              \
    REIN_ALWAYS_INLINE REIN_MUST_USE Result Result##_ok(Result##_value_type value) {       \
        Result result;                                                                     \
        result.is_ok = true;                                                               \
        result.as.value = value;                                                           \
        return result;                                                                     \
    }                                                                                      \
    REIN_MAYBE_UNUSED REIN_MUST_USE static inline Result Result##_fail(rein_error error) { \
        REIN_RESULT_RETURN_ERROR(Result, error);                                           \
    }                                                                                      \
    REIN_MAYBE_UNUSED static inline bool Result##_is_ok(Result result) {                   \
        return result.is_ok;                                                               \
    }                                                                                      \
    REIN_MAYBE_UNUSED static inline bool Result##_is_error(Result result) {                \
        return !result.is_ok;                                                              \
    }                                                                                      \
    REIN_MAYBE_UNUSED REIN_MUST_USE static inline Result Result##_or_else(                 \
        Result result, Result (*recover)(rein_error, void *context), void *context) {      \
        return result.is_ok ? result : recover(result.as.error, context);                  \
    }

/* Defines the two functions that turn a result of `From` into a result of `To`:
 *
 *     To From_map_to_To(From, ToValue (*function)(FromValue, void *context), void *context);
 *         ok -> ok(function(value)), else the error
 *     To From_and_then_To(From, To (*function)(FromValue, void *context), void *context);
 *         ok -> function(value), else the error */
#define REIN_RESULT_CHAIN_DEFINE(From, To)                                                     \
    REIN_MAYBE_UNUSED REIN_MUST_USE static inline To From##_map_to_##To(                       \
        From result, To##_value_type (*function)(From##_value_type, void *context),            \
        void *context) {                                                                       \
        return result.is_ok ? To##_ok(function(result.as.value, context))                      \
                            : To##_fail(result.as.error);                                      \
    }                                                                                          \
    REIN_MAYBE_UNUSED REIN_MUST_USE static inline To From##_and_then_##To(                     \
        From result, To (*function)(From##_value_type, void *context), void *context) {        \
        return result.is_ok ? function(result.as.value, context) : To##_fail(result.as.error); \
    }

/* The value type of `rein_result_void`. Carries no data. */
typedef struct rein_unit {
    char unused; /* C knows no empty struct; always 0 */
} rein_unit;

/* The result without a value. */
REIN_RESULT_DEFINE(rein_result_void, rein_unit)

/* Returns success: rein_result_void_ok without the unit as an argument. */
REIN_ALWAYS_INLINE REIN_MUST_USE rein_result_void rein_done(void) {
    rein_unit unit;
    unit.unused = 0;
    return rein_result_void_ok(unit);
}

REIN_API_END

#endif
