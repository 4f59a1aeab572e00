/* What both files about model ids share. */
#ifndef REIN_BENCH_IDS_H
#define REIN_BENCH_IDS_H

#include "contract/ids.h"

#define ID_EQUALITY_TABLE "model ids: equality"
#define ID_HASH_TABLE     "model ids: hash"
#define ID_LOOKUP_TABLE   "model ids: look-up among 1000"

enum { ID_BATCH = 1000, ID_COUNT = 1000, ID_LENGTH_COUNT = 3 };

/* 1000 ids of one length, which differ in their last characters, as versions do; and copies of
 * them, which are equal and elsewhere. */
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

/* The place of the operation numbered `i`: all of a set, in an order that is not that of memory. */
static inline uint64_t id_place(uint64_t i) {
    return i * 617 % ID_COUNT;
}

#ifdef __cplusplus
}
#endif

#endif
