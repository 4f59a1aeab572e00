/* The state of the exact search, and its three moves: place, waste, undo.
 *
 * Tensors are placed from below: every unplaced tensor that overlaps a placed one in time lies
 * above it. The state holds two offsets for each unplaced tensor: `rest`, where it would rest on
 * the placed tensors, and `low` >= rest, below which it cannot start in this branch. For each
 * section it holds the `floor`, the least `low` of its unplaced tensors, and their `total` size. */
#ifndef REIN_HOST_PLAN_STATE_H
#define REIN_HOST_PLAN_STATE_H

#include "host/plan/instance.h"

/* `low` of a placed tensor, `floor` of a finished section, `need` if no capacity would help. */
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

    uint16_t *adjacent; /* by tensor: the tensors that overlap it in time */
    uint32_t *adjacent_start;
    uint16_t *clique; /* by section: its tensors */
    uint32_t *clique_start;
    uint32_t *section_start; /* by section: the first tensor that starts in it or later */
    uint16_t *twin; /* by tensor: the last interchangeable tensor before it, or PLAN_NO_TWIN */

    uint64_t *low;
    uint64_t *rest;
    uint64_t *offset; /* of the placed tensors */
    uint64_t *floor;
    uint64_t *total;
    uint32_t *crossing; /* by section: unplaced tensors that cover it and the section before */

    trail_entry *trail;
    uint32_t trail_length;
    uint32_t trail_capacity;
    bool is_trail_full; /* a move did not fit; the search must give up */
} state;

/* Maximum number of tensors of the exact search. */
enum { PLAN_SEARCH_MAX_COUNT = 4096 };

/* Takes the arrays for at most `count` tensors from `memory`. */
void rein_i_state_layout(state *st, size_t count, arena *memory);

/* Returns whether the instance is small enough for the arrays. */
bool rein_i_state_holds(const instance *in);

/* Builds the tables that do not change during a search. */
void rein_i_state_build(state *st, const instance *in);

/* Resets the state to nothing placed. The capacity must be at least the peak and the end of every
 * fixed tensor. */
void rein_i_state_reset(state *st, uint64_t capacity);

/* Returns whether the search may place the tensor at `floor`, the floor of its section. */
static inline bool state_is_candidate(const state *st, uint32_t tensor, uint64_t floor) {
    if (st->low[tensor] != floor) {
        return false;
    }
    uint16_t twin = st->twin[tensor];
    return (st->rest[tensor] == floor || instance_is_fixed(st->in, tensor)) &&
           (twin == PLAN_NO_TWIN || st->low[twin] == PLAN_NEVER);
}

/* Places a candidate at its `low`. Returns false if the branch fails; the caller must undo then. */
bool rein_i_state_place(state *st, uint32_t tensor);

/* Raises the floor of `section`: no tensor of it may start at the current one. Returns false if the
 * branch fails; the caller must undo then. */
bool rein_i_state_waste(state *st, uint32_t section);

/* Undoes all moves since the trail had `length` entries. */
void rein_i_state_undo(state *st, uint32_t length);

#endif
