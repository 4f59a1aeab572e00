#include "host/greedy_by_size.h"

#include <stdlib.h>
#include <string.h>

static int larger_first(const void *left, const void *right, void *context) {
    const rein_tensor_lifetime *lifetimes = context;
    size_t l = *(const size_t *)left;
    size_t r = *(const size_t *)right;
    if (lifetimes[l].size_bytes != lifetimes[r].size_bytes) {
        return lifetimes[l].size_bytes > lifetimes[r].size_bytes ? -1 : 1;
    }
    return (l > r) - (l < r);
}

static bool are_alive_together(const rein_tensor_lifetime *left,
                               const rein_tensor_lifetime *right) {
    return left->from < right->until && right->from < left->until;
}

/* Returns the offset of the smallest gap that fits, or of the top if none fits. `placed` has the
 * placed tensors in the order of their offsets. */
static uint64_t smallest_gap(const rein_tensor_lifetime *lifetimes, const uint64_t *offsets,
                             const size_t *placed, size_t placed_count, size_t tensor) {
    uint64_t size = lifetimes[tensor].size_bytes;
    uint64_t best_gap = UINT64_MAX;
    uint64_t best = 0;
    uint64_t end = 0;
    for (size_t i = 0; i < placed_count; i++) {
        size_t other = placed[i];
        if (!are_alive_together(&lifetimes[tensor], &lifetimes[other])) {
            continue;
        }
        if (offsets[other] >= end && offsets[other] - end >= size &&
            offsets[other] - end < best_gap) {
            best_gap = offsets[other] - end;
            best = end;
        }
        uint64_t other_end = offsets[other] + lifetimes[other].size_bytes;
        end = other_end > end ? other_end : end;
    }
    return best_gap == UINT64_MAX ? end : best;
}

static void insert_by_offset(const uint64_t *offsets, size_t *placed, size_t placed_count,
                             size_t tensor) {
    size_t at = placed_count;
    while (at > 0 && offsets[placed[at - 1]] > offsets[tensor]) {
        at--;
    }
    memmove(&placed[at + 1], &placed[at], (placed_count - at) * sizeof *placed);
    placed[at] = tensor;
}

uint64_t greedy_by_size(const rein_tensor_lifetime *lifetimes, size_t count, uint64_t *out_offsets,
                        size_t *order) {
    size_t *placed = order + count;
    uint64_t height = 0;
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, larger_first, (void *)(uintptr_t)lifetimes);
    for (size_t i = 0; i < count; i++) {
        size_t tensor = order[i];
        out_offsets[tensor] = smallest_gap(lifetimes, out_offsets, placed, i, tensor);
        insert_by_offset(out_offsets, placed, i, tensor);
        uint64_t end = out_offsets[tensor] + lifetimes[tensor].size_bytes;
        height = end > height ? end : height;
    }
    return height;
}
