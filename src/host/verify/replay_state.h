/* The state of a replay: what is placed, what is not, and what is known of it.
 *
 * Works in bytes, in the tensors' own order, and finds floors anew after each move. Shares no code
 * with the search: docs/planning.md has the rules and why each is sound. */
#ifndef REIN_HOST_VERIFY_REPLAY_STATE_H
#define REIN_HOST_VERIFY_REPLAY_STATE_H

#include "plan/plan.h"

/* More tensors with bytes than these have no refutation. */
enum { REPLAY_TENSORS_MAX = 4096, REPLAY_UNDOS_PER_TENSOR = 256 };

/* In place of a low or a floor: the tensor is placed, or none is left. */
#define REPLAY_GONE UINT64_MAX

typedef struct tensor_state {
    uint64_t low;  /* it cannot start below; REPLAY_GONE once it is placed */
    uint64_t rest; /* where it would come to rest on what is placed */
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

/* Instants [begin, end): a set of unplaced tensors that hang together. */
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
    uint64_t *floor;   /* by instant: the least low of what is alive and unplaced */
    uint64_t *total;   /* by instant: its bytes */
    bool *is_crossed;  /* by instant, and at the end: something is alive also at the one before */
    undo_entry *undos; /* REPLAY_UNDOS_PER_TENSOR for each tensor */
    uint32_t undo_length;
    bool is_full; /* there was no room to undo a change */
} replay_state;

/* Takes the tensors with bytes and finds the instants, in a state of zeros but for its capacity and
 * its memory. False where there are too many. */
bool rein_i_replay_collect(replay_state *state, const rein_plan_problem *problem);

/* Sets out with nothing placed. False where the capacity is exceeded before any choice. */
bool rein_i_replay_begin(replay_state *state);

/* Whether the start of the tensor at `row` completes a largest set of live tensors; then, its
 * instant. */
bool rein_i_replay_find_instant(const replay_state *state, size_t row, uint32_t *out_instant);

/* A branch is complete only where no tensor that meets one at the floor can lie lower. */
bool rein_i_replay_is_local_minimum(const replay_state *state, uint32_t instant);

/* Whether the next child of a branch at `instant` may place the tensor at `index`. */
bool rein_i_replay_is_candidate(const replay_state *state, uint32_t index, uint32_t instant);

/* Places a candidate. False where it has no place, or where a tensor that is alive only while it is
 * could drop into the hole below it: then a placement with lower offsets exists. */
bool rein_i_replay_place(replay_state *state, uint32_t index);

/* Nothing alive at the instant starts at its floor: the lowest of it is held up by something that
 * is not alive then, or could not start at the floor anyway. False where that has no room. */
bool rein_i_replay_waste(replay_state *state, uint32_t instant);

/* Takes back all changes but the first `undo_length`. */
void rein_i_replay_take_back(replay_state *state, uint32_t undo_length);

/* The part of the problem to which the instant belongs. */
stretch rein_i_replay_part_around(const replay_state *state, uint32_t instant);

/* Whether the tensors of the part are as they were in `saved`, all of `count`. Then, as they did
 * when that was saved, no unplaced ones cross its borders: they would be tensors of the part. */
bool rein_i_replay_is_same(const replay_state *state, stretch part, const tensor_state *saved);

#endif
