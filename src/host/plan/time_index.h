/* The placed tensors by time: for each stretch of sections, those that are alive in it, lowest
 * offset first. A tensor is listed in every stretch that it touches. */
#ifndef REIN_HOST_PLAN_TIME_INDEX_H
#define REIN_HOST_PLAN_TIME_INDEX_H

#include "host/plan/instance.h"

/* A placed tensor: the sections it covers and the granules it takes. */
typedef struct time_index_entry {
    uint32_t first;
    uint32_t last;
    uint64_t offset;
    uint64_t end;
} time_index_entry;

typedef struct time_index {
    uint32_t stretch_count;
    uint32_t width;  /* sections of a stretch */
    size_t *start;   /* by stretch: its list in `entries` */
    uint32_t *count; /* by stretch: how many are listed */
    uint32_t *head;  /* by stretch: how far a search has read */
    time_index_entry *entries;
} time_index;

void rein_i_time_index_layout(time_index *index, size_t count, arena *memory);

/* Chooses the stretches for the instance: as many as keep the lists linear in its tensors. */
void rein_i_time_index_build(time_index *index, const instance *in);

/* How many tensors start while another is alive, for each of the others: what a placement compares.
 * Uses the memory of the index. O(n). */
uint64_t rein_i_time_index_count_pairs(time_index *index, const instance *in);

void rein_i_time_index_clear(time_index *index);

void rein_i_time_index_insert(time_index *index, time_index_entry entry);

/* The lowest offset at or above `offset` at which the tensor is free of all that is listed. */
uint64_t rein_i_time_index_lowest_free(time_index *index, const instance *in, uint32_t tensor,
                                       uint64_t offset);

#endif
