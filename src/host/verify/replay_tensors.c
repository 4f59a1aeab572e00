/* The constant part of a replay: its sorted tensors, and its instants. */
#include "host/verify/replay_state.h"

static int compare_numbers(uint64_t left, uint64_t right) {
    return (left > right) - (left < right);
}

/* Returns whether `l` sorts before `r`. Equal tensors stay in the order of their rows. */
static bool comes_before(const replay_tensor *l, const replay_tensor *r) {
    if (l->life->from != r->life->from) {
        return l->life->from < r->life->from;
    }
    if (l->life->until != r->life->until) {
        return l->life->until < r->life->until;
    }
    int order = compare_numbers(r->life->size_bytes, l->life->size_bytes);
    order =
        order != 0 ? order : compare_numbers(l->life->alignment_bytes, r->life->alignment_bytes);
    order = order != 0 ? order : compare_numbers(l->fixed, r->fixed);
    return order < 0;
}

/* Returns false if there are more tensors with bytes than a refutation can have. */
static bool collect_tensors(replay_state *state, const rein_plan_problem *problem) {
    for (size_t row = 0; row < problem->count; row++) {
        if (problem->lifetimes[row].size_bytes == 0) {
            continue;
        }
        if (state->count == REPLAY_TENSORS_MAX) {
            return false;
        }
        const uint64_t *fixed = problem->fixed_offsets;
        replay_tensor added = {.life = &problem->lifetimes[row],
                               .fixed = fixed == NULL ? REIN_PLAN_FREE : fixed[row],
                               .row = (uint32_t)row};
        uint32_t at = state->count++;
        for (; at > 0 && comes_before(&added, &state->tensors[at - 1]); at--) {
            state->tensors[at] = state->tensors[at - 1];
        }
        state->tensors[at] = added;
    }
    return true;
}

/* Returns whether the set of tensors alive when `index` starts is maximal: one of them ends before
 * another tensor starts. */
static bool completes_a_set(const replay_state *state, uint32_t index) {
    int64_t start = state->tensors[index].life->from;
    int64_t next = index + 1 < state->count ? state->tensors[index + 1].life->from : INT64_MAX;
    for (uint32_t i = 0; i <= index; i++) {
        int64_t until = state->tensors[i].life->until;
        if (until > start && until <= next) {
            return next > start;
        }
    }
    return false;
}

static void find_instants(replay_state *state) {
    for (uint32_t i = 0; i < state->count; i++) {
        state->tensors[i].begin = state->instant_count;
        if (!completes_a_set(state, i)) {
            continue;
        }
        int64_t instant = state->tensors[i].life->from;
        state->instant_count++;
        for (uint32_t k = 0; k <= i; k++) {
            if (state->tensors[k].life->until > instant) {
                state->tensors[k].end = state->instant_count;
            }
        }
    }
}

bool rein_i_replay_collect(replay_state *state, const rein_plan_problem *problem) {
    if (!collect_tensors(state, problem)) {
        return false;
    }
    find_instants(state);
    return true;
}

bool rein_i_replay_find_instant(const replay_state *state, size_t row, uint32_t *out_instant) {
    uint32_t index = 0;
    while (index < state->count && state->tensors[index].row != row) {
        index++;
    }
    if (index == state->count || !completes_a_set(state, index)) {
        return false;
    }
    *out_instant = state->tensors[index].begin;
    return true;
}
