/* Random planning problems, and their answers by brute force. */
#ifndef REIN_TESTS_PLAN_PLAN_CASE_H
#define REIN_TESTS_PLAN_PLAN_CASE_H

#include "plan/plan.h"

enum { PLAN_CASE_TENSORS_MAX = 40 };

typedef struct plan_case {
    rein_tensor_lifetime lifetimes[PLAN_CASE_TENSORS_MAX];
    uint64_t fixed_offsets[PLAN_CASE_TENSORS_MAX];
    size_t count;
} plan_case;

static inline rein_plan_problem plan_case_problem(const plan_case *pc) {
    return (rein_plan_problem){pc->lifetimes, pc->count, pc->fixed_offsets};
}

static inline uint64_t plan_case_random(uint64_t *state, uint64_t below) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (*state >> 33) % below;
}

/* Returns a case of up to `most` tensors. Some cases have alignments, fixed offsets or empty
 * tensors. */
static inline plan_case plan_case_make(uint64_t seed, size_t most) {
    uint64_t state = seed * 7919 + 1;
    plan_case pc = {.count = 1 + plan_case_random(&state, most)};
    uint64_t times = 2 + plan_case_random(&state, 10);
    uint64_t sizes = 1 + plan_case_random(&state, 12);
    bool has_alignment = plan_case_random(&state, 3) == 0;
    bool has_fixed = plan_case_random(&state, 4) == 0;
    uint64_t least_size = plan_case_random(&state, 5) != 0;
    for (size_t i = 0; i < pc.count; i++) {
        int64_t from = (int64_t)plan_case_random(&state, times);
        int64_t until = from + 1 + (int64_t)plan_case_random(&state, times);
        uint64_t size = plan_case_random(&state, sizes) + least_size;
        uint64_t alignment = has_alignment ? UINT64_C(1) << plan_case_random(&state, 4) : 1;
        bool is_fixed = has_fixed && plan_case_random(&state, 3) == 0;
        pc.lifetimes[i] =
            (rein_tensor_lifetime){rein_tensor_id_make(i), from, until, size, alignment};
        pc.fixed_offsets[i] = is_fixed ? plan_case_random(&state, 12) * alignment : REIN_PLAN_FREE;
    }
    return pc;
}

/* Returns `count` free tensors with a peak of at most `height` that is hard to reach: each gets a
 * random lifetime and a random size that still fits under `height`. */
static inline plan_case plan_case_make_tight(uint64_t seed, size_t count, uint64_t height) {
    uint64_t state = seed * 104729 + 3;
    plan_case pc = {.count = count};
    uint64_t room[64];
    for (size_t t = 0; t < 64; t++) {
        room[t] = height;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t from = plan_case_random(&state, 16);
        uint64_t until = from + 1 + plan_case_random(&state, 6);
        uint64_t least = height;
        for (uint64_t t = from; t < until; t++) {
            least = room[t] < least ? room[t] : least;
        }
        uint64_t size = least == 0 ? 0 : 1 + plan_case_random(&state, least < 9 ? least : 9);
        for (uint64_t t = from; t < until; t++) {
            room[t] -= size;
        }
        pc.lifetimes[i] =
            (rein_tensor_lifetime){rein_tensor_id_make(i), (int64_t)from, (int64_t)until, size, 1};
        pc.fixed_offsets[i] = REIN_PLAN_FREE;
    }
    return pc;
}

/* Cuts a rectangle of 2^20 bytes into `pieces` pieces with guillotine cuts: always cuts the largest
 * piece, in time or in offset, somewhere in its middle half. Then drops one piece in twenty;
 * returns the number of pieces left. */
static inline size_t plan_case_cut_rectangle(uint64_t seed, size_t pieces,
                                             rein_tensor_lifetime *out_lifetimes) {
    uint64_t state = seed;
    out_lifetimes[0] =
        (rein_tensor_lifetime){rein_tensor_id_make(0), 0, 1600, UINT64_C(1) << 20, 1};
    for (size_t count = 1; count < pieces; count++) {
        rein_tensor_lifetime *cut = out_lifetimes;
        for (size_t i = 1; i < count; i++) {
            rein_tensor_lifetime *p = &out_lifetimes[i];
            uint64_t area = (uint64_t)(p->until - p->from) * p->size_bytes;
            cut = area > (uint64_t)(cut->until - cut->from) * cut->size_bytes ? p : cut;
        }
        uint64_t length = (uint64_t)(cut->until - cut->from);
        rein_tensor_lifetime *added = &out_lifetimes[count];
        *added = *cut;
        if (length > 3 && plan_case_random(&state, 2) == 0) {
            cut->until = cut->from + (int64_t)(length / 4 + plan_case_random(&state, length / 2));
            added->from = cut->until;
        } else {
            uint64_t size = cut->size_bytes;
            cut->size_bytes = size / 4 + plan_case_random(&state, size / 2);
            added->size_bytes = size - cut->size_bytes;
        }
    }
    size_t kept = pieces - pieces / 20;
    for (size_t i = pieces; i > kept; i--) {
        out_lifetimes[plan_case_random(&state, i)] = out_lifetimes[i - 1];
    }
    return kept;
}

/* Tries all orders. Every lowest placement results from placing the tensors by rising offset, each
 * on top of the ones below it. */
typedef struct plan_brute_force {
    const plan_case *pc;
    uint64_t offsets[PLAN_CASE_TENSORS_MAX];
    bool is_placed[PLAN_CASE_TENSORS_MAX];
    uint64_t least; /* the least height so far */
} plan_brute_force;

static inline bool plan_case_are_alive_together(const plan_case *pc, size_t left, size_t right) {
    const rein_tensor_lifetime *l = &pc->lifetimes[left];
    const rein_tensor_lifetime *r = &pc->lifetimes[right];
    return l->from < r->until && r->from < l->until && l->size_bytes > 0 && r->size_bytes > 0;
}

/* Returns the lowest offset on top of the placed tensors; UINT64_MAX if the tensor is fixed below
 * it. */
static inline uint64_t plan_brute_force_rest(const plan_brute_force *bf, size_t tensor) {
    const rein_tensor_lifetime *lifetime = &bf->pc->lifetimes[tensor];
    uint64_t rest = 0;
    for (size_t i = 0; i < bf->pc->count; i++) {
        uint64_t end = bf->offsets[i] + bf->pc->lifetimes[i].size_bytes;
        if (bf->is_placed[i] && plan_case_are_alive_together(bf->pc, i, tensor) && end > rest) {
            rest = end;
        }
    }
    uint64_t alignment = lifetime->alignment_bytes;
    rest = (rest + alignment - 1) / alignment * alignment;
    uint64_t fixed = bf->pc->fixed_offsets[tensor];
    if (fixed == REIN_PLAN_FREE) {
        return rest;
    }
    return rest <= fixed || lifetime->size_bytes == 0 ? fixed : UINT64_MAX;
}

static inline void plan_brute_force_extend(plan_brute_force *bf, size_t placed, uint64_t height) {
    if (height >= bf->least) {
        return;
    }
    if (placed == bf->pc->count) {
        bf->least = height;
        return;
    }
    for (size_t i = 0; i < bf->pc->count; i++) {
        uint64_t rest = bf->is_placed[i] ? UINT64_MAX : plan_brute_force_rest(bf, i);
        if (rest == UINT64_MAX) {
            continue;
        }
        uint64_t size = bf->pc->lifetimes[i].size_bytes;
        uint64_t end = size == 0 ? 0 : rest + size;
        bf->offsets[i] = rest;
        bf->is_placed[i] = true;
        plan_brute_force_extend(bf, placed + 1, end > height ? end : height);
        bf->is_placed[i] = false;
    }
}

/* Returns the least height; UINT64_MAX if the fixed tensors allow no placement. */
static inline uint64_t plan_case_least_height(const plan_case *pc) {
    plan_brute_force bf = {.pc = pc, .least = UINT64_MAX};
    plan_brute_force_extend(&bf, 0, 0);
    return bf.least;
}

#endif
