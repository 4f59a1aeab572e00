/* Contracts of the compiler builtins, as the compilers' manuals describe them. Included before each
 * proven source, because Frama-C does not know these builtins. */
#ifndef REIN_PROOF_COMPILER_H
#define REIN_PROOF_COMPILER_H

#include <stdbool.h>
#include <stdint.h>

#define _Static_assert(condition, text) extern int proof_static_assert
#define _Alignas(alignment)

/* No proven function uses it; the sources only need to parse. */
#define __int128 long long

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> left + right > UINT64_MAX;
    ensures !\result ==> *out == left + right; */
bool proof_add_overflow(uint64_t left, uint64_t right, uint64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> left * right > UINT64_MAX;
    ensures !\result ==> *out == left * right; */
bool proof_mul_overflow(uint64_t left, uint64_t right, uint64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> !(INT64_MIN <= left + right <= INT64_MAX);
    ensures !\result ==> *out == left + right; */
bool proof_add_overflow_signed(int64_t left, int64_t right, int64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> !(INT64_MIN <= left - right <= INT64_MAX);
    ensures !\result ==> *out == left - right; */
bool proof_sub_overflow_signed(int64_t left, int64_t right, int64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> !(INT64_MIN <= left * right <= INT64_MAX);
    ensures !\result ==> *out == left * right; */
bool proof_mul_overflow_signed(int64_t left, int64_t right, int64_t *out);

/* Each source uses only one kind; prove.sh selects it. */
#ifdef PROOF_SIGNED
#define __builtin_add_overflow proof_add_overflow_signed
#define __builtin_sub_overflow proof_sub_overflow_signed
#define __builtin_mul_overflow proof_mul_overflow_signed
#else
#define __builtin_add_overflow proof_add_overflow
#define __builtin_mul_overflow proof_mul_overflow
#endif

#endif
