#include "host/plan/memo.h"

#include <string.h>

enum { BUCKET = 4, ENTRIES_MIN = 1 << 10, ENTRIES_MAX = 1 << 17, ENTRIES_PER_TENSOR = 256 };

static size_t entries_for(size_t tensor_count) {
    size_t entries = ENTRIES_MIN;
    while (entries < ENTRIES_MAX && entries < tensor_count * ENTRIES_PER_TENSOR) {
        entries *= 2;
    }
    return entries;
}

void rein_i_memo_layout(memo *m, size_t tensor_count, arena *memory) {
    m->entries = arena_take(memory, entries_for(tensor_count), sizeof *m->entries);
}

void rein_i_memo_begin(memo *m, size_t tensor_count) {
    m->mask = entries_for(tensor_count) - 1;
    rein_i_memo_clear(m);
}

void rein_i_memo_clear(memo *m) {
    memset(m->entries, 0, (m->mask + 1) * sizeof *m->entries);
}

static memo_entry *bucket_of(const memo *m, memo_key key) {
    return &m->entries[(key.low ^ (key.high >> 32)) & m->mask & ~(size_t)(BUCKET - 1)];
}

static bool has_key(const memo_entry *entry, memo_key key) {
    uint64_t difference = (entry->key.low ^ key.low) | (entry->key.high ^ key.high);
    return entry->need != 0 && difference == 0;
}

const memo_entry *rein_i_memo_find(const memo *m, memo_key key) {
    const memo_entry *bucket = bucket_of(m, key);
    for (int i = 0; i < BUCKET; i++) {
        if (has_key(&bucket[i], key)) {
            return &bucket[i];
        }
    }
    return NULL;
}

void rein_i_memo_store(memo *m, memo_entry entry) {
    memo_entry *bucket = bucket_of(m, entry.key);
    memo_entry *victim = bucket;
    for (int i = 0; i < BUCKET; i++) {
        if (has_key(&bucket[i], entry.key)) {
            victim = &bucket[i];
            break;
        }
        if (bucket[i].work < victim->work) {
            victim = &bucket[i];
        }
        if (victim->need == 0) {
            break;
        }
    }
    *victim = entry;
}
