#include "contract/lifetime.h"

#include <string.h>

#include "host/index_sort.h"
#include "host/invalid.h"
#include "host/lifetime_input.h"

__extension__ typedef unsigned __int128 area;

static const char *const order_names[] = {
    [REIN_PLACEMENT_BY_SIZE] = "by size",
    [REIN_PLACEMENT_BY_AREA] = "by area",
    [REIN_PLACEMENT_BY_DURATION] = "by duration",
    [REIN_PLACEMENT_BY_START] = "by start",
};

const char *rein_placement_order_name(rein_placement_order order) {
    bool is_known = order >= REIN_PLACEMENT_BY_SIZE && order <= REIN_PLACEMENT_BY_START;
    return is_known ? order_names[order] : "unknown";
}

static uint64_t duration_of(const rein_tensor_lifetime *lifetime) {
    return (uint64_t)lifetime->until - (uint64_t)lifetime->from;
}

static area area_of(const rein_tensor_lifetime *lifetime) {
    return (area)lifetime->size_bytes * duration_of(lifetime);
}

static bool is_earlier(const rein_tensor_lifetime *left, const rein_tensor_lifetime *right) {
    return left->from < right->from;
}

static bool is_larger(const void *context, size_t left, size_t right) {
    const rein_tensor_lifetime *l = (const rein_tensor_lifetime *)context + left;
    const rein_tensor_lifetime *r = (const rein_tensor_lifetime *)context + right;
    return l->size_bytes != r->size_bytes ? l->size_bytes > r->size_bytes : is_earlier(l, r);
}

static bool has_more_area(const void *context, size_t left, size_t right) {
    const rein_tensor_lifetime *l = (const rein_tensor_lifetime *)context + left;
    const rein_tensor_lifetime *r = (const rein_tensor_lifetime *)context + right;
    return area_of(l) != area_of(r) ? area_of(l) > area_of(r) : is_earlier(l, r);
}

static bool lives_longer(const void *context, size_t left, size_t right) {
    const rein_tensor_lifetime *l = (const rein_tensor_lifetime *)context + left;
    const rein_tensor_lifetime *r = (const rein_tensor_lifetime *)context + right;
    return duration_of(l) != duration_of(r) ? duration_of(l) > duration_of(r)
                                            : is_larger(context, left, right);
}

static bool starts_earlier(const void *context, size_t left, size_t right) {
    const rein_tensor_lifetime *l = (const rein_tensor_lifetime *)context + left;
    const rein_tensor_lifetime *r = (const rein_tensor_lifetime *)context + right;
    return l->from != r->from ? l->from < r->from : is_larger(context, left, right);
}

static const index_before order_rules[] = {
    [REIN_PLACEMENT_BY_SIZE] = is_larger,
    [REIN_PLACEMENT_BY_AREA] = has_more_area,
    [REIN_PLACEMENT_BY_DURATION] = lives_longer,
    [REIN_PLACEMENT_BY_START] = starts_earlier,
};

/* One order's attempt. The arrays lie in the workspace and hold `count` elements each. */
typedef struct attempt {
    const rein_tensor_lifetime *lifetimes;
    size_t count;
    size_t *sequence;
    size_t *scratch;
    size_t *placed; /* those with bytes, lowest offset first */
    uint64_t *offsets;
    size_t placed_count;
    uint64_t height_bytes;
} attempt;

static attempt attempt_make(const rein_tensor_lifetime *lifetimes, size_t count, size_t *words) {
    return (attempt){.lifetimes = lifetimes,
                     .count = count,
                     .sequence = words,
                     .scratch = words + count,
                     .placed = words + 2 * count,
                     .offsets = words + 3 * count};
}

static bool align_up(uint64_t offset, uint64_t alignment, uint64_t *out_aligned) {
    bool wraps = __builtin_add_overflow(offset, alignment - 1, out_aligned);
    *out_aligned &= ~(alignment - 1);
    return !wraps;
}

static bool are_alive_together(const rein_tensor_lifetime *left,
                               const rein_tensor_lifetime *right) {
    return left->from < right->until && right->from < left->until;
}

/* The lowest offset that is free for all of the tensor's life; false where its end overflows. */
static bool find_lowest_offset(const attempt *a, size_t tensor, uint64_t *out_offset,
                               uint64_t *out_end) {
    const rein_tensor_lifetime *lifetime = &a->lifetimes[tensor];
    *out_offset = 0;
    for (size_t i = 0; i < a->placed_count; i++) {
        size_t other = a->placed[i];
        uint64_t other_end = a->offsets[other] + a->lifetimes[other].size_bytes;
        if (other_end <= *out_offset || !are_alive_together(lifetime, &a->lifetimes[other])) {
            continue;
        }
        if (a->offsets[other] >= *out_offset &&
            a->offsets[other] - *out_offset >= lifetime->size_bytes) {
            break;
        }
        if (!align_up(other_end, lifetime->alignment_bytes, out_offset)) {
            return false;
        }
    }
    return !__builtin_add_overflow(*out_offset, lifetime->size_bytes, out_end);
}

static void insert_placed(attempt *a, size_t tensor) {
    size_t at = a->placed_count++;
    while (at > 0 && a->offsets[a->placed[at - 1]] > a->offsets[tensor]) {
        a->placed[at] = a->placed[at - 1];
        at--;
    }
    a->placed[at] = tensor;
}

/* Places every tensor in one order; false where that takes more than `most_bytes`. */
static bool attempt_order(attempt *a, rein_placement_order order, uint64_t most_bytes) {
    for (size_t i = 0; i < a->count; i++) {
        a->sequence[i] = i;
    }
    index_sort(a->sequence, a->count, a->scratch, order_rules[order], a->lifetimes);
    a->placed_count = 0;
    a->height_bytes = 0;
    for (size_t i = 0; i < a->count; i++) {
        size_t tensor = a->sequence[i];
        uint64_t end = 0;
        a->offsets[tensor] = 0;
        if (a->lifetimes[tensor].size_bytes == 0) {
            continue;
        }
        if (!find_lowest_offset(a, tensor, &a->offsets[tensor], &end) || end > most_bytes) {
            return false;
        }
        insert_placed(a, tensor);
        a->height_bytes = end > a->height_bytes ? end : a->height_bytes;
    }
    return true;
}

/* The best of all orders; false where the height of every one overflows. */
static bool attempt_all_orders(attempt *a, uint64_t lower_bound, uint64_t *out_offsets,
                               rein_placement *out_best) {
    bool found = false;
    uint64_t most_bytes = UINT64_MAX;
    for (int order = REIN_PLACEMENT_BY_SIZE; order <= REIN_PLACEMENT_BY_START; order++) {
        if (!attempt_order(a, (rein_placement_order)order, most_bytes)) {
            continue;
        }
        found = true;
        bool is_optimal = a->height_bytes == lower_bound;
        *out_best =
            (rein_placement){a->height_bytes, lower_bound, is_optimal, (rein_placement_order)order};
        if (a->count > 0) {
            memcpy(out_offsets, a->offsets, a->count * sizeof *out_offsets);
        }
        if (is_optimal) {
            break;
        }
        most_bytes = a->height_bytes - 1;
    }
    return found;
}

rein_result_placement rein_placement_plan(const rein_tensor_lifetime *lifetimes, size_t count,
                                          rein_workspace workspace, uint64_t *out_offsets) {
    rein_result_live_peak peak = rein_lifetimes_peak(lifetimes, count, workspace);
    REIN_RETURN_IF_ERROR(rein_result_placement, peak);
    if (out_offsets == NULL && count > 0) {
        return rein_result_placement_fail(
            invalid_error(REIN_HERE, "out_offsets is NULL, expected an array of {u}", count, 0, 0));
    }
    attempt a = attempt_make(lifetimes, count, workspace.memory);
    rein_placement best;
    if (!attempt_all_orders(&a, REIN_VALUE(peak).bytes, out_offsets, &best)) {
        return rein_result_placement_fail(invalid_error(
            REIN_HERE, "the height of the placement does not fit in 64 bits", 0, 0, 0));
    }
    return rein_result_placement_ok(best);
}
