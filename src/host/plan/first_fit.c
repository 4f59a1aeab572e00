#include "host/plan/first_fit.h"

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

static bool overlap_in_time(const instance *in, uint32_t left, uint32_t right) {
    return in->first[left] < in->last[right] && in->first[right] < in->last[left];
}

/* Raises `offset` over what is placed until the tensor is free of it. */
static uint64_t lowest_free(const first_fit *ff, uint32_t tensor, uint64_t offset) {
    const instance *in = ff->in;
    for (uint32_t i = 0; i < ff->placed_count; i++) {
        uint32_t other = ff->placed[i];
        uint64_t other_end = ff->offset[other] + in->size[other];
        if (other_end <= offset || !overlap_in_time(in, tensor, other)) {
            continue;
        }
        if (ff->offset[other] >= offset && ff->offset[other] - offset >= in->size[tensor]) {
            break;
        }
        offset = instance_align(in, tensor, other_end);
    }
    return offset;
}

static void insert_placed(first_fit *ff, uint32_t tensor) {
    uint32_t at = ff->placed_count++;
    while (at > 0 && ff->offset[ff->placed[at - 1]] > ff->offset[tensor]) {
        ff->placed[at] = ff->placed[at - 1];
        at--;
    }
    ff->placed[at] = tensor;
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
