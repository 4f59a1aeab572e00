#include "host/plan/first_fit.h"

#include "host/index_sort.h"

void first_fit_layout(first_fit *ff, size_t count, arena *memory) {
    ff->sequence = arena_take(memory, count, sizeof *ff->sequence);
    ff->scratch = arena_take(memory, count, sizeof *ff->scratch);
    time_index_layout(&ff->placed, count, memory);
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

void first_fit_build(first_fit *ff, const instance *in) {
    ff->in = in;
    time_index_build(&ff->placed, in);
}

bool first_fit_run(first_fit *ff, first_fit_order order, uint64_t most) {
    const instance *in = ff->in;
    ranking by = {in, order};
    time_index_clear(&ff->placed);
    ff->height = 0;
    for (uint32_t i = 0; i < in->count; i++) {
        ff->sequence[i] = i;
    }
    index_sort(ff->sequence, in->count, ff->scratch, goes_first, &by);
    for (uint32_t i = 0; i < in->count; i++) {
        uint32_t tensor = (uint32_t)ff->sequence[i];
        bool is_fixed = instance_is_fixed(in, tensor);
        uint64_t start = is_fixed ? in->fixed[tensor] : 0;
        uint64_t offset = time_index_lowest_free(&ff->placed, in, tensor, start);
        if (offset > most || in->size[tensor] > most - offset || (is_fixed && offset != start)) {
            return false;
        }
        ff->offset[tensor] = offset;
        uint64_t end = offset + in->size[tensor];
        ff->height = end > ff->height ? end : ff->height;
        time_index_insert(&ff->placed,
                          (time_index_entry){in->first[tensor], in->last[tensor], offset, end});
    }
    return true;
}
