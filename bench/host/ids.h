/* Declarations shared by both files about model ids. */
#ifndef REIN_BENCH_IDS_H
#define REIN_BENCH_IDS_H

#include "contract/ids.h"

#define ID_EQUALITY_TABLE "model ids: equality"
#define ID_HASH_TABLE     "model ids: hash"
#define ID_LOOKUP_TABLE   "model ids: look-up among 1000"

enum { ID_BATCH = 1000, ID_COUNT = 1000, ID_LENGTH_COUNT = 3 };

/* 1000 ids of the same length that differ in their last characters, as versions do, and copies of
 * them at other addresses. */
typedef struct id_set {
    uint64_t length;
    rein_model_id ids[ID_COUNT];
    rein_model_id copies[ID_COUNT];
} id_set;

#ifdef __cplusplus
extern "C" {
#endif

extern id_set bench_id_sets[ID_LENGTH_COUNT];
extern const char *const bench_id_lengths[ID_LENGTH_COUNT];

/* Returns the index for operation `i`: visits the whole set, but not in memory order. */
static inline uint64_t id_place(uint64_t i) {
    return i * 617 % ID_COUNT;
}

#ifdef __cplusplus
}
#endif

#endif
