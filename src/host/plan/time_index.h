/* An index of the placed tensors by time. Each stretch of sections has a list of the tensors alive
 * in it, lowest offset first. A tensor is listed in every stretch that it touches. */
#ifndef REIN_HOST_PLAN_TIME_INDEX_H
#define REIN_HOST_PLAN_TIME_INDEX_H

#include "host/plan/instance.h"

/* A placed tensor: its sections [first, last) and its granules [offset, end). */
typedef struct time_index_entry {
    uint32_t first;
    uint32_t last;
    uint64_t offset;
    uint64_t end;
} time_index_entry;

typedef struct time_index {
    uint32_t stretch_count;
    uint32_t width;  /* sections of a stretch */
    size_t *start;   /* by stretch: start of its list in `entries` */
    uint32_t *count; /* by stretch: length of its list */
    uint32_t *head;  /* by stretch: read position of a search */
    time_index_entry *entries;
} time_index;

void rein_i_time_index_layout(time_index *index, size_t count, arena *memory);

/* Chooses as many stretches as keep the total length of the lists linear in the tensors. */
void rein_i_time_index_build(time_index *index, const instance *in);

/* Returns how many other tensors start during the life of a tensor, summed over all tensors: about
 * the comparisons of a placement. Overwrites the memory of the index. O(n). */
uint64_t rein_i_time_index_count_pairs(time_index *index, const instance *in);

void rein_i_time_index_clear(time_index *index);

void rein_i_time_index_insert(time_index *index, time_index_entry entry);

/* Returns the lowest offset at or above `offset` at which the tensor overlaps no listed tensor. */
uint64_t rein_i_time_index_lowest_free(time_index *index, const instance *in, uint32_t tensor,
                                       uint64_t offset);

#endif
