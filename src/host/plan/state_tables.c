/* The arrays of the state, and the tables that do not change during a search. */
#include "host/plan/state.h"

enum { PAIRS_MAX = 1 << 22, TRAIL_ENTRIES_PER_TENSOR = 256 };

static size_t pairs_capacity(size_t count) {
    size_t most = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    return most * most < PAIRS_MAX ? most * most : PAIRS_MAX;
}

void rein_i_state_layout(state *st, size_t count, arena *memory) {
    size_t most = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    *st = (state){.trail_capacity = (uint32_t)(most * TRAIL_ENTRIES_PER_TENSOR)};
    st->adjacent = arena_take(memory, pairs_capacity(count), sizeof *st->adjacent);
    st->adjacent_start = arena_take(memory, most + 1, sizeof *st->adjacent_start);
    st->clique = arena_take(memory, pairs_capacity(count), sizeof *st->clique);
    st->clique_start = arena_take(memory, most + 1, sizeof *st->clique_start);
    st->section_start = arena_take(memory, most + 1, sizeof *st->section_start);
    st->twin = arena_take(memory, most, sizeof *st->twin);
    st->low = arena_take(memory, most, sizeof *st->low);
    st->rest = arena_take(memory, most, sizeof *st->rest);
    st->offset = arena_take(memory, most, sizeof *st->offset);
    st->floor = arena_take(memory, most, sizeof *st->floor);
    st->total = arena_take(memory, most, sizeof *st->total);
    st->crossing = arena_take(memory, most + 1, sizeof *st->crossing);
    st->trail = arena_take(memory, st->trail_capacity, sizeof *st->trail);
}

/* Returns the end of the run of later tensors that overlap `tensor`; they are sorted by start. */
static uint32_t end_of_overlaps(const instance *in, uint32_t tensor) {
    uint32_t end = tensor + 1;
    while (end < in->count && in->first[end] < in->last[tensor]) {
        end++;
    }
    return end;
}

/* If the pairs fit, so do the section lists: in each section that a tensor covers, except its
 * first, another tensor starts. */
bool rein_i_state_holds(const instance *in) {
    if (in->count > PLAN_SEARCH_MAX_COUNT) {
        return false;
    }
    size_t pairs = 0;
    for (uint32_t tensor = 0; tensor < in->count; tensor++) {
        pairs += 2 * (size_t)(end_of_overlaps(in, tensor) - tensor - 1);
    }
    return pairs <= pairs_capacity(in->count);
}

static void build_adjacent(state *st) {
    const instance *in = st->in;
    uint32_t *start = st->adjacent_start;
    uint32_t length = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        start[i] = length;
        for (uint32_t k = 0; k < i; k++) {
            if (in->last[k] > in->first[i]) {
                st->adjacent[length++] = (uint16_t)k;
            }
        }
        uint32_t end = end_of_overlaps(in, i);
        for (uint32_t k = i + 1; k < end; k++) {
            st->adjacent[length++] = (uint16_t)k;
        }
    }
    start[in->count] = length;
}

static void build_cliques(state *st) {
    const instance *in = st->in;
    uint32_t *start = st->clique_start;
    for (uint32_t s = 0; s <= in->section_count; s++) {
        start[s] = 0;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        for (uint32_t s = in->first[i]; s < in->last[i]; s++) {
            start[s + 1]++;
        }
    }
    for (uint32_t s = 0; s < in->section_count; s++) {
        start[s + 1] += start[s];
    }
    for (uint32_t i = in->count; i-- > 0;) {
        for (uint32_t s = in->first[i]; s < in->last[i]; s++) {
            st->clique[--start[s + 1]] = (uint16_t)i;
        }
    }
    for (uint32_t s = 0; s < in->section_count; s++) {
        start[s] = start[s + 1];
    }
    uint32_t covers = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        covers += in->last[i] - in->first[i];
    }
    start[in->section_count] = covers;
}

/* Returns whether two tensors that start together are interchangeable. */
static bool are_twins(const instance *in, uint32_t left, uint32_t right) {
    return in->last[left] == in->last[right] && in->size[left] == in->size[right] &&
           in->alignment_log2[left] == in->alignment_log2[right] && !instance_is_fixed(in, left) &&
           !instance_is_fixed(in, right);
}

static void build_twins(state *st) {
    const instance *in = st->in;
    for (uint32_t i = 0; i < in->count; i++) {
        st->twin[i] = PLAN_NO_TWIN;
        for (uint32_t k = i; k-- > 0 && in->first[k] == in->first[i];) {
            if (are_twins(in, k, i)) {
                st->twin[i] = (uint16_t)k;
                break;
            }
        }
    }
}

void rein_i_state_build(state *st, const instance *in) {
    st->in = in;
    build_adjacent(st);
    build_cliques(st);
    build_twins(st);
    for (uint32_t s = 0, tensor = 0; s <= in->section_count; s++) {
        while (tensor < in->count && in->first[tensor] < s) {
            tensor++;
        }
        st->section_start[s] = tensor;
    }
}
