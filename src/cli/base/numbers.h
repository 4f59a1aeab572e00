/* Decimal whole numbers, read whole: no sign but a minus where negative ones are allowed, no
 * leading zeros, no spaces, nothing behind. */
#ifndef REIN_CLI_BASE_NUMBERS_H
#define REIN_CLI_BASE_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* False where `text` is no such number or is above `largest`; the output is then unchanged. */
bool parse_unsigned(const char *text, uint64_t largest, uint64_t *out_number);

/* False where `text` is no such number or does not fit; the output is then unchanged. */
bool parse_signed(const char *text, int64_t *out_number);

#endif
