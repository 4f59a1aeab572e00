/* Arithmetic that never wraps. On overflow the checked functions return false and leave the output
 * unchanged; the saturating functions return the nearest value.
 *
 * Comments that begin with an @ are ACSL contracts. tests/proof/prove.sh proves them for all
 * inputs, from this text. */
#ifndef REIN_HOST_BASE_CHECKED_H
#define REIN_HOST_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

/*@ requires \valid(out_sum);
    assigns *out_sum;
    ensures \result <==> left + right <= UINT64_MAX;
    ensures *out_sum == (\result ? left + right : \old(*out_sum)); */
static inline bool checked_add(uint64_t left, uint64_t right, uint64_t *out_sum) {
    uint64_t sum = 0;
    if (__builtin_add_overflow(left, right, &sum)) {
        return false;
    }
    *out_sum = sum;
    return true;
}

/*@ requires \valid(out_difference);
    assigns *out_difference;
    ensures \result <==> left >= right;
    ensures *out_difference == (\result ? left - right : \old(*out_difference)); */
static inline bool checked_subtract(uint64_t left, uint64_t right, uint64_t *out_difference) {
    if (right > left) {
        return false;
    }
    *out_difference = left - right;
    return true;
}

/*@ requires \valid(out_product);
    assigns *out_product;
    ensures \result <==> left * right <= UINT64_MAX;
    ensures *out_product == (\result ? left * right : \old(*out_product)); */
static inline bool checked_multiply(uint64_t left, uint64_t right, uint64_t *out_product) {
    uint64_t product = 0;
    if (__builtin_mul_overflow(left, right, &product)) {
        return false;
    }
    *out_product = product;
    return true;
}

/*@ assigns \nothing;
    ensures \result == (left + right <= UINT64_MAX ? left + right : UINT64_MAX); */
static inline uint64_t add_saturating(uint64_t left, uint64_t right) {
    return right > UINT64_MAX - left ? UINT64_MAX : left + right;
}

/* Returns whether `size` bytes at `offset` end at or below `limit`. */
/*@ assigns \nothing;
    ensures \result <==> offset + size <= limit; */
static inline bool ends_within(uint64_t offset, uint64_t size, uint64_t limit) {
    return offset <= limit && size <= limit - offset;
}

/* Computes the least multiple of the granularity (above 0) that is at least `bytes`. */
/*@ requires granularity > 0;
    requires \valid(out_rounded);
    assigns *out_rounded;
    ensures \result ==> *out_rounded % granularity == 0;
    ensures \result ==> bytes <= *out_rounded < bytes + granularity;
    ensures !\result ==> bytes + granularity > UINT64_MAX && bytes % granularity != 0;
    ensures !\result ==> *out_rounded == \old(*out_rounded); */
static inline bool checked_round_up(uint64_t bytes, uint64_t granularity, uint64_t *out_rounded) {
    uint64_t beyond = bytes % granularity;
    return checked_add(bytes, beyond == 0 ? 0 : granularity - beyond, out_rounded);
}

/*@ predicate is_low_mask(integer mask) = \exists integer k; 0 <= k < 64 && mask == (1 << k) - 1; */

/* Returns the largest multiple of mask + 1, a power of two, that is at most `number`. */
/*@ requires is_low_mask(mask);
    assigns \nothing;
    ensures \result % (mask + 1) == 0;
    ensures number - mask <= \result <= number; */
static inline uint64_t clear_low_bits(uint64_t number, uint64_t mask) {
    return number & ~mask;
}

/* Returns the least multiple of mask + 1, a power of two, that is at least `offset`. The sum of
 * both must fit. */
/*@ requires is_low_mask(mask);
    requires offset + mask <= UINT64_MAX;
    assigns \nothing;
    ensures \result % (mask + 1) == 0;
    ensures offset <= \result <= offset + mask; */
static inline uint64_t align_up(uint64_t offset, uint64_t mask) {
    return clear_low_bits(offset + mask, mask);
}

/* Appends a digit to a decimal number. Returns false if the number does not fit. */
/*@ requires 0 <= digit <= 9;
    requires \valid(number);
    assigns *number;
    ensures \result <==> \old(*number) * 10 + digit <= UINT64_MAX;
    ensures *number == (\result ? \old(*number) * 10 + digit : \old(*number)); */
static inline bool checked_append_digit(uint64_t *number, uint64_t digit) {
    uint64_t tens = 0;
    return checked_multiply(*number, 10, &tens) && checked_add(tens, digit, number);
}

#endif
