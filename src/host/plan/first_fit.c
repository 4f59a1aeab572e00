#include "host/plan/first_fit.h"

#include <string.h>

void rein_i_first_fit_layout(first_fit *ff, size_t count, keyed_index *sequence, arena *memory) {
    ff->sequence = sequence;
    rein_i_time_index_layout(&ff->placed, count, memory);
    ff->offset = arena_take(memory, count, sizeof *ff->offset);
}

/* Returns the bits of a positive number. Positive doubles are ordered as their bits are. */
static uint64_t ordered_bits(double number) {
    uint64_t bits = 0;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static uint64_t half_octave(uint64_t size) {
    unsigned octave = 63U - (unsigned)__builtin_clzll(size);
    uint64_t half = octave == 0 ? 0 : size >> (octave - 1) & 1U;
    return 2 * octave + half;
}

/* Tensors with a high rank are placed early. */
typedef struct rank {
    uint64_t first;
    uint64_t second; /* breaks ties of `first` */
} rank;

static rank rank_of(const instance *in, first_fit_order order, uint32_t tensor) {
    uint64_t size = in->size[tensor];
    uint64_t width = in->last[tensor] - in->first[tensor];
    uint64_t earliness = in->section_count - in->first[tensor];
    switch (order) {
    case FIRST_FIT_BY_SIZE:
        return (rank){size, 0};
    case FIRST_FIT_BY_AREA:
        return (rank){ordered_bits((double)size * (double)width), 0};
    case FIRST_FIT_BY_DURATION:
        return (rank){width, size};
    case FIRST_FIT_BY_START:
        return (rank){earliness, size};
    case FIRST_FIT_BY_SIZE_CLASS:
    default:
        return (rank){half_octave(size), earliness};
    }
}

/* Sorts the tensors by rank, fixed tensors first. If stopped, the sequence holds all tensors in an
 * unspecified order. */
static void sort_sequence(first_fit *ff, first_fit_order order, stop_check *stop) {
    const instance *in = ff->in;
    for (uint32_t i = 0; i < in->count; i++) {
        ff->sequence[i] = (keyed_index){~rank_of(in, order, i).second, i};
    }
    if (stop->is_stopped || !rein_i_radix_sort(ff->sequence, in->count, ff->sequence + in->count,
                                               stop_check_may_sort, stop)) {
        return;
    }
    for (uint32_t i = 0; i < in->count; i++) {
        if (!stop_check_may_list(stop, i)) {
            return;
        }
        uint32_t tensor = (uint32_t)ff->sequence[i].index;
        bool is_fixed = instance_is_fixed(in, tensor);
        ff->sequence[i].key = is_fixed ? 0 : ~rank_of(in, order, tensor).first;
    }
    rein_i_radix_sort(ff->sequence, in->count, ff->sequence + in->count, stop_check_may_sort, stop);
}

void rein_i_first_fit_build(first_fit *ff, const instance *in) {
    ff->in = in;
    rein_i_time_index_build(&ff->placed, in);
}

/* Places a tensor. Returns false if it would end above `most`. */
static bool put(first_fit *ff, uint32_t tensor, uint64_t offset, uint64_t most) {
    uint64_t size = ff->in->size[tensor];
    if (offset > most || size > most - offset) {
        return false;
    }
    ff->offset[tensor] = offset;
    uint64_t end = offset + size;
    ff->height = end > ff->height ? end : ff->height;
    return true;
}

/* Places the tensors of the sequence from index `from`: first the fixed ones, which may be anywhere
 * in it, then each other tensor above all placed ones. */
static bool stack_rest(first_fit *ff, uint32_t from, uint64_t most) {
    const instance *in = ff->in;
    for (uint32_t i = from; i < in->count; i++) {
        uint32_t tensor = (uint32_t)ff->sequence[i].index;
        if (instance_is_fixed(in, tensor)) {
            put(ff, tensor, in->fixed[tensor], most);
        }
    }
    for (uint32_t i = from; i < in->count; i++) {
        uint32_t tensor = (uint32_t)ff->sequence[i].index;
        if (!instance_is_fixed(in, tensor) &&
            !put(ff, tensor, instance_align(in, tensor, ff->height), most)) {
            return false;
        }
    }
    return true;
}

bool rein_i_first_fit_run(first_fit *ff, first_fit_order order, uint64_t most, stop_check *stop) {
    const instance *in = ff->in;
    rein_i_time_index_clear(&ff->placed);
    ff->height = 0;
    sort_sequence(ff, order, stop);
    for (uint32_t i = 0; i < in->count; i++) {
        if (i % TENSORS_PER_STOP_CHECK == 0 && !stop_check_may_place(stop, i)) {
            return stack_rest(ff, i, most);
        }
        uint32_t tensor = (uint32_t)ff->sequence[i].index;
        uint64_t offset = instance_is_fixed(in, tensor)
                              ? in->fixed[tensor]
                              : rein_i_time_index_lowest_free(&ff->placed, in, tensor, 0);
        if (!put(ff, tensor, offset, most)) {
            return false;
        }
        rein_i_time_index_insert(&ff->placed,
                                 (time_index_entry){in->first[tensor], in->last[tensor], offset,
                                                    offset + in->size[tensor]});
    }
    return true;
}
