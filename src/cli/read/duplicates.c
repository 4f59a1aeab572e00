#include "cli/read/duplicates.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/text.h"

enum { NAMES_PER_BUCKET = 64, BUCKETS_PER_LOOK = WORK_ROWS_PER_LOOK / NAMES_PER_BUCKET };

typedef struct hashed_name {
    const char *name;
    uint32_t hash;
    uint32_t index;
} hashed_name;

/* Names by the low bits of their hashes, so that equal names are in the same bucket. */
typedef struct buckets {
    hashed_name *names;
    size_t *ends; /* one per bucket, an index into `names` */
    size_t count; /* a power of two */
} buckets;

/* FNV-1a, folded. */
static uint32_t hash_of(const char *name) {
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001B3);
    }
    return (uint32_t)(hash ^ hash >> 32);
}

static int compare_names(const void *left, const void *right) {
    const hashed_name *first = left;
    const hashed_name *second = right;
    int order = (first->hash > second->hash) - (first->hash < second->hash);
    order = order != 0 ? order : strcmp(first->name, second->name);
    return order != 0 ? order : (first->index > second->index) - (first->index < second->index);
}

static size_t bucket_count_for(size_t count) {
    size_t wanted = 1;
    while (wanted * NAMES_PER_BUCKET < count) {
        wanted *= 2;
    }
    return wanted;
}

/* Counts the names and sets each bucket's start. Returns false if the limits stopped it. */
static bool count_names(buckets *into, const char *const *names, size_t count,
                        work_limits *limits) {
    for (size_t index = 0; index < count; index++) {
        if (!work_may_do_row(limits, index)) {
            return false;
        }
        into->ends[hash_of(names[index]) & (into->count - 1)]++;
    }
    size_t begin = 0;
    for (size_t bucket = 0; bucket < into->count; bucket++) {
        size_t length = into->ends[bucket];
        into->ends[bucket] = begin;
        begin += length;
    }
    return true;
}

static bool fill(buckets *into, const char *const *names, size_t count, work_limits *limits) {
    for (size_t index = 0; index < count; index++) {
        if (!work_may_do_row(limits, index)) {
            return false;
        }
        uint32_t hash = hash_of(names[index]);
        into->names[into->ends[hash & (into->count - 1)]++] =
            (hashed_name){.name = names[index], .hash = hash, .index = (uint32_t)index};
    }
    return true;
}

/* The earliest repetition so far. `again` is SIZE_MAX if there is none. */
typedef struct repetition {
    size_t first;
    size_t again;
} repetition;

static void look_for_repetition(hashed_name *names, size_t count, repetition *found) {
    qsort(names, count, sizeof *names, compare_names);
    for (size_t at = 1; at < count; at++) {
        bool is_same =
            names[at - 1].hash == names[at].hash && strcmp(names[at - 1].name, names[at].name) == 0;
        if (is_same && names[at].index < found->again) {
            *found = (repetition){names[at - 1].index, names[at].index};
        }
    }
}

bool find_duplicate(arena *memory, const char *const *names, size_t count, work_limits *limits,
                    size_t *out_first, size_t *out_again) {
    buckets in = {.count = bucket_count_for(count)};
    in.names = arena_allocate(memory, count + 1, sizeof *in.names);
    in.ends = arena_allocate(memory, in.count, sizeof *in.ends);
    repetition found = {.again = SIZE_MAX};
    if (!count_names(&in, names, count, limits) || !fill(&in, names, count, limits)) {
        return false;
    }
    size_t begin = 0;
    for (size_t bucket = 0; bucket < in.count; bucket++) {
        if (bucket > 0 && bucket % BUCKETS_PER_LOOK == 0 && !work_may_go_on(limits)) {
            return false;
        }
        look_for_repetition(in.names + begin, in.ends[bucket] - begin, &found);
        begin = in.ends[bucket];
    }
    *out_first = found.first;
    *out_again = found.again;
    return found.again != SIZE_MAX;
}

bool refuse_duplicate(diagnostics *sink, const char *file, const found_name *repeated,
                      position first_at) {
    report_at(sink, file, repeated->at,
              "%s %s appears twice; remove or rename one (first at %zu:%zu)", repeated->kind,
              text_quote(sink->memory, repeated->name), first_at.line, first_at.column);
    return false;
}
