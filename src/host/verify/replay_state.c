#include "host/verify/replay_state.h"

static bool is_fixed(const replay_tensor *t) {
    return t->fixed != REIN_PLAN_FREE;
}

static bool overlap_in_time(const replay_tensor *left, const replay_tensor *right) {
    return left->begin < right->end && right->begin < left->end;
}

static bool is_alive_at(const replay_tensor *t, uint32_t instant) {
    return t->begin <= instant && instant < t->end;
}

static uint64_t round_up(const replay_tensor *t, uint64_t offset) {
    uint64_t rest = offset % t->life->alignment_bytes;
    return rest == 0 ? offset : offset + (t->life->alignment_bytes - rest);
}

/* Recomputes floors, totals and crossings. Returns false if the unplaced tensors of some instant no
 * longer fit. No low may be above the capacity. */
static bool recompute_sections(replay_state *state) {
    for (uint32_t s = 0; s <= state->instant_count; s++) {
        state->is_crossed[s] = false;
        if (s < state->instant_count) {
            state->floor[s] = REPLAY_GONE;
            state->total[s] = 0;
        }
    }
    for (uint32_t i = 0; i < state->count; i++) {
        const replay_tensor *t = &state->tensors[i];
        uint64_t low = state->now[i].low;
        for (uint32_t s = t->begin; s < t->end && low != REPLAY_GONE; s++) {
            state->floor[s] = low < state->floor[s] ? low : state->floor[s];
            state->total[s] += t->life->size_bytes;
            state->is_crossed[s] |= s > t->begin;
        }
    }
    bool has_room = true;
    for (uint32_t s = 0; s < state->instant_count; s++) {
        has_room &=
            state->floor[s] == REPLAY_GONE || state->total[s] <= state->capacity - state->floor[s];
    }
    return has_room;
}

static void change(replay_state *state, uint32_t index, tensor_state to) {
    if (state->undo_length == state->count * REPLAY_UNDOS_PER_TENSOR) {
        state->is_full = true;
        return;
    }
    state->undos[state->undo_length++] = (undo_entry){index, state->now[index]};
    state->now[index] = to;
}

void rein_i_replay_undo(replay_state *state, uint32_t undo_length) {
    while (state->undo_length > undo_length) {
        undo_entry entry = state->undos[--state->undo_length];
        state->now[entry.index] = entry.before;
    }
    (void)recompute_sections(state);
}

/* Raises the bounds of a tensor. Returns false if it then has no place. */
static bool raise(replay_state *state, uint32_t index, uint64_t low, uint64_t rest) {
    const replay_tensor *t = &state->tensors[index];
    tensor_state to = state->now[index];
    to.rest = rest > to.rest ? rest : to.rest;
    if (low > to.low) {
        if (is_fixed(t) || low > state->capacity || t->life->size_bytes > state->capacity - low) {
            return false;
        }
        to.low = low;
    }
    change(state, index, to);
    return true;
}

static bool are_same(const replay_tensor *l, const replay_tensor *r) {
    return l->begin == r->begin && l->end == r->end && l->life->size_bytes == r->life->size_bytes &&
           l->life->alignment_bytes == r->life->alignment_bytes && !is_fixed(l) && !is_fixed(r);
}

static bool has_unplaced_twin_before(const replay_state *state, uint32_t index) {
    for (uint32_t i = 0; i < index; i++) {
        if (state->now[i].low != REPLAY_GONE &&
            are_same(&state->tensors[i], &state->tensors[index])) {
            return true;
        }
    }
    return false;
}

bool rein_i_replay_is_candidate(const replay_state *state, uint32_t index, uint32_t instant) {
    const replay_tensor *t = &state->tensors[index];
    uint64_t floor = state->floor[instant];
    return is_alive_at(t, instant) && state->now[index].low == floor &&
           (state->now[index].rest == floor || is_fixed(t)) &&
           !has_unplaced_twin_before(state, index);
}

bool rein_i_replay_place(replay_state *state, uint32_t index) {
    const replay_tensor *t = &state->tensors[index];
    uint64_t start = state->now[index].low;
    uint64_t end = start + t->life->size_bytes;
    change(state, index, (tensor_state){REPLAY_GONE, state->now[index].rest});
    for (uint32_t i = 0; i < state->count; i++) {
        const replay_tensor *other = &state->tensors[i];
        if (state->now[i].low == REPLAY_GONE || !overlap_in_time(t, other)) {
            continue;
        }
        bool is_inside = t->begin <= other->begin && other->end <= t->end;
        if (is_inside && !is_fixed(other) &&
            state->now[i].rest + other->life->size_bytes <= start) {
            return false;
        }
        uint64_t rest = round_up(other, end);
        if (!raise(state, i, rest, rest)) {
            return false;
        }
    }
    return recompute_sections(state);
}

/* Returns the least end of the unplaced tensors that overlap `index` in time but are not alive at
 * the instant. Ends are rounded up to the alignment of `index`. */
static uint64_t outer_support(const replay_state *state, uint32_t index, uint32_t instant) {
    uint64_t least = REPLAY_GONE;
    for (uint32_t i = 0; i < state->count; i++) {
        const replay_tensor *other = &state->tensors[i];
        if (state->now[i].low == REPLAY_GONE || is_alive_at(other, instant) ||
            !overlap_in_time(other, &state->tensors[index])) {
            continue;
        }
        uint64_t end =
            round_up(&state->tensors[index], state->now[i].low + other->life->size_bytes);
        least = end < least ? end : least;
    }
    return least;
}

bool rein_i_replay_waste(replay_state *state, uint32_t instant) {
    uint64_t floor = state->floor[instant];
    uint64_t next = REPLAY_GONE;
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->now[i].low == REPLAY_GONE || !is_alive_at(&state->tensors[i], instant)) {
            continue;
        }
        uint64_t start =
            state->now[i].low == floor ? outer_support(state, i, instant) : state->now[i].low;
        next = start < next ? start : next;
    }
    if (next == REPLAY_GONE) {
        return false;
    }
    for (uint32_t i = 0; i < state->count; i++) {
        bool is_at_floor = state->now[i].low == floor && is_alive_at(&state->tensors[i], instant);
        if (is_at_floor && !raise(state, i, round_up(&state->tensors[i], next), 0)) {
            return false;
        }
    }
    return recompute_sections(state);
}

bool rein_i_replay_is_local_minimum(const replay_state *state, uint32_t instant) {
    uint64_t floor = state->floor[instant];
    for (uint32_t i = 0; i < state->count; i++) {
        if (state->now[i].low != floor || !is_alive_at(&state->tensors[i], instant)) {
            continue;
        }
        for (uint32_t k = 0; k < state->count; k++) {
            if (state->now[k].low < floor &&
                overlap_in_time(&state->tensors[i], &state->tensors[k])) {
                return false;
            }
        }
    }
    return true;
}

bool rein_i_replay_begin(replay_state *state) {
    for (uint32_t i = 0; i < state->count; i++) {
        const replay_tensor *t = &state->tensors[i];
        uint64_t low = is_fixed(t) ? t->fixed : 0;
        state->now[i] = (tensor_state){low, 0};
        if (low > state->capacity || t->life->size_bytes > state->capacity - low) {
            return false;
        }
    }
    return recompute_sections(state);
}

stretch rein_i_replay_part_around(const replay_state *state, uint32_t instant) {
    stretch part = {instant, instant + 1};
    while (state->is_crossed[part.begin]) {
        part.begin--;
    }
    while (state->is_crossed[part.end]) {
        part.end++;
    }
    return part;
}

bool rein_i_replay_is_same(const replay_state *state, stretch part, const tensor_state *saved) {
    for (uint32_t i = 0; i < state->count; i++) {
        const replay_tensor *t = &state->tensors[i];
        const tensor_state *now = &state->now[i];
        bool is_inside = t->begin < part.end && part.begin < t->end;
        bool is_same =
            now->low == saved[i].low && (now->low == REPLAY_GONE || now->rest == saved[i].rest);
        if (is_inside && !is_same) {
            return false;
        }
    }
    return true;
}
