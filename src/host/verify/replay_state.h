/* The state of a replay: the placed tensors, and the bounds of the unplaced ones.
 *
 * Works in bytes, sorts the tensors itself, and recomputes floors after each move. Shares no code
 * with the search. docs/planning.md has the rules and why each is sound. */
#ifndef REIN_HOST_VERIFY_REPLAY_STATE_H
#define REIN_HOST_VERIFY_REPLAY_STATE_H

#include "plan/plan.h"

/* A problem with more than REPLAY_TENSORS_MAX tensors with bytes has no refutation. */
enum { REPLAY_TENSORS_MAX = 4096, REPLAY_UNDOS_PER_TENSOR = 256 };

/* The low of a placed tensor, and the floor of an instant without unplaced tensors. */
#define REPLAY_GONE UINT64_MAX

typedef struct tensor_state {
    uint64_t low;  /* it cannot start below this; REPLAY_GONE if it is placed */
    uint64_t rest; /* the offset at which it would rest on the placed tensors */
} tensor_state;

typedef struct replay_tensor {
    const rein_tensor_lifetime *life;
    uint64_t fixed;
    uint32_t row;
    uint32_t begin; /* the instants at which it is alive: [begin, end) */
    uint32_t end;
} replay_tensor;

typedef struct undo_entry {
    uint32_t index;
    tensor_state before;
} undo_entry;

/* Instants [begin, end) that are connected by unplaced tensors. */
typedef struct stretch {
    uint32_t begin;
    uint32_t end;
} stretch;

typedef struct replay_state {
    uint64_t capacity;
    replay_tensor *tensors; /* by start, end, larger size, smaller alignment, fixed offset, row */
    uint32_t count;
    uint32_t instant_count;
    tensor_state *now;
    uint64_t *floor;   /* by instant: the least low of the live unplaced tensors */
    uint64_t *total;   /* by instant: bytes of the live unplaced tensors */
    bool *is_crossed;  /* by instant, and at the end: one of them is alive at the instant before */
    undo_entry *undos; /* REPLAY_UNDOS_PER_TENSOR for each tensor */
    uint32_t undo_length;
    bool is_full; /* there was no room to undo a change */
} replay_state;

/* Collects the tensors with bytes and finds the instants. The state must be zero except for its
 * capacity and its memory. Returns false if there are too many tensors. */
bool rein_i_replay_collect(replay_state *state, const rein_plan_problem *problem);

/* Resets to nothing placed. Returns false if the capacity is exceeded before any choice. */
bool rein_i_replay_begin(replay_state *state);

/* Returns whether the start of the tensor at `row` completes a maximal set of live tensors; if so,
 * sets its instant. */
bool rein_i_replay_find_instant(const replay_state *state, size_t row, uint32_t *out_instant);

/* Returns whether a branch at the instant is complete: no tensor that overlaps one at the floor in
 * time can lie lower. */
bool rein_i_replay_is_local_minimum(const replay_state *state, uint32_t instant);

/* Returns whether a child of a branch at `instant` may place the tensor at `index`. */
bool rein_i_replay_is_candidate(const replay_state *state, uint32_t index, uint32_t instant);

/* Places a candidate. Returns false if no room is left. Also returns false if a tensor that is
 * alive only while the candidate is fits in the hole below it: then a placement with lower offsets
 * exists. */
bool rein_i_replay_place(replay_state *state, uint32_t index);

/* Raises the floor of the instant: no tensor alive at it may start at the current one. The lowest
 * then rests on a tensor that is not alive at the instant, or its low is above the floor. Returns
 * false if that leaves no room. */
bool rein_i_replay_waste(replay_state *state, uint32_t instant);

/* Undoes all changes except the first `undo_length`. */
void rein_i_replay_undo(replay_state *state, uint32_t undo_length);

/* Returns the part of the problem that contains the instant. */
stretch rein_i_replay_part_around(const replay_state *state, uint32_t instant);

/* Returns whether the tensors of the part are in the same state as in `saved`, which has `count`
 * elements. Then no unplaced tensor crosses the borders of the part: none did when it was saved,
 * and such a tensor would belong to the part. */
bool rein_i_replay_is_same(const replay_state *state, stretch part, const tensor_state *saved);

#endif
