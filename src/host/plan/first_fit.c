#include "host/plan/first_fit.h"

#include <string.h>

#include "host/index_sort.h"

void first_fit_layout(first_fit *ff, size_t count, arena *memory) {
    ff->sequence = arena_take(memory, count, sizeof *ff->sequence);
    ff->scratch = arena_take(memory, count, sizeof *ff->scratch);
    ff->placed = arena_take(memory, count, sizeof *ff->placed);
    ff->offset = arena_take(memory, count, sizeof *ff->offset);
}

typedef struct ranking {
    const instance *in;
    first_fit_order order;
} ranking;

__extension__ typedef unsigned __int128 rank;

static rank rank_of(const ranking *by, size_t tensor) {
    const instance *in = by->in;
    rank width = in->last[tensor] - in->first[tensor];
    switch (by->order) {
    case FIRST_FIT_BY_SIZE:
        return in->size[tensor];
    case FIRST_FIT_BY_AREA:
        return in->size[tensor] * width;
    case FIRST_FIT_BY_DURATION:
        return width << 64 | in->size[tensor];
    case FIRST_FIT_BY_START:
    case FIRST_FIT_ORDER_COUNT:
        break;
    }
    return (rank)(in->section_count - in->first[tensor]) << 64 | in->size[tensor];
}

static bool goes_first(const void *context, size_t left, size_t right) {
    const ranking *by = context;
    bool left_is_fixed = instance_is_fixed(by->in, (uint32_t)left);
    if (left_is_fixed != instance_is_fixed(by->in, (uint32_t)right)) {
        return left_is_fixed;
    }
    return rank_of(by, left) > rank_of(by, right);
}

/* Raises `offset` over what is placed until the tensor is free of it. The loop looks at times alone
 * until it finds a tensor that is alive together with this one: most are not. */
static uint64_t lowest_free(const first_fit *ff, uint32_t tensor, uint64_t offset) {
    const instance *in = ff->in;
    uint32_t first = in->first[tensor];
    uint32_t last = in->last[tensor];
    uint64_t size = in->size[tensor];
    for (uint32_t i = 0; i < ff->placed_count; i++) {
        const first_fit_entry *other = &ff->placed[i];
        if (other->first >= last || other->last <= first) {
            continue;
        }
        if (other->offset >= offset && other->offset - offset >= size) {
            break;
        }
        offset = other->end > offset ? instance_align(in, tensor, other->end) : offset;
    }
    return offset;
}

static void insert_placed(first_fit *ff, uint32_t tensor) {
    uint32_t low = 0;
    uint32_t high = ff->placed_count++;
    uint32_t end = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool is_below = ff->placed[middle].offset <= ff->offset[tensor];
        low = is_below ? middle + 1 : low;
        high = is_below ? high : middle;
    }
    memmove(&ff->placed[low + 1], &ff->placed[low], (end - low) * sizeof *ff->placed);
    ff->placed[low] =
        (first_fit_entry){ff->in->first[tensor], ff->in->last[tensor], ff->offset[tensor],
                          ff->offset[tensor] + ff->in->size[tensor]};
}

bool first_fit_run(first_fit *ff, const instance *in, first_fit_order order, uint64_t most) {
    ranking by = {in, order};
    ff->in = in;
    ff->placed_count = 0;
    ff->height = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        ff->sequence[i] = i;
    }
    index_sort(ff->sequence, in->count, ff->scratch, goes_first, &by);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t tensor = (uint32_t)ff->sequence[i];
        bool is_fixed = instance_is_fixed(in, tensor);
        uint64_t start = is_fixed ? in->fixed[tensor] : 0;
        uint64_t offset = lowest_free(ff, tensor, start);
        if (offset > most || in->size[tensor] > most - offset || (is_fixed && offset != start)) {
            return false;
        }
        ff->offset[tensor] = offset;
        uint64_t end = offset + in->size[tensor];
        ff->height = end > ff->height ? end : ff->height;
        insert_placed(ff, tensor);
    }
    return true;
}
