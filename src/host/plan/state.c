#include "host/plan/state.h"

enum { PAIRS_MAX = 1 << 22, TRAIL_ENTRIES_PER_TENSOR = 256 };

typedef enum trail_kind { TRAIL_LOW, TRAIL_REST, TRAIL_FLOOR, TRAIL_PLACED } trail_kind;

enum { TRAIL_KIND_SHIFT = 30 };

static size_t pairs_capacity(size_t count) {
    size_t most = count < PLAN_SEARCH_MAX_COUNT ? count : PLAN_SEARCH_MAX_COUNT;
    return most * most < PAIRS_MAX ? most * most : PAIRS_MAX;
}

void rein_i_search_state_layout(state *st, size_t count, arena *memory) {
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

/* Tensors are ordered by start, so those that overlap `tensor` and start later follow it. */
static uint32_t end_of_overlaps(const instance *in, uint32_t tensor) {
    uint32_t end = tensor + 1;
    while (end < in->count && in->first[end] < in->last[tensor]) {
        end++;
    }
    return end;
}

/* Where the pairs fit, the sections that tensors cover do too: in each but its first, another
 * tensor starts. */
bool rein_i_search_state_holds(const instance *in) {
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

/* Of two that begin together. */
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

void rein_i_search_state_build(state *st, const instance *in) {
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

static void remember(state *st, trail_kind kind, uint32_t index, uint64_t old_value) {
    if (st->trail_length == st->trail_capacity) {
        st->is_trail_full = true;
        return;
    }
    st->trail[st->trail_length++] =
        (trail_entry){old_value, ((uint32_t)kind << TRAIL_KIND_SHIFT) | index};
}

static bool fail(state *st, uint64_t need) {
    st->need = need;
    return false;
}

static uint64_t find_floor(const state *st, uint32_t section) {
    uint64_t floor = PLAN_NEVER;
    for (uint32_t c = st->clique_start[section]; c < st->clique_start[section + 1]; c++) {
        uint64_t low = st->low[st->clique[c]];
        floor = low < floor ? low : floor;
    }
    return floor;
}

/* Sets the floors of the sections in [from, until) anew, and looks whether what is left fits. */
static bool update_floors(state *st, uint32_t from, uint32_t until) {
    for (uint32_t s = from; s < until; s++) {
        uint64_t floor = find_floor(st, s);
        if (floor != st->floor[s]) {
            remember(st, TRAIL_FLOOR, s, st->floor[s]);
            st->floor[s] = floor;
        }
        if (floor != PLAN_NEVER && st->total[s] > st->capacity - floor) {
            return fail(st, floor + st->total[s]);
        }
    }
    return !st->is_trail_full;
}

/* The sections whose floors a move may have changed. */
typedef struct span {
    uint32_t from;
    uint32_t until;
} span;

static void span_cover(span *sp, const instance *in, uint32_t tensor) {
    sp->from = in->first[tensor] < sp->from ? in->first[tensor] : sp->from;
    sp->until = in->last[tensor] > sp->until ? in->last[tensor] : sp->until;
}

static bool raise_low(state *st, uint32_t tensor, uint64_t low, span *changed) {
    const instance *in = st->in;
    if (low <= st->low[tensor]) {
        return true;
    }
    if (low == PLAN_NEVER || instance_is_fixed(in, tensor)) {
        return fail(st, PLAN_NEVER);
    }
    if (low > st->capacity || in->size[tensor] > st->capacity - low) {
        return fail(st, low + in->size[tensor]);
    }
    remember(st, TRAIL_LOW, tensor, st->low[tensor]);
    st->low[tensor] = low;
    span_cover(changed, in, tensor);
    return !st->is_trail_full;
}

/* Whether `other`, alive only while `tensor` is, could lie in the hole that would be closed below
 * `tensor`; then there is a placement with lower offsets, and this one need not be looked at. */
static bool drops_below(const state *st, uint32_t other, uint32_t tensor, uint64_t floor) {
    const instance *in = st->in;
    return in->first[other] >= in->first[tensor] && in->last[other] <= in->last[tensor] &&
           st->rest[other] + in->size[other] <= floor && !instance_is_fixed(in, other);
}

static void take_out(state *st, uint32_t tensor) {
    const instance *in = st->in;
    remember(st, TRAIL_PLACED, tensor, st->low[tensor]);
    st->offset[tensor] = st->low[tensor];
    st->low[tensor] = PLAN_NEVER;
    for (uint32_t s = in->first[tensor]; s < in->last[tensor]; s++) {
        st->total[s] -= in->size[tensor];
        st->crossing[s] -= s > in->first[tensor];
    }
}

bool rein_i_search_state_place(state *st, uint32_t tensor) {
    const instance *in = st->in;
    uint64_t at = st->low[tensor];
    uint64_t end = at + in->size[tensor];
    span changed = {in->first[tensor], in->last[tensor]};
    take_out(st, tensor);
    for (uint32_t a = st->adjacent_start[tensor]; a < st->adjacent_start[tensor + 1]; a++) {
        uint32_t other = st->adjacent[a];
        if (st->low[other] == PLAN_NEVER) {
            continue;
        }
        if (drops_below(st, other, tensor, at)) {
            return fail(st, PLAN_NEVER);
        }
        uint64_t rest = instance_align(in, other, end);
        if (rest > st->rest[other]) {
            remember(st, TRAIL_REST, other, st->rest[other]);
            st->rest[other] = rest;
        }
        if (!raise_low(st, other, rest, &changed)) {
            return false;
        }
    }
    return update_floors(st, changed.from, changed.until);
}

static bool covers(const instance *in, uint32_t tensor, uint32_t section) {
    return in->first[tensor] <= section && section < in->last[tensor];
}

/* Where the lowest unplaced tensor that overlaps `tensor` but not the section may end: what could
 * hold up `tensor` from outside of the section. */
static uint64_t lowest_outer_support(const state *st, uint32_t tensor, uint32_t section) {
    const instance *in = st->in;
    uint64_t lowest = PLAN_NEVER;
    for (uint32_t a = st->adjacent_start[tensor]; a < st->adjacent_start[tensor + 1]; a++) {
        uint32_t other = st->adjacent[a];
        if (st->low[other] == PLAN_NEVER || covers(in, other, section)) {
            continue;
        }
        uint64_t end = instance_align(in, tensor, st->low[other] + in->size[other]);
        lowest = end < lowest ? end : lowest;
    }
    return lowest;
}

/* The least offset above the floor at which a tensor of the section can start. The lowest of them
 * is held up from outside of the section, or its own bound is above the floor already. */
static uint64_t next_floor(const state *st, uint32_t section) {
    uint64_t floor = st->floor[section];
    uint64_t next = PLAN_NEVER;
    for (uint32_t c = st->clique_start[section]; c < st->clique_start[section + 1]; c++) {
        uint32_t tensor = st->clique[c];
        uint64_t low = st->low[tensor];
        if (low == floor) {
            low = lowest_outer_support(st, tensor, section);
        }
        next = low < next ? low : next;
    }
    return next;
}

bool rein_i_search_state_waste(state *st, uint32_t section) {
    uint64_t floor = st->floor[section];
    uint64_t next = next_floor(st, section);
    span changed = {section, section + 1};
    for (uint32_t c = st->clique_start[section]; c < st->clique_start[section + 1]; c++) {
        uint32_t tensor = st->clique[c];
        uint64_t aligned = next == PLAN_NEVER ? next : instance_align(st->in, tensor, next);
        if (st->low[tensor] == floor && !raise_low(st, tensor, aligned, &changed)) {
            return false;
        }
    }
    return update_floors(st, changed.from, changed.until);
}

static void put_back(state *st, uint32_t tensor, uint64_t low) {
    const instance *in = st->in;
    st->low[tensor] = low;
    for (uint32_t s = in->first[tensor]; s < in->last[tensor]; s++) {
        st->total[s] += in->size[tensor];
        st->crossing[s] += s > in->first[tensor];
    }
}

void rein_i_search_state_undo(state *st, uint32_t length) {
    while (st->trail_length > length) {
        trail_entry entry = st->trail[--st->trail_length];
        uint32_t index = entry.kind_and_index & ((UINT32_C(1) << TRAIL_KIND_SHIFT) - 1);
        switch ((trail_kind)(entry.kind_and_index >> TRAIL_KIND_SHIFT)) {
        case TRAIL_LOW:
            st->low[index] = entry.old_value;
            break;
        case TRAIL_REST:
            st->rest[index] = entry.old_value;
            break;
        case TRAIL_FLOOR:
            st->floor[index] = entry.old_value;
            break;
        case TRAIL_PLACED:
        default:
            put_back(st, index, entry.old_value);
            break;
        }
    }
}

void rein_i_search_state_reset(state *st, uint64_t capacity) {
    const instance *in = st->in;
    st->capacity = capacity;
    st->trail_length = 0;
    st->is_trail_full = false;
    for (uint32_t s = 0; s < in->section_count; s++) {
        st->total[s] = in->live[s];
        st->floor[s] = PLAN_NEVER;
        st->crossing[s] = 0;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        st->rest[i] = 0;
        st->low[i] = instance_is_fixed(in, i) ? in->fixed[i] : 0;
        for (uint32_t s = in->first[i]; s < in->last[i]; s++) {
            st->crossing[s] += s > in->first[i];
        }
    }
    (void)update_floors(st, 0, in->section_count);
    st->trail_length = 0;
}
