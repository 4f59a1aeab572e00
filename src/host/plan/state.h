/* The state of the exact search, and its three moves: place, waste, undo.
 *
 * Tensors are placed from below: whatever overlaps a placed tensor in time and is not placed yet
 * lies above it. For each tensor not yet placed the state knows two offsets: `rest`, where it comes
 * to rest on what is placed, and `low` >= rest, below which it cannot start in this branch. For
 * each section: its `floor`, the least `low` of its unplaced tensors, and their `total` size. */
#ifndef REIN_HOST_PLAN_STATE_H
#define REIN_HOST_PLAN_STATE_H

#include "host/plan/instance.h"

/* `low` of a placed tensor, `floor` of a finished section, the capacity that nothing needs. */
#define PLAN_NEVER UINT64_MAX

enum { PLAN_NO_TWIN = UINT16_MAX };

typedef struct trail_entry {
    uint64_t old_value;
    uint32_t kind_and_index;
} trail_entry;

typedef struct state {
    const instance *in;
    uint64_t capacity; /* granules, at most 2^63 */
    uint64_t need; /* after a failed move: the least capacity at which it would not have failed */

    uint16_t *adjacent; /* the tensors that overlap a tensor in time */
    uint32_t *adjacent_start;
    uint16_t *clique; /* the tensors of a section */
    uint32_t *clique_start;
    uint32_t *section_start; /* the first tensor that starts in a section or later */
    uint16_t *twin; /* the last tensor before this one that is the same in all that matters */

    uint64_t *low;
    uint64_t *rest;
    uint64_t *offset; /* of the placed tensors */
    uint64_t *floor;
    uint64_t *total;
    uint32_t *crossing; /* by section: unplaced tensors that cover it and the one before */

    trail_entry *trail;
    uint32_t trail_length;
    uint32_t trail_capacity;
    bool is_trail_full; /* a move did not fit; the search has to give up */
} state;

/* The most tensors that the exact search takes. */
enum { PLAN_SEARCH_MAX_COUNT = 4096 };

/* Takes the arrays for at most `count` tensors. */
void rein_i_state_layout(state *st, size_t count, arena *memory);

/* Whether the instance is small enough for the arrays. */
bool rein_i_state_holds(const instance *in);

/* Sets the tables that do not change. */
void rein_i_state_build(state *st, const instance *in);

/* Nothing placed. The capacity is at least the peak and the end of each fixed tensor. */
void rein_i_state_reset(state *st, uint64_t capacity);

/* Whether the search may place the tensor at its section's floor. */
static inline bool state_is_candidate(const state *st, uint32_t tensor, uint64_t floor) {
    if (st->low[tensor] != floor) {
        return false;
    }
    uint16_t twin = st->twin[tensor];
    return (st->rest[tensor] == floor || instance_is_fixed(st->in, tensor)) &&
           (twin == PLAN_NO_TWIN || st->low[twin] == PLAN_NEVER);
}

/* Places a candidate at its `low`. False where that leads nowhere; then undo. */
bool rein_i_state_place(state *st, uint32_t tensor);

/* No tensor of `section` starts at its floor. False where that leads nowhere; then undo. */
bool rein_i_state_waste(state *st, uint32_t section);

/* Takes back everything since the trail was `length` long. */
void rein_i_state_undo(state *st, uint32_t length);

#endif
