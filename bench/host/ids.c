/* Model ids in C. */
#include "host/ids.h"

#include <stdio.h>
#include <string.h>

#include "host/subject.h"
#include "host/topics.h"

id_set bench_id_sets[ID_LENGTH_COUNT] = {{.length = 8}, {.length = 32}, {.length = 127}};
const char *const bench_id_lengths[ID_LENGTH_COUNT] = {"8 bytes", "32 bytes", "127 bytes"};

static void fill_set(id_set *set) {
    char text[REIN_NAME_MAX_BYTES + 1];
    for (int i = 0; i < ID_COUNT; i++) {
        memset(text, 'm', sizeof text);
        snprintf(text + set->length - 4, 5, "%04d", i);
        set->ids[i] = REIN_UNWRAP(rein_model_id_make(text));
        set->copies[i] = set->ids[i];
    }
}

static uint64_t run_equal(void *context, uint64_t count) {
    const id_set *set = context;
    uint64_t equal = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = id_place(i);
        equal += rein_model_id_equal(&set->ids[at], &set->copies[at]);
    }
    return equal;
}

static uint64_t run_hash(void *context, uint64_t count) {
    const id_set *set = context;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        sum += rein_model_id_hash(&set->ids[id_place(i)]);
    }
    return sum;
}

void bench_add_ids(void) {
    for (int i = 0; i < ID_LENGTH_COUNT; i++) {
        fill_set(&bench_id_sets[i]);
        bench_subject ours = {.table = ID_EQUALITY_TABLE,
                              .case_name = bench_id_lengths[i],
                              .subject = "rein",
                              .role = BENCH_OURS,
                              .run = run_equal,
                              .context = &bench_id_sets[i],
                              .batch = ID_BATCH,
                              .counts_instructions = true};
        bench_add(&ours);
        ours.table = ID_HASH_TABLE;
        ours.run = run_hash;
        bench_add(&ours);
    }
}
