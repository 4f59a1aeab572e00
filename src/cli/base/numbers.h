/* Numbers as text: decimal integers in input, sizes and times in reports. */
#ifndef REIN_CLI_BASE_NUMBERS_H
#define REIN_CLI_BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/base/arena.h"
#include "contract/clock.h"
#include "contract/device.h"

/* Parses all of `text` as decimal digits, without leading zeros, signs or spaces. Returns false and
 * leaves the output unchanged if `text` is not such a number or is above `largest`. */
bool parse_unsigned(const char *text, uint64_t largest, uint64_t *out_number);

/* As parse_unsigned, with an optional minus sign. Returns false if the number does not fit. */
bool parse_signed(const char *text, int64_t *out_number);

/* As parse_unsigned, for the first `length` bytes of `text`. */
bool parse_unsigned_part(const char *text, size_t length, uint64_t largest, uint64_t *out_number);

/* As parse_signed, for the first `length` bytes of `text`. */
bool parse_signed_part(const char *text, size_t length, int64_t *out_number);

/* Returns "a whole number from LEAST to LARGEST". */
const char *number_range(arena *memory, uint64_t least, uint64_t largest);

/* Returns the size rounded: `97.7 MiB`. */
const char *rounded_bytes(arena *memory, uint64_t bytes);

/* Returns the size rounded, or "unknown". */
const char *rounded_fact(arena *memory, rein_fact_u64 fact);

/* Returns the exact size in the syntax of the command's input: `512MiB`. */
const char *exact_bytes(arena *memory, uint64_t bytes);

/* Returns the index of the largest unit in which each of `count` sizes is a whole number. */
size_t common_unit(const uint64_t *sizes, size_t count);

/* Returns the exact size in a unit returned by common_unit: `1024MiB`. */
const char *bytes_in_unit(arena *memory, uint64_t bytes, size_t unit);

/* Returns the index of the largest unit in which each of `count` sizes is at least 1. Ignores sizes
 * of 0. */
size_t rounding_unit(const uint64_t *sizes, size_t count);

/* Returns the size rounded in a unit returned by rounding_unit: `1024.0 MiB`. */
const char *rounded_in_unit(arena *memory, uint64_t bytes, size_t unit);

/* Returns the exact size in bytes: `102440624 B`. */
const char *plain_bytes(arena *memory, uint64_t bytes);

/* Returns the duration rounded: `1.25 ms`. */
const char *rounded_duration(arena *memory, rein_duration duration);

/* Returns `part` as a percentage of `whole`, rounded up: `2.5%`. `whole` must be above 0. The
 * result is above 0 if `part` is. */
const char *percent_at_most(arena *memory, uint64_t part, uint64_t whole);

#endif
