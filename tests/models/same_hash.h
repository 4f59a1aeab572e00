/* Different names with the same hash, if the hash is a polynomial modulo 2^64 with an odd factor.
 */
#ifndef REIN_TESTS_MODELS_SAME_HASH_H
#define REIN_TESTS_MODELS_SAME_HASH_H

#include <stddef.h>

enum { SAME_HASH_BLOCK_BYTES = 2048 };

/* Writes the name number `bits` of 2^blocks names. Each bit is a block: the sequence of Thue and
 * Morse in two letters, or its complement. */
static inline void put_same_hash_name(char *out_name, unsigned bits, size_t blocks) {
    size_t length = blocks * SAME_HASH_BLOCK_BYTES;
    for (size_t at = 0; at < length; at++) {
        unsigned is_complement = bits >> (at / SAME_HASH_BLOCK_BYTES) & 1U;
        unsigned parity = (unsigned)__builtin_parityll(at % SAME_HASH_BLOCK_BYTES);
        out_name[at] = (parity ^ is_complement) != 0 ? 'b' : 'a';
    }
    out_name[length] = '\0';
}

#endif
