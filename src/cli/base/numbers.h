/* Numbers as text: decimal whole numbers that users write, sizes and times as reports show them. */
#ifndef REIN_CLI_BASE_NUMBERS_H
#define REIN_CLI_BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/base/arena.h"
#include "contract/clock.h"
#include "contract/device.h"

/* Parses the whole of `text` as decimal digits without leading zeros, signs or spaces. Returns
 * false if it is not such a number or is above `largest`; the output is then unchanged. */
bool parse_unsigned(const char *text, uint64_t largest, uint64_t *out_number);

/* The same with an optional minus sign. Returns false if the number does not fit. */
bool parse_signed(const char *text, int64_t *out_number);

/* `97.7 MiB`: rounded. */
const char *rounded_bytes(arena *memory, uint64_t bytes);

/* The same, or "unknown". */
const char *rounded_fact(arena *memory, rein_fact_u64 fact);

/* `512MiB`: exact, as rein reads it. */
const char *exact_bytes(arena *memory, uint64_t bytes);

/* The largest unit in which each of `count` sizes is a whole number: the index of its name. */
size_t common_unit(const uint64_t *sizes, size_t count);

/* `1024MiB`: exact, in the unit that common_unit returned for this size among others. */
const char *bytes_in_unit(arena *memory, uint64_t bytes, size_t unit);

/* `102440624 B`: exact, in bytes. */
const char *plain_bytes(arena *memory, uint64_t bytes);

/* `1.25 ms`: rounded. */
const char *rounded_duration(arena *memory, rein_duration duration);

/* How much `part` is of `whole`, which is above 0, rounded up: `2.5%`; above 0 for a part above 0.
 */
const char *percent_at_most(arena *memory, uint64_t part, uint64_t whole);

#endif
