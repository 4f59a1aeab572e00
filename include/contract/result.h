/* Results: a value or an error, by value.
 *
 * Whatever can fail returns a result. One line defines the result of a type:
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
 * A value or an error is reached through macros, for only a macro knows the line that asks:
 *
 *     REIN_VALUE(result)                 the value, to read or to write   (result: an lvalue)
 *     REIN_ERROR(result)                 the error, to read or to write   (result: an lvalue)
 *     REIN_UNWRAP(Result, expression)    the value moved out of any expression of that result type
 *     REIN_RETURN_IF_ERROR(Result, r)    returns r's error from a function that returns a Result
 *
 * Each access checks that the result holds what is asked for, in every build type; if not, it
 * says so and where on standard error, with the error that it holds, and aborts. REIN_VALUE,
 * REIN_ERROR and REIN_RETURN_IF_ERROR evaluate the result more than once: give them a variable, not
 * a call. The fields are for the macros alone. */
#ifndef REIN_CONTRACT_RESULT_H
#define REIN_CONTRACT_RESULT_H

#include <stdbool.h>

#include "contract/api.h"
#include "contract/error.h"

REIN_API_BEGIN

/* Writes what was wrongly asked for, where, and `error` unless it is NULL, to standard error;
 * aborts. */
__attribute__((noreturn, cold)) void rein_stop(const char *broken_rule, const rein_error *error,
                                               rein_source_location where);

/* For the macros below: stops the program where there is no value. */
static inline void rein_require_value(bool is_ok, const rein_error *error,
                                      rein_source_location where) {
    if (__builtin_expect(!is_ok, 0)) {
        rein_stop("the value of a result that holds an error was asked for", error, where);
    }
}

/* For the macros below: stops the program where there is no error. */
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

/* The value of any expression of the type `Result`. */
#define REIN_UNWRAP(Result, expression) Result##_unwrap((expression), REIN_HERE)

/* Returns the error of `result`, a variable, as a `Result` of the function it stands in. */
#define REIN_RETURN_IF_ERROR(Result, result)         \
    do {                                             \
        if (!(result).is_ok) {                       \
            return Result##_fail((result).as.error); \
        }                                            \
    } while (0)

/* A file that defines a result need not call all that it gets. */
#define REIN_MAYBE_UNUSED __attribute__((unused))

/* For REIN_RESULT_DEFINE alone. gcc copies a named variable to where the caller wants the result,
 * twice the 128 bytes of the error; an unnamed one, which C++ does not have, it makes there. */
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
#define REIN_RESULT_DEFINE(Result, Value)                                             \
    typedef Value Result##_value_type;                                                \
    typedef struct Result {                                                           \
        bool is_ok;                                                                   \
        union {                                                                       \
            Result##_value_type value;                                                \
            rein_error error;                                                         \
        } as;                                                                         \
    } Result;                                                                         \
    REIN_MAYBE_UNUSED static inline Result Result##_ok(Result##_value_type value) {   \
        Result result;                                                                \
        result.is_ok = true;                                                          \
        result.as.value = value;                                                      \
        return result;                                                                \
    }                                                                                 \
    REIN_MAYBE_UNUSED static inline Result Result##_fail(rein_error error) {          \
        REIN_RESULT_RETURN_ERROR(Result, error);                                      \
    }                                                                                 \
    REIN_MAYBE_UNUSED static inline bool Result##_is_ok(Result result) {              \
        return result.is_ok;                                                          \
    }                                                                                 \
    REIN_MAYBE_UNUSED static inline bool Result##_is_error(Result result) {           \
        return !result.is_ok;                                                         \
    }                                                                                 \
    REIN_MAYBE_UNUSED static inline Result##_value_type Result##_unwrap(              \
        Result result, rein_source_location where) {                                  \
        rein_require_value(result.is_ok, &result.as.error, where);                    \
        return result.as.value;                                                       \
    }                                                                                 \
    REIN_MAYBE_UNUSED static inline Result Result##_or_else(                          \
        Result result, Result (*recover)(rein_error, void *context), void *context) { \
        return result.is_ok ? result : recover(result.as.error, context);             \
    }

/* One line that lets results of `From` go on as results of `To`:
 *
 *     To From_map_to_To(From, ToValue (*function)(FromValue, void *context), void *context);
 *         ok -> ok(function(value)), else the error
 *     To From_and_then_To(From, To (*function)(FromValue, void *context), void *context);
 *         ok -> function(value), else the error */
#define REIN_RESULT_CHAIN_DEFINE(From, To)                                                     \
    REIN_MAYBE_UNUSED static inline To From##_map_to_##To(                                     \
        From result, To##_value_type (*function)(From##_value_type, void *context),            \
        void *context) {                                                                       \
        return result.is_ok ? To##_ok(function(result.as.value, context))                      \
                            : To##_fail(result.as.error);                                      \
    }                                                                                          \
    REIN_MAYBE_UNUSED static inline To From##_and_then_##To(                                   \
        From result, To (*function)(From##_value_type, void *context), void *context) {        \
        return result.is_ok ? function(result.as.value, context) : To##_fail(result.as.error); \
    }

/* The one value of "done, and nothing to say": what a result without a value holds. */
typedef struct rein_unit {
    char unused; /* C knows no empty struct; always 0 */
} rein_unit;

/* The result without a value. */
REIN_RESULT_DEFINE(rein_result_void, rein_unit)

/* rein_result_void_ok without having to spell the unit. */
static inline rein_result_void rein_done(void) {
    rein_unit unit;
    unit.unused = 0;
    return rein_result_void_ok(unit);
}

REIN_API_END

#endif
