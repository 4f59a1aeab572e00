/* Sizes and times as text.
 *
 * A size or a time is a decimal number and a unit, with at most one space between them: `512MiB`,
 * `1.5 GiB`, `100ms`. A fraction is accepted if the result is a whole number of bytes or
 * nanoseconds. Everything else is refused: a sign, a missing unit, a unit with two meanings (`GB`,
 * `G`; the error offers both), a number that does not fit. Nothing is rounded or clamped. */
#ifndef REIN_CONTRACT_UNITS_H
#define REIN_CONTRACT_UNITS_H

#include "contract/api.h"
#include "contract/clock.h"
#include "contract/result.h"

REIN_API_BEGIN

/* Bytes in each unit of size. */
#define REIN_KIB (UINT64_C(1) << 10)
#define REIN_MIB (UINT64_C(1) << 20)
#define REIN_GIB (UINT64_C(1) << 30)
#define REIN_TIB (UINT64_C(1) << 40)

/* A size in bytes. */
REIN_RESULT_DEFINE(rein_result_bytes, uint64_t)

/* Returns the size that a text states. Units: B, KiB, MiB, GiB, TiB. Errors: InvalidArgument with
 * the text and what is accepted. */
REIN_MUST_USE rein_result_bytes rein_bytes_parse(const char *text);

/* Returns the time that a text states. Units: ns, us, ms, s, min (60 s), h (3600 s). Errors:
 * InvalidArgument with the text and what is accepted. */
REIN_MUST_USE rein_result_duration rein_duration_parse(const char *text);

/* Writes the exact size in the largest unit that divides it (`512MiB`, `102440624B`), which
 * rein_bytes_parse reads back. Writes at most `capacity` bytes with the terminating NUL; returns
 * the length of the whole text, as snprintf does. */
size_t rein_bytes_to_string(uint64_t bytes, char *buffer, size_t capacity);

/* Writes the size rounded to one decimal for a reader (`97.7 MiB`, `512 B`), on the same terms. */
size_t rein_bytes_to_rounded_string(uint64_t bytes, char *buffer, size_t capacity);

/* Writes the exact time in the largest unit that divides it (`100ms`, `-3ns`), on the same terms.
 */
size_t rein_duration_to_string(rein_duration duration, char *buffer, size_t capacity);

/* Large enough for any text that the functions above write, the terminating NUL included. */
enum { REIN_UNITS_TEXT_CAPACITY = 32 };

/* Returns the sum. Errors: InvalidArgument if it does not fit in 64 bits. */
REIN_MUST_USE rein_result_bytes rein_bytes_add(uint64_t left, uint64_t right);

/* Returns `bytes` rounded up to a multiple of `granularity`, which must be above zero and need not
 * be a power of two. Errors: InvalidArgument if `granularity` is zero or the multiple does not fit
 * in 64 bits. */
REIN_MUST_USE rein_result_bytes rein_bytes_round_up(uint64_t bytes, uint64_t granularity);

REIN_API_END

#endif
