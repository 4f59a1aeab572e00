/* Checks placements by a sweep over time that keeps the live tensors sorted by offset. Live tensors
 * are disjoint at every step, so it is enough to compare a new one with its neighbours below and
 * above. Shares only base/ and the input validation with the planner. */
#include "plan/placement.h"

#include "host/base/radix_sort.h"
#include "host/contract/invalid.h"
#include "host/contract/lifetime_input.h"
#include "host/contract/stop.h"

enum { WORD_BITS = 64, SET_LEVELS = 11 };

/* A set of numbers below `count`, as a tree of words: a bit of level k + 1 is set if its word of
 * level k is not zero. All operations are O(levels). */
typedef struct rank_set {
    uint64_t *levels[SET_LEVELS];
    int level_count;
} rank_set;

static rank_set rank_set_make(size_t count, uint64_t *words) {
    rank_set set = {.level_count = 0};
    size_t bits = count;
    do {
        size_t word_count = (bits + WORD_BITS - 1) / WORD_BITS;
        set.levels[set.level_count++] = words;
        for (size_t i = 0; i < word_count; i++) {
            *words++ = 0;
        }
        bits = word_count;
    } while (bits > 1);
    return set;
}

static uint64_t bit_of(size_t rank) {
    return UINT64_C(1) << (rank % WORD_BITS);
}

static void rank_set_insert(rank_set *set, size_t rank) {
    for (int level = 0; level < set->level_count; level++) {
        set->levels[level][rank / WORD_BITS] |= bit_of(rank);
        rank /= WORD_BITS;
    }
}

static void rank_set_erase(rank_set *set, size_t rank) {
    for (int level = 0; level < set->level_count; level++) {
        uint64_t *word = &set->levels[level][rank / WORD_BITS];
        *word &= ~bit_of(rank);
        if (*word != 0) {
            break;
        }
        rank /= WORD_BITS;
    }
}

/* Returns the mask of the bits below, or above, the bit of `rank`. */
static uint64_t bits_beside(size_t rank, bool below) {
    uint64_t own = bit_of(rank);
    return below ? own - 1 : ~(own | (own - 1));
}

static size_t extreme_bit(uint64_t word, bool highest) {
    return highest ? (size_t)(WORD_BITS - 1 - __builtin_clzll(word))
                   : (size_t)__builtin_ctzll(word);
}

/* Finds the nearest member below or above `rank`. Returns false if there is none. */
static bool rank_set_neighbour(const rank_set *set, size_t rank, bool below, size_t *out_rank) {
    for (int level = 0; level < set->level_count; level++) {
        uint64_t found = set->levels[level][rank / WORD_BITS] & bits_beside(rank, below);
        if (found == 0) {
            rank /= WORD_BITS;
            continue;
        }
        rank = rank / WORD_BITS * WORD_BITS + extreme_bit(found, below);
        while (level-- > 0) {
            rank = rank * WORD_BITS + extreme_bit(set->levels[level][rank], below);
        }
        *out_rank = rank;
        return true;
    }
    return false;
}

/* The sort keys of the sweep. */
typedef enum sort_key { KEY_START, KEY_END, KEY_OFFSET } sort_key;

typedef struct check {
    rein_placement_check_options options;
    const rein_tensor_lifetime *lifetimes;
    const uint64_t *offsets;
    size_t count;
    size_t *by_start;
    size_t *by_end;
    size_t *by_offset; /* rank to index */
    size_t *ranks;     /* index to rank */
    rank_set live;
} check;

static bool may_go_on(const rein_placement_check_options *options) {
    return !stop_is_cancelled(options->cancel) && !stop_is_late(options->clock, options->deadline);
}

static uint64_t key_of(const check *c, sort_key key, size_t index) {
    if (key == KEY_OFFSET) {
        return c->offsets[index];
    }
    const rein_tensor_lifetime *lifetime = &c->lifetimes[index];
    return radix_sort_signed_key(key == KEY_START ? lifetime->from : lifetime->until);
}

/* A radix_sort_look. */
static bool may_sort(void *options) {
    return may_go_on(options);
}

/* Sorts the indices by key, then by index. `space` holds 2 * count elements. Returns false if
 * stopped. */
static bool sort_indices(check *c, sort_key key, size_t *indices, keyed_index *space) {
    for (size_t i = 0; i < c->count; i++) {
        space[i] = (keyed_index){key_of(c, key, i), i};
    }
    if (!may_go_on(&c->options) ||
        !rein_i_radix_sort(space, c->count, space + c->count, may_sort, &c->options)) {
        return false;
    }
    for (size_t i = 0; i < c->count; i++) {
        indices[i] = space[i].index;
    }
    return true;
}

/* Fills everything except the options and the input. Returns false if stopped. The sorts use the
 * memory of the ranks and of the set as scratch. */
static bool check_prepare(check *c, size_t *words) {
    size_t *rest = words + 3 * c->count;
    c->by_start = words;
    c->by_end = words + c->count;
    c->by_offset = words + 2 * c->count;
    if (!sort_indices(c, KEY_START, c->by_start, (keyed_index *)rest) ||
        !sort_indices(c, KEY_END, c->by_end, (keyed_index *)rest) ||
        !sort_indices(c, KEY_OFFSET, c->by_offset, (keyed_index *)rest)) {
        return false;
    }
    c->ranks = rest;
    for (size_t rank = 0; rank < c->count; rank++) {
        c->ranks[c->by_offset[rank]] = rank;
    }
    c->live = rank_set_make(c->count, rest + c->count);
    return true;
}

/* Returns the first fault of a single tensor, or the height if there is none. */
static rein_placement_verdict check_each(const rein_tensor_lifetime *lifetimes, size_t count,
                                         const uint64_t *offsets) {
    rein_placement_verdict verdict = {.fault = REIN_PLACEMENT_SOUND};
    for (size_t i = 0; i < count; i++) {
        uint64_t end = 0;
        if ((offsets[i] & (lifetimes[i].alignment_bytes - 1)) != 0) {
            return (rein_placement_verdict){.fault = REIN_PLACEMENT_MISALIGNED, .first = i};
        }
        if (__builtin_add_overflow(offsets[i], lifetimes[i].size_bytes, &end)) {
            return (rein_placement_verdict){.fault = REIN_PLACEMENT_OVERFLOW, .first = i};
        }
        bool is_higher = lifetimes[i].size_bytes > 0 && end > verdict.height_bytes;
        verdict.height_bytes = is_higher ? end : verdict.height_bytes;
    }
    return verdict;
}

/* Returns whether the live neighbour below or above a starting tensor overlaps it. */
static bool has_overlap(const check *c, size_t tensor, bool below, size_t *out_other) {
    size_t rank = 0;
    if (!rank_set_neighbour(&c->live, c->ranks[tensor], below, &rank)) {
        return false;
    }
    *out_other = c->by_offset[rank];
    size_t lower = below ? *out_other : tensor;
    size_t upper = below ? tensor : *out_other;
    return c->offsets[lower] + c->lifetimes[lower].size_bytes > c->offsets[upper];
}

/* Removes the tensors that ended by `now` from the live set. */
static void end_until(check *c, int64_t now, size_t *ended) {
    for (; c->lifetimes[c->by_end[*ended]].until <= now; (*ended)++) {
        rank_set_erase(&c->live, c->ranks[c->by_end[*ended]]);
    }
}

static rein_placement_verdict sweep(check *c, uint64_t height_bytes) {
    enum { TENSORS_PER_LOOK = 4096 };
    size_t ended = 0;
    for (size_t i = 0; i < c->count; i++) {
        size_t tensor = c->by_start[i];
        int64_t now = c->lifetimes[tensor].from;
        if (i % TENSORS_PER_LOOK == 0 && !may_go_on(&c->options)) {
            return (rein_placement_verdict){.fault = REIN_PLACEMENT_UNCHECKED};
        }
        end_until(c, now, &ended);
        if (c->lifetimes[tensor].size_bytes == 0) {
            continue;
        }
        size_t other = 0;
        if (has_overlap(c, tensor, true, &other) || has_overlap(c, tensor, false, &other)) {
            size_t first = tensor < other ? tensor : other;
            size_t second = tensor < other ? other : tensor;
            return (rein_placement_verdict){REIN_PLACEMENT_OVERLAP, first, second, now, 0};
        }
        rank_set_insert(&c->live, c->ranks[tensor]);
    }
    return (rein_placement_verdict){.fault = REIN_PLACEMENT_SOUND, .height_bytes = height_bytes};
}

static const rein_placement_check_options without_end;

rein_result_placement_verdict
rein_placement_check_until(const rein_tensor_lifetime *lifetimes, size_t count,
                           const uint64_t *offsets, const rein_placement_check_options *options,
                           rein_workspace workspace) {
    REIN_TRY(rein_result_placement_verdict,
             rein_i_lifetime_input_check(lifetimes, count, workspace));
    if (offsets == NULL && count > 0) {
        return rein_result_placement_verdict_fail(
            rein_i_invalid_error(REIN_HERE, "offsets" MUST_HOLD_ELEMENTS, count, 0, 0));
    }
    rein_placement_verdict verdict = check_each(lifetimes, count, offsets);
    if (verdict.fault == REIN_PLACEMENT_SOUND && count > 0) {
        check c = {.options = options == NULL ? without_end : *options,
                   .lifetimes = lifetimes,
                   .offsets = offsets,
                   .count = count};
        verdict = check_prepare(&c, workspace.memory)
                      ? sweep(&c, verdict.height_bytes)
                      : (rein_placement_verdict){.fault = REIN_PLACEMENT_UNCHECKED};
    }
    return rein_result_placement_verdict_ok(verdict);
}

rein_result_placement_verdict rein_placement_check(const rein_tensor_lifetime *lifetimes,
                                                   size_t count, const uint64_t *offsets,
                                                   rein_workspace workspace) {
    return rein_placement_check_until(lifetimes, count, offsets, NULL, workspace);
}
