/* A hash table of refuted states with 128-bit keys. If a bucket is full, the state that was
 * cheapest to refute is replaced. */
#ifndef REIN_HOST_PLAN_MEMO_H
#define REIN_HOST_PLAN_MEMO_H

#include <stdbool.h>

#include "host/base/arena.h"

typedef struct memo_key {
    uint64_t low;
    uint64_t high;
} memo_key;

typedef struct memo_entry {
    memo_key key;
    uint64_t need;    /* the least capacity for which the state is not refuted; 0: empty */
    uint32_t work;    /* steps that the refutation took */
    uint32_t ordinal; /* of the refuted node in its run */
} memo_entry;

typedef struct memo {
    memo_entry *entries;
    size_t mask;
} memo;

/* Takes memory for problems of at most `tensor_count` tensors. */
void rein_i_memo_layout(memo *m, size_t tensor_count, arena *memory);

/* Clears the memo and sizes it for `tensor_count` tensors. A small part of a large problem uses a
 * small memo, which is cheap to clear. */
void rein_i_memo_begin(memo *m, size_t tensor_count);

void rein_i_memo_clear(memo *m);

/* Returns NULL if the state is not known to be refuted. Valid until the next rein_i_memo_store. */
const memo_entry *rein_i_memo_find(const memo *m, memo_key key);

void rein_i_memo_store(memo *m, memo_entry entry);

/* Adds an unplaced tensor to the key of a state. The order of the tensors does not matter. */
static inline void memo_key_add(memo_key *key, uint32_t tensor, uint64_t low, uint64_t rest) {
    __extension__ typedef unsigned __int128 wide;
    uint64_t a = low + UINT64_C(0x9E3779B97F4A7C15) * (tensor + UINT64_C(1));
    uint64_t b = rest ^ (UINT64_C(0xD1B54A32D192ED03) * (tensor + UINT64_C(1)));
    wide first = (wide)(a ^ UINT64_C(0xA0761D6478BD642F)) * (b ^ UINT64_C(0xE7037ED1A0B428DB));
    uint64_t mixed = (uint64_t)first ^ (uint64_t)(first >> 64);
    wide second = (wide)(mixed + a) * (b + UINT64_C(0x8EBC6AF09C88C6E3));
    key->low += mixed * UINT64_C(0xFF51AFD7ED558CCD);
    key->high += (uint64_t)second ^ (uint64_t)(second >> 64);
}

#endif
