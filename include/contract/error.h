/* Error codes and the error value.
 *
 * An error is a fault, never a refusal: "does not fit" comes back as a verdict (ledger.h,
 * admission.h). An error is a plain value of 256 bytes: copy it, compare its fields, let it go out
 * of scope. It never allocates and owns nothing; its pointers refer to static storage. */
#ifndef REIN_CONTRACT_ERROR_H
#define REIN_CONTRACT_ERROR_H

/* Included first: rejects unsupported machines before other errors appear. */
#include "contract/platform.h"

#include <stddef.h>
#include <stdint.h>

#include "contract/api.h"

REIN_API_BEGIN

/* Values are stable: they may be stored and sent. New codes are added at the end. Zero is not a
 * code, so that a zeroed error can be told from a real one. */
typedef enum rein_error_code {
    REIN_ERROR_BUDGET_EXCEEDED = 1,     /* a promise of the budget would be broken */
    REIN_ERROR_BACKEND_ERROR = 2,       /* the backend's engine failed */
    REIN_ERROR_INVALID_ARGUMENT = 3,    /* the caller's value breaks a stated rule */
    REIN_ERROR_NOT_FOUND = 4,           /* the named object does not exist */
    REIN_ERROR_TIMEOUT = 5,             /* the wait reached its time limit */
    REIN_ERROR_INTERNAL_ERROR = 6,      /* an unexpected fault of the library or the system */
    REIN_ERROR_DEADLINE_MISSED = 7,     /* finished, or would finish, after the deadline */
    REIN_ERROR_NOT_SCHEDULABLE = 8,     /* no order of execution keeps every promise */
    REIN_ERROR_UNSUPPORTED = 9,         /* the device, driver or backend cannot do this at all */
    REIN_ERROR_DEVICE_UNAVAILABLE = 10, /* no device, no driver, or it is busy: may work later */
    REIN_ERROR_DEVICE_LOST = 11,        /* the device's context is gone: do not retry */
    REIN_ERROR_OUT_OF_MEMORY = 12,      /* the host or the device has no memory left */
    REIN_ERROR_INVALID_STATE = 13,      /* the object is not in a state that allows the call */
    REIN_ERROR_BUFFER_TOO_SMALL = 14,   /* an output's buffer is smaller than the output */
    REIN_ERROR_CANCELLED = 15           /* the caller's cancel flag was set */
} rein_error_code;

/* The code with the greatest value. */
enum { REIN_ERROR_CODE_LAST = REIN_ERROR_CANCELLED };

/* Returns "BudgetExceeded" and so on; "Unknown" for any other value. Static storage. */
const char *rein_error_code_name(rein_error_code code);

/* A place in a source file. The texts have static storage. */
typedef struct rein_source_location {
    const char *function; /* the value of __func__ */
    const char *file;     /* its path, as passed to the compiler */
    int32_t line;         /* from 1 */
} rein_source_location;

/* Returns a location of these parts. Used by REIN_HERE. */
static inline rein_source_location rein_source_location_make(const char *function, const char *file,
                                                             int32_t line) {
    rein_source_location location;
    location.function = function;
    location.file = file;
    location.line = line;
    return location;
}

/* The location of the line that contains the macro. */
#define REIN_HERE rein_source_location_make(__func__, __FILE__, __LINE__)

/* Capacities of an error. */
enum {
    REIN_ERROR_NUMBER_COUNT = 3,            /* numbers, each of 64 bits */
    REIN_ERROR_FOREIGN_TEXT_CAPACITY = 128, /* bytes, the terminating NUL included */
    REIN_ERROR_CONTEXT_CAPACITY = 64        /* bytes, the terminating NUL included */
};

/* An error, made by rein_error_make. Users read the text of rein_error_to_string; programs decide
 * by `code` alone. */
typedef struct rein_error {
    rein_error_code code;       /* what kind of fault it is */
    int32_t native_code;        /* an errno or a CUDA code; 0: none */
    rein_source_location where; /* where it arose */
    const char *message;        /* a template in static storage, see rein_error_make */
    /* Values of the template's placeholders, in their order; 0 if there are fewer. */
    uint64_t numbers[REIN_ERROR_NUMBER_COUNT];
    char foreign_text[REIN_ERROR_FOREIGN_TEXT_CAPACITY]; /* another library's words; may be empty */
    char context[REIN_ERROR_CONTEXT_CAPACITY];           /* see rein_error_with_context */
} rein_error;

/* Returns an error whose message is rendered only when asked for.
 *
 * `message` has static storage. In it, each of these stands for the next of the error's numbers, or
 * for its foreign text:
 *
 *     {u}         unsigned decimal
 *     {i}         signed decimal (the number holds an int64_t's bits)
 *     {bytes}     an exact size with its unit, such as 512MiB
 *     {duration}  an exact time with its unit, such as 100ms (an int64_t's bits, in ns)
 *     {text}      the foreign text, as it was copied
 *
 * All sizes of a message have one unit, and so have all times, so that a reader can compare them:
 * the largest unit in which each is a whole number. Any other text, including a lone brace, stands
 * for itself. */
rein_error rein_error_make(rein_error_code code, rein_source_location where, const char *message);

/* Returns the error with its numbers set. The template decides how many are used. */
rein_error rein_error_with_numbers(rein_error error, uint64_t first, uint64_t second,
                                   uint64_t third);

/* Returns the error with a copy of `text`. A text that is longer than
 * REIN_ERROR_FOREIGN_TEXT_CAPACITY - 1 bytes keeps its beginning and its end, with "…" between
 * them; it is never cut inside a UTF-8 sequence. Bytes that are not UTF-8 and characters that no id
 * may have (ids.h) become '?'. NULL is the empty text. */
rein_error rein_error_with_text(rein_error error, const char *text);

/* Returns the error with `text` and ": " in front of its message, and in front of earlier contexts:
 * "loading resnet50: reading the weights: ...". A context that does not fit ends in "…". `text`
 * follows the rules of rein_error_with_text; NULL and the empty text change nothing. */
rein_error rein_error_with_context(rein_error error, const char *text);

/* Returns the error with the code of a lower layer, such as an errno. */
rein_error rein_error_with_native_code(rein_error error, int32_t native_code);

/* Writes "Name: context: message (native code N) [function, file:line]" into `buffer`, cut to
 * `capacity` bytes with the terminating NUL; nothing if `buffer` is NULL. Returns the length of the
 * whole text, as snprintf does. The text is empty if the error is NULL. */
size_t rein_error_to_string(const rein_error *error, char *buffer, size_t capacity);

/* Writes the context and the rendered message alone, on the same terms. */
size_t rein_error_message(const rein_error *error, char *buffer, size_t capacity);

REIN_API_END

#ifdef __cplusplus
static_assert(sizeof(rein_error) <= 256, "an error is at most 256 bytes");
#else
_Static_assert(sizeof(rein_error) <= 256, "an error is at most 256 bytes");
#endif

#endif
