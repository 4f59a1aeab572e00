#include "host/plan/state.h"

typedef enum trail_kind { TRAIL_LOW, TRAIL_REST, TRAIL_FLOOR, TRAIL_PLACED } trail_kind;

enum { TRAIL_KIND_SHIFT = 30 };

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

/* Recomputes the floors of the sections in [from, until). Returns false if the unplaced tensors of
 * a section no longer fit above its floor. */
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

/* Returns whether `other`, which is alive only while `tensor` is, fits in the hole that `tensor`
 * would close below it. Then a placement with lower offsets exists, and this one can be skipped. */
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

bool rein_i_state_place(state *st, uint32_t tensor) {
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

/* Returns the lowest offset at which an unplaced tensor outside the section could support `tensor`:
 * the least aligned end of those that overlap it in time. */
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

/* Returns the least offset above the floor at which a tensor of the section can start. The lowest
 * of them rests on a tensor outside the section, or its `low` is above the floor. */
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

bool rein_i_state_waste(state *st, uint32_t section) {
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

void rein_i_state_undo(state *st, uint32_t length) {
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

void rein_i_state_reset(state *st, uint64_t capacity) {
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
