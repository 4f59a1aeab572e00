/* A normalised problem: offsets count granules, time counts sections.
 *
 * A granule is the largest unit that divides every size, fixed offset and relevant alignment. A
 * section is a maximal set of tensors that are alive together. Sections are in the order of time:
 * each tensor covers a run of them, and two tensors overlap in time if and only if they share a
 * section. Tensors without bytes are left out. */
#ifndef REIN_HOST_PLAN_INSTANCE_H
#define REIN_HOST_PLAN_INSTANCE_H

#include "host/base/arena.h"
#include "host/base/checked.h"
#include "host/base/radix_sort.h"
#include "host/plan/stop_check.h"
#include "plan/plan.h"

typedef struct instance {
    uint32_t count; /* tensors, ordered by start, then end, then size, not by the caller's rows */
    uint32_t section_count;
    uint64_t granule_bytes;
    uint32_t *source;        /* the caller's index */
    uint32_t *first;         /* the first section covered */
    uint32_t *last;          /* one past the last section covered */
    uint64_t *size;          /* granules, above zero */
    uint64_t *mask;          /* alignment in granules, less one */
    uint8_t *alignment_log2; /* of the alignment in bytes */
    uint64_t *fixed;         /* granules, or REIN_PLAN_FREE */
    uint64_t *live;          /* by section: live granules */
    int64_t *instant;        /* by section: a time at which all its tensors are alive */
    uint64_t peak;           /* the largest of `live` */
    uint32_t peak_section;
} instance;

/* Takes the arrays for `count` tensors from `memory`. */
void rein_i_instance_layout(instance *in, size_t count, arena *memory);

/* Fills the instance from a valid problem. `scratch` holds 2 * count elements. O(count). Returns
 * false if stopped; the instance must not be used then. */
bool rein_i_instance_build(instance *in, const rein_plan_problem *problem, keyed_index *scratch,
                           stop_check *stop);

/* Returns the height of a placement. `offset` is indexed by tensor. */
uint64_t rein_i_instance_height(const instance *in, const uint64_t *offset);

static inline uint64_t instance_align(const instance *in, uint32_t tensor, uint64_t offset) {
    return align_up(offset, in->mask[tensor]);
}

static inline bool instance_is_fixed(const instance *in, uint32_t tensor) {
    return in->fixed[tensor] != REIN_PLAN_FREE;
}

#endif
